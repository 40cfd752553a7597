"""Who is expected at a session: the confirmed members of its class on its date.

A membership runs from ``from`` to ``to``, both days counted; a blank side is open. Whoever left
the roster is expected up to that day. Nobody is expected at a cancelled session. So a late joiner
is not expected before joining, nor a leaver after leaving, whatever becomes of them later. Exempt
people (EX-1) are not expected while they are exempt; at a session that makes up for a missed one,
only who missed that one is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlmodel import Session

from db.tables import Enrolment, Exemption, MakeUp, MarkState, Person, TrainingSession
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.state import Pair

_ENROLMENT = table_of(Enrolment)
_PERSON = table_of(Person)
_SESSION = table_of(TrainingSession)
_EXEMPTION = table_of(Exemption)
_LINK = table_of(MakeUp)
_STATE = table_of(MarkState)
_DAY = dt.timedelta(days=1)

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
    """Return the confirmed stays in one class or all, as far as attendance is required.

    They are cut short where people left the roster, and parted where they are exempt.
    """
    return [
        part
        for stay, exemptions in _stays(session, class_code)
        for part in (_without(stay, exemptions) if exemptions else (stay,))
    ]


def read_exempt(session: Session) -> list[Membership]:
    """Return the parts of confirmed stays during which attendance is not required (EX-1)."""
    return [
        part
        for stay, exemptions in _stays(session, None, exempt=True)
        for part in _within(stay, exemptions)
    ]


def _stays(
    session: Session, class_code: str | None, *, exempt: bool = False
) -> Iterable[tuple[Membership, list[Membership]]]:
    # each confirmed stay with the exemptions that speak of its class or of all; with ``exempt``
    # only those that have any
    theirs = and_(
        _EXEMPTION.c.person == _ENROLMENT.c.person,
        or_(
            _EXEMPTION.c.class_code.is_(None),
            _EXEMPTION.c.class_code == _ENROLMENT.c.class_code,
        ),
    )
    query = (
        select(
            _ENROLMENT.c.class_code,
            _ENROLMENT.c.person,
            _ENROLMENT.c.stint,
            _ENROLMENT.c.from_date,
            _ENROLMENT.c.to_date,
            _PERSON.c.left,
            _EXEMPTION.c.line,
            _EXEMPTION.c.from_date,
            _EXEMPTION.c.to_date,
        )
        .join(_PERSON, _PERSON.c.code == _ENROLMENT.c.person)
        .join(_EXEMPTION, theirs, isouter=not exempt)
        .where(_ENROLMENT.c.status == CONFIRMED)
    )
    if class_code is not None:
        query = query.where(_ENROLMENT.c.class_code == class_code)
    found: dict[tuple[str, str, int], tuple[Membership, list[Membership]]] = {}
    for code, person, stint, first, last, left, line, begin, end in session.connection().execute(
        query
    ):
        known = found.get((code, person, stint))
        if known is None:
            stay = Membership(code, person, first, _earlier(last, left) if left else last)
            known = found[code, person, stint] = (stay, [])
        if line is not None:
            known[1].append(Membership(code, person, begin, end))
    return found.values()


def expected_query() -> Select[Any]:
    """Return the SQL of (session, person) for everybody expected anywhere, each pair once."""
    exempt = exists().where(
        _EXEMPTION.c.person == _ENROLMENT.c.person,
        or_(
            _EXEMPTION.c.class_code.is_(None),
            _EXEMPTION.c.class_code == _SESSION.c.class_code,
        ),
        or_(_EXEMPTION.c.from_date.is_(None), _EXEMPTION.c.from_date <= _SESSION.c.date),
        or_(_EXEMPTION.c.to_date.is_(None), _EXEMPTION.c.to_date >= _SESSION.c.date),
    )
    covers = and_(
        _ENROLMENT.c.status == CONFIRMED,
        or_(_ENROLMENT.c.from_date.is_(None), _ENROLMENT.c.from_date <= _SESSION.c.date),
        or_(_ENROLMENT.c.to_date.is_(None), _ENROLMENT.c.to_date >= _SESSION.c.date),
        or_(_PERSON.c.left.is_(None), _PERSON.c.left >= _SESSION.c.date),
        ~exempt,
        _is_for_them(),
    )
    return (
        select(_SESSION.c.uid.label("session"), _ENROLMENT.c.person)
        .select_from(_SESSION)
        .join(_ENROLMENT, _ENROLMENT.c.class_code == _SESSION.c.class_code)
        .join(_PERSON, _PERSON.c.code == _ENROLMENT.c.person)
        .where(_SESSION.c.status != CANCELLED, covers)
        .distinct()
    )


def expected_at(session: Session, uid: str) -> frozenset[str]:
    """Return the people who are expected at a session."""
    expected = expected_query().where(_SESSION.c.uid == uid).subquery()
    return frozenset(session.connection().scalars(select(expected.c.person)))


def _is_for_them() -> ColumnElement[bool]:
    # a session that makes up for others is for those who missed one of these
    missed = _SESSION.alias("missed")
    links = exists().where(_LINK.c.session == _SESSION.c.uid, _LINK.c.person.is_(None))
    # two levels down: what is meant of the outer query must be said
    attended = (
        exists()
        .where(
            _STATE.c.session == _LINK.c.missed,
            _STATE.c.person == _ENROLMENT.c.person,
            _STATE.c.status.in_(ATTENDED),
        )
        .correlate(_LINK, _ENROLMENT)
    )
    theirs = (
        exists()
        .where(
            _LINK.c.session == _SESSION.c.uid,
            _LINK.c.person.is_(None),
            missed.c.uid == _LINK.c.missed,
            or_(_ENROLMENT.c.from_date.is_(None), _ENROLMENT.c.from_date <= missed.c.date),
            ~attended,
        )
        .correlate(_SESSION, _ENROLMENT)
    )
    return or_(~links, theirs)


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


def _within(stay: Membership, exemptions: Iterable[Membership]) -> Iterable[Membership]:
    # the days of a stay that are exempt, each once: what is left after the others is taken away
    left = [stay]
    for one in exemptions:
        for part in left:
            common = _common(part, one)
            if common is not None:
                yield common
        left = [rest for part in left for rest in _less(part, one)]


def _without(stay: Membership, exemptions: Iterable[Membership]) -> list[Membership]:
    left = [stay]
    for one in exemptions:
        left = [rest for part in left for rest in _less(part, one)]
    return left


def _common(stay: Membership, other: Membership) -> Membership | None:
    first = max((d for d in (stay.first, other.first) if d is not None), default=None)
    last = _earlier(stay.last, other.last)
    if first is not None and last is not None and last < first:
        return None
    return Membership(stay.class_code, stay.person, first, last)


def _less(stay: Membership, other: Membership) -> list[Membership]:
    common = _common(stay, other)
    if common is None:
        return [stay]
    parts = []
    if common.first is not None and common.first != stay.first:
        parts.append(Membership(stay.class_code, stay.person, stay.first, common.first - _DAY))
    if common.last is not None and common.last != stay.last:
        parts.append(Membership(stay.class_code, stay.person, common.last + _DAY, stay.last))
    return parts
