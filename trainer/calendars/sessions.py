"""The sessions that calendars speak of: those last published, or the draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from db.tables import AuditEntry, Publication, PublishedSession, TrainingSession
from trainer.calendars.facts import Directory, event_facts

UNKNOWN_REVISION: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The revision of a draft whose making left no trace."""

_DRAFT_SOURCES: Final = frozenset(
    {"session", "training_class", "course", "teacher", "venue", "unit", "travel", "office"}
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as an event needs it: times in UTC, ``facts`` as ``event_facts`` makes them."""

    uid: str
    class_code: str
    teacher: str | None
    venue: str | None
    date: dt.date
    start: dt.datetime
    end: dt.datetime
    cancelled: bool
    sequence: int
    revised_at: dt.datetime
    facts: Mapping[str, str]


def was_published(session: Session) -> bool:
    """Tell whether the timetable was ever published."""
    return session.exec(select(Publication.number).limit(1)).first() is not None


def read_rows(session: Session, directory: Directory, *, draft: bool) -> list[SessionRow]:
    """Return the sessions of the last publication, or of the draft, or where there is none."""
    if draft or not was_published(session):
        return _draft_rows(session, directory)
    return _published_rows(session, directory)


def _published_rows(session: Session, directory: Directory) -> list[SessionRow]:
    current = list(
        session.exec(
            select(PublishedSession)
            .where(col(PublishedSession.last).is_(None))
            .order_by(col(PublishedSession.start), col(PublishedSession.uid))
        )
    )
    # what a publication did not store is said as the tables say it now
    known = event_facts(directory, current)
    return [
        SessionRow(
            uid=row.uid,
            class_code=row.class_code,
            teacher=row.teacher,
            venue=row.venue,
            date=row.date,
            start=row.start,
            end=row.end,
            cancelled=row.status == "cancelled",
            sequence=row.sequence,
            revised_at=row.revised_at,
            facts=row.facts or known[row.uid],
        )
        for row in current
    ]


def _draft_rows(session: Session, directory: Directory) -> list[SessionRow]:
    drafted = list(
        session.exec(
            select(TrainingSession).order_by(col(TrainingSession.start), col(TrainingSession.uid))
        )
    )
    published = {
        row.uid: row
        for row in session.exec(
            select(PublishedSession).where(col(PublishedSession.last).is_(None))
        )
    }
    known = event_facts(directory, drafted)
    revised = _draft_revision(session)
    stopped = {code for code, row in directory.classes.items() if row.stage == "cancelled"}
    return [
        _draft_row(
            row,
            published.get(row.uid),
            known[row.uid],
            revised,
            cancelled=row.status == "cancelled" or row.class_code in stopped,
        )
        for row in drafted
    ]


def _draft_row(
    row: TrainingSession,
    before: PublishedSession | None,
    facts: Mapping[str, str],
    revised: dt.datetime,
    *,
    cancelled: bool,
) -> SessionRow:
    """Return a drafted session; one that differs from what was published comes after it."""
    sequence = 0 if before is None else before.sequence
    if before is not None:
        was = (before.start, before.end, before.venue, before.teacher, before.status == "cancelled")
        if was != (row.start, row.end, row.venue, row.teacher, cancelled):
            sequence += 1
        elif before.facts in ({}, facts):
            revised = before.revised_at
    return SessionRow(
        uid=row.uid,
        class_code=row.class_code,
        teacher=row.teacher,
        venue=row.venue,
        date=row.date,
        start=row.start,
        end=row.end,
        cancelled=cancelled,
        sequence=sequence,
        revised_at=revised,
        facts=facts,
    )


def _draft_revision(session: Session) -> dt.datetime:
    """Return when the draft, or anything that its events quote, was last changed."""
    last = session.exec(
        select(AuditEntry.at)
        .where(col(AuditEntry.entity).in_(_DRAFT_SOURCES))
        .order_by(col(AuditEntry.at).desc())
        .limit(1)
    ).first()
    return UNKNOWN_REVISION if last is None else last.replace(microsecond=0)
