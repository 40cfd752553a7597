"""The order in which a field day visits its places: the exact best among all orders.

A meeting of a course with ``stops`` visits them all in its time. Where its own venue is one of
them, the round begins there; else it sets out from the venue and comes back to it. Between two
places lie the minutes of travel and the buffer. At each stop the class stays ``stay`` minutes,
waiting at the gate where it comes too early; without ``stay`` what travel leaves is shared equally.
Of the orders that fit, the one with the least travel is taken, then the one that is over first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from trainer.timetable.engine.problem import Absence, Meeting, Problem, Venue

MOST_STOPS: Final = 9
"""Up to how many stops every order is looked at; more are visited as they are listed."""

Blocked = tuple[tuple[tuple[int, int], ...], ...]
"""For each stop the minutes of the day in which it cannot be used."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay at a venue, in minutes after midnight of its day."""

    venue: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Round:
    """A meeting that visits places: its course, the venue it is held at, and its time."""

    course: int
    base: int | None
    start: int
    end: int


class Router:
    """Finds rounds for the courses of one problem, and remembers them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._absent: dict[int, list[Absence]] = defaultdict(list)
        for absence in problem.absences:
            for venue in absence.venues:
                self._absent[venue].append(absence)
        self._known: dict[tuple[Round, Blocked], tuple[Visit, ...] | None] = {}

    def visits(
        self, round_: Round, day: date, wished: tuple[int, ...] = ()
    ) -> tuple[Visit, ...] | None:
        """Return the stays of a round on a day in the best order, None where no order fits.

        An order that is ``wished`` is kept where it fits. Without stops there are no stays.
        """
        stops = self.problem.courses[round_.course].stops
        if not stops:
            return ()
        if any(shut_on(self.problem.venues[stop], day) for stop in stops):
            return None
        blocked = tuple(self._blocked(stop, day) for stop in stops)
        if sorted(wished) == sorted(stops):
            found = _Search(self.problem, round_, blocked).walk(wished)
            if found is not None:
                return found[1]
        key = (round_, blocked)
        if key not in self._known:
            self._known[key] = _Search(self.problem, round_, blocked).best()
        return self._known[key]

    def _blocked(self, venue: int, day: date) -> tuple[tuple[int, int], ...]:
        facts = self.problem.venues[venue]
        found = []
        if facts.open_from is not None:
            found.append((-1, facts.open_from))
        if facts.open_to is not None:
            late = facts.open_from is not None and facts.open_to <= facts.open_from
            found.append((facts.open_to + 1440 * late, 2881))
        for absence in self._absent.get(venue, ()):
            if absence.first <= day <= absence.last:
                period = None if absence.period is None else self.problem.periods[absence.period]
                found.append((-1, 2881) if period is None else (period.start, period.end))
        return tuple(sorted(found))


def visitors(problem: Problem, meeting: Meeting, stop: int) -> int:
    """Return how many people a meeting brings to a stop: classes that meet jointly go together."""
    classes = {part.class_ for part in meeting.parts if stop in problem.courses[part.course].stops}
    return sum(problem.classes[class_].size for class_ in classes)


def shut_on(venue: Venue, day: date) -> bool:
    """Say whether a venue is closed all day, by its weekday or its season."""
    if day.isoweekday() in venue.closed_weekdays:
        return True
    if venue.season is None:
        return False
    first, last = venue.season
    today = (day.month, day.day)
    inside = first <= today <= last if first <= last else today >= first or today <= last
    return not inside


class _Search:
    """The orders of one round, tried depth first; what is already longer than the best is left."""

    def __init__(self, problem: Problem, round_: Round, blocked: Blocked) -> None:
        self.problem = problem
        self.round = round_
        course = problem.courses[round_.course]
        self.stops, self.stay = course.stops, course.stay
        self.blocked = dict(zip(self.stops, blocked, strict=True))
        self.found: tuple[tuple[int, int], tuple[Visit, ...]] | None = None

    def best(self) -> tuple[Visit, ...] | None:
        """Return the stays in the best order."""
        first = tuple(stop for stop in self.stops if stop == self.round.base)
        if len(self.stops) > MOST_STOPS:
            self._offer((*first, *(stop for stop in self.stops if stop not in first)))
        else:
            self._extend(first, 0)
        return None if self.found is None else self.found[1]

    def _extend(self, order: tuple[int, ...], travel: int) -> None:
        room = self.round.end - self.round.start - len(self.stops) * (self.stay or 1)
        if travel > room or (self.found is not None and travel > self.found[0][0]):
            return
        if len(order) == len(self.stops):
            self._offer(order)
            return
        here = order[-1] if order else self.round.base
        left = [stop for stop in self.stops if stop not in order]
        for stop in sorted(left, key=lambda stop: (self._way(here, stop), stop)):
            self._extend((*order, stop), travel + self._way(here, stop))

    def _offer(self, order: tuple[int, ...]) -> None:
        found = self.walk(order)
        if found is not None and (self.found is None or found[0] < self.found[0]):
            self.found = found

    def walk(self, order: tuple[int, ...]) -> tuple[tuple[int, int], tuple[Visit, ...]] | None:
        """Return an order's travel and end, and its stays; None where it does not fit."""
        base = self.round.base
        away = base is not None and base not in self.stops
        if base in self.stops and order[0] != base:
            return None
        places = [*([base] if away else []), *order, *([base] if away else [])]
        ways = [self._way(a, b) for a, b in pairwise(places)]
        spare = self.round.end - self.round.start - sum(ways)
        stay = self.stay or spare // len(order)
        if stay < 1:
            return None
        now, visits = self.round.start, []
        legs = ways if away else [0, *ways]
        for way, stop in zip(legs, order, strict=False):
            begin = self._free_from(stop, now + way, stay)
            if begin is None:
                return None
            now = begin + stay
            visits.append(Visit(stop, begin, now))
        over = now + (legs[-1] if away else 0)
        return ((sum(ways), over), tuple(visits)) if over <= self.round.end else None

    def _free_from(self, stop: int, now: int, stay: int) -> int | None:
        for start, end in self.blocked[stop]:
            if now < end and start < now + stay:
                if self.stay is None:
                    return None
                now = end
        return now if now + stay <= self.round.end else None

    def _way(self, a: int | None, b: int | None) -> int:
        if a is None or b is None or a == b:
            return 0
        return (self.problem.travel[a][b] if self.problem.travel else 0) + self.problem.buffer
