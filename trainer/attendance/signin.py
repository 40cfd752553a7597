"""Signing in with a badge (扫码签到): a reader types what the badge holds, and one mark follows.

By the clock a person is present, or late where the office has put AT-2 in force:
``[policies.attendance] late_after_minutes`` and ``absent_after_minutes`` (both off by default).
Whoever belongs elsewhere is recorded as a guest and told so; signing in twice writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from db.tables import MarkState, Person, TrainingSession
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.expected import CANCELLED, expected_query
from trainer.attendance.record import record_mark
from trainer.attendance.sheet import session_facts
from trainer.errors import Refused, UsageError
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: What a badge's text begins with, so that no other code lying about is taken for a person.
PREFIX: Final = "TRAINER:"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in and what was recorded.

    ``already`` says that the person had signed in before; ``elsewhere`` names the classes at whose
    sessions the person is expected at this time, where it is not expected here.
    """

    person: str
    name: str
    status: str
    minutes: int | None
    already: bool
    expected: bool
    elsewhere: tuple[str, ...]


def badge_text(person: str) -> str:
    """Return what a person's badge holds."""
    return f"{PREFIX}{person}"


def person_on(text: str) -> str:
    """Return the code of the person on a badge, or the code that was typed by hand."""
    return text.strip().removeprefix(PREFIX)


def sign_in(
    work: UnitOfWork, office: Office, *, session: str, badge: str, device: str | None = None
) -> SignedIn:
    """Record that somebody is here, by the clock; raise Refused for who or what is unknown."""
    code = person_on(badge)
    person = work.session.get(Person, code)
    if person is None:
        raise Refused(
            "there is no person {person} in the roster; check the code, or add the person first",
            person=code,
        )
    facts = session_facts(work.session, session)
    state = work.session.get(MarkState, (session, code))
    expected, elsewhere = _where(work, session, code, facts.start, facts.end)
    if state is not None and state.status in ATTENDED:
        return SignedIn(code, person.name, state.status, state.minutes, True, expected, elsewhere)
    status, minutes = status_by_clock(office, facts.start, work.now)
    mark = record_mark(
        work, session=session, person=code, status=status, minutes=minutes, device=device
    )
    return SignedIn(code, person.name, mark.status, mark.minutes, False, expected, elsewhere)


def status_by_clock(office: Office, start: dt.datetime, now: dt.datetime) -> tuple[str, int | None]:
    """Return the status of somebody who comes at ``now``, and the minutes missed (AT-2)."""
    missed = max(0, int((now - start).total_seconds() // 60))
    late, absent = (_limit(office, name) for name in ("late_after_minutes", "absent_after_minutes"))
    if absent is not None and missed > absent:
        return "absent", missed
    if late is not None and missed > late:
        return "late", missed
    return "present", None


def _limit(office: Office, name: str) -> int | None:
    rules = office.policies.get("attendance")
    value = rules.get(name) if isinstance(rules, Mapping) else None
    if value is not None and (not isinstance(value, int) or value < 0):
        raise UsageError(
            "the setting policies.attendance.{name} is not usable; give whole minutes", name=name
        )
    return value


def _where(
    work: UnitOfWork, session: str, person: str, start: dt.datetime, end: dt.datetime
) -> tuple[bool, tuple[str, ...]]:
    meeting = table_of(TrainingSession)
    expected = expected_query().subquery()
    query = (
        select(meeting.c.uid, meeting.c.class_code)
        .join(expected, expected.c.session == meeting.c.uid)
        .where(
            expected.c.person == person,
            meeting.c.start < end,
            meeting.c.end > start,
            meeting.c.status != CANCELLED,
        )
        .order_by(meeting.c.class_code)
    )
    found = work.connection.execute(query).all()
    if any(row.uid == session for row in found):
        return True, ()
    return False, tuple(dict.fromkeys(row.class_code for row in found))
