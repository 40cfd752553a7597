"""Proof that a database is whole: what is derived follows from what it is derived from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select, text, union
from sqlmodel import Session

from db.audit import broken_links
from db.tables import AuditEntry, Mark, MarkState
from db.work import UnitOfWork, table_of
from trainer.attendance.proof import changed_marks
from trainer.attendance.state import Pair, refresh, refresh_sessions
from trainer.desk import Desk
from trainer.evaluation.proof import evaluation_flaws
from trainer.outcomes.certificates.standing import certificate_flaws
from trainer.outcomes.page import unsupported
from trainer.outcomes.proof import score_flaws
from trainer.phrases import Phrase, phrase

_MARK: Final = table_of(Mark)
_STATE: Final = table_of(MarkState)
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the database that cannot be so; ``check`` names the proof that failed."""

    check: str
    message: Phrase


def verify(desk: Desk) -> list[Flaw]:
    """Return what is not whole: file, references, trail, marks, and what rests on them."""
    with desk.reading() as session:
        connection = session.connection()
        found = [*_file(connection), *trail_flaws(connection), *_altered(connection)]
        found += [Flaw("evaluations", message) for message in evaluation_flaws(session)]
        found += [Flaw("scores", message) for message in score_flaws(session)]
        found += _unsupported(session, desk)
        found += [Flaw("certificates", message) for message in certificate_flaws(session, desk)]
    return found + _mark_flaws(desk)


def _unsupported(session: Session, desk: Desk) -> Iterator[Flaw]:
    for book, line in unsupported(session, desk):
        yield Flaw(
            "completion",
            phrase(
                "what was decided on {person} in {class_code} no longer follows from the marks and "
                "the register; open it again with “trainer completion reopen” and decide anew",
                person=line.evaluation.trainee.person,
                class_code=book.code,
            ),
        )


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


def _altered(connection: Connection) -> Iterator[Flaw]:
    for mark in changed_marks(connection):
        yield Flaw(
            "marks",
            phrase(
                "the mark {mark} is not what the audit trail says was recorded; compare with a "
                "backup",
                mark=mark,
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
    # derive the state anew in a unit of work that is never committed, and compare: some sessions
    # at a time, so that memory does not grow with the log
    wrong: list[Pair] = []
    with UnitOfWork(desk.url, actor=desk.actor) as work:
        marked = union(select(_MARK.c.session), select(_STATE.c.session))
        sessions = sorted(work.connection.scalars(marked))
        for first in range(0, len(sessions), _CHUNK):
            chunk = sessions[first : first + _CHUNK]
            kept = _states(work.connection, chunk)
            refresh_sessions(work, chunk)
            derived = _states(work.connection, chunk)
            pairs = kept.keys() | derived.keys()
            wrong += sorted(pair for pair in pairs if kept.get(pair) != derived.get(pair))
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
        for pair in wrong
    ]


def mend(desk: Desk) -> int:
    """Derive the current state of every mark anew from the log; return how many rows it has."""
    with desk.writing("derive the current marks anew") as work:
        count = refresh(work, None)
        work.note("mend", "mark_state", "all", rows=count)
        work.commit()
    return count


def _states(connection: Connection, sessions: list[str]) -> dict[Pair, tuple[object, ...]]:
    names = ("session", "person", "status", "minutes", "mark", "conflict")
    query = select(*(_STATE.c[name] for name in names)).where(_STATE.c.session.in_(sessions))
    return {(row[0], row[1]): tuple(row[2:]) for row in connection.execute(query)}
