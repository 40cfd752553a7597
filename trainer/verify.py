"""Proof that a database is whole: what is derived follows from what it is derived from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from db.audit import broken_links
from db.tables import AuditEntry, MarkState
from db.work import UnitOfWork, table_of
from trainer.attendance.state import refresh
from trainer.desk import Desk
from trainer.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the database that cannot be so; ``check`` names the proof that failed."""

    check: str
    message: Phrase


def verify(desk: Desk) -> list[Flaw]:
    """Return everything that is not whole: the file, its references, the audit trail, the marks."""
    with desk.reading() as session:
        connection = session.connection()
        found = [*_file(connection), *trail_flaws(connection)]
    return found + _mark_flaws(desk)


def trail_flaws(connection: Connection) -> Iterator[Flaw]:
    """Yield what is broken in the audit trail."""
    for seq in broken_links(connection):
        yield Flaw(
            "audit",
            phrase(
                "entry {seq} of the audit trail was changed, or an entry before it is missing; "
                "compare with a backup",
                seq=seq,
            ),
        )


def trail_length(connection: Connection) -> int:
    """Return how many entries the audit trail has."""
    return connection.scalar(select(func.count()).select_from(table_of(AuditEntry))) or 0


def _file(connection: Connection) -> Iterator[Flaw]:
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield Flaw(
                "file",
                phrase("the database file is damaged ({said}); restore the last backup", said=said),
            )
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield Flaw(
            "references",
            phrase(
                "a row of {table} refers to a row of {target} that is not there; restore the last "
                "backup",
                table=row[0],
                target=row[2],
            ),
        )


def _mark_flaws(desk: Desk) -> list[Flaw]:
    # derive the state anew in a unit of work that is never committed, and compare
    with UnitOfWork(desk.url, actor=desk.actor) as work:
        kept = _states(work.connection)
        refresh(work, None)
        derived = _states(work.connection)
    return [
        Flaw(
            "marks",
            phrase(
                "what counts for {person} at session {session} does not follow from the log of "
                "marks; run: trainer verify --mend",
                person=pair[1],
                session=pair[0],
            ),
        )
        for pair in sorted(kept.keys() | derived.keys())
        if kept.get(pair) != derived.get(pair)
    ]


def mend(desk: Desk) -> int:
    """Derive the current state of every mark anew from the log; return how many rows it has."""
    with desk.writing("derive the current marks anew") as work:
        count = refresh(work, None)
        work.note("mend", "mark_state", "all", rows=count)
        work.commit()
    return count


def _states(connection: Connection) -> dict[tuple[str, str], tuple[object, ...]]:
    rows = connection.execute(select(table_of(MarkState))).mappings()
    return {
        (row["session"], row["person"]): (
            row["status"],
            row["minutes"],
            row["mark"],
            row["conflict"],
        )
        for row in rows
    }
