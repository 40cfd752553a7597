"""Write calendars by hand, fast and always to the same bytes; tests hold every byte to icalendar.

Order of properties, of events (start, then UID) and of everything else is fixed, and no clock is
read: exporting twice with nothing changed gives the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from trainer.calendars.event import (
    CalendarDocument,
    CalendarEvent,
    CalendarHead,
    Mailing,
    Method,
)
from trainer.calendars.text import (
    clean_line,
    escape_text,
    fold,
    list_line,
    one_line,
    place_line,
    quote_parameter,
    text_line,
)
from trainer.calendars.zone import steady_offset, zone_component

PRODID: Final = "-//County Trainer//Calendars//ZH"
CANCELLED_PREFIX: Final = "【取消】"
CHUNK: Final = 256
"""Events written at once: enough to be fast, little enough to keep memory flat."""

Stamp = Callable[[str, datetime], bytes]


def write_calendar(document: CalendarDocument, *, utc: bool = False) -> bytes:
    """Return the file: local times with their VTIMEZONE, or with ``utc`` in UTC without one."""
    return b"".join(stream_calendar(document.head(), document.in_order(), utc=utc))


def stream_calendar(
    head: CalendarHead, events: Iterable[CalendarEvent], *, utc: bool = False
) -> Iterator[bytes]:
    """Yield the file piece by piece; memory does not grow with the number of events.

    ``events`` come by start and UID and lie between ``head.first`` and ``head.last``; raises
    ValueError where they do not.
    """
    yield _calendar_begin(head, utc=utc)
    stamp = _utc_stamp if utc or head.zone == "UTC" else _local_stamp(head)
    mailing = _mailing_lines(head.mailing)
    lines: list[bytes] = []
    before, previous_uid = head.first, ""
    for count, event in enumerate(events, 1):
        start = event.start
        if start < before or (start == before and event.uid <= previous_uid):
            raise ValueError(f"event {event.uid} is out of order")
        if event.end > head.last:
            raise ValueError(f"event {event.uid} lies beyond the calendar's last moment")
        before, previous_uid = start, event.uid
        _write_event(lines, event, stamp, mailing)
        if count % CHUNK == 0:
            yield b"".join(lines)
            lines.clear()
    yield b"".join(lines)
    yield b"END:VCALENDAR\r\n"


def write_item(event: CalendarEvent, zone: str) -> bytes:
    """Return one event as a calendar server keeps it: nothing but the event and its zone."""
    head = CalendarHead(
        uid=event.uid,
        name="",
        zone=zone,
        first=event.start,
        last=event.end,
        revised_at=event.revised_at,
    )
    lines = [b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", one_line("PRODID", PRODID)]
    if zone != "UTC":
        lines.append(zone_component(zone, *_years(head)))
    _write_event(lines, event, _utc_stamp if zone == "UTC" else _local_stamp(head), ())
    lines.append(b"END:VCALENDAR\r\n")
    return b"".join(lines)


def _calendar_begin(head: CalendarHead, *, utc: bool) -> bytes:
    lines = [b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", one_line("PRODID", PRODID)]
    lines.append(b"CALSCALE:GREGORIAN\r\n")
    if head.mailing is not None:
        lines.append(f"METHOD:{head.mailing.method}\r\n".encode())
    lines += [
        one_line("UID", head.uid),
        b"LAST-MODIFIED:" + _utc_digits(head.revised_at) + b"Z\r\n",
        one_line("NAME", head.name),
        one_line("X-WR-CALNAME", head.name),
    ]
    if head.description:
        lines.append(text_line("DESCRIPTION", head.description))
        lines.append(text_line("X-WR-CALDESC", head.description))
    lines.append(one_line("X-WR-TIMEZONE", head.zone))
    if head.color:
        lines.append(one_line("COLOR", head.color))
    if head.refresh is not None:
        every = _duration(head.refresh)
        lines.append(f"REFRESH-INTERVAL;VALUE=DURATION:{every}\r\n".encode())
        lines.append(f"X-PUBLISHED-TTL:{every}\r\n".encode())
    if not utc and head.zone != "UTC":
        lines.append(zone_component(head.zone, *_years(head)))
    return b"".join(lines)


def _write_event(
    lines: list[bytes], event: CalendarEvent, stamp: Stamp, mailing: tuple[bytes, ...]
) -> None:
    revised = _utc_digits(event.revised_at)
    title = CANCELLED_PREFIX + event.title if event.cancelled else event.title
    lines += (
        b"BEGIN:VEVENT\r\n",
        fold(f"UID:{escape_text(event.uid)}".encode()),
        b"DTSTAMP:%bZ\r\n" % revised,
        stamp("DTSTART", event.start),
        stamp("DTEND", event.end),
        one_line("SUMMARY", title),
    )
    if event.place or event.address:
        lines.append(place_line("LOCATION", event.place, event.address))
    if event.geo is not None:
        lines.append(b"GEO:%.6f;%.6f\r\n" % event.geo)
    if event.categories:
        lines.append(list_line("CATEGORIES", event.categories))
    if event.notes:
        lines.append(text_line("DESCRIPTION", "\n".join(event.notes)))
    lines.append(
        b"STATUS:%b\r\nSEQUENCE:%d\r\nLAST-MODIFIED:%bZ\r\nCLASS:%b\r\nTRANSP:%b\r\n"
        % (
            b"CANCELLED" if event.cancelled else b"CONFIRMED",
            event.sequence,
            revised,
            b"PRIVATE" if event.private else b"PUBLIC",
            b"TRANSPARENT" if event.cancelled or event.transparent else b"OPAQUE",
        )
    )
    lines += mailing
    if event.alarm_minutes is not None and not event.cancelled:
        lines += (
            b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n",
            one_line("DESCRIPTION", event.title),
            b"TRIGGER:-PT%dM\r\nEND:VALARM\r\n" % event.alarm_minutes,
        )
    lines.append(b"END:VEVENT\r\n")


def _mailing_lines(mailing: Mailing | None) -> tuple[bytes, ...]:
    if mailing is None:
        return ()
    organizer = quote_parameter(clean_line(mailing.organizer_name))
    attendee = quote_parameter(clean_line(mailing.attendee_name))
    wants_reply = mailing.method is Method.REQUEST
    state = ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE" if wants_reply else ""
    return (
        fold(f"ORGANIZER;CN={organizer}:mailto:{mailing.organizer_address}".encode()),
        fold(f"ATTENDEE;CN={attendee}{state}:mailto:{mailing.attendee_address}".encode()),
    )


@lru_cache(maxsize=1 << 12)
def _utc_digits(moment: datetime) -> bytes:
    """Return the clock of a moment in UTC: equal moments are equal digits only in one zone."""
    return _digits(moment)


def _digits(moment: datetime) -> bytes:
    """Return a moment's own clock as ``YYYYMMDDTHHMMSS``."""
    return moment.isoformat()[:19].replace("-", "").replace(":", "").encode()


def _utc_stamp(name: str, moment: datetime) -> bytes:
    return b"%b:%bZ\r\n" % (name.encode(), _utc_digits(moment))


def _local_stamp(head: CalendarHead) -> Stamp:
    """Return how times are written in the calendar's zone."""
    offset = steady_offset(head.zone, *_years(head))
    prefix = f";TZID={head.zone}:".encode()
    zone = ZoneInfo(head.zone)

    def steady(name: str, moment: datetime) -> bytes:
        assert offset is not None
        return b"%b%b%b\r\n" % (name.encode(), prefix, _utc_digits(moment + offset))

    def changing(name: str, moment: datetime) -> bytes:
        local = moment.astimezone(zone)
        # the second of two equal clock times can only be said in UTC
        if local.fold:
            return _utc_stamp(name, moment)
        return b"%b%b%b\r\n" % (name.encode(), prefix, _digits(local))

    return changing if offset is None else steady


def _years(head: CalendarHead) -> tuple[int, int]:
    zone = ZoneInfo(head.zone)
    return head.first.astimezone(zone).year, head.last.astimezone(zone).year


def _duration(length: timedelta) -> str:
    """Return a length of whole minutes as the shortest RFC 5545 duration."""
    minutes = max(1, int(length.total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
