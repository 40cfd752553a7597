"""Venues as the engine sees them: their facts, who may use them, and the minutes between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Final, Protocol

from db.tables import Travel, Venue
from trainer.office import TravelSettings
from trainer.timetable.engine import problem as engine
from trainer.timetable.facts import Facts

EARTH_KM: Final = 6371.0088
TEN_HAVES: Final = 10


class Spot(Protocol):
    """Something that stands somewhere: a code, and degrees where they are known."""

    @property
    def code(self) -> str:
        """The code under which travel.csv names it."""

    @property
    def lat(self) -> float | None:
        """Degrees north."""

    @property
    def lon(self) -> float | None:
        """Degrees east."""


@dataclass(frozen=True, slots=True)
class Point:
    """A spot by itself: quick to look at, many times over."""

    code: str
    lat: float | None
    lon: float | None


def engine_venues(facts: Facts, classes: Sequence[str]) -> tuple[engine.Venue, ...]:
    """Return every venue; ``classes`` are the codes behind the engine's class numbers."""
    asking = [facts.asking_units(code) for code in classes]
    number = {code: place for place, code in enumerate(facts.venues)}
    return tuple(_venue(facts, row, asking, number) for row in facts.venues.values())


def travel_minutes(facts: Facts) -> tuple[tuple[int, ...], ...]:
    """Return whole minutes from each venue to each other one, in the order of ``facts.venues``.

    A row of travel.csv counts, and both ways unless the way back has a row of its own; otherwise
    the great circle between the coordinates, times detour, by the speed, rounded up; otherwise 0.
    """
    given = given_minutes(facts.travel)
    settings = facts.office.travel
    points = [Point(row.code, row.lat, row.lon) for row in facts.venues.values()]
    rows = [[0] * len(points) for _ in points]
    for number, here in enumerate(points):
        for other in range(number + 1, len(points)):
            there = points[other]
            minutes = minutes_between(here, there, given, settings)
            back = given.get((there.code, here.code), minutes)
            rows[number][other], rows[other][number] = minutes, back
    return tuple(tuple(row) for row in rows)


def given_minutes(rows: Iterable[Travel]) -> dict[tuple[str, str], int]:
    """Return the minutes of travel.csv by (from, to), both ways unless both are given."""
    given = {(row.from_venue, row.to_venue): row.minutes for row in rows}
    back = {(there, here): minutes for (here, there), minutes in given.items()}
    return back | given


def minutes_between(
    here: Spot, there: Spot, given: Mapping[tuple[str, str], int], settings: TravelSettings
) -> int:
    """Return whole minutes on the way: as given, or by the coordinates, or 0 where unknown."""
    if here.code == there.code:
        return 0
    known = given.get((here.code, there.code))
    if known is not None:
        return known
    if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
        return 0
    distance = kilometres(here.lat, here.lon, there.lat, there.lon) * settings.detour
    return ceil(distance / settings.speed_kmh * 60)


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the length of the great circle between two points in degrees."""
    rise = sin(radians(other_lat - lat) / 2) ** 2
    turn = sin(radians(other_lon - lon) / 2) ** 2
    share = rise + cos(radians(lat)) * cos(radians(other_lat)) * turn
    return 2 * EARTH_KM * asin(min(1.0, sqrt(share)))


def users_of(facts: Facts, venue: Venue) -> frozenset[str] | None:
    """Return the units that may use a venue; None where it is open to all.

    They are its own unit, the units with which it is shared, those below them, and the members of
    groups with which it is shared.
    """
    if not venue.shared_with:
        return None
    units: set[str] = {venue.unit} if venue.unit else set()
    for named in venue.shared_with:
        units |= facts.below.get(named, frozenset((named,)))
        if named in facts.groups:
            units.update(facts.groups[named].members)
    return frozenset(units)


def kin_of(facts: Facts, code: str) -> frozenset[str]:
    """Return a venue with those of which it is a part and those that are parts of it."""
    above: dict[str, set[str]] = {}
    for each in facts.venues:
        seen = {each}
        whole = facts.venues[each].part_of
        while whole is not None and whole in facts.venues and whole not in seen:
            seen.add(whole)
            whole = facts.venues[whole].part_of
        above[each] = seen
    below = {each for each, wholes in above.items() if code in wholes}
    return frozenset(above.get(code, set()) | below | {code})


def _venue(
    facts: Facts, row: Venue, asking: Sequence[frozenset[str]], number: Mapping[str, int]
) -> engine.Venue:
    return engine.Venue(
        code=row.code,
        name=row.name,
        kind=row.kind,
        capacity=row.capacity,
        parallel=row.parallel,
        equipment=frozenset(row.equipment),
        open_from=_minute(row.open_from),
        open_to=_minute(row.open_to),
        season=_season(row.season_from, row.season_to),
        closed_weekdays=frozenset(int(day) for day in row.closed_weekdays),
        shared=_sharers(facts, row, asking),
        accredited=is_accredited(facts, row),
        accredited_until=row.accredited_until,
        part_of=number.get(row.part_of) if row.part_of else None,
        exam_capacity=row.exam_capacity,
        outdoor=bool(row.outdoor),
        plan_b=number.get(row.plan_b) if row.plan_b else None,
    )


def is_accredited(facts: Facts, venue: Venue) -> bool:
    """Tell whether a venue has been accredited: until a date, or by ten dated haves without end."""
    return venue.accredited_until is not None or facts.dated_haves.get(venue.code, 0) >= TEN_HAVES


def _sharers(facts: Facts, row: Venue, asking: Sequence[frozenset[str]]) -> frozenset[int] | None:
    units = users_of(facts, row)
    if units is None:
        return None
    return frozenset(
        number for number, of_class in enumerate(asking) if not units.isdisjoint(of_class)
    )


def _minute(time: dt.time | None) -> int | None:
    return None if time is None else time.hour * 60 + time.minute


def _season(first: str | None, last: str | None) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if not first and not last:
        return None
    return _month_day(first or "01-01"), _month_day(last or "12-31")


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
