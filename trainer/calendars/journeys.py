"""The events beside the sessions: ways to field sites, between them and back, and their stops.

Each belongs to a session: the way ``to`` it, or ``back`` from it; where it visits several places
also each stop (``stop:CODE``) and the way to it (``way:CODE``), in whatever order. Its UID is a
random UUID made once and stored; a publication stores the event itself too, so that it is revised
and cancelled by the same rules as a session.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sqlmodel import Session, col, select

from db.tables import ExtraEvent
from db.work import UnitOfWork
from trainer.calendars.facts import Directory, read_directory
from trainer.calendars.sessions import SessionRow, published_rows
from trainer.calendars.visits import is_stop, last_stop, round_of
from trainer.office import read_office
from trainer.timetable.places import minutes_between
from trainer.timetable.rounds import MINUTE

Key = tuple[str, str]
"""A session's uid and the kind of event."""

_STATE: Final = ("start", "end", "place", "cancelled")


@dataclass(frozen=True, slots=True)
class Journey:
    """A way to ``place``, or a stop there, as the timetable gives it: from ``start`` to ``end``."""

    session: str
    kind: str
    place: str
    start: dt.datetime
    end: dt.datetime
    revised_at: dt.datetime

    @property
    def key(self) -> Key:
        """The session and the kind, under which the UID is stored."""
        return self.session, self.kind


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """A journey as an event needs it, published in ``publication`` (0: not yet)."""

    uid: str
    session: str
    kind: str
    place: str
    start: dt.datetime
    end: dt.datetime
    cancelled: bool
    sequence: int
    revised_at: dt.datetime
    publication: int = 0


def plan_journeys(rows: Iterable[SessionRow], directory: Directory) -> list[Journey]:
    """Return the ways and stops of every class's days in the field, day by day."""
    days: dict[tuple[str, dt.date], list[SessionRow]] = defaultdict(list)
    for row in rows:
        if not row.cancelled:
            days[row.class_code, row.date].append(row)
    ways = [way for day in days.values() for way in _ways_of_day(day, directory)]
    return ways + [leg for day in days.values() for row in day for leg in _legs(row)]


def visits_only(journeys: Iterable[Journey]) -> list[Journey]:
    """Return the stops among these, which a calendar shows to those, too, who want no ways."""
    return [each for each in journeys if is_stop(each.kind)]


def _legs(row: SessionRow) -> Iterator[Journey]:
    for leg in round_of(row.facts):
        start, end = (row.start + minutes * MINUTE for minutes in (leg.first, leg.last))
        yield Journey(row.uid, leg.kind, leg.place, start, end, row.revised_at)


def _ways_of_day(day: Sequence[SessionRow], directory: Directory) -> Iterator[Journey]:
    """Walk a class's day: out from its base, from stop to stop, and back when it ends.

    The bus is there the office's buffer before a stop begins, as the notes of the stop say.
    """
    buffer = dt.timedelta(minutes=directory.office.travel.buffer_minutes)
    meetings: list[SessionRow | None] = [None, *sorted(day, key=lambda row: (row.start, row.uid))]
    for before, row in pairwise([*meetings, None]):
        if before is not None and _is_stop(before) and (row is None or not _is_stop(row)):
            yield from _way_back(before)
        if row is None or not _is_stop(row):
            continue
        away = before is not None and _is_stop(before)
        length = _between(before, row, directory) if before and away else _from_base(row)
        start = row.start - length - buffer
        if before is not None:
            start = max(start, before.end)
        end = min(start + length, row.start)
        if start < end:
            yield _way(row, "to", start, end)


def _way_back(row: SessionRow) -> Iterator[Journey]:
    minutes = int(row.facts.get("back_minutes", row.facts["travel_minutes"]))
    if minutes:
        yield _way(row, "back", row.end, row.end + minutes * MINUTE)


def _is_stop(row: SessionRow) -> bool:
    return "meeting_place" in row.facts


def _from_base(row: SessionRow) -> dt.timedelta:
    return dt.timedelta(minutes=int(row.facts["travel_minutes"]))


def _between(before: SessionRow, row: SessionRow, directory: Directory) -> dt.timedelta:
    here = directory.venues.get(last_stop(before.facts) or before.venue or "")
    there = directory.venues.get(row.venue or "")
    if here is None or there is None:
        return dt.timedelta(0)
    minutes = minutes_between(here, there, directory.travel, directory.office.travel)
    return dt.timedelta(minutes=minutes)


def _way(row: SessionRow, kind: str, start: dt.datetime, end: dt.datetime) -> Journey:
    goal = row.facts["meeting_place" if kind == "back" else "venue_name"]
    return Journey(row.uid, kind, goal, start, end, row.revised_at)


def publish_journeys(work: UnitOfWork, number: int, at: dt.datetime) -> None:
    """Bring the stored journeys in line with publication ``number``, just made in this work.

    A new or changed journey is revised at ``at``; one that is no longer made is cancelled.
    """
    directory = read_directory(work.session, read_office(work.session))
    journeys = plan_journeys(published_rows(work.session, directory, number), directory)
    known = _stored(work.session)
    keep_uids(work, journeys, known)
    wanted = {way.key: way for way in journeys}
    changes = []
    for key, event in known.items():
        state = _new_state(event, wanted.get(key))
        if state:
            raised = 0 if event.first is None else event.sequence + 1
            revision = {"first": number, "sequence": raised, "revised_at": at}
            changes.append((event.model_dump(), state | revision))
    work.update_many(ExtraEvent, changes)


def _new_state(event: ExtraEvent, way: Journey | None) -> dict[str, Any] | None:
    """Return what a journey is from now on, or nothing where that is what it was."""
    if way is None:
        return None if event.first is None or event.cancelled else {"cancelled": True}
    state = {"start": way.start, "end": way.end, "place": way.place, "cancelled": False}
    return None if all(getattr(event, name) == state[name] for name in _STATE) else state


def keep_uids(
    work: UnitOfWork, journeys: Iterable[Journey], known: dict[Key, ExtraEvent] | None = None
) -> None:
    """Store a new random UID for each journey that has none; add them to ``known``."""
    found = _stored(work.session) if known is None else known
    made = {
        way.key: ExtraEvent(uid=str(uuid.uuid4()), session=way.session, kind=way.kind)
        for way in journeys
        if way.key not in found
    }
    work.insert_many(ExtraEvent, [event.model_dump() for event in made.values()])
    found |= made


def lacks_uids(session: Session, journeys: Iterable[Journey]) -> bool:
    """Tell whether a journey has no stored UID yet."""
    known = set(session.exec(select(ExtraEvent.session, ExtraEvent.kind)))
    return any(way.key not in known for way in journeys)


def published_extras(session: Session) -> list[ExtraRow]:
    """Return the journeys as they were last published."""
    return [
        _extra_row(event)
        for event in session.exec(
            select(ExtraEvent).where(col(ExtraEvent.first).is_not(None)).order_by(ExtraEvent.uid)
        )
    ]


def draft_extras(session: Session, journeys: Iterable[Journey]) -> list[ExtraRow]:
    """Return the draft's journeys; changed ones come after the published.

    One that has no stored UID yet is left out. What was published and is no longer made is
    cancelled.
    """
    known = _stored(session)
    wanted = {way.key: way for way in journeys}
    found = [_draft_row(known[key], way) for key, way in wanted.items() if key in known]
    gone = (event for key, event in known.items() if event.first and key not in wanted)
    return found + [_extra_row(event, gone=not event.cancelled) for event in gone]


def _draft_row(event: ExtraEvent, way: Journey) -> ExtraRow:
    changed = _new_state(event, way)
    if changed is None:
        return _extra_row(event)
    return ExtraRow(
        uid=event.uid,
        session=way.session,
        kind=way.kind,
        place=way.place,
        start=way.start,
        end=way.end,
        cancelled=False,
        sequence=0 if event.first is None else event.sequence + 1,
        revised_at=way.revised_at,
    )


def _extra_row(event: ExtraEvent, *, gone: bool = False) -> ExtraRow:
    assert event.start is not None
    assert event.end is not None
    assert event.revised_at is not None
    return ExtraRow(
        uid=event.uid,
        session=event.session,
        kind=event.kind,
        place=event.place or "",
        start=event.start,
        end=event.end,
        cancelled=event.cancelled or gone,
        sequence=event.sequence + gone,
        revised_at=event.revised_at,
        publication=event.first or 0,
    )


def _stored(session: Session) -> dict[Key, ExtraEvent]:
    rows = session.exec(select(ExtraEvent).execution_options(populate_existing=True))
    return {(row.session, row.kind): row for row in rows}
