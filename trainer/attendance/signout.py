"""Signing out: when somebody leaves becomes part of the mark that the coming has made.

The mark is replaced by one whose note keeps both times; its status and minutes missed follow by
AT-2 (``early_after_minutes``). Whoever comes back and signs out once more has left at the later
time; a badge that is read twice at once (``same_entry_minutes``) has left once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Mark, MarkState, Person
from db.work import table_of
from trainer.attendance.presence import (
    Missed,
    arrival_noted,
    departure_noted,
    holds_times,
    judged,
    missed_of,
    status_of,
    time_of,
    times_note,
)
from trainer.attendance.record import record_mark
from trainer.attendance.rules import attendance_rules
from trainer.attendance.sheet import SessionFacts, session_facts
from trainer.attendance.signin import person_at_door
from trainer.errors import Refused
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Stay:
    """The mark of somebody who was there: when the person came and left, as far as was seen."""

    mark: Mark
    arrived: dt.datetime | None
    left: dt.datetime | None


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Who left, what counts now, and both instants; ``arrived`` is None where nobody saw it.

    ``already`` says that the person had signed out just before, and nothing was recorded.
    """

    person: str
    name: str
    status: str
    minutes: int | None
    arrived: dt.datetime | None
    left: dt.datetime
    missed: Missed
    already: bool = False


def sign_out(
    work: UnitOfWork, office: Office, *, session: str, badge: str, code: str | None = None
) -> SignedOut:
    """Record that somebody leaves now; raise Refused for who is unknown or was not there.

    ``badge`` and ``code`` are as for ``sign_in``.
    """
    facts = session_facts(work.session, session)
    person = person_at_door(work, office, session=session, badge=badge, code=code)
    stay = stay_of(work, office, facts, person)
    if stay is None:
        raise Refused(
            "nothing says that {name} came to this session, so nobody can leave it; sign in first, "
            "or correct the mark",
            name=work.session.get_one(Person, person).name,
        )
    return let_out(work, office, facts, stay)


def stay_of(work: UnitOfWork, office: Office, facts: SessionFacts, person: str) -> Stay | None:
    """Return what is known of a person's stay at a session; None where nothing says of one."""
    state = work.session.get(MarkState, (facts.uid, person))
    mark = work.session.get(Mark, state.mark) if state else None
    if mark is None or not _was_there(mark):
        return None
    left = departure_noted(mark.note)
    return Stay(
        mark,
        _arrival(office, facts, mark),
        office.instant(facts.date, time_of(left)) if left is not None else None,
    )


def let_out(work: UnitOfWork, office: Office, facts: SessionFacts, stay: Stay) -> SignedOut:
    """Record that somebody who was there leaves now; whoever has just left has left once."""
    rules = attendance_rules(office)
    person = stay.mark.person
    name = work.session.get_one(Person, person).name
    if stay.left is not None and work.now - stay.left < _minutes(rules.same_entry_minutes):
        missed = missed_of(facts.start, facts.end, stay.arrived, stay.left)
        status, minutes = stay.mark.status, stay.mark.minutes
        return SignedOut(person, name, status, minutes, stay.arrived, stay.left, missed, True)
    missed = missed_of(facts.start, facts.end, stay.arrived, work.now)
    status, minutes = judged(rules, missed)
    _record(work, office, facts, stay, (status, minutes), left=work.now)
    return SignedOut(person, name, status, minutes, stay.arrived, work.now, missed)


def let_back(work: UnitOfWork, office: Office, facts: SessionFacts, stay: Stay) -> str:
    """Record that somebody who had left is there again; return the status that counts now."""
    status, minutes = status_of(attendance_rules(office), facts.start, None, stay.arrived, None)
    _record(work, office, facts, stay, (status, minutes), left=None)
    return status


def _record(
    work: UnitOfWork,
    office: Office,
    facts: SessionFacts,
    stay: Stay,
    said: tuple[str, int | None],
    *,
    left: dt.datetime | None,
) -> None:
    status, minutes = said
    record_mark(
        work,
        session=facts.uid,
        person=stay.mark.person,
        status=status,
        minutes=minutes,
        note=times_note(office.zone, stay.arrived, left),
        by=stay.mark.person,
    )


def count_gone(session: Session, uid: str) -> int:
    """Return of how many people a session's marks say when they left."""
    mark, state = table_of(Mark), table_of(MarkState)
    query = select(mark.c.note).join(state, state.c.mark == mark.c.id).where(state.c.session == uid)
    notes = session.connection().execute(query).scalars()
    return sum(departure_noted(note) is not None for note in notes)


def _minutes(count: int) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def _was_there(mark: Mark) -> bool:
    # who came too late counts as absent with the minutes missed, and was there all the same
    return mark.status in ("present", "late", "early") or (
        mark.status == "absent" and mark.minutes is not None
    )


def _arrival(office: Office, facts: SessionFacts, mark: Mark) -> dt.datetime | None:
    noted = arrival_noted(mark.note)
    if noted is not None:
        return office.instant(facts.date, time_of(noted))
    if holds_times(mark.note):
        return None
    if mark.by == mark.person:
        return mark.at
    if mark.status in ("late", "absent") and mark.minutes:
        return facts.start + dt.timedelta(minutes=mark.minutes)
    return None
