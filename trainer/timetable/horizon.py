"""Which days a timetable reaches over, which of them are worked, and when the sun is up.

The calendar spans every date that a class, a syllabus or a stored session names. A class whose
window is open on one side, or that has none, may use the whole calendar years of that span; where
no date is named anywhere it is the year of the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from math import acos, asin, cos, degrees, pi, radians, sin
from typing import Final

from trainer.office import Office
from trainer.timetable.engine.problem import Calendar
from trainer.timetable.facts import Facts

#: The sun's upper edge at the horizon, refraction included, in degrees.
HORIZON: Final = -0.833


def engine_calendar(facts: Facts, classes: Collection[str], today: dt.date) -> Calendar:
    """Return the days from the first to the last that any of ``classes`` may use."""
    return _calendar(facts, *_span(facts, classes, today))


def longer_calendar(facts: Facts, calendar: Calendar, days: int) -> Calendar:
    """Return the calendar with some days more at either end, working as they really are."""
    more = dt.timedelta(days=days)
    last = calendar.day(len(calendar) - 1)
    return _calendar(facts, calendar.first - more, last + more)


def _calendar(facts: Facts, first: dt.date, last: dt.date) -> Calendar:
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    work = facts.office.work_calendar
    middle = _middle(facts)
    return Calendar(
        first=first,
        working=tuple(work.is_working(day) for day in days),
        daylight=tuple(daylight(facts.office, day, *middle) for day in days) if middle else (),
    )


def daylight(office: Office, day: dt.date, lat: float, lon: float) -> tuple[int, int]:
    """Return sunrise and sunset at a point, in minutes after the office's midnight.

    They are right to a minute or two; where the sun does not set they span the day, where it does
    not rise they are both noon. The sun's position follows the usual low-precision formulas.
    """
    days = (day - dt.date(2000, 1, 1)).days + 0.5 - lon / 360
    anomaly = radians((357.5291 + 0.98560028 * days) % 360)
    centre = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
    longitude = radians((degrees(anomaly) + centre + 180 + 102.9372) % 360)
    declination = asin(sin(longitude) * sin(radians(23.44)))
    equation = 0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude)
    offset = dt.datetime.combine(day, dt.time(12), office.zone).utcoffset() or dt.timedelta()
    noon = 720 - 4 * lon + 1440 * equation + offset.total_seconds() / 60
    share = (sin(radians(HORIZON)) - sin(radians(lat)) * sin(declination)) / (
        cos(radians(lat)) * cos(declination)
    )
    half = acos(max(-1.0, min(1.0, share))) / pi * 720
    return round(noon - half), round(noon + half)


def _span(facts: Facts, classes: Collection[str], today: dt.date) -> tuple[dt.date, dt.date]:
    chosen = [facts.classes[code] for code in classes]
    windows = [day for each in chosen for day in (each.earliest, each.latest) if day]
    windows += [item.date for item in facts.syllabus if item.date and item.class_code in classes]
    windows += [each.date for each in facts.sessions.values()]
    if not windows:
        windows = [today]
        return dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)
    first, last = min(windows), max(windows)
    if any(each.earliest is None for each in chosen):
        first = dt.date(first.year, 1, 1)
    if any(each.latest is None for each in chosen):
        last = dt.date(last.year, 12, 31)
    return first, last


def _middle(facts: Facts) -> tuple[float, float] | None:
    """Return the middle of the field sites, or of all places, that have coordinates."""
    points = [
        (row.kind == "field_site", row.lat, row.lon)
        for row in facts.venues.values()
        if row.lat is not None and row.lon is not None
    ]
    chosen = [point for point in points if point[0]] or points
    if not chosen:
        return None
    count = len(chosen)
    return sum(point[1] for point in chosen) / count, sum(point[2] for point in chosen) / count
