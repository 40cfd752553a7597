"""Recording the demonstration's year: who was expected, the roll calls, sessions held."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session, col, select

from db.tables import Person, TrainingClass, TrainingSession
from db.work import UnitOfWork
from trainer.attendance.covers import Cover, read_covers
from trainer.attendance.expected import Meeting, expected_pairs, read_memberships
from trainer.attendance.record import record_many
from trainer.demo.roll_call import (
    OFFICE,
    Account,
    Expected,
    account_of,
    call_the_roll,
    events_of,
)
from trainer.desk import Desk
from trainer.office import Office, read_office


def record_year(desk: Desk, seed: int = 1, until: dt.date | None = None) -> Account:
    """Record attendance at every session that is not cancelled, and keep the sessions as held.

    With ``until`` what lies later is still to come.
    """
    with desk.writing("demo attendance") as work:
        office = read_office(work.session)
        rows = _sessions(work.session, until or dt.date.max)
        called = call_the_roll(_expected(work.session, office, rows), seed)
        events = events_of(called, seed)
        record_many(work, events)
        _hold(work, rows)
        work.commit()
    return account_of(called, events)


def _sessions(session: Session, until: dt.date) -> list[TrainingSession]:
    statement = (
        select(TrainingSession)
        .where(TrainingSession.status != "cancelled", TrainingSession.date <= until)
        .order_by(col(TrainingSession.start), TrainingSession.class_code, TrainingSession.course)
    )
    return list(session.exec(statement))


def _expected(session: Session, office: Office, rows: list[TrainingSession]) -> list[Expected]:
    callers = _callers(session)
    meetings = [Meeting(row.uid, row.class_code, row.date) for row in rows]
    people: dict[str, list[str]] = {}
    for uid, person in sorted(expected_pairs(meetings, read_memberships(session))):
        people.setdefault(uid, []).append(person)
    found: list[Expected] = []
    for row in rows:
        covers = read_covers(session, office, row.class_code, row.date, row.period, row.periods)
        found += [
            Expected(row, person, _away(covers.get(person)), callers.get(row.class_code, OFFICE))
            for person in people.get(row.uid, ())
        ]
    return found


def _away(cover: Cover | None) -> str | None:
    return cover.status if cover is not None and cover.whole else None


def _callers(session: Session) -> dict[str, str]:
    """Return the name of each class's head teacher, who calls the roll."""
    statement = select(TrainingClass.code, Person.name).where(
        TrainingClass.head_teacher == Person.code
    )
    return {code: name for code, name in session.exec(statement)}  # noqa: C416 - rows, not pairs


def _hold(work: UnitOfWork, rows: list[TrainingSession]) -> None:
    pairs = [(row.model_dump(), {"status": "held"}) for row in rows if row.status != "held"]
    work.update_many(TrainingSession, pairs)
