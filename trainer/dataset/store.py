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


def store_changes(work: UnitOfWork, changes: Iterable[Changes], *, source: str = "") -> None:
    """Write new, changed and removed rows; marks of ``source`` become an import to be undone."""
    for found in changes:
        model = found.file.model
        if model is Mark:
            _store_marks(work, found, source)
            continue
        work.delete_many(model, found.removed)
        if model is TrainingSession:
            _set_numbers_aside(work, found.changed)
        work.update_many(model, _same_rows(work, found))
        digest = len(found.new) > _AUDITED_SINGLY
        for start in range(0, len(found.new), BATCH):
            work.insert_many(model, found.records(start, BATCH), digest=digest)
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


def _store_marks(work: UnitOfWork, marks: Changes, source: str) -> None:
    # attendance stands beside this room; only an import of marks needs it
    from trainer.attendance.batches import Origin, begin_batch, bring_back, end_batch, has_undone
    from trainer.attendance.state import refresh

    again = marks.again if has_undone(work) else ()
    if not marks.new and not again:
        return
    batch = begin_batch(work, Origin("dataset", source))
    number = {"batch": batch.number}
    digest = len(marks.new) > _AUDITED_SINGLY
    for start in range(0, len(marks.new), BATCH):
        rows = [record | number for record in marks.records(start, BATCH)]
        work.insert_many(Mark, rows, digest=digest)
    session, person = marks.file.places(("session", "person"))
    refresh(work, {(row[session], row[person]) for row in marks.new})
    restored = bring_back(work, batch, again)
    end_batch(work, batch, new=len(marks.new), known=marks.unchanged, restored=restored)
