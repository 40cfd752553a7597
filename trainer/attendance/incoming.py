"""Marks from outside: a file, another office's folder, or another database, all or nothing.

What arrives is a set of events, and what is kept afterwards is the union of both sets. So it does
not matter in which order, how often or by which way marks arrive; an event that is known already
changes nothing. An event whose id is known with other facts is refused with all that came with it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from db.locks import take_turn
from db.tables import MarkState, TrainingSession
from db.work import table_of
from trainer.attendance.conflicts import conflicting
from trainer.attendance.expected import CANCELLED
from trainer.attendance.foreign import database_sheet
from trainer.attendance.guests import take_over_guests
from trainer.attendance.odd import Odd, odd_events
from trainer.attendance.record import record_many
from trainer.dataset.check import Facts, check_tables
from trainer.dataset.files import FILES
from trainer.dataset.folder import csv_sheet
from trainer.dataset.parse import BAD, Table, parse_sheet
from trainer.dataset.problems import Problem, Problems
from trainer.dataset.schema import File
from trainer.dataset.source import TABLES, WORKBOOKS, Sheet, file_errors
from trainer.dataset.stored import Stored
from trainer.dataset.workbook import open_workbook
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused
from trainer.office import Office
from trainer.phrases import phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: What ids are made from where a file gives none: the same row always gets the same one.
_NAMESPACE: Final = uuid.UUID("5b1f4d2e-7a43-4c1e-9f0d-6f1f4b8f2a10")
_LATER: Final = ("id", "at")
_SQLITE: Final = b"SQLite format 3\x00"


def _lenient(file: File) -> File:
    columns = tuple(
        dataclasses.replace(column, required=False) if column.name in _LATER else column
        for column in file.columns
    )
    return dataclasses.replace(file, columns=columns)


#: marks.csv as it may come in: without an id, or without an instant (then the session's start).
MARKS: Final = _lenient(FILES["marks"])


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of marks that arrived; with problems nothing did.

    ``conflicts`` are those among the people and sessions concerned, ``open`` all of the database.
    """

    problems: tuple[Problem, ...] = ()
    new: int = 0
    known: int = 0
    conflicts: int = 0
    open: int = 0
    odd: tuple[Odd, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the outcome as JSON holds it."""
        return {
            "ok": not self.problems,
            "new": self.new,
            "known": self.known,
            "conflicts": self.conflicts,
            "conflicts_open": self.open,
            "odd": [odd.document() for odd in self.odd],
            "problems": [problem.document() for problem in self.problems],
        }


def import_marks(desk: Desk, path: Path, *, dry_run: bool = False) -> Arrival:
    """Import a file of marks in the dataset's columns; new marks of cancelled sessions are refused.

    Raise FileProblem where it is missing, Refused where it is no file of marks at all.
    """
    problems = Problems()
    with file_errors(path):
        sheet = _file_sheet(path, problems)
        return _arrive(
            desk, sheet, problems, reason=f"import {path.name}", strict=True, dry_run=dry_run
        )


def merge_marks(desk: Desk, source: str) -> Arrival:
    """Take over every mark of a folder with marks.csv, or of another database.

    Events of sessions that are cancelled here are kept in the log, where they count nowhere, and
    listed as odd. Raise FileProblem where nothing is there, Refused for a damaged or foreign file.
    """
    problems = Problems()
    path = Path(source)
    with file_errors(path):
        sheet, guests = _merge_sheet(source, problems)
        reason = f"merge {path.resolve().name}"
        return _arrive(desk, sheet, problems, reason=reason, strict=False, guests=guests)


def _file_sheet(path: Path, problems: Problems) -> Sheet | None:
    if not path.exists():
        raise FileProblem("there is no file {path}; name a file of marks", path=str(path))
    if path.is_dir():
        raise Refused(
            "{path} is a folder; name a file of marks, or bring in a folder with “trainer "
            "attendance merge”",
            path=str(path),
        )
    kind = path.suffix.casefold()
    if kind in WORKBOOKS:
        found = open_workbook(path, problems).sheets
        sheet = next((sheet for sheet in found if sheet.file.name == MARKS.name), None)
        if sheet is not None:
            return dataclasses.replace(sheet, file=MARKS)
        if len(problems):
            return None
    elif kind in TABLES:
        return csv_sheet(path, MARKS)
    raise Refused(
        "{path} is not a file of marks; name a CSV file, or a workbook with a sheet “marks”, with "
        "the columns {columns}",
        path=str(path),
        columns=", ".join(MARKS.place),
    )


def _merge_sheet(source: str, problems: Problems) -> tuple[Sheet | None, list[dict[str, Any]]]:
    path = Path(source)
    if "://" in source:
        return database_sheet(source, MARKS)
    if path.is_dir():
        return _folder_sheet(path)
    if path.exists() and path.suffix.casefold() not in WORKBOOKS | TABLES:
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                raise Refused(
                    "{path} is neither a database of this program nor a folder with marks.csv; "
                    "nothing was changed: name one of those",
                    path=str(path),
                )
        return database_sheet(str(path), MARKS)
    return _file_sheet(path, problems), []


def _folder_sheet(path: Path) -> tuple[Sheet, list[dict[str, Any]]]:
    databases = sorted(path.glob("*.db"))
    marks = path / MARKS.csv
    if marks.exists() and databases:
        raise Refused(
            "there are both {file} and {database} in {path}, and either may be the newer; name "
            "one of them, then the other",
            file=MARKS.csv,
            database=databases[0].name,
            path=str(path),
        )
    if marks.exists():
        return csv_sheet(marks, MARKS), []
    if len(databases) == 1:
        return database_sheet(str(databases[0]), MARKS)
    raise Refused(
        "there is no {file} in {path}; name the folder that “trainer attendance export” wrote, "
        "or a database",
        file=MARKS.csv,
        path=str(path),
    )


def _arrive(
    desk: Desk,
    sheet: Sheet | None,
    problems: Problems,
    *,
    reason: str,
    strict: bool,
    dry_run: bool = False,
    guests: Iterable[Mapping[str, Any]] = (),
) -> Arrival:
    if sheet is None:
        return Arrival(problems.sorted())
    with desk.writing(reason) as work:
        take_turn(work.connection, "marks")
        met = take_over_guests(work, guests)
        stored = Stored(work.connection)
        office = stored.office() or Office()
        table = parse_sheet(sheet, office.zone, problems)
        sessions = _sessions(work)
        _complete(table, {uid: row.start for uid, row in sessions.items()})
        facts = Facts({MARKS.name: table}, stored, None, problems)
        check_tables(facts)
        if strict:
            _refuse_cancelled(facts, table, lambda uid: sessions[uid].status == CANCELLED)
        if len(problems):
            return Arrival(problems.sorted())
        arrived = {row[MARKS.place["id"]]: row for row in table.rows}
        rows = [
            dict(zip(MARKS.fields, row, strict=True))
            for id_, row in arrived.items()
            if id_ not in facts.marks
        ]
        if rows:
            record_many(work, rows)
        pairs = {(row["session"], row["person"]) for row in rows}
        arrival = Arrival(
            new=len(rows),
            known=len(table.rows) - len(rows),
            conflicts=len(conflicting(work.session, pairs)),
            open=_open_conflicts(work),
            odd=tuple(odd_events(work.session, rows, now=desk.clock.now())),
        )
        if (rows or met) and not dry_run:
            work.commit()
        return arrival


def _sessions(work: UnitOfWork) -> dict[str, Any]:
    table = table_of(TrainingSession)
    query = select(table.c.uid, table.c.start, table.c.status)
    return {row.uid: row for row in work.connection.execute(query)}


def _open_conflicts(work: UnitOfWork) -> int:
    table = table_of(MarkState)
    query = select(func.count()).select_from(table).where(table.c.conflict)
    return int(work.connection.execute(query).scalar_one())


def _complete(table: Table, starts: dict[str, dt.datetime]) -> None:
    # an id made from what the row says, so that the same row is the same event for ever
    ids, ats, sessions = (MARKS.place[name] for name in ("id", "at", "session"))
    unknown = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    for index, row in enumerate(table.rows):
        if row[ids] is not None and row[ats] is not None:
            continue
        cells = list(row)
        if cells[ats] is None:
            cells[ats] = starts.get(row[sessions], unknown)
        if cells[ids] is None:
            facts = [str(cell) if cell is not None else None for cell in cells]
            cells[ids] = str(uuid.uuid5(_NAMESPACE, json.dumps(facts, ensure_ascii=False)))
        table.rows[index] = tuple(cells)


def _refuse_cancelled(facts: Facts, table: Table, cancelled: Callable[[str], bool]) -> None:
    ids, sessions = table.file.place["id"], table.file.place["session"]
    known = facts.stored.codes("sessions")
    for index, row in enumerate(table.rows):
        uid = row[sessions]
        if uid is BAD or uid not in known or row[ids] in facts.marks:
            continue
        if cancelled(uid):
            facts.report(
                table,
                index,
                "session",
                phrase("the session is cancelled"),
                phrase("leave the row out, or name the session that was held instead"),
            )
