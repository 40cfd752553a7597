"""What would help: changes of single facts, cheapest first, each tried on the whole timetable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from random import Random
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.change import Change
from trainer.timetable.engine.changes import ladders
from trainer.timetable.engine.costs import FORBIDDEN, Costs
from trainer.timetable.engine.effect import LiveTimetable
from trainer.timetable.engine.extract import restrict
from trainer.timetable.engine.facts import Fact
from trainer.timetable.engine.insert import free_spots
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.repair import surroundings
from trainer.timetable.engine.rules import made_hard, rules_in_force
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot, Tables

COSTS: Final[Mapping[str, int]] = {
    "latest": 3, "earliest": 3, "window": 3, "max_days": 3, "week": 3, "period": 3, "day": 4,
    "teacher": 4, "venue": 4, "lock": 4, "rooms": 4, "places": 4, "workperiods": 4, "first": 5,
    "last": 5, "order": 5, "absence": 5, "workdays": 5, "people": 6, "staff": 6, "parallel": 6,
    "accredited": 6, "shared": 6, "equipment": 6, "kinds": 7, "hours": 8, "weekdays": 8,
    "season": 8, "size": 9, "buffer": 9, "travel": 10, "travels": 11, "periods": 12,
    "trainee": 6, "stops": 5, "part_of": 13, "selves": 13, "rule": 6,
}  # fmt: skip
"""What it costs an office to change a fact of each kind; an office may set its own."""
CIRCLES: Final = (12, 40)
EFFORT: Final = 2.0
ENOUGH: Final = 8
"""How many changes are told at most."""
FIRSTS: Final = 4
"""Of how many facts a change is tried together with another one."""
SECONDS: Final = 4
"""How many facts are tried as the second of two."""
STEPS_TRIED: Final = 3
"""How many growing changes of the second fact are tried."""
SPOTS_COMPARED: Final = 400
"""How many places are compared for where the meeting would go."""

BOTH = mark("{one}; and also {other}")


_Places = tuple[Placement, tuple[Placement, ...]]
Again = Callable[[Problem], tuple[Sequence[int], Sequence[Fact]] | None]
"""Finds which meetings cannot be placed together in a changed problem, and the facts why."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that was proved to help: in words, its cost, where the meeting then goes.

    ``moved`` are the other meetings that have to move for it; ``also`` is the second fact of a
    change of two facts, of which neither alone suffices.
    """

    message: Phrase
    cost: int
    fact: Fact
    placement: Placement
    moved: tuple[Placement, ...] = ()
    also: Fact | None = None


def relaxations(
    problem: Problem,
    placements: Sequence[Placement | None],
    meeting: int,
    meetings: Sequence[int],
    facts: Iterable[Fact],
    budget: Budget,
    costs: Mapping[str, int] = COSTS,
    again: Again | None = None,
) -> tuple[Relaxation, ...]:
    """Return the cheapest changes of single facts that let a meeting in, the cheapest first.

    ``facts`` are those of the problem restricted to ``meetings``, which cannot all be placed. Where
    no single change helps, two are tried together, with ``again`` saying what forbids the meeting
    in a changed problem.
    """
    found: list[Relaxation] = []
    trial = _Trial(placements, meeting, meetings, budget, problem.meetings[meeting].fixed_day)
    ranked = sorted(facts, key=lambda fact: (costs[fact.kind], fact.key))
    for fact in ranked:
        for ladder in ladders(problem, _in_whole(fact, meetings), meeting):
            for change in ladder:
                if budget.over() or len(found) >= ENOUGH:
                    return _ranked(found)
                result = trial.helps(change)
                if result is not None:
                    helpful, mine, moved = result
                    cost = costs[fact.kind] + helpful.extra + len(moved)
                    found.append(Relaxation(helpful.message, cost, fact, mine, moved))
                    break
    if not found and again is not None:
        found += _combined(problem, trial, ranked, costs, again)
    return _ranked(found)


def _combined(
    problem: Problem,
    trial: _Trial,
    facts: Sequence[Fact],
    costs: Mapping[str, int],
    again: Again,
) -> Iterator[Relaxation]:
    """Yield changes of two facts at once, for facts of which no single change helps.

    After one change something else still forbids the meeting: what that is, is found out as it was
    for the first, and changed as well. The second alone leaves the first contradiction as it is.
    """
    told = 0
    for one in facts[:FIRSTS]:
        for first in _firsts(problem, trial, one):
            if trial.budget.over() or told >= ENOUGH:
                return
            found = again(first.problem)
            if found is None:
                continue
            meetings, others = found
            # a larger change of the same fact is a single one; absences are numbered anew
            rest = [f for f in others if f != one or f.kind == "absence"]
            rest.sort(key=lambda f: costs[f.kind])
            after = _Trial(trial.placements, trial.meeting, meetings, trial.budget, trial.near)
            for other in rest[:SECONDS]:
                both = _second(after, first, _in_whole(other, meetings))
                if both is None:
                    continue
                begin, helpful, (mine, moved) = both
                cost = costs[one.kind] + costs[other.kind] + begin.extra + helpful.extra
                words = phrase(BOTH, one=begin.message, other=helpful.message)
                yield Relaxation(words, cost + len(moved), one, mine, moved, also=other)
                told += 1


def _firsts(problem: Problem, trial: _Trial, fact: Fact) -> Iterator[Change]:
    """Yield the smallest change of each way to change a fact."""
    for ladder in ladders(problem, _in_whole(fact, trial.meetings), trial.meeting):
        yield from islice(ladder, 1)


def _second(trial: _Trial, first: Change, fact: Fact) -> tuple[Change, Change, _Places] | None:
    """Return a first change, narrowed, and a change of a second fact that together help."""
    found = _climb(trial, first, fact)
    if found is not None and first.narrowed is not None:
        for narrow in first.narrowed((found[1][0], *found[1][1])):
            closer = _climb(trial, narrow, fact)
            if closer is not None:
                return narrow, *closer
    return None if found is None else (first, *found)


def _climb(trial: _Trial, first: Change, fact: Fact) -> tuple[Change, _Places] | None:
    for ladder in ladders(first.problem, fact, trial.meeting):
        for change in islice(ladder, STEPS_TRIED):
            if trial.budget.over():
                return None
            result = trial.helps(change)
            if result is not None:
                return result[0], result[1:]
    return None


def _ranked(found: list[Relaxation]) -> tuple[Relaxation, ...]:
    return tuple(sorted(found, key=lambda help_: help_.cost))


def _in_whole(fact: Fact, meetings: Sequence[int]) -> Fact:
    """Return a fact of the restricted problem as one of the whole problem."""
    if fact.kind in {"first", "last", "day", "period", "teacher", "venue", "lock"}:
        return Fact(fact.kind, (meetings[fact.key[0]], *fact.key[1:]))
    return fact


class _Trial:
    """Tries changes: first on the meetings that contradict each other, then on all."""

    def __init__(
        self,
        placements: Sequence[Placement | None],
        meeting: int,
        meetings: Sequence[int],
        budget: Budget,
        near: date | None,
    ) -> None:
        self.placements = placements
        self.meeting = meeting
        self.meetings = meetings
        self.budget = budget
        #: the day that the syllabus fixes, close to which it is placed
        self.near = near

    def helps(self, change: Change) -> tuple[Change, Placement, tuple[Placement, ...]] | None:
        """Return a change that helps, narrowed to what is needed, and where everything goes."""
        places = self._try(change)
        if places is None:
            return None
        for narrow in () if change.narrowed is None else change.narrowed((places[0], *places[1])):
            again = self._try(narrow)
            if again is not None:
                return narrow, *again
        return change, *places

    def _try(self, change: Change) -> _Places | None:
        """Place the meeting where nothing else moves, or else the fewest others do."""
        state, movable = _as_placed(change.problem, self.placements, self.meeting)
        spot = _kindest(state, self.meeting, self.near)
        if spot is not None:
            there = state.tables.placement_of(self.meeting, spot)
            if _kept(change.problem, self.placements, (there,)):
                return there, ()
        if not self._possible_alone(change.problem):
            return None
        return self._with_others(state, movable)

    def _with_others(self, state: State, movable: set[int]) -> _Places | None:
        """Place a meeting, others giving way; return where, and what moved for it."""
        tables, meeting = state.tables, self.meeting
        for size in CIRCLES:
            circle = surroundings(state, meeting, movable | {meeting}, size)
            home = {}
            for other in circle:
                if other != meeting:
                    home[other] = (state.remove(other), 1)
            found = Model(state, circle, required=True, home=home).solve(self.budget, effort=EFFORT)
            if found.outcome in {"optimal", "feasible"}:
                moved = tuple(
                    tables.placement_of(m, spot)
                    for m, spot in found.spots.items()
                    if m != meeting and spot != home[m][0]
                )
                for other in home:
                    state.place(other, found.spots[other])
                kindest = _kindest(state, meeting, self.near) or found.spots[meeting]
                for spot in (kindest, found.spots[meeting]):
                    there = tables.placement_of(meeting, spot)
                    if _kept(state.problem, self.placements, (there, *moved)):
                        return there, moved
                return None
            for other, (spot, _) in home.items():
                state.place(other, spot)
            if len(circle) < size or self.budget.over():
                break
        return None

    def _possible_alone(self, problem: Problem) -> bool:
        """Say whether the contradicting meetings fit together, which is quickly known."""
        small = restrict(problem, self.meetings)
        tables = Tables(small)
        state = State(tables, Costs(tables))
        free = []
        for index, meeting in enumerate(small.meetings):
            spot = None
            if meeting.locked and meeting.stored is not None:
                spot = tables.spot_of(meeting.stored)
            if spot is None:
                free.append(index)
            else:
                state.place(index, spot)
        found = Model(state, free, required=True, pinned={}).solve(self.budget, effort=EFFORT)
        return found.outcome != "infeasible"


def _as_placed(
    problem: Problem, placements: Sequence[Placement | None], meeting: int
) -> tuple[State, set[int]]:
    """Return a changed problem with everything but a meeting in its place, and what may move."""
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    movable = set()
    for placement in placements:
        spot = None if placement is None else tables.spot_of(placement)
        if placement is None or spot is None or placement.meeting == meeting:
            continue
        state.place(placement.meeting, spot)
        if not problem.meetings[placement.meeting].locked:
            movable.add(placement.meeting)
    return state, movable


def _kindest(state: State, meeting: int, near: date | None) -> Spot | None:
    """Return where a meeting costs least, nothing else moving, ``near`` a day first if one is told.

    None is returned where it has no place so.
    """
    rng = Random(0)  # noqa: S311 - which spots are looked at, where there are too many
    width, first = state.tables.width, state.problem.calendar.index
    best: tuple[tuple[int, int], Spot] | None = None
    for spot in free_spots(state, meeting, rng, SPOTS_COMPARED):
        away = 0 if near is None else abs(spot.start // width - first(near))
        key = (away, state.cost_with(meeting, spot))
        if key[1] < FORBIDDEN and (best is None or key < best[0]):
            best = (key, spot)
    return None if best is None else best[1]


def _kept(
    problem: Problem, placements: Sequence[Placement | None], places: Sequence[Placement]
) -> bool:
    """Say whether rules that the office made hard are kept: the exact model knows not all."""
    if not made_hard(rules_in_force(problem.rules)):
        return True
    return not LiveTimetable(problem, placements).blocking(places)
