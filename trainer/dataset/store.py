"""Writing the changes of a dataset in one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import bindparam, update

from db.tables import Mark, OfficeSettings, PublishedSession, TrainingSession
from db.work import UnitOfWork, table_of
from trainer.dataset.changes import Changes, Record
from trainer.dataset.published import set_ends, uids_of
from trainer.office import Office

#: Rows that are written at once.
BATCH: Final = 10_000
# of more new rows than this the audit trail keeps their number and digest, not each
_AUDITED_SINGLY: Final = 1_000
# beyond any number of meetings of a course in a class
_ASIDE: Final = 1_000_000


def store_office(work: UnitOfWork, office: Office) -> None:
    """Store the office's settings, if they are others than before."""
    row = work.session.get(OfficeSettings, 1)
    if row is None:
        work.session.add(OfficeSettings(id=1, document=office.document()))
    elif row.document != office.document():
        row.document = office.document()


def store_changes(work: UnitOfWork, changes: Iterable[Changes]) -> None:
    """Write new, changed and removed rows; bring the current state of marks up to date."""
    for found in changes:
        model = found.file.model
        work.delete_many(model, found.removed)
        if model is TrainingSession:
            _set_numbers_aside(work, found.changed)
        work.update_many(model, _same_rows(work, found))
        digest = len(found.new) > _AUDITED_SINGLY
        for start in range(0, len(found.new), BATCH):
            work.insert_many(model, found.records(start, BATCH), digest=digest)
        if model is Mark and found.new:
            _refresh_state(work, found)
        if model is PublishedSession and found.new:
            set_ends(work, uids_of(found.new))


def _same_rows(work: UnitOfWork, found: Changes) -> list[tuple[Record, Record]]:
    """Return the changes that leave a row's primary key; rows that get another are replaced."""
    model = found.file.model
    keys = [column.name for column in table_of(model).primary_key]
    same: list[tuple[Record, Record]] = []
    others: list[tuple[Record, Record]] = []
    for pair in found.changed:
        (same if all(pair[0][key] == pair[1][key] for key in keys) else others).append(pair)
    if others:
        work.delete_many(model, [before for before, _ in others])
        work.insert_many(model, [after for _, after in others])
    return same


def _set_numbers_aside(work: UnitOfWork, changed: Sequence[tuple[Record, Record]]) -> None:
    """Free the numbers of sessions that are renumbered: two may swap theirs."""
    meeting = ("class_code", "course", "seq")
    moving = [
        {"u": before["uid"], "n": _ASIDE + place}
        for place, (before, after) in enumerate(changed)
        if any(before[name] != after[name] for name in meeting)
    ]
    if moving:
        table = table_of(TrainingSession)
        statement = update(table).where(table.c.uid == bindparam("u")).values(seq=bindparam("n"))
        work.connection.execute(statement, moving)


def _refresh_state(work: UnitOfWork, marks: Changes) -> None:
    # attendance stands beside this room; only an import of marks needs it
    from trainer.attendance.state import refresh

    session, person = marks.file.places(("session", "person"))
    refresh(work, {(row[session], row[person]) for row in marks.new})
