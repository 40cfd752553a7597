"""Busy times out of anybody's calendar: recurrences, exceptions, zones and whole days resolved.

Only events that block time count: not the cancelled, not the transparent, not what this office
itself put into that calendar.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar

from trainer.errors import Refused

DAY: Final = dt.timedelta(days=1)
MOST_A_DAY: Final = 24
"""Occurrences that a rule may have in a day; more is an accident or an attack."""

_COARSE: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_FINE_PARTS: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_TIMES: Final = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
)
_FREE: Final = frozenset({"FREE", "TENTATIVE-FREE", "WORKINGELSEWHERE"})


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """A stretch of time that is taken, half-open in UTC; ``mark`` is a digest of its UID."""

    start: dt.datetime
    end: dt.datetime
    mark: str
    title: str = ""


def read_busy(
    data: bytes, first: dt.date, last: dt.date, zone: ZoneInfo, *, own: Collection[str] = ()
) -> list[Busy]:
    """Return what is taken on the days from ``first`` to ``last``, both counted, in order of time.

    ``zone`` is that of whole days and of floating times, ``own`` are UIDs to pass over. Each
    stretch is whole, even where it begins before ``first``. Raises Refused where ``data`` is no
    calendar, or holds a rule that repeats more often than a calendar can mean.
    """
    found: set[Busy] = set()
    start, end = (dt.datetime.combine(day, dt.time(), zone) for day in (first, last + DAY))
    try:
        for calendar in _calendars(data):
            for busy in _stretches(calendar, first, last, zone, own):
                if busy.start < end and start < busy.end:
                    found.add(busy)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise Refused(
            "the calendar cannot be read ({kind}); see what is wrong with it with "
            "“trainer calendar lint”, and have it mended",
            kind=type(error).__name__,
        ) from error
    return sorted(found)


def _calendars(data: bytes) -> list[Any]:
    """Return the calendars of a file; raise ValueError where there is none or a time is unclear.

    An event that was passed over in silence would make somebody look free.
    """
    calendars = list(Calendar.from_ical(data, multiple=True))
    if not calendars:
        raise ValueError("no calendar")
    for event in (each for calendar in calendars for each in calendar.walk("VEVENT")):
        if "DTSTART" not in event or any(name in _TIMES for name, _ in event.errors):
            raise ValueError("an event without a time")
        _refuse_unknown_zone(event)
        _include_last_day(event)
    return calendars


def _refuse_unknown_zone(event: Any) -> None:
    """Raise Refused for a time of a zone that nobody knows: it would be taken for local time."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        value = event.get(name)
        zone = value.params.get("TZID") if value is not None else None
        moment = getattr(value, "dt", None)
        if zone and isinstance(moment, dt.datetime) and moment.tzinfo is None:
            raise Refused(
                "the event “{title}” is in the time zone “{zone}”, which nobody knows and the file "
                "does not explain; have the calendar exported with its time zones",
                title=_title(event) or str(event.get("UID", "")),
                zone=str(zone),
            )


def _include_last_day(event: Any) -> None:
    """Let a series of times whose UNTIL is a bare date last through that day, as it is meant."""
    start = event["DTSTART"].dt
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        until = (rule.get("UNTIL") or [None])[0]
        if isinstance(start, dt.datetime) and type(until) is dt.date:
            last = dt.datetime.combine(until, dt.time(23, 59, 59), start.tzinfo)
            rule["UNTIL"] = [last if start.tzinfo is None else last.astimezone(dt.UTC)]


def _stretches(
    calendar: Any, first: dt.date, last: dt.date, zone: ZoneInfo, own: Collection[str]
) -> Iterator[Busy]:
    # it brings a library of time zones along, which only this command needs
    import recurring_ical_events

    for event in calendar.walk("VEVENT"):
        _refuse_too_frequent(event)
    # a day more at either end: the window is the office's, the events' zones may be others
    for event in recurring_ical_events.of(calendar).between(first - DAY, last + 2 * DAY):
        uid = str(event.get("UID", ""))
        if uid not in own and _blocks(event):
            start = _instant(event.start, zone)
            end = _instant(event.end, zone)
            if start < end:
                yield Busy(start, end, _mark(uid), _title(event))
    for answer in calendar.walk("VFREEBUSY"):
        yield from _told_busy(answer, zone)


def _told_busy(answer: Any, zone: ZoneInfo) -> Iterator[Busy]:
    """Yield what a VFREEBUSY says is taken."""
    values = answer.get("FREEBUSY", [])
    for value in values if isinstance(values, list) else [values]:
        if str(value.params.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        periods = value.dts if hasattr(value, "dts") else [value]
        for period in periods:
            start = _instant(period.start, zone)
            yield Busy(start, _instant(period.end, zone), _mark(f"busy {start.isoformat()}"))


def _blocks(event: Any) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return False
    return str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() not in _FREE


def _title(event: Any) -> str:
    """Return what the event is called, unless its owner keeps that to themselves."""
    if str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC":
        return ""
    return " ".join(str(event.get("SUMMARY", "")).split())


def _instant(value: dt.date, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(), zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(dt.UTC)


def _mark(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()[:8]


def _refuse_too_frequent(event: Any) -> None:
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        often = {str(each).upper() for each in rule.get("FREQ", ())}
        daily = prod(len(rule.get(part, ())) or 1 for part in _FINE_PARTS)
        if not often <= _COARSE or daily > MOST_A_DAY:
            raise Refused(
                "the event “{title}” repeats more than {count} times a day; take it out of the "
                "calendar and try again",
                title=_title(event) or str(event.get("UID", "")),
                count=MOST_A_DAY,
            )
