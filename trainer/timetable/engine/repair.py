"""Placing exactly what the search could not place, or proving that it has no place.

A few meetings that already contradict each other prove that not everything fits; so small groups
around each missing meeting are tried alone first. Then its surroundings are solved again exactly,
everything else staying where it is, in growing circles.
"""

from __future__ import annotations

from typing import Final

from trainer.timetable.engine.exact import Exact
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.obstacles import meetings_in_the_way
from trainer.timetable.engine.search import Budget, Search
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables

CIRCLES: Final = (10, 25, 60)
"""How many meetings are solved together, from the first try to the last."""
PROOF_EFFORT: Final = 2.0
"""CP-SAT's deterministic time for one proof."""
PLACING_EFFORT: Final = 1.0
"""CP-SAT's deterministic time for solving one circle again."""
SHARE: Final = 0.5
"""The part of the budget after which the rest is left to the search."""
STEPS_PER_TRY: Final = 200
"""What one exact try counts as in the engine's own steps."""
MISSING_TRIED: Final = 8
"""For how many missing meetings a proof and an exact repair are tried."""


def repair(search: Search, hopeful: list[int], missing: list[int]) -> bool:
    """Try to place missing meetings exactly; say if it is proved that not all can be placed."""
    state = search.state
    proved = False
    for meeting in missing[:MISSING_TRIED]:
        if state.spots[meeting] is not None:
            continue
        for size in CIRCLES:
            if search.budget.over() or (proved and search.budget.spent() > SHARE):
                return proved
            circle = surroundings(state, meeting, set(hopeful), size)
            alone = not proved and impossible_together(state, circle, hopeful, search.budget)
            proved = proved or alone
            if alone and sum(state.spots[m] is None for m in circle) == 1:
                break
            _solve_again(search, circle)
            search.tell()
            if state.spots[meeting] is not None or len(circle) == len(hopeful):
                break
    return proved


def surroundings(state: State, meeting: int, free: set[int], size: int) -> list[int]:
    """Return a meeting and up to ``size`` that compete with it, nearest first."""
    chosen: dict[int, None] = {meeting: None}
    queue = [meeting]
    while queue and len(chosen) < size:
        current = queue.pop(0)
        for other in _rivals(state, current):
            if other in free and other not in chosen:
                chosen[other] = None
                queue.append(other)
                if len(chosen) >= size:
                    break
    return sorted(chosen)


def _rivals(state: State, meeting: int) -> list[int]:
    """Return what shares a class, a teacher, people or a venue with a meeting, at a like time."""
    tables = state.tables
    rivals: dict[int, None] = {}
    for part in state.problem.meetings[meeting].parts:
        rivals.update(dict.fromkeys(tables.of_class[part.class_]))
    reach, weeks = tables.reach[meeting], tables.in_weeks[meeting]
    teachers = set(tables.teachers[meeting]) - {NO_TEACHER}
    teachers |= {other for t in teachers for other in tables.selves.get(t, ())}
    for part in state.problem.meetings[meeting].parts:
        teachers.update(t for t, _ in tables.teaching_members.get(part.class_, ()))
    venues = {v for rooms in tables.rooms[meeting] for v, _ in rooms} - {NO_VENUE}
    venues |= tables.visits.stops[meeting]
    venues |= {other for v in venues for other in tables.kin.get(v, ())}
    friends = _friends(tables, meeting)
    close: list[tuple[int, int]] = []
    for other in range(len(state.spots)):
        if other in rivals or not tables.in_weeks[other] & weeks:
            continue
        shared = 4 * len(teachers.intersection(tables.teachers[other]))
        if tables.reach[other] & reach:
            shared += 2 * any(p.class_ in friends for p in state.problem.meetings[other].parts)
            shared += any(v in venues for rooms in tables.rooms[other] for v, _ in rooms) or (
                not venues.isdisjoint(tables.visits.stops[other])
            )
        if shared:
            choices = len(tables.teachers[other]) + len(tables.rooms[other][0])
            close.append((-shared * 100 + choices, other))
    rivals.update(dict.fromkeys(other for _, other in sorted(close)))
    rivals.pop(meeting, None)
    return list(rivals)


def _friends(tables: Tables, meeting: int) -> set[int]:
    """Return the classes whose people a meeting needs, be it as trainees or as its teachers."""
    own = {part.class_ for part in tables.problem.meetings[meeting].parts}
    found = {friend for class_ in own for friend, _ in tables.friends[class_]}
    return found | {
        class_
        for teacher in tables.teachers[meeting]
        for class_, _ in tables.seats.get(teacher, ())
    }


def impossible_together(
    state: State, circle: list[int], hopeful: list[int], budget: Budget
) -> bool:
    """Say if it is proved that these meetings cannot all be placed, even without the others."""
    budget.steps += STEPS_PER_TRY
    alone = State(state.tables, state.costs)
    moving = set(hopeful)
    for meeting, spot in enumerate(state.spots):
        if spot is not None and meeting not in moving:
            alone.place(meeting, spot)
    found = Model(alone, circle, required=True, pinned={}).solve(budget, effort=PROOF_EFFORT)
    return found.outcome == "infeasible"


def _solve_again(search: Search, circle: list[int]) -> None:
    state = search.state
    search.budget.steps += STEPS_PER_TRY
    before = state.cost
    saved: dict[int, Spot] = {}
    for meeting in circle:
        spot = state.spots[meeting]
        if spot is not None:
            saved[meeting] = state.remove(meeting)
    home = {m: (spot, 1) for m, spot in saved.items()}
    found: Exact = Model(state, circle, required=False, home=home).solve(
        search.budget, effort=PLACING_EFFORT
    )
    for meeting, spot in found.spots.items():
        assert not any(True for _ in meetings_in_the_way(state, meeting, spot))
        state.place(meeting, spot)
    if state.cost > before:
        for meeting in found.spots:
            state.remove(meeting)
        for meeting, spot in saved.items():
            state.place(meeting, spot)
    search.note()
