"""Signing out: when somebody leaves becomes part of the mark that the coming has made.

The mark is replaced by one whose note keeps both times; its status and minutes missed follow by
AT-2 (``early_after_minutes``). Whoever comes back and signs out once more has left at the later
time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.tables import Mark, MarkState, Person
from trainer.attendance.presence import arrival_noted, status_of, time_of, times_note
from trainer.attendance.record import record_mark
from trainer.attendance.rules import attendance_rules
from trainer.attendance.sheet import SessionFacts, session_facts
from trainer.attendance.signin import expected_at
from trainer.errors import Refused
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Who left, what counts now, and both instants; ``arrived`` is None where nobody saw it."""

    person: str
    name: str
    status: str
    minutes: int | None
    arrived: dt.datetime | None
    left: dt.datetime


def sign_out(
    work: UnitOfWork, office: Office, *, session: str, badge: str, code: str | None = None
) -> SignedOut:
    """Record that somebody leaves now; raise Refused for who is unknown or was not there.

    ``badge`` and ``code`` are as for ``sign_in``.
    """
    # it needs the badge's text, as signing in does
    from trainer.attendance.who import person_meant

    facts = session_facts(work.session, session)
    person = person_meant(work.session, badge, lambda: expected_at(work, session))
    if code is not None:
        # it needs hashes and keys, which badges do not
        from trainer.attendance.codes import require_code

        require_code(work, office, session=session, typed=code)
    name = work.session.get_one(Person, person).name
    state = work.session.get(MarkState, (session, person))
    mark = work.session.get(Mark, state.mark) if state else None
    if mark is None or not _was_there(mark):
        raise Refused(
            "nothing says that {name} came to this session, so nobody can leave it; sign in first, "
            "or correct the mark",
            name=name,
        )
    arrived = _arrival(office, facts, mark)
    status, minutes = status_of(attendance_rules(office), facts.start, facts.end, arrived, work.now)
    record_mark(
        work,
        session=session,
        person=person,
        status=status,
        minutes=minutes,
        note=times_note(office.zone, arrived, work.now),
        by=person,
    )
    return SignedOut(person, name, status, minutes, arrived, work.now)


def _was_there(mark: Mark) -> bool:
    # who came too late counts as absent with the minutes missed, and was there all the same
    return mark.status in ("present", "late", "early") or (
        mark.status == "absent" and mark.minutes is not None
    )


def _arrival(office: Office, facts: SessionFacts, mark: Mark) -> dt.datetime | None:
    noted = arrival_noted(mark.note)
    if noted is not None:
        return office.instant(facts.date, time_of(noted))
    if mark.by == mark.person:
        return mark.at
    if mark.status in ("late", "absent") and mark.minutes:
        return facts.start + dt.timedelta(minutes=mark.minutes)
    return None
