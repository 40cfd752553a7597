"""The marks of another database, read without changing it and without trusting it.

Its rows go through the same reading and the same checks as those of a file.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.audit import broken_links
from db.engine import is_file, open_engine, parse_url
from db.setup import HEAD
from db.tables import Mark, Person, metadata
from db.work import table_of
from trainer.attendance.guests import GUEST
from trainer.attendance.proof import changed_marks
from trainer.dataset.problems import Problems
from trainer.dataset.schema import File
from trainer.dataset.source import Row, Sheet
from trainer.dataset.text import cell_text
from trainer.errors import FileProblem, Refused

_BATCH: Final = 10_000
_REVISION: Final = "alembic_version"


def database_sheet(text: str, file: File) -> tuple[Sheet, list[dict[str, Any]]]:
    """Return the marks of the database at an address or path as a sheet, and its guests.

    Raise FileProblem where there is none, Refused where it is damaged or not of this program.
    """
    url = parse_url(text)
    path = Path(str(url.database)) if is_file(url) else None
    if path is not None and not path.exists():
        raise FileProblem(
            "there is no database at {path}; name a folder with marks.csv, or a database",
            path=str(path),
        )
    shown = path.name if path else url.render_as_string(hide_password=True)
    engine = open_read_only(path) if path else open_engine(text)
    guests = _check(engine, path, shown)

    def read(sheet: Sheet, _problems: Problems) -> Iterator[Row]:
        try:
            yield from _rows(engine, sheet.file)
        except (DBAPIError, ValueError, TypeError) as error:
            raise _foreign(shown) from error

    return Sheet(file, shown, read), guests


def open_read_only(path: Path) -> Engine:
    """Return an engine at a database file that it cannot change in any way."""
    # a mistaken argument must not be touched, not even by a change of its journal mode
    place = _Place(path)
    _distrust(place, path.name)
    return create_engine("sqlite://", poolclass=NullPool, creator=place.connect)


def _distrust(place: _Place, shown: str) -> None:
    # a view in the place of a table can say anything for ever, and a virtual one runs what it
    # likes; damage is told by whoever reads on
    try:
        with closing(place.connect()) as connection:
            kinds = {
                name: kind if "VIRTUAL" not in (sql or "")[:20].upper() else "virtual"
                for name, kind, sql in connection.execute(
                    "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
                )
            }
            if any(kinds.get(name, "table") != "table" for name in (*metadata.tables, _REVISION)):
                raise _foreign(shown)
            found = ""
            if _REVISION in kinds:
                row = connection.execute(f"SELECT version_num FROM {_REVISION}").fetchone()  # noqa: S608 - our own word
                found = str(row[0]) if row else ""
    except sqlite3.Error:
        return
    except UnicodeDecodeError as error:
        raise _foreign(shown) from error
    if found > HEAD:
        raise Refused(
            "{name} was made by a newer version of this program; nothing was changed: upgrade the "
            "program here, then try again",
            name=shown,
        )


class _Place:
    # where a database is read; a copy of it goes when nobody reads it any more

    def __init__(self, path: Path) -> None:
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        # SQLite writes beside a database even to read it, which a protected stick does not let it
        if _is_readable(path):
            self._address = _plain(path)
            return
        log = path.with_name(f"{path.name}-wal")
        if not log.exists() or not log.stat().st_size:
            self._address = f"{_plain(path)}&immutable=1"
            return
        self._copy = tempfile.TemporaryDirectory(prefix="trainer-")
        for each in (path, log):
            shutil.copyfile(each, Path(self._copy.name) / each.name)
        self._address = _plain(Path(self._copy.name) / path.name)

    def connect(self) -> sqlite3.Connection:
        """Open the database for reading."""
        return sqlite3.connect(self._address, uri=True, check_same_thread=False)


def _plain(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _is_readable(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(_plain(path), uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        # what is damaged is told by whoever reads on
        return True
    return True


def _check(engine: Engine, path: Path | None, shown: str) -> list[dict[str, Any]]:
    person = table_of(Person)
    met = select(person.c.code, person.c.name, person.c.unit).where(person.c.category == GUEST)
    try:
        with engine.connect() as connection:
            if path is not None:
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                if found != "ok" or not _is_whole(connection):
                    raise _foreign(shown)
            connection.execute(select(table_of(Mark)).limit(1)).all()
            guests = [dict(row) for row in connection.execute(met).mappings()]
    except (DBAPIError, ValueError, TypeError) as error:
        raise _foreign(shown) from error
    return [row for row in guests if row["code"] and row["name"]]


def _is_whole(connection: Connection) -> bool:
    # damage within a cell leaves the file's form as it was: the audit trail tells of it
    return not any(broken_links(connection)) and not any(changed_marks(connection))


def _rows(engine: Engine, file: File) -> Iterator[Row]:
    table = table_of(Mark)
    yield 1, list(file.place)
    query = select(*(table.c[column.field] for column in file.columns)).order_by(table.c.id)
    with engine.connect() as connection:
        result = connection.execution_options(yield_per=_BATCH).execute(query)
        for number, row in enumerate(result, start=2):
            cells = zip(file.columns, row, strict=True)
            yield number, [cell_text(column, value) for column, value in cells]


def _foreign(shown: str) -> Refused:
    return Refused(
        "{name} is damaged, or not a database of this program; nothing was changed: name another, "
        "or a folder that “trainer attendance export” wrote",
        name=shown,
    )
