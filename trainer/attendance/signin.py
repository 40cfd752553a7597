"""Signing in with a badge (扫码签到): a reader types what the badge holds, and one mark follows.

By the clock a person is present, or late where the office has put AT-2 in force (see
``trainer.attendance.rules``; off by default).
Whoever belongs elsewhere is recorded as a guest and told so; signing in twice writes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from db.locks import take_turn
from db.tables import Enrolment, Mark, MarkState, Person, TrainingClass, TrainingSession, Venue
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.codes import require_code
from trainer.attendance.expected import expected_query
from trainer.attendance.presence import status_of
from trainer.attendance.record import record_mark
from trainer.attendance.rules import attendance_rules
from trainer.attendance.sheet import SessionFacts, session_facts
from trainer.attendance.who import person_meant
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in and what was recorded.

    ``already`` says that the person had signed in before; ``elsewhere`` names the classes at whose
    sessions the person is expected at this time, where it is not expected here, and ``belongs``
    says where and when those of the day are.
    """

    person: str
    name: str
    status: str
    minutes: int | None
    already: bool
    expected: bool
    elsewhere: tuple[str, ...]
    belongs: tuple[Belongs, ...] = ()


@dataclass(frozen=True, slots=True)
class Belongs:
    """A session of the day at which somebody is expected; ``now`` while this one lasts."""

    class_code: str
    class_title: str
    venue_name: str | None
    start: dt.datetime
    end: dt.datetime
    now: bool


def sign_in(
    work: UnitOfWork,
    office: Office,
    *,
    session: str,
    badge: str,
    device: str | None = None,
    code: str | None = None,
) -> SignedIn:
    """Record that somebody is here, by the clock; raise Refused for who or what is unknown.

    ``badge`` is what a badge holds, or a person's code, name, phone number or card. With ``code``
    the rotating code is required, and Refused says what is wrong with it.
    """
    facts = session_facts(work.session, session)
    person = person_at_door(work, office, session=session, badge=badge, code=code)
    return let_in(work, office, facts, person, device=device)


def person_at_door(
    work: UnitOfWork, office: Office, *, session: str, badge: str, code: str | None = None
) -> str:
    """Return who shows a badge, or whoever else is meant; raise Refused for nobody or a wrong code.

    From here on no other device writes marks until this work ends, so that of two badges that are
    shown at once the second sees what the first has left.
    """
    take_turn(work.connection, "marks")
    person = person_meant(work.session, badge, lambda: expected_at(work, session))
    if code is not None:
        require_code(work, office, session=session, typed=code)
    return person


def let_in(
    work: UnitOfWork,
    office: Office,
    facts: SessionFacts,
    person: str,
    *,
    device: str | None = None,
) -> SignedIn:
    """Record that a person is here, by the clock; whoever has signed in stays as recorded."""
    name = work.session.get_one(Person, person).name
    expected, others = whereabouts(work, facts, person)
    elsewhere = tuple(dict.fromkeys(one.class_code for one in others if one.now))
    here = (expected, elsewhere, others)
    state = work.session.get(MarkState, (facts.uid, person))
    if state is not None and _signed(work, state):
        return SignedIn(person, name, state.status, state.minutes, True, *here)
    status, minutes = status_by_clock(office, facts.start, work.now)
    mark = record_mark(
        work,
        session=facts.uid,
        person=person,
        status=status,
        minutes=minutes,
        device=device,
        by=person,
    )
    return SignedIn(person, name, mark.status, mark.minutes, False, *here)


def whereabouts(
    work: UnitOfWork, facts: SessionFacts, person: str
) -> tuple[bool, tuple[Belongs, ...]]:
    """Tell whether a person is expected at a session, and if not, at which others of the day."""
    belongs = _day_of(work, person, facts)
    expected = facts.uid in belongs
    return expected, () if expected else tuple(belongs.values())


def _signed(work: UnitOfWork, state: MarkState) -> bool:
    # who signed in too late counts as absent, and does not come later by showing the badge again
    if state.status in ATTENDED:
        return True
    return state.status == "absent" and work.session.get_one(Mark, state.mark).by == state.person


def status_by_clock(office: Office, start: dt.datetime, now: dt.datetime) -> tuple[str, int | None]:
    """Return the status of somebody who comes at ``now``, and the minutes missed (AT-2)."""
    return status_of(attendance_rules(office), start, None, now, None)


def expected_at(work: UnitOfWork, session: str) -> frozenset[str]:
    """Return who is expected at a session."""
    expected = expected_query().where(table_of(TrainingSession).c.uid == session).subquery()
    return frozenset(work.connection.execute(select(expected.c.person)).scalars())


def _day_of(work: UnitOfWork, person: str, facts: SessionFacts) -> dict[str, Belongs]:
    # a person's sessions of the day, each with whether it is on while this one is
    meeting, klass, venue = (table_of(model) for model in (TrainingSession, TrainingClass, Venue))
    expected = (
        expected_query()
        .where(meeting.c.date == facts.date, table_of(Enrolment).c.person == person)
        .subquery()
    )
    query = (
        select(
            meeting.c.uid, meeting.c.class_code, klass.c.title, venue.c.name,
            meeting.c.start, meeting.c.end,
        )
        .join(expected, expected.c.session == meeting.c.uid)
        .join(klass, klass.c.code == meeting.c.class_code)
        .outerjoin(venue, venue.c.code == meeting.c.venue)
        .order_by(meeting.c.start, meeting.c.class_code)
    )  # fmt: skip
    return {
        uid: Belongs(code, title, place, start, end, start < facts.end and end > facts.start)
        for uid, code, title, place, start, end in work.connection.execute(query)
    }
