"""The way to a field site and back, as events of their own that block no time.

Their UIDs follow from the session's stored UID, which never changes, so neither do theirs. The ways
between the stops of one day are not events: only where the class sets out and where it returns.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from trainer.calendars.event import CalendarEvent
from trainer.calendars.sessions import SessionRow
from trainer.calendars.wording import Kind, Wording
from trainer.phrases import Phrase, phrase

NAMESPACE: Final = uuid.UUID("c1f5b7a2-6d0e-4b53-9a0c-2f4e8d7b6a15")
"""Of the UIDs of journeys."""


def journeys(rows: Iterable[SessionRow], wording: Wording, kind: Kind) -> list[CalendarEvent]:
    """Return, for each class and day in the field, the way out and the way back."""
    days: dict[tuple[str, dt.date], list[SessionRow]] = defaultdict(list)
    for row in rows:
        if "meeting_place" in row.facts and not row.cancelled:
            days[row.class_code, row.date].append(row)
    found = []
    for stops in days.values():
        first = min(stops, key=lambda row: (row.start, row.uid))
        last = max(stops, key=lambda row: (row.end, row.uid))
        site, base = first.facts.get("venue_name", ""), last.facts["meeting_place"]
        out = phrase("On the way to {place}", place=site)
        back = phrase("On the way back to {place}", place=base)
        found.append(_journey(first, out, first.start - _way(first), wording, kind))
        found.append(_journey(last, back, last.end, wording, kind))
    return found


def _way(row: SessionRow) -> dt.timedelta:
    return dt.timedelta(minutes=int(row.facts["travel_minutes"]))


def _journey(
    row: SessionRow, title: Phrase, start: dt.datetime, wording: Wording, kind: Kind
) -> CalendarEvent:
    direction = "out" if start < row.start else "back"
    return CalendarEvent(
        uid=str(uuid.uuid5(NAMESPACE, f"{row.uid}/{direction}")),
        start=start,
        end=start + _way(row),
        title=title.text(wording.language),
        revised_at=row.revised_at,
        sequence=row.sequence,
        transparent=True,
        private=kind is Kind.PERSON,
    )
