"""The best places for one session: free ones, and those where one other would have to give way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from trainer.timetable.engine.costs import FORBIDDEN, Costs
from trainer.timetable.engine.effect import LiveTimetable
from trainer.timetable.engine.insert import bits, cheapest_spot, free_spots
from trainer.timetable.engine.obstacles import meetings_in_the_way, room_for_all
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.rules import made_hard, rules_in_force, when_moved
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables

LOOKED_AT: Final = 4_000
"""How many free spots are costed."""
CHAINS_TRIED: Final = 400
"""How many spots that another meeting holds are tried."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place for a meeting; ``cost`` is what the timetable's cost grows by against the present.

    ``others`` are the meetings that move for it, each to its own best place.
    """

    placement: Placement
    cost: int
    others: tuple[Placement, ...] = ()


def suggest(
    problem: Problem,
    placements: Sequence[Placement | None],
    meeting: int,
    *,
    count: int = 10,
    chains: bool = True,
) -> tuple[Suggestion, ...]:
    """Return the best places for a meeting, the cheapest first, one for each start and room.

    With ``chains`` also such as another meeting, not locked, makes free by moving.
    """
    problem = replace(problem, rules=when_moved(problem.rules))
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in placements:
        spot = None if placement is None else tables.spot_of(placement)
        if placement is not None and spot is not None:
            state.place(placement.meeting, spot)
    before = state.cost
    now = state.remove(meeting) if state.spots[meeting] is not None else None
    found = [
        Suggestion(tables.placement_of(meeting, spot), cost)
        for cost, spot in _free(state, meeting, before)
        if spot != now
    ]
    if chains:
        found += _chained(state, meeting, before)
    if made_hard(rules_in_force(problem.rules)):
        found = [replace(each, cost=_without_breaches(each.cost)) for each in found]
        live = LiveTimetable(problem, placements)
        return tuple(_best(found, count, lambda s: not live.blocking((s.placement, *s.others))))
    return tuple(_best(found, count, lambda _: True))


def _best(
    found: list[Suggestion], count: int, allowed: Callable[[Suggestion], bool]
) -> Iterator[Suggestion]:
    seen: set[object] = set()
    for each in sorted(
        found, key=lambda s: (s.cost, len(s.others), s.placement.day, s.placement.period)
    ):
        key = (each.placement.day, each.placement.period, each.placement.venues)
        if key not in seen and allowed(each):
            seen.add(key)
            yield each
        if len(seen) >= count:
            return


def _without_breaches(cost: int) -> int:
    """Return a cost without the rules made hard that are broken, or mended, with it."""
    return (cost + FORBIDDEN // 2) % FORBIDDEN - FORBIDDEN // 2


def _free(state: State, meeting: int, before: int) -> Iterator[tuple[int, Spot]]:
    placed = state.cost - before - state.costs.unplaced[meeting]
    rng = Random(0)  # noqa: S311 - which spots are looked at, where there are too many
    for spot in free_spots(state, meeting, rng, LOOKED_AT):
        yield placed + state.cost_with(meeting, spot), spot


def _chained(state: State, meeting: int, before: int) -> Iterator[Suggestion]:
    """Yield places that one other meeting leaves for its own cheapest place."""
    rng = Random(0)  # noqa: S311 - which spots are looked at, where there are too many
    spots = list(_allowed(state, meeting))
    if len(spots) > CHAINS_TRIED:
        spots = rng.sample(spots, CHAINS_TRIED)
    for spot in spots:
        way = {other for _, other in meetings_in_the_way(state, meeting, spot)}
        other = next(iter(way)) if len(way) == 1 else None
        if other is None or state.problem.meetings[other].locked:
            continue
        left = state.remove(other)
        if not any(True for _ in meetings_in_the_way(state, meeting, spot)):
            state.place(meeting, spot)
            there = cheapest_spot(state, other, rng, tries=60)
            if there is not None:
                state.place(other, there)
                yield Suggestion(
                    state.tables.placement_of(meeting, spot),
                    state.cost - before,
                    (state.tables.placement_of(other, there),),
                )
                state.remove(other)
            state.remove(meeting)
        state.place(other, left)


def _allowed(state: State, meeting: int) -> Iterator[Spot]:
    """Yield the spots in one room that the facts allow, whatever is there now."""
    tables = state.tables
    parts = state.problem.meetings[meeting].parts
    shared = [dict(rooms) for rooms in tables.rooms[meeting]]
    for venue in shared[0]:
        venues = (venue,) * len(parts)
        if not all(venue in rooms for rooms in shared) or not room_for_all(state, meeting, venues):
            continue
        starts = tables.starts[meeting]
        if venue != NO_VENUE:
            starts &= tables.venue_starts(venue, tables.lengths[meeting])
        for rooms in shared:
            starts &= rooms[venue]
        for teacher in tables.teachers[meeting]:
            mine = starts
            if teacher != NO_TEACHER:
                mine &= tables.teacher_starts(teacher, tables.lengths[meeting])
            yield from (Spot(start, venues, teacher) for start in bits(mine))
