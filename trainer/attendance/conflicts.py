"""Conflicts: one person and session of which two devices say different things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, func, select, tuple_
from sqlmodel import Session

from db.tables import Mark, MarkState, Person, TrainingClass, TrainingSession
from db.work import table_of
from trainer.attendance.expected import CANCELLED
from trainer.attendance.state import Event, Pair, current

_STATE = table_of(MarkState)
_MARK = table_of(Mark)
_CHUNK = 400
_SHOWN = ("id", "status", "minutes", "at", "by", "device", "counter", "note")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands against what, and which of it counts until somebody decides."""

    session: str
    class_code: str
    class_title: str
    date: dt.date
    period: str
    person: str
    name: str
    counts: str
    marks: tuple[dict[str, Any], ...]

    def document(self) -> dict[str, Any]:
        """Return the conflict as JSON holds it."""
        return {
            "session": self.session,
            "class": self.class_code,
            "title": self.class_title,
            "date": self.date.isoformat(),
            "period": self.period,
            "person": self.person,
            "name": self.name,
            "counts": self.counts,
            "marks": list(self.marks),
        }


def conflicting(session: Session, sessions: Iterable[str]) -> list[Pair]:
    """Return every (session, person) of ``sessions`` that is in conflict, and not cancelled."""
    base = _open_pairs()
    wanted = sorted(sessions)
    return [
        (row[0], row[1])
        for first in range(0, len(wanted), _CHUNK)
        for row in session.connection().execute(
            base.where(_STATE.c.session.in_(wanted[first : first + _CHUNK]))
        )
    ]


def count_open(session: Session) -> int:
    """Return how many conflicts of the database somebody is asked to decide about."""
    query = select(func.count()).select_from(_open_pairs().subquery())
    return int(session.connection().execute(query).scalar_one())


def _open_pairs() -> Select[Any]:
    meeting = table_of(TrainingSession)
    return (
        select(_STATE.c.session, _STATE.c.person)
        .join(meeting, meeting.c.uid == _STATE.c.session)
        .where(_STATE.c.conflict, meeting.c.status != CANCELLED)
    )


def list_conflicts(session: Session, class_code: str | None = None) -> list[Conflict]:
    """Return every open conflict, of one class or all, by class, date and person.

    Sessions that are cancelled count nowhere, so nobody is asked to decide about them.
    """
    rows = session.connection().execute(_everything_said(class_code)).all()
    return [_conflict(list(group)) for _pair, group in groupby(rows, key=_pair_of)]


def _everything_said(class_code: str | None) -> Select[Any]:
    # each event of those whom devices disagree about, with the session and the person
    meeting, person, klass = (table_of(m) for m in (TrainingSession, Person, TrainingClass))
    disputed = select(_STATE.c.session, _STATE.c.person).where(_STATE.c.conflict)
    query = (
        select(
            meeting.c.class_code,
            klass.c.title,
            meeting.c.date,
            meeting.c.period,
            person.c.name,
            _STATE.c.mark.label("counts"),
            _MARK,
        )
        .select_from(_MARK)
        .join(_STATE, and_(_STATE.c.session == _MARK.c.session, _STATE.c.person == _MARK.c.person))
        .join(meeting, meeting.c.uid == _MARK.c.session)
        .join(klass, klass.c.code == meeting.c.class_code)
        .join(person, person.c.code == _MARK.c.person)
        # the pairs first: a join by itself would look at every mark that there is
        .where(tuple_(_MARK.c.session, _MARK.c.person).in_(disputed), meeting.c.status != CANCELLED)
        .order_by(meeting.c.class_code, meeting.c.start, _MARK.c.session, _MARK.c.person)
    )
    return query if class_code is None else query.where(meeting.c.class_code == class_code)


def _pair_of(row: Any) -> Pair:
    return row.session, row.person


def _conflict(rows: list[Any]) -> Conflict:
    first = rows[0]
    by_id = {row.id: row for row in rows}
    now = current(
        Event(row.id, row.status, row.at, row.device, row.counter, row.replaces, row.minutes)
        for row in rows
    )
    stand = (by_id[head.id] for head in now.heads) if now else ()
    return Conflict(
        session=first.session,
        class_code=first.class_code,
        class_title=first.title,
        date=first.date,
        period=first.period,
        person=first.person,
        name=first.name,
        counts=first.counts,
        marks=tuple(
            {name: getattr(row, name) for name in _SHOWN}
            for row in sorted(stand, key=lambda row: (row.at, row.id))
        ),
    )
