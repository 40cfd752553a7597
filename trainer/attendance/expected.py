"""Who is expected at a session: the confirmed members of its class on its date.

A membership runs from ``from`` to ``to``, both days counted; a blank side is open. Whoever left
the roster is expected up to that day. Nobody is expected at a cancelled session. So a late joiner
is not expected before joining, nor a leaver after leaving, whatever becomes of them later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session

from db.tables import Enrolment, Person, TrainingSession
from db.work import table_of
from trainer.attendance.state import Pair

_ENROLMENT = table_of(Enrolment)
_PERSON = table_of(Person)
_SESSION = table_of(TrainingSession)

CONFIRMED = "confirmed"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Membership:
    """A confirmed stay of a person in a class, both days counted, None open."""

    class_code: str
    person: str
    first: dt.date | None = None
    last: dt.date | None = None

    def covers(self, date: dt.date) -> bool:
        """Tell whether the person is a member on ``date``."""
        return (self.first is None or self.first <= date) and (
            self.last is None or date <= self.last
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as far as it decides who is expected."""

    uid: str
    class_code: str
    date: dt.date
    cancelled: bool = False


def expected_pairs(meetings: Iterable[Meeting], memberships: Iterable[Membership]) -> set[Pair]:
    """Return every (session, person) that is expected; each once, however many stays cover it."""
    of_class: dict[str, list[Membership]] = {}
    for membership in memberships:
        of_class.setdefault(membership.class_code, []).append(membership)
    return {
        (meeting.uid, membership.person)
        for meeting in meetings
        if not meeting.cancelled
        for membership in of_class.get(meeting.class_code, ())
        if membership.covers(meeting.date)
    }


def read_memberships(session: Session, class_code: str | None = None) -> list[Membership]:
    """Return the confirmed stays in one class or all, cut short where people left the roster."""
    query = (
        select(
            _ENROLMENT.c.class_code,
            _ENROLMENT.c.person,
            _ENROLMENT.c.from_date,
            _ENROLMENT.c.to_date,
            _PERSON.c.left,
        )
        .join(_PERSON, _PERSON.c.code == _ENROLMENT.c.person)
        .where(_ENROLMENT.c.status == CONFIRMED)
    )
    if class_code is not None:
        query = query.where(_ENROLMENT.c.class_code == class_code)
    return [
        Membership(code, person, first, _earlier(last, left))
        for code, person, first, last, left in session.connection().execute(query).all()
    ]


def expected_query() -> Select[Any]:
    """Return the SQL of (session, person) for everybody expected anywhere, each pair once."""
    covers = and_(
        _ENROLMENT.c.status == CONFIRMED,
        or_(_ENROLMENT.c.from_date.is_(None), _ENROLMENT.c.from_date <= _SESSION.c.date),
        or_(_ENROLMENT.c.to_date.is_(None), _ENROLMENT.c.to_date >= _SESSION.c.date),
        or_(_PERSON.c.left.is_(None), _PERSON.c.left >= _SESSION.c.date),
    )
    return (
        select(_SESSION.c.uid.label("session"), _ENROLMENT.c.person)
        .select_from(_SESSION)
        .join(_ENROLMENT, _ENROLMENT.c.class_code == _SESSION.c.class_code)
        .join(_PERSON, _PERSON.c.code == _ENROLMENT.c.person)
        .where(_SESSION.c.status != CANCELLED, covers)
        .distinct()
    )


def stays_of(memberships: Iterable[Membership]) -> Mapping[Pair, list[Membership]]:
    """Return the stays of each (class, person)."""
    found: dict[Pair, list[Membership]] = {}
    for membership in memberships:
        found.setdefault((membership.class_code, membership.person), []).append(membership)
    return found


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
