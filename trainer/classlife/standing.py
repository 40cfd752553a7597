"""What holds now, of a log: a pure function of the set of records, whatever their order.

A record that another one ``replaces`` is out. So two databases are brought together by taking the
union of their records, in any order and as often as one likes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from db.work import table_of

if TYPE_CHECKING:
    from db.work import UnitOfWork


class Recorded(Protocol):
    """A record of a log."""

    id: str
    at: dt.datetime
    replaces: str | None


Record = TypeVar("Record", bound=Recorded)
Row = TypeVar("Row", bound=SQLModel)


def standing(records: Iterable[Record]) -> list[Record]:
    """Return the records that nothing replaces, in the order in which they were made."""
    every = list(records)
    gone = {record.replaces for record in every if record.replaces}
    return sorted(
        (record for record in every if record.id not in gone),
        key=lambda record: (record.at, record.id),
    )


def read_log(session: Session, model: type[Row], class_code: str) -> list[Row]:
    """Return every record that a class has in a log."""
    table = table_of(model)
    return list(session.scalars(select(model).where(table.c.class_code == class_code)))


def read_standing(session: Session, model: type[Any], class_code: str) -> list[Any]:
    """Return what stands of a class's log."""
    return standing(read_log(session, model, class_code))


def record(work: UnitOfWork, model: type[Row], **facts: Any) -> Row:
    """Add a record made now by the actor, and return it."""
    row = model(id=str(uuid.uuid4()), at=work.now, by=work.actor, **facts)
    work.session.add(row)
    return row


def in_force(first: dt.date | None, last: dt.date | None, on: dt.date) -> bool:
    """Tell whether a stretch of days, both counted and blank open, covers a day."""
    return (first is None or first <= on) and (last is None or on <= last)
