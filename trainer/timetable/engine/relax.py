"""What would help: changes of single facts, cheapest first, each tried on the whole timetable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.facts import Fact, without
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.repair import surroundings
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables
from trainer.timetable.engine.telling import tell

COSTS: Final[Mapping[str, int]] = {
    "latest": 3, "earliest": 3, "max_days": 3, "week": 3, "period": 3, "day": 4, "teacher": 4,
    "venue": 4, "lock": 4, "rooms": 4, "places": 4, "first": 5, "last": 5, "order": 5,
    "absence": 5, "people": 6, "staff": 6, "parallel": 6, "accredited": 6, "shared": 6,
    "equipment": 6, "kinds": 7, "workdays": 7, "hours": 8, "weekdays": 8, "season": 8, "size": 9,
    "buffer": 9, "travel": 10, "travels": 11,
}  # fmt: skip
"""What it costs an office to change a fact of each kind; an office may set its own."""
DAYS: Final = (1, 2, 3, 5, 7, 14)
CIRCLES: Final = (12, 40)
EFFORT: Final = 2.0
ENOUGH: Final = 5

LATER = mark("let {class_} end {days} days later, on {date}")
EARLIER = mark("let {class_} begin {days} days earlier, on {date}")
LONGER = mark("let {class_} last {days} days")
MORE_A_WEEK = mark("let {teacher} teach {count} meetings in a week")
DROP = mark("change this: {fact}")
SEATS = mark("make room for {size} people in {venue}")


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that was proved to help: in words, its cost, where the meeting then goes.

    ``moved`` are the other meetings that have to move for it.
    """

    message: Phrase
    cost: int
    fact: Fact
    placement: Placement
    moved: tuple[Placement, ...] = ()


def relaxations(
    problem: Problem,
    placements: Sequence[Placement | None],
    meeting: int,
    meetings: Sequence[int],
    facts: Iterable[Fact],
    budget: Budget,
    costs: Mapping[str, int] = COSTS,
) -> tuple[Relaxation, ...]:
    """Return the cheapest changes, one for each fact at most, that let a meeting in."""
    found: list[Relaxation] = []
    for fact in sorted(facts, key=lambda fact: (costs[fact.kind], fact.key)):
        if budget.over() or len(found) >= ENOUGH:
            break
        for message, extra, changed in _changes(problem, fact, meetings):
            result = _try(changed, placements, meeting, budget)
            if result is not None:
                mine, moved = result
                cost = costs[fact.kind] + extra + len(moved)
                found.append(Relaxation(message, cost, fact, mine, moved))
                break
    return tuple(sorted(found, key=lambda help_: help_.cost))


def _changes(
    problem: Problem, fact: Fact, meetings: Sequence[int]
) -> Iterator[tuple[Phrase, int, Problem]]:
    """Yield ever larger changes of one fact, with words, extra cost and the changed problem."""
    index = fact.key[0] if fact.key else 0
    if fact.kind in {"latest", "earliest", "max_days"}:
        yield from _longer(problem, fact.kind, index)
        return
    if fact.kind == "week":
        teacher = problem.teachers[index]
        assert teacher.max_per_week is not None
        more = teacher.max_per_week + 1
        teachers = list(problem.teachers)
        teachers[index] = replace(teacher, max_per_week=more)
        message = phrase(MORE_A_WEEK, teacher=teacher.name, count=more)
        yield message, 0, replace(problem, teachers=tuple(teachers))
    if fact.kind == "size":
        yield from _larger_rooms(problem, index)
        return
    whole = _in_whole(fact, meetings)
    message = phrase(DROP, fact=tell(problem, whole))
    yield message, 1 if fact.kind == "week" else 0, without(problem, [whole])


def _in_whole(fact: Fact, meetings: Sequence[int]) -> Fact:
    """Return a fact of the restricted problem as one of the whole problem."""
    if fact.kind in {"first", "last", "day", "period", "teacher", "venue", "lock"}:
        return Fact(fact.kind, (meetings[fact.key[0]], *fact.key[1:]))
    return fact


def _longer(problem: Problem, kind: str, index: int) -> Iterator[tuple[Phrase, int, Problem]]:
    class_ = problem.classes[index]
    for days in DAYS:
        if kind == "latest" and class_.latest is not None:
            date = class_.latest + timedelta(days=days)
            changed = replace(class_, latest=date)
            words = phrase(LATER, class_=class_.title, days=days, date=date.isoformat())
        elif kind == "earliest" and class_.earliest is not None:
            date = class_.earliest - timedelta(days=days)
            changed = replace(class_, earliest=date)
            words = phrase(EARLIER, class_=class_.title, days=days, date=date.isoformat())
        else:
            limit = (class_.max_days or 0) + days
            changed = replace(class_, max_days=limit)
            words = phrase(LONGER, class_=class_.title, days=limit)
        classes = list(problem.classes)
        classes[index] = changed
        yield words, days - 1, replace(problem, classes=tuple(classes))


def _larger_rooms(problem: Problem, index: int) -> Iterator[tuple[Phrase, int, Problem]]:
    """Yield venues made large enough for a class, those that lack the fewest seats first."""
    size = problem.classes[index].size
    small = [
        (size - venue.capacity, place)
        for place, venue in enumerate(problem.venues)
        if venue.capacity is not None and venue.capacity < size
    ]
    for lacking, place in sorted(small)[:ENOUGH]:
        venues = list(problem.venues)
        venues[place] = replace(venues[place], capacity=size)
        message = phrase(SEATS, size=size, venue=venues[place].name)
        yield message, lacking // 10, replace(problem, venues=tuple(venues))


def _try(
    problem: Problem, placements: Sequence[Placement | None], meeting: int, budget: Budget
) -> tuple[Placement, tuple[Placement, ...]] | None:
    """Place a meeting in a changed problem; return where, and what moved for it."""
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    free = set()
    for placement in placements:
        spot = None if placement is None else tables.spot_of(placement)
        if placement is None or spot is None or placement.meeting == meeting:
            continue
        state.place(placement.meeting, spot)
        if not problem.meetings[placement.meeting].locked:
            free.add(placement.meeting)
    for size in CIRCLES:
        circle = surroundings(state, meeting, free | {meeting}, size)
        home = {}
        for other in circle:
            if other != meeting:
                home[other] = (state.remove(other), 1)
        found = Model(state, circle, required=True, home=home).solve(budget, effort=EFFORT)
        if found.outcome in {"optimal", "feasible"}:
            moved = tuple(
                tables.placement_of(m, spot)
                for m, spot in found.spots.items()
                if m != meeting and spot != home[m][0]
            )
            return tables.placement_of(meeting, found.spots[meeting]), moved
        for other, (spot, _) in home.items():
            state.place(other, spot)
        if len(circle) < size or budget.over():
            break
    return None
