"""Whether what somebody wants to record can be recorded anywhere: status, session and person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from db.tables import Person, TrainingSession
from db.work import table_of
from trainer.attendance.credit import STATUSES
from trainer.errors import Refused, UsageError

if TYPE_CHECKING:
    from sqlmodel import Session

    from db.work import UnitOfWork
    from trainer.attendance.record import Wish

#: Nobody misses more of a session than a day has.
MOST_MINUTES: Final = 24 * 60


def check_wishes(work: UnitOfWork, wishes: list[Wish]) -> None:
    """Raise UsageError or Refused for a wish that could not be recorded anywhere."""
    for wish in wishes:
        if wish.status not in STATUSES:
            raise UsageError(
                "there is no status “{status}”; use one of: {known}",
                status=wish.status,
                known=", ".join(STATUSES),
            )
        if wish.minutes is not None and not 0 <= wish.minutes <= MOST_MINUTES:
            raise UsageError(
                "the minutes missed cannot be {minutes}; give a number from 0 to {most}",
                minutes=wish.minutes,
                most=MOST_MINUTES,
            )
    _check_sessions(work, {wish.session for wish in wishes})
    _check_persons(work, {wish.person for wish in wishes})


def _check_sessions(work: UnitOfWork, wanted: set[str]) -> None:
    table = table_of(TrainingSession)
    query = select(table.c.uid, table.c.status, table.c.class_code, table.c.date)
    for chunk in _chunks(wanted):
        known = {
            row.uid: row for row in work.connection.execute(query.where(table.c.uid.in_(chunk)))
        }
        for uid in chunk:
            if uid not in known:
                raise Refused(
                    "there is no session {session}; “trainer attendance sheet” lists those of a "
                    "class",
                    session=uid,
                )
            if known[uid].status == "cancelled":
                raise Refused(
                    "the session of {class_code} on {date} is cancelled, so nobody can be marked "
                    "at it; choose the session that was held instead",
                    class_code=known[uid].class_code,
                    date=known[uid].date,
                )


def require_person(session: Session, code: str) -> None:
    """Raise Refused where the roster does not know a person."""
    if session.get(Person, code) is None:
        raise _unknown(code)


def _check_persons(work: UnitOfWork, wanted: set[str]) -> None:
    table = table_of(Person)
    for chunk in _chunks(wanted):
        query = select(table.c.code).where(table.c.code.in_(chunk))
        known = set(work.connection.execute(query).scalars())
        for code in chunk:
            if code not in known:
                raise _unknown(code)


def _unknown(code: str) -> Refused:
    return Refused(
        "there is no person {person} in the roster; check the code, or add the person first",
        person=code,
    )


def _chunks(wanted: set[str]) -> Iterator[list[str]]:
    items = sorted(wanted)
    for first in range(0, len(items), 500):
        yield items[first : first + 500]
