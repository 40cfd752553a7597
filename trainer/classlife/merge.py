"""Bringing back what was recorded of class life in a database that was taken along.

All logs are sets of records that never change, so what is kept afterwards is the union of both:
any order, any number of times. Rows go through the same checks as those of a dataset; a record
known with other facts is refused with all that came with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import DBAPIError

from db.engine import is_file, open_engine, parse_url
from db.locks import take_turn
from db.work import UnitOfWork, table_of
from trainer.attendance.foreign import open_read_only
from trainer.attendance.incoming import Arrival, merge_marks
from trainer.dataset.changes import Changes, changes_of_events
from trainer.dataset.check import Facts, check_tables
from trainer.dataset.files_classlife import CLASSLIFE
from trainer.dataset.parse import Table, parse_sheet
from trainer.dataset.problems import Problem, Problems
from trainer.dataset.schema import File
from trainer.dataset.source import TABLES, WORKBOOKS, Row, Sheet
from trainer.dataset.store import store_changes
from trainer.dataset.stored import Stored
from trainer.dataset.text import cell_text
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused
from trainer.office import Office


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a merge: new and known records by file; with problems nothing was changed."""

    problems: tuple[Problem, ...] = ()
    new: dict[str, int] = field(default_factory=dict)
    known: int = 0

    @property
    def count(self) -> int:
        """How many records are new."""
        return sum(self.new.values())

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "ok": not self.problems,
            "new": self.new,
            "known": self.known,
            "problems": [problem.document() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Home:
    """What came of a class that was brought back: its marks, and its life where it brought any."""

    marks: Arrival
    life: Brought | None = None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        life = {"class_life": self.life.document()} if self.life else {}
        return self.marks.document() | life


def bring_back(desk: Desk, source: str) -> Home:
    """Take over the marks and the class life of a folder or database: all of both, or nothing.

    With problems (of either, in ``marks``) nothing is changed. Raise FileProblem where nothing is
    there, Refused where it is damaged or foreign.
    """
    if not is_database(source):
        return Home(merge_marks(desk, source))
    taken: list[Brought] = []

    def along(work: UnitOfWork, problems: Problems) -> int:
        # another try reads all of it again: its outcome is the one that counts
        taken[:] = [_take_over(work, source, problems)]
        return taken[-1].count

    marks = merge_marks(desk, source, along=along)
    return Home(marks, taken[-1] if taken and not marks.problems else None)


def merge_class_life(desk: Desk, source: str) -> Brought:
    """Take over every record of class life of another database, all or nothing.

    A database of an older version, which has none, brings nothing. Raise FileProblem where there is
    no database, Refused where it is damaged or foreign.
    """
    problems = Problems()
    _database(source)
    with desk.writing(f"merge {Path(source).name}") as work:
        take_turn(work.connection, "marks")
        found = _take_over(work, source, problems)
        if len(problems):
            return Brought(problems.sorted())
        if found.count:
            work.commit()
        return found


def _take_over(work: UnitOfWork, source: str, problems: Problems) -> Brought:
    """Write what is new of class life, unless ``problems`` are found; nothing is committed."""
    path = _database(source)
    shown = path.name if path else "database"
    engine = open_read_only(path) if path else open_engine(source)
    try:
        changes = _read(work, engine, shown, problems)
    except (DBAPIError, ValueError, TypeError) as error:
        raise Refused(
            "{name} is damaged, or not a database of this program; nothing was changed: name "
            "another",
            name=shown,
        ) from error
    finally:
        if path is not None:
            engine.dispose()
    if not len(problems):
        store_changes(work, changes)
    return Brought(
        new={found.file.csv: len(found.new) for found in changes if found.new},
        known=sum(found.unchanged for found in changes),
    )


def _read(work: UnitOfWork, engine: Engine, shown: str, problems: Problems) -> list[Changes]:
    there = set(inspect(engine).get_table_names())
    stored = Stored(work.connection)
    zone = (stored.office() or Office()).zone
    tables = {
        file.name: parse_sheet(_sheet(engine, file, shown), zone, problems)
        for file in CLASSLIFE
        if table_of(file.model).name in there
    }
    # rooms are facts of the office: those that it does not know were met in the field
    for table in tables.values():
        if not table.file.union:
            _leave_known(table, stored)
    check_tables(Facts(tables, stored, None, problems))
    return [_changes(table, stored) for table in tables.values()]


def _leave_known(table: Table, stored: Stored) -> None:
    (place,) = table.file.places(table.file.key)
    known = stored.codes(table.file.name)
    kept = [
        (number, row)
        for number, row in zip(table.numbers, table.rows, strict=True)
        if row[place] not in known
    ]
    table.numbers, table.rows = [number for number, _ in kept], [row for _, row in kept]


def is_database(source: str) -> bool:
    """Tell whether a source of marks is a database, which may hold class life too."""
    path = Path(source)
    if "://" in source:
        return True
    if path.is_dir():
        return not (path / "marks.csv").exists()
    return path.suffix.casefold() not in WORKBOOKS | TABLES


def _changes(table: Table, stored: Stored) -> Changes:
    (key,) = table.file.key
    return changes_of_events(table, {row[key] for row in stored.rows(table.file)})


def _database(source: str) -> Path | None:
    """Return the file of a database given by path, folder or address; None on a server."""
    path = Path(source)
    if "://" in source:
        url = parse_url(source)
        if not is_file(url):
            return None
        path = Path(str(url.database))
    if path.is_dir():
        found = sorted(path.glob("*.db"))
        path = found[0] if len(found) == 1 else path / "office.db"
    if not path.exists():
        raise FileProblem(
            "there is no database at {path}; name the one that “trainer attendance export "
            "--database” wrote",
            path=str(path),
        )
    return path


def _sheet(engine: Engine, file: File, shown: str) -> Sheet:
    def read(sheet: Sheet, _problems: Problems) -> Iterator[Row]:
        table = table_of(sheet.file.model)
        yield 1, list(sheet.file.place)
        query = select(*(table.c[column.field] for column in sheet.file.columns))
        with engine.connect() as connection:
            rows = connection.execute(query.order_by(*table.primary_key))
            for number, row in enumerate(rows, start=2):
                cells = zip(sheet.file.columns, row, strict=True)
                yield number, [cell_text(column, value) for column, value in cells]

    return Sheet(file, shown, read)
