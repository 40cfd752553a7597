"""Other places for a meeting that was moved: what changes least first, then the kindest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from random import Random
from typing import Final

from trainer.timetable.engine.breaches import keeps
from trainer.timetable.engine.insert import free_spots
from trainer.timetable.engine.obstacles import meetings_in_the_way, spot_allowed
from trainer.timetable.engine.problem import Placement
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot

SPOTS_COMPARED: Final = 400


def other_places(
    state: State, meeting: int, home: Spot | None, count: int, rng: Random
) -> tuple[Placement, ...]:
    """Return up to ``count`` places for a meeting, all else left as it is, neither its nor home's.

    Each would do as well as its present one: no other meeting has to change for it.
    """
    spot = state.spots[meeting]
    if spot is None or not count:
        return ()
    whole = state.cost
    state.remove(meeting)
    ranked: dict[Spot, tuple[int, int]] = {}
    free = free_spots(state, meeting, rng, SPOTS_COMPARED)
    for other in chain(_with_others(state, meeting, spot), free):
        cost = state.cost_with(meeting, other)
        if other not in (spot, home) and keeps(state, meeting, other, whole):
            ranked[other] = (0 if home is None else change_between(home, other), cost)
    state.place(meeting, spot)
    best = sorted(ranked, key=lambda each: (*ranked[each], each.start, each.venues, each.teacher))
    return tuple(state.tables.placement_of(meeting, each) for each in best[:count])


def change_between(home: Spot, spot: Spot) -> int:
    """Return how much of a spot is new, the time weighing most."""
    rooms = sum(a != b for a, b in zip(home.venues, spot.venues, strict=True))
    return 2 * (home.start != spot.start) + (home.teacher != spot.teacher) + rooms


def _with_others(state: State, meeting: int, spot: Spot) -> Iterator[Spot]:
    """Yield the same time and rooms with everybody else who could teach there."""
    for teacher in state.tables.teachers[meeting]:
        other = replace(spot, teacher=teacher)
        taken = meetings_in_the_way(state, meeting, other)
        if spot_allowed(state, meeting, other) and not any(True for _ in taken):
            yield other
