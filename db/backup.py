"""Backups: one SQLite file that holds every row, whichever kind of database it came from."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from db.engine import WRITES, is_file, open_engine, parse_url
from db.errors import FileProblem, Refused
from db.setup import HEAD, prepare, revision_of
from db.tables import metadata
from db.work import storage_error

_CHUNK: Final = 5_000


def back_up(url: str, path: Path) -> int:
    """Write a backup to ``path`` (replaced whole, or not at all); return its number of rows."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch()
    except OSError as error:
        raise _not_written(path, error) from None
    try:
        if is_file(parse_url(url)):
            _copy_file(Path(str(parse_url(url).database)), partial)
        else:
            _copy_rows(url, f"sqlite:///{partial}")
        rows = _count(f"sqlite:///{partial}")
        partial.replace(path)
    except DBAPIError as error:
        raise storage_error(error) from error
    except OSError as error:
        raise _not_written(path, error) from None
    finally:
        for leftover in (partial, Path(f"{partial}-wal"), Path(f"{partial}-shm")):
            leftover.unlink(missing_ok=True)
    return rows


def restore(url: str, path: Path) -> int:
    """Put the backup's rows in place of everything in the database, in one transaction.

    Return the number of rows. Raise FileProblem for a missing file, Refused for one that is not a
    whole backup of this version.
    """
    if not path.is_file():
        raise FileProblem("there is no file {path}; name a backup that exists", path=str(path))
    _check_whole(path)
    prepare(url)
    source = open_engine(f"sqlite:///{path}")
    try:
        with (
            source.connect() as read,
            open_engine(url).execution_options(**{WRITES: True}).begin() as write,
        ):
            for table in reversed(metadata.sorted_tables):
                write.execute(table.delete())
            return _copy_tables(read, write)
    except DBAPIError as error:
        raise storage_error(error) from error
    finally:
        source.dispose()


def _check_whole(path: Path) -> None:
    refusal = Refused(
        "{path} is not a whole backup of this program's version; name another", path=str(path)
    )
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        raise refusal from None
    if not whole or version != (HEAD,):
        raise refusal


def _copy_file(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as write,
    ):
        read.backup(write)
        # a backup travels as one file: without the write-ahead log beside it
        write.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(source_url: str, target_url: str) -> None:
    target = open_engine(target_url)
    prepare(target_url)
    with (
        open_engine(source_url).connect() as read,
        target.execution_options(**{WRITES: True}).begin() as write,
    ):
        _copy_tables(read, write)
    with target.connect() as connection:
        connection.commit()
        connection.connection.execute("PRAGMA journal_mode=DELETE")
    target.dispose()


def _copy_tables(read: Connection, write: Connection) -> int:
    count = 0
    for table in metadata.sorted_tables:
        for rows in _chunks(read, select(table)):
            write.execute(insert(table), rows)
            count += len(rows)
        _restart_counter(write, table)
    return count


def _chunks(read: Connection, statement: Any) -> Iterator[list[dict[str, Any]]]:
    result = read.execution_options(yield_per=_CHUNK).execute(statement)
    for part in result.mappings().partitions():
        yield [dict(row) for row in part]


def _restart_counter(write: Connection, table: Any) -> None:
    # PostgreSQL's own counters know nothing of rows that were copied with their numbers
    column = table.autoincrement_column
    if write.dialect.name != "postgresql" or column is None or table.name in ("audit", "office"):
        return
    sequence = write.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    if sequence:
        following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
        write.execute(select(func.setval(sequence, following, False)))


def _count(url: str) -> int:
    engine = open_engine(url)
    try:
        if revision_of(engine) != HEAD:
            raise Refused(
                "the database is not of this version; run “trainer init” first, then back it up"
            )
        with engine.connect() as connection:
            return sum(
                connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            )
    finally:
        engine.dispose()


def _not_written(path: Path, error: OSError) -> FileProblem:
    return FileProblem(
        "the backup {path} cannot be written ({problem}); choose another place",
        path=str(path),
        problem=error.strerror or type(error).__name__,
    )
