"""What an event says, whoever wrote it down: a digest that survives another program's rewriting."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, Final

from icalendar import Calendar

_TEXTS: Final = ("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "TRANSP", "CLASS", "SEQUENCE")
_TIMES: Final = ("DTSTART", "DTEND")


def meaning_of(data: bytes) -> str:
    """Return a digest of the times and words of the events in a file.

    It is the same however lines are folded, ordered or stamped; bytes that cannot be read as a
    calendar have the digest of nothing.
    """
    try:
        events = Calendar.from_ical(data).walk("VEVENT")
        said = sorted(json.dumps(_said(event), ensure_ascii=False) for event in events)
    except (ValueError, KeyError, IndexError, TypeError):
        said = []
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _said(event: Any) -> list[str]:
    times = [_instant(event.get(name)) for name in _TIMES]
    texts = [str(event.get(name, "")) for name in _TEXTS]
    alarms = sorted(str(alarm.get("TRIGGER").dt) for alarm in event.walk("VALARM"))
    return [str(event.get("UID", "")), *times, *texts, *alarms]


def _instant(value: Any) -> str:
    moment = getattr(value, "dt", None)
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        return moment.astimezone(dt.UTC).isoformat()
    return str(moment)
