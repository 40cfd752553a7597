"""The VTIMEZONE of a calendar: as little as its events need.

The time zone database holds China's daylight saving of 1986 to 1991; clients have been broken by
files that write such history out. A zone whose offset does not change while the events last is one
STANDARD block; only a zone with daylight saving in those years gets its two rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS_OF_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Onset:
    """A moment at which a zone's offset changes: ``wall`` is the clock before the change."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=256)
def steady_offset(zone: str, first_year: int, last_year: int) -> timedelta | None:
    """Return the zone's offset if it stays the same through those years, else None."""
    if _onsets(zone, first_year, last_year):
        return None
    return _offset(ZoneInfo(zone), datetime(first_year, 6, 1, tzinfo=UTC))


@lru_cache(maxsize=256)
def zone_component(zone: str, first_year: int, last_year: int) -> bytes:
    """Return the VTIMEZONE that is right from ``first_year`` to ``last_year`` (both counted)."""
    onsets = _onsets(zone, first_year - 1, last_year + 1)
    if not onsets or steady_offset(zone, first_year, last_year) is not None:
        blocks = [_steady_block(zone, first_year)]
    else:
        lowest = min(onset.after for onset in onsets)
        onsets.sort(key=lambda onset: (onset.after, onset.before, onset.name, onset.wall))
        blocks = [
            _changing_block(list(same), daylight=key[0] > lowest)
            for key, same in groupby(onsets, key=lambda o: (o.after, o.before, o.name))
        ]
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    lines.extend(line for block in blocks for line in block)
    lines.append("END:VTIMEZONE")
    return "".join(f"{line}\r\n" for line in lines).encode()


def _steady_block(zone: str, year: int) -> list[str]:
    moment = datetime(year, 6, 1, tzinfo=UTC)
    offset = _offset(ZoneInfo(zone), moment)
    return [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset_text(offset)}",
        f"TZOFFSETTO:{offset_text(offset)}",
        f"TZNAME:{moment.astimezone(ZoneInfo(zone)).tzname()}",
        "END:STANDARD",
    ]


def _changing_block(onsets: list[Onset], *, daylight: bool) -> list[str]:
    kind = "DAYLIGHT" if daylight else "STANDARD"
    first = onsets[0]
    lines = [
        f"BEGIN:{kind}",
        f"DTSTART:{first.wall:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{offset_text(first.before)}",
        f"TZOFFSETTO:{offset_text(first.after)}",
        f"TZNAME:{first.name}",
    ]
    rule = _yearly_rule(onsets)
    if rule:
        lines.append(f"RRULE:{rule}")
    else:
        lines.extend(f"RDATE:{onset.wall:%Y%m%dT%H%M%S}" for onset in onsets[1:])
    return [*lines, f"END:{kind}"]


def _yearly_rule(onsets: list[Onset]) -> str | None:
    """Return the rule by which all of ``onsets`` follow from the first, if there is one."""
    walls = [onset.wall for onset in onsets]
    first = walls[0]
    if any(later.year != earlier.year + 1 for earlier, later in pairwise(walls)):
        return None
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    if all((wall + DAYS_OF_WEEK * DAY).month != wall.month for wall in walls):
        place = -1
    elif len({(wall.day - 1) // DAYS_OF_WEEK for wall in walls}) == 1:
        place = (first.day - 1) // DAYS_OF_WEEK + 1
    else:
        return None
    return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={place}{WEEKDAYS[first.weekday()]}"


def _onsets(zone: str, first_year: int, last_year: int) -> list[Onset]:
    return list(_changes(ZoneInfo(zone), first_year, last_year))


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[Onset]:
    """Walk the years day by day; where a day changes the offset, halve it down to the second."""
    moment = datetime(max(first_year, 1), 1, 1, tzinfo=UTC) - (DAY if first_year > 1 else 0 * DAY)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC) + DAY
    while moment < end:
        later = moment + DAY
        before, after = _offset(zone, moment), _offset(zone, later)
        if before != after:
            low, high = moment, later
            while high - low > SECOND:
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
            name = high.astimezone(zone).tzname() or offset_text(after)
            yield Onset((high + before).replace(tzinfo=None), before, after, name)
        moment = later


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def offset_text(offset: timedelta) -> str:
    """Return an offset as ``+HHMM``, with seconds where it has any."""
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{seconds // 3600:02d}{seconds // 60 % 60:02d}"
    return f"{text}{seconds % 60:02d}" if seconds % 60 else text
