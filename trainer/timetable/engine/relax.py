"""What would help: changes of single facts, cheapest first, each tried on the whole timetable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trainer.phrases import Phrase
from trainer.timetable.engine.change import Change
from trainer.timetable.engine.changes import ladders
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.extract import restrict
from trainer.timetable.engine.facts import Fact
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.repair import surroundings
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables

COSTS: Final[Mapping[str, int]] = {
    "latest": 3, "earliest": 3, "window": 3, "max_days": 3, "week": 3, "period": 3, "day": 4,
    "teacher": 4, "venue": 4, "lock": 4, "rooms": 4, "places": 4, "workperiods": 4, "first": 5,
    "last": 5, "order": 5, "absence": 5, "workdays": 5, "people": 6, "staff": 6, "parallel": 6,
    "accredited": 6, "shared": 6, "equipment": 6, "kinds": 7, "hours": 8, "weekdays": 8,
    "season": 8, "size": 9, "buffer": 9, "travel": 10, "travels": 11, "periods": 12,
    "trainee": 6, "part_of": 13, "selves": 13,
}  # fmt: skip
"""What it costs an office to change a fact of each kind; an office may set its own."""
CIRCLES: Final = (12, 40)
EFFORT: Final = 2.0
ENOUGH: Final = 8
"""How many changes are told at most."""


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
    """Return the cheapest changes of single facts that let a meeting in, the cheapest first.

    ``facts`` are those of the problem restricted to ``meetings``, which cannot all be placed.
    """
    found: list[Relaxation] = []
    trial = _Trial(placements, meeting, meetings, budget)
    for fact in sorted(facts, key=lambda fact: (costs[fact.kind], fact.key)):
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
    return _ranked(found)


def _ranked(found: list[Relaxation]) -> tuple[Relaxation, ...]:
    return tuple(sorted(found, key=lambda help_: help_.cost))


def _in_whole(fact: Fact, meetings: Sequence[int]) -> Fact:
    """Return a fact of the restricted problem as one of the whole problem."""
    if fact.kind in {"first", "last", "day", "period", "teacher", "venue", "lock"}:
        return Fact(fact.kind, (meetings[fact.key[0]], *fact.key[1:]))
    return fact


_Places = tuple[Placement, tuple[Placement, ...]]


class _Trial:
    """Tries changes: first on the meetings that contradict each other, then on all."""

    def __init__(
        self,
        placements: Sequence[Placement | None],
        meeting: int,
        meetings: Sequence[int],
        budget: Budget,
    ) -> None:
        self.placements = placements
        self.meeting = meeting
        self.meetings = meetings
        self.budget = budget

    def helps(self, change: Change) -> tuple[Change, Placement, tuple[Placement, ...]] | None:
        """Return a change that helps, narrowed to what is needed, and where everything goes."""
        if not self._possible_alone(change.problem):
            return None
        places = _try(change.problem, self.placements, self.meeting, self.budget)
        if places is None:
            return None
        if change.narrowed is not None:
            narrow = change.narrowed(places[0])
            again = None if narrow is None else self._again(narrow)
            if narrow is not None and again is not None:
                return narrow, *again
        return change, *places

    def _again(self, change: Change) -> _Places | None:
        return _try(change.problem, self.placements, self.meeting, self.budget)

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
        found = Model(state, free, required=True).solve(self.budget, effort=EFFORT)
        return found.outcome != "infeasible"


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
