"""How sturdy a timetable is: what of it could be mended within its class if something fell away.

A session is sturdy against the loss of its teacher (or of its venue) when there is a timetable
without that teacher (or venue) on the session's day in which no hard rule is broken and nothing
outside its class has moved: somebody else comes, another room is taken, it moves to another time,
or it changes places with one other session of the class. Only one such exchange is tried, so that
the figure is one that a head teacher can see to at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from trainer.timetable.engine.breaches import keeps
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.insert import free_spots
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.rules import when_moved
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables

LOOKED_AT: Final = 400
"""How many free spots are looked at for one session before others are asked to give way."""


@dataclass(frozen=True, slots=True)
class Sturdiness:
    """What would become of one meeting; None where it has no teacher, or no venue, to lose."""

    meeting: int
    without_teacher: bool | None
    without_venue: bool | None

    @property
    def repairable(self) -> bool:
        """Say whether the loss of either could be mended."""
        return self.without_teacher is not False and self.without_venue is not False


def sturdiness(problem: Problem, placements: Sequence[Placement | None]) -> tuple[Sturdiness, ...]:
    """Return for each meeting that is placed and not locked what could be mended.

    Locked meetings (held ones, too) stay where they are, and make no room for others.
    """
    problem = replace(problem, rules=when_moved(problem.rules))
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in placements:
        spot = None if placement is None else tables.spot_of(placement)
        if placement is not None and spot is not None:
            state.place(placement.meeting, spot)
    return tuple(
        _of_meeting(state, meeting, spot)
        for meeting, spot in enumerate(list(state.spots))
        if spot is not None and not problem.meetings[meeting].locked
    )


def frail_meetings(state: State, meetings: Iterable[int]) -> list[int]:
    """Return those of some meetings that are placed and could not be mended."""
    return [
        meeting
        for meeting in meetings
        if (spot := state.spots[meeting]) is not None
        and not _of_meeting(state, meeting, spot).repairable
    ]


def share_repairable(found: Sequence[Sturdiness]) -> float:
    """Return the share of meetings that could be mended, 1 where there are none."""
    return sum(each.repairable for each in found) / len(found) if found else 1.0


def _of_meeting(state: State, meeting: int, spot: Spot) -> Sturdiness:
    venues = {venue for venue in spot.venues if venue != NO_VENUE}
    return Sturdiness(
        meeting,
        None if spot.teacher == NO_TEACHER else _mended(state, meeting, spot.teacher, frozenset()),
        _mended(state, meeting, NO_TEACHER, frozenset(venues)) if venues else None,
    )


def _mended(state: State, meeting: int, teacher: int, venues: frozenset[int]) -> bool:
    """Say whether a meeting can do without a teacher, or without venues, on its day."""
    whole = state.cost
    before = state.remove(meeting)
    lost = _Loss(before.start // state.tables.width, teacher, venues, whole)
    try:
        return lost.spot(state, meeting) is not None or lost.exchange(state, meeting)
    finally:
        state.place(meeting, before)


@dataclass(frozen=True, slots=True)
class _Loss:
    """A teacher, or some venues, that cannot be had on a day; ``whole`` is the cost before."""

    day: int
    teacher: int
    venues: frozenset[int]
    whole: int

    def spot(self, state: State, meeting: int) -> Spot | None:
        """Return a free spot that does without what is lost."""
        spots = self._spots(state, meeting)
        return next((spot for spot in spots if keeps(state, meeting, spot, self.whole)), None)

    def _spots(self, state: State, meeting: int) -> Iterator[Spot]:
        rng = Random(0)  # noqa: S311 - which spots are looked at, where there are too many
        for spot in free_spots(state, meeting, rng, LOOKED_AT):
            if spot.start // state.tables.width != self.day:
                yield spot
            elif self.venues.isdisjoint(spot.venues):
                if spot.teacher != self.teacher or self.teacher == NO_TEACHER:
                    yield spot
                else:
                    yield from self._others(state, meeting, spot)

    def _others(self, state: State, meeting: int, spot: Spot) -> Iterator[Spot]:
        """Yield the same spot with another teacher who could come: only the cheapest is told."""
        length = state.tables.lengths[meeting]
        for teacher in state.tables.teachers[meeting]:
            if teacher not in (self.teacher, NO_TEACHER):
                starts = state.teacher_starts(teacher, length)
                starts &= ~state.teacher_travel(teacher, spot.venues[0], length)
                if starts >> spot.start & 1:
                    yield Spot(spot.start, spot.venues, teacher)

    def exchange(self, state: State, meeting: int) -> bool:
        """Say whether the meeting gets in when one other of its class alone moves for it."""
        classes = {part.class_ for part in state.problem.meetings[meeting].parts}
        others = {
            entry.meeting
            for class_ in classes
            for entry in state.entries[class_]
            if not state.problem.meetings[entry.meeting].locked
            and all(p.class_ in classes for p in state.problem.meetings[entry.meeting].parts)
        }
        return any(self._gives_way(state, meeting, other) for other in sorted(others))

    def _gives_way(self, state: State, meeting: int, other: int) -> bool:
        left = state.remove(other)
        try:
            for spot in self._spots(state, meeting):
                state.place(meeting, spot)
                found = self.spot(state, other)
                state.remove(meeting)
                if found is not None:
                    return True
            return False
        finally:
            state.place(other, left)
