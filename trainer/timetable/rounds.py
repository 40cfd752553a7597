"""The rounds of field days with several stops: where a class is when, and on which way.

The run sheet prints them, calendars show them, a move chooses their order: all from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from db.tables import TrainingSession
from trainer.timetable.build import Built, build_places
from trainer.timetable.engine.route import Round, Router, Visit
from trainer.timetable.facts import Facts

MINUTE: Final = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay at a venue, or the way to it; the class sets ``out`` in no time and comes ``home``."""

    kind: Literal["out", "stop", "way", "home"]
    venue: str
    start: dt.datetime
    end: dt.datetime


class Rounds:
    """Finds the rounds of an office's sessions, and remembers what it has found."""

    def __init__(self, built: Built) -> None:
        self.facts = built.facts
        self._problem, self._numbers = built.problem, built.numbers
        self._router = Router(built.problem)

    def order(self, row: TrainingSession) -> tuple[str, ...]:
        """Return the stops of a session in their order: its own where that fits, else the best.

        Nothing where its course has no stops, or no order fits.
        """
        venues = self._problem.venues
        return tuple(venues[visit.venue].code for visit in self._visits(row))

    def stays(self, row: TrainingSession) -> list[Stay]:
        """Return where a round is, in order of time; one that sets out from elsewhere ends there.

        It is at home as soon as the bus is back, until the session is over.

        Nothing where the session's course has no stops, or no order fits.
        """
        visits, midnight = self._visits(row), self._midnight(row)
        stays = [
            Stay(
                "stop",
                self._problem.venues[visit.venue].code,
                midnight + visit.start * MINUTE,
                midnight + visit.end * MINUTE,
            )
            for visit in visits
        ]
        base = row.venue
        if not stays or base not in self._numbers.venues or base in self._stops(row):
            return stays
        assert base is not None
        over = Stay("home", base, row.end, row.end)
        way = self.way(stays[-1], over)
        return [
            Stay("out", base, row.start, row.start),
            *stays,
            replace(over, start=min(way.end, row.end)) if way else over,
        ]

    def legs(self, row: TrainingSession) -> list[Stay]:
        """Return the stays at a round's stops and the ways between its places, in order of time."""
        return list(self._legs(self.stays(row)))

    def way(self, one: Stay, other: Stay) -> Stay | None:
        """Return the way between two stays, None where there is none or nobody knows its length.

        For a site one leaves so as to be there the buffer before it begins; for home, at once.
        """
        here, there = (self._numbers.venues.get(each.venue) for each in (one, other))
        if here is None or there is None or here == there:
            return None
        length = self._problem.travel[here][there] * MINUTE
        start = one.end
        if other.kind == "stop" or self._problem.venues[there].kind == "field_site":
            start = max(start, other.start - length - self._problem.buffer * MINUTE)
        return Stay("way", other.venue, start, start + length) if length else None

    def _legs(self, stays: list[Stay]) -> Iterator[Stay]:
        for one, other in pairwise(stays):
            if one.kind == "stop":
                yield one
            way = self.way(one, other)
            if way is not None:
                yield way
        if stays and stays[-1].kind == "stop":
            yield stays[-1]

    def _stops(self, row: TrainingSession) -> tuple[str, ...]:
        course = self._problem.courses[self._numbers.courses[row.course]]
        return tuple(self._problem.venues[stop].code for stop in course.stops)

    def _visits(self, row: TrainingSession) -> tuple[Visit, ...]:
        numbers = self._numbers
        course = numbers.courses[row.course]
        if not self._problem.courses[course].stops:
            return ()
        start, end = ((each - self._midnight(row)) // MINUTE for each in (row.start, row.end))
        base = numbers.venues.get(row.venue or "")
        wished = tuple(numbers.venues.get(code, -1) for code in row.stops)
        return self._router.visits(Round(course, base, start, end), row.date, wished) or ()

    def _midnight(self, row: TrainingSession) -> dt.datetime:
        return self.facts.office.instant(row.date, dt.time())


def rounds_of(facts: Facts) -> Rounds:
    """Return what finds the rounds of an office's sessions."""
    return Rounds(build_places(facts))


def has_rounds(facts: Facts) -> bool:
    """Tell whether any session visits several places."""
    return any(facts.courses[row.course].stops for row in facts.sessions.values())
