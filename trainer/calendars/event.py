"""What a calendar file says, as plain frozen data: nothing here knows tables or bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

ADDRESS: Final = re.compile(r"[!-~]+@[!-~]+")
ZERO: Final = timedelta(0)


class Method(StrEnum):
    """What a file made for mailing asks of its reader (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One VEVENT: a session, a stop of a field day, or the travel to it.

    ``start``, ``end`` and ``revised_at`` are aware datetimes in UTC, and the interval is half-open.
    ``revised_at`` is when this revision was made (DTSTAMP and LAST-MODIFIED), never when it was
    exported. ``geo`` is latitude and longitude in degrees; ``notes`` are the lines of DESCRIPTION.
    Raises ValueError for what no calendar can hold.
    """

    uid: str
    start: datetime
    end: datetime
    title: str
    revised_at: datetime
    sequence: int = 0
    place: str = ""
    address: str = ""
    geo: tuple[float, float] | None = None
    categories: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    cancelled: bool = False
    transparent: bool = False
    private: bool = False
    alarm_minutes: int | None = None

    def __post_init__(self) -> None:
        for moment in (self.start, self.end, self.revised_at):
            if moment.tzinfo is not UTC and moment.utcoffset() != ZERO:
                raise ValueError(f"event {self.uid}: {moment!r} is not in UTC")
        if self.end <= self.start:
            raise ValueError(f"event {self.uid} ends at {self.end}, not after {self.start}")
        if not self.uid.strip() or not self.uid.isprintable():
            raise ValueError(f"{self.uid!r} cannot be the UID of an event")


@dataclass(frozen=True, slots=True)
class Mailing:
    """The two parties of a file made for mailing: the office writes, one person receives.

    Raises ValueError for an address that is none.
    """

    method: Method
    organizer_name: str
    organizer_address: str
    attendee_name: str
    attendee_address: str

    def __post_init__(self) -> None:
        for address in (self.organizer_address, self.attendee_address):
            if not ADDRESS.fullmatch(address):
                raise ValueError(f"{address!r} is not an electronic mail address")


@dataclass(frozen=True, slots=True)
class CalendarHead:
    """Everything of a calendar but its events.

    ``first`` and ``last`` bound the events' times (UTC): the time zone's rules are written for
    them. ``zone`` is an IANA name, ``color`` a CSS name, ``refresh`` how often to ask again.
    """

    uid: str
    name: str
    zone: str
    first: datetime
    last: datetime
    revised_at: datetime
    color: str | None = None
    refresh: timedelta | None = timedelta(hours=6)
    description: str = ""
    mailing: Mailing | None = None


@dataclass(frozen=True, slots=True)
class CalendarDocument:
    """One .ics file: a calendar with the events it holds, in any order and at least one."""

    uid: str
    name: str
    zone: str
    events: tuple[CalendarEvent, ...]
    color: str | None = None
    refresh: timedelta | None = timedelta(hours=6)
    description: str = ""
    mailing: Mailing | None = None

    def head(self) -> CalendarHead:
        """Return the calendar without its events; raises ValueError where there are none."""
        first, last, revised = _bounds(self.events)
        return CalendarHead(
            uid=self.uid,
            name=self.name,
            zone=self.zone,
            first=first,
            last=last,
            revised_at=revised,
            color=self.color,
            refresh=self.refresh,
            description=self.description,
            mailing=self.mailing,
        )

    def in_order(self) -> list[CalendarEvent]:
        """Return the events by start and UID, the one order in which they are written."""
        return sorted(self.events, key=lambda event: (event.start, event.uid))


def _bounds(events: Iterable[CalendarEvent]) -> tuple[datetime, datetime, datetime]:
    """Return the earliest start, the latest end and the latest revision."""
    listed = tuple(events)
    if not listed:
        raise ValueError("a calendar without events is not a calendar")
    return (
        min(event.start for event in listed),
        max(event.end for event in listed),
        max(event.revised_at for event in listed),
    )
