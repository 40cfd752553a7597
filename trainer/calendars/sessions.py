"""The sessions that calendars speak of: as a publication left them, or the draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_
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
    """One session as an event needs it: times in UTC, ``facts`` as ``event_facts`` makes them.

    ``publication`` is the number of that which brought this state, 0 for a draft.
    """

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
    publication: int = 0


def last_publication(session: Session) -> int:
    """Return the number of the last publication, 0 where there is none."""
    return session.exec(select(func.max(col(Publication.number)))).one() or 0


def draft_rows(session: Session, directory: Directory) -> list[SessionRow]:
    """Return the sessions of the draft, in the order of time."""
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


def published_rows(session: Session, directory: Directory, number: int) -> list[SessionRow]:
    """Return the sessions as publication ``number`` left them, cancelled ones too, by time."""
    still = or_(col(PublishedSession.last).is_(None), col(PublishedSession.last) >= number)
    current = list(
        session.exec(
            select(PublishedSession)
            .where(col(PublishedSession.first) <= number, still)
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
            publication=row.first,
        )
        for row in current
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
