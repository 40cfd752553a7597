"""Everything ever recorded of a person at a session, in the order in which it was recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Mark, MarkState
from db.work import table_of


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event of the log; ``counts`` says that it is the one that counts now."""

    id: str
    status: str
    minutes: int | None
    at: dt.datetime
    by: str | None
    device: str | None
    counter: int | None
    replaces: str | None
    note: str | None
    counts: bool

    def document(self) -> dict[str, Any]:
        """Return its facts by name; the instant is an instant, for the reader's zone."""
        return asdict(self)


def history_of(session: Session, meeting: str, person: str) -> list[Recorded]:
    """Return the events of a person at a session; none where nothing was ever recorded."""
    table, state = table_of(Mark), table_of(MarkState)
    connection = session.connection()
    counting = connection.execute(
        select(state.c.mark).where(state.c.session == meeting, state.c.person == person)
    ).scalar()
    names = ("id", "status", "minutes", "at", "by", "device", "counter", "replaces", "note")
    query = (
        select(*(table.c[name] for name in names))
        .where(table.c.session == meeting, table.c.person == person)
        .order_by(table.c.at, table.c.counter, table.c.id)
    )
    rows = connection.execute(query).mappings()
    return [Recorded(**row, counts=row["id"] == counting) for row in rows]
