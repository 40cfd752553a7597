"""Many rows at once, by the fastest way that each database has, and which keys are there already.

Rows are tuples in the order of the named columns. They go past the ORM and past SQLAlchemy's
compiler: on SQLite by the driver's ``executemany``, on PostgreSQL by COPY.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, Table
from sqlalchemy.exc import DBAPIError

from db.tables.columns import UtcDateTime, in_utc

#: One row, in the order of the columns that were named.
Row = tuple[Any, ...]
# the letters of an instant without its offset
_INSTANT: Final = len("2023-02-01 00:30:00.000000")


def insert_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]
) -> None:
    """Insert rows in the connection's transaction; columns not named get what the database says.

    Raise the errors that SQLAlchemy raises for a statement of its own.
    """
    if not rows:
        return
    columns = ", ".join(_quoted(connection, name) for name in names)
    place = f"{_quoted(connection, table.name)} ({columns})"
    bound = _bound(connection, [table.c[name] for name in names], rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {place} FROM STDIN", bound)
    else:
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {place} VALUES ({marks})"  # noqa: S608 - our own names, quoted
        connection.exec_driver_sql(statement, list(bound))


def keys_present(connection: Connection, column: Column[str], wanted: Iterable[str]) -> set[str]:
    """Return those of ``wanted`` that a text column holds, by one statement however many."""
    listed: Any = sorted(wanted)
    if connection.dialect.name == "postgresql":
        condition = "= ANY(%s)"
    else:
        condition, listed = "IN (SELECT value FROM json_each(?))", json.dumps(listed)
    name, table = _quoted(connection, column.name), _quoted(connection, column.table.name)
    statement = f"SELECT {name} FROM {table} WHERE {name} {condition}"  # noqa: S608 - our own names, quoted
    return set(connection.exec_driver_sql(statement, (listed,)).scalars())


def _bound(
    connection: Connection, columns: Sequence[Column[Any]], rows: Sequence[Row]
) -> Iterator[Row]:
    # column by column, because few of a table's columns need more than their plain value
    processors = [_processor(connection, column) for column in columns]
    if not any(processors):
        return iter(rows)
    values: list[Iterable[Any]] = [
        map(process, found) if process else found
        for process, found in zip(processors, zip(*rows, strict=True), strict=True)
    ]
    return zip(*values, strict=True)


def _processor(connection: Connection, column: Column[Any]) -> Callable[[Any], Any] | None:
    dialect = connection.dialect
    if isinstance(column.type, UtcDateTime) and dialect.name == "sqlite":
        return _instant_text
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _instant_text(value: dt.datetime | None) -> str | None:
    # what SQLAlchemy writes too, at a third of the time: a log has an instant in every row
    if value is None:
        return None
    utc = value if value.tzinfo is dt.UTC else in_utc(value)
    return utc.isoformat(" ", "microseconds")[:_INSTANT]


def _copy(connection: Connection, statement: str, rows: Iterable[Row]) -> None:
    driver: Any = connection.connection
    base = connection.dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except base as error:
        raise DBAPIError.instance(
            statement, None, error, base, dialect=connection.dialect
        ) from error


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
