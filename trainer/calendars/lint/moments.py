"""Dates and times as RFC 5545, 3.3.4 and 3.3.5, writes them, and the instants that they mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

FEBRUARY: Final = 2
DAYS_OF_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9]|60)Z?")
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


class Moment(NamedTuple):
    """A DATE or DATE-TIME as it is written: its digits, and whether it has a time and a Z."""

    digits: str
    has_time: bool
    is_utc: bool


def is_date(value: str) -> bool:
    """Tell whether ``value`` is a DATE that the calendar has."""
    found = _DATE.fullmatch(value)
    if found is None:
        return False
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not 1 <= month <= len(DAYS_OF_MONTH):
        return False
    leap = month == FEBRUARY and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= DAYS_OF_MONTH[month - 1] + leap


def is_date_time(value: str) -> bool:
    """Tell whether ``value`` is a DATE-TIME of any of the three forms."""
    return value[8:9] == "T" and is_date(value[:8]) and TIME.fullmatch(value, 9) is not None


def moment_of(value: str) -> Moment | None:
    """Return a DATE or DATE-TIME taken apart, or None for anything else."""
    if is_date(value):
        return Moment(value, has_time=False, is_utc=False)
    if is_date_time(value):
        return Moment(value[:15], has_time=True, is_utc=value.endswith("Z"))
    return None


def clock_of(moment: Moment) -> datetime:
    """Return a clock's reading, to be compared with another clock's; it has no zone."""
    digits = moment.digits
    # year 0 is written by some programs for “never”; a leap second counts as the one before
    return datetime(  # noqa: DTZ001 - a clock's reading has no zone
        min(max(int(digits[:4]), 4), 9990),
        int(digits[4:6]),
        int(digits[6:8]),
        int(digits[9:11] or 0),
        int(digits[11:13] or 0),
        min(int(digits[13:15] or 0), 59),
    )


def instant_of(moment: Moment, zone: str) -> datetime | None:
    """Return the instant of a time in a zone (of “UTC”, or an IANA name), None where unknown."""
    known = _zone(zone)
    return None if known is None else clock_of(moment).replace(tzinfo=known).astimezone(UTC)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
