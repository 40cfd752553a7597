"""Conflicts: one person and session of which two devices say different things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, tuple_
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
    """Return every (session, person) of ``sessions`` that is in conflict."""
    base = select(_STATE.c.session, _STATE.c.person).where(_STATE.c.conflict)
    wanted = sorted(sessions)
    return [
        (row[0], row[1])
        for first in range(0, len(wanted), _CHUNK)
        for row in session.connection().execute(
            base.where(_STATE.c.session.in_(wanted[first : first + _CHUNK]))
        )
    ]


def list_conflicts(session: Session, class_code: str | None = None) -> list[Conflict]:
    """Return every open conflict, of one class or all, by class, date and person.

    Sessions that are cancelled count nowhere, so nobody is asked to decide about them.
    """
    meeting, person, klass = (table_of(m) for m in (TrainingSession, Person, TrainingClass))
    query = (
        select(
            _STATE.c.session,
            meeting.c.class_code,
            klass.c.title.label("class_title"),
            meeting.c.date,
            meeting.c.period,
            _STATE.c.person,
            person.c.name,
            _STATE.c.mark.label("counts"),
        )
        .join(meeting, meeting.c.uid == _STATE.c.session)
        .join(klass, klass.c.code == meeting.c.class_code)
        .join(person, person.c.code == _STATE.c.person)
        .where(_STATE.c.conflict, meeting.c.status != CANCELLED)
        .order_by(meeting.c.class_code, meeting.c.start, _STATE.c.session, _STATE.c.person)
    )
    if class_code is not None:
        query = query.where(meeting.c.class_code == class_code)
    rows = session.connection().execute(query).mappings().all()
    sides = _sides(session, [(row["session"], row["person"]) for row in rows])
    return [Conflict(**row, marks=sides[row["session"], row["person"]]) for row in rows]


def _sides(session: Session, pairs: list[Pair]) -> dict[Pair, tuple[dict[str, Any], ...]]:
    log: dict[Pair, dict[str, Any]] = {}
    for query in _by_pairs(select(_MARK), pairs):
        for row in session.connection().execute(query).mappings():
            log.setdefault((row["session"], row["person"]), {})[row["id"]] = row
    found: dict[Pair, tuple[dict[str, Any], ...]] = {}
    for pair, rows in log.items():
        names = ("id", "status", "at", "device", "counter", "replaces", "minutes")
        now = current(Event(*(row[name] for name in names)) for row in rows.values())
        stand = (rows[head.id] for head in now.heads) if now else ()
        found[pair] = tuple(
            {name: row[name] for name in _SHOWN}
            for row in sorted(stand, key=lambda row: (row["at"], row["id"]))
        )
    return found


def _by_pairs(base: Select[Any], pairs: list[Pair]) -> list[Select[Any]]:
    if len(pairs) > 10 * _CHUNK:
        return [base]
    return [
        base.where(tuple_(_MARK.c.session, _MARK.c.person).in_(pairs[first : first + _CHUNK]))
        for first in range(0, len(pairs), _CHUNK)
    ]
