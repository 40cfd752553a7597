"""Who is at a place from which minute to which: for places that field days visit on their rounds.

A meeting has its own venue from beginning to end, and each stop of its round for the minutes that
the class stays there (see ``route``). Where such stays meet, periods are too coarse to say whether
a place is full; so at these venues, and at the halls that they are part of, everything is counted
by the minute. An office whose courses have no stops has no such venue, and nothing here costs time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from trainer.timetable.engine.clock import Clock
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.relations import Kin, hall_kin
from trainer.timetable.engine.route import Round, Router

NO_VENUE = -1


class Use(NamedTuple):
    """A venue in use, in minutes after midnight of its day."""

    venue: int
    start: int
    end: int


class Visits:
    """The uses that meetings make of the venues that are counted by the minute."""

    def __init__(self, problem: Problem, clock: Clock, router: Router) -> None:
        self.problem = problem
        self.clock = clock
        self.router = router
        self.kin: Kin = hall_kin(problem)
        self._known: dict[tuple[int, int, int, int], tuple[Use, ...]] = {}

    @cached_property
    def venues(self) -> frozenset[int]:
        """Return the stops of all rounds, and what they are part of or what is part of them."""
        courses = {part.course for meeting in self.problem.meetings for part in meeting.parts}
        stops = {stop for course in courses for stop in self.problem.courses[course].stops}
        return frozenset(stops.union(*(self.kin.get(stop, ()) for stop in stops)))

    @cached_property
    def stops(self) -> list[frozenset[int]]:
        """Return for each meeting the venues that it visits on its rounds."""
        courses = self.problem.courses
        return [
            frozenset(stop for part in meeting.parts for stop in courses[part.course].stops)
            for meeting in self.problem.meetings
        ]

    def of_part(self, meeting: int, part: int, venue: int, start: int) -> tuple[Use, ...]:
        """Return what a part uses that starts at a cell in a venue, its stops in their order.

        Its venue is used throughout; a round that fits in no order visits nothing.
        """
        key = (meeting, part, venue, start)
        if key not in self._known:
            self._known[key] = tuple(self._uses(meeting, part, venue, start))
        return self._known[key]

    def _uses(self, meeting: int, part: int, venue: int, start: int) -> Iterator[Use]:
        facts = self.problem.meetings[meeting]
        day, period = divmod(start, self.clock.width)
        begin, end = self.clock.clock(period, facts.length)
        if venue in self.venues:
            yield Use(venue, begin, end)
        course = facts.parts[part].course
        if self.problem.courses[course].stops:
            round_ = Round(course, None if venue == NO_VENUE else venue, begin, end)
            wished = facts.parts[part].order
            for visit in self.router.visits(round_, self.problem.calendar.day(day), wished) or ():
                if visit.venue != venue:
                    yield Use(visit.venue, visit.start, visit.end)

    def of_meeting(self, meeting: int, start: int, venues: tuple[int, ...]) -> list[Use]:
        """Return what a meeting uses; where its parts are at one place at once, that counts once.

        The uses of one venue do not overlap.
        """
        uses = [
            use
            for part, venue in enumerate(venues)
            for use in self.of_part(meeting, part, venue, start)
        ]
        return uses if len(venues) == 1 else united(uses)


def united(uses: Iterable[Use]) -> list[Use]:
    """Return uses in the order of venue and time, those that overlap at one venue made one."""
    found: list[Use] = []
    for use in sorted(uses):
        last = found[-1] if found else None
        if last is not None and last.venue == use.venue and use.start < last.end:
            found[-1] = Use(last.venue, last.start, max(last.end, use.end))
        else:
            found.append(use)
    return found


class Presence:
    """The uses of a timetable in the making, by venue and day."""

    def __init__(self, visits: Visits) -> None:
        self.visits = visits
        self._uses: dict[int, dict[int, dict[int, list[Use]]]] = {
            venue: defaultdict(dict) for venue in visits.venues
        }

    def put(self, meeting: int, start: int, venues: tuple[int, ...]) -> None:
        """Note what a meeting uses from now on."""
        day = start // self.visits.clock.width
        for use in self.visits.of_meeting(meeting, start, venues):
            self._uses[use.venue][day].setdefault(meeting, []).append(use)

    def take(self, meeting: int, start: int, venues: tuple[int, ...]) -> None:
        """Note that a meeting uses nothing any more."""
        day = start // self.visits.clock.width
        for use in self.visits.of_meeting(meeting, start, venues):
            there = self._uses[use.venue]
            there[day].pop(meeting, None)
            if not there[day]:
                del there[day]

    def days(self, venues: Iterable[int]) -> set[int]:
        """Return the days on which something is at one of these venues, or at kin of theirs."""
        return {
            day
            for venue in venues
            for place in (venue, *self.visits.kin.get(venue, ()))
            for day in self._uses.get(place, ())
        }

    def at(self, venue: int, day: int) -> Iterator[tuple[int, Use]]:
        """Yield the meetings at a venue on a day, each with the time of its use."""
        for meeting, uses in self._uses[venue].get(day, {}).items():
            for use in uses:
                yield meeting, use

    def crowded(self, meeting: int, day: int, uses: Iterable[Use]) -> bool:
        """Say whether some place has no room for these uses besides those of other meetings."""
        return any(True for _ in self.in_the_way(meeting, day, uses))

    def in_the_way(self, meeting: int, day: int, uses: Iterable[Use]) -> Iterator[tuple[bool, int]]:
        """Yield the other meetings that leave no room, and whether each of them must go.

        Where a venue holds several at once, one of those that are yielded for it has to.
        """
        for use in uses:
            for kin in self.visits.kin.get(use.venue, ()):
                for other, there in self.at(kin, day):
                    if other != meeting and there.start < use.end and use.start < there.end:
                        yield True, other
            beside = [
                (there.start, there.end, other)
                for other, there in self.at(use.venue, day)
                if other != meeting and there.start < use.end and use.start < there.end
            ]
            parallel = self.visits.problem.venues[use.venue].parallel
            if len(beside) < parallel:
                continue
            # as many as ever are there at once are there when one of them comes
            for moment in {max(start, use.start) for start, _, _ in beside}:
                there_then = [other for start, end, other in beside if start <= moment < end]
                if len(there_then) >= parallel:
                    yield from ((parallel == 1, other) for other in there_then)
