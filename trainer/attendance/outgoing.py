"""The log of marks as a folder with marks.csv, which another office merges."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Mark, TrainingSession
from db.work import table_of
from trainer.attendance.beside import write_beside
from trainer.attendance.sheet import require_class
from trainer.dataset.export import neutralised
from trainer.dataset.files import FILES
from trainer.dataset.text import cell_text
from trainer.desk import Desk
from trainer.errors import FileProblem
from trainer.office import read_office

_MARKS: Final = FILES["marks"]
_BATCH: Final = 10_000


def export_marks(desk: Desk, folder: Path, classes: Collection[str] = ()) -> int:
    """Write every event, or those of some classes, into ``folder``; return how many.

    Guests whom the log names and leave go along as ``people.csv`` and ``leaves.csv``.
    The same log gives the same bytes. Raise FileProblem where nothing may be written there.
    """
    with desk.reading() as session:
        for code in classes:
            require_class(session, code)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_beside(session, folder, classes, read_office(session).zone)
            return _write(session, folder / _MARKS.csv, classes)
        except OSError as error:
            raise FileProblem(
                "{path} cannot be written ({problem}); choose another place",
                path=str(error.filename or folder),
                problem=error.strerror or type(error).__name__,
            ) from None


def _write(session: Session, path: Path, classes: Collection[str]) -> int:
    zone = read_office(session).zone
    table, meeting = table_of(Mark), table_of(TrainingSession)
    query = select(*(table.c[column.field] for column in _MARKS.columns)).order_by(table.c.id)
    if classes:
        query = query.join(meeting, meeting.c.uid == table.c.session).where(
            meeting.c.class_code.in_(sorted(classes))
        )
    count = 0
    # written beside its place and moved there whole: nobody ever merges half of it
    handle, stage = tempfile.mkstemp(prefix=".marks-", suffix=".csv", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(_MARKS.place)
            rows = session.connection().execution_options(yield_per=_BATCH).execute(query)
            for row in rows:
                cells = tuple(
                    cell_text(column, value, zone)
                    for column, value in zip(_MARKS.columns, row, strict=True)
                )
                writer.writerow(neutralised(_MARKS, cells))
                count += 1
        Path(stage).chmod(0o644)
        Path(stage).replace(path)
    finally:
        Path(stage).unlink(missing_ok=True)
    return count
