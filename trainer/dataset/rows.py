"""The rows behind each file of a dataset as text, in the same order on every database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Text, collate, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from db.work import table_of
from trainer.dataset.files import FILES
from trainer.dataset.schema import File
from trainer.dataset.text import cell_text

_BATCH: Final = 10_000


def present_files(session: Session) -> Iterator[File]:
    """Yield the files that an export writes: all but the optional ones that would be empty.

    Each has the columns that are written: all but the optional ones that nobody has filled in.
    """
    for file in FILES.values():
        if file.optional:
            keys = tuple(table_of(file.model).primary_key)
            if session.connection().execute(select(*keys).limit(1)).first() is None:
                continue
        yield _as_filled_in(session, file)


def _as_filled_in(session: Session, file: File) -> File:
    table = table_of(file.model)
    blank = set()
    for column in file.columns:
        if column.optional:
            kept = table.c[column.field]
            filled = select(kept).where(kept.is_not(None)).limit(1)
            if session.connection().execute(filled).first() is None:
                blank.add(column.name)
    if not blank:
        return file
    return replace(file, columns=tuple(each for each in file.columns if each.name not in blank))


def file_rows(session: Session, file: File, zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    """Yield the rows behind a file as text, in the order of its key."""
    table = table_of(file.model)
    columns = [(table.c[column.field], column) for column in file.columns]
    statement = select(*(column for column, _ in columns)).order_by(*_order(session, file))
    result = session.connection().execution_options(yield_per=_BATCH).execute(statement)
    rows = (
        tuple(
            cell_text(column, value, zone) for (_, column), value in zip(columns, row, strict=True)
        )
        for row in result
    )
    # facts without a key have no order of their own: the order of their text is as good as any
    return rows if file.key or file.sequence else iter(sorted(rows))


def _order(session: Session, file: File) -> list[ColumnElement[Any]]:
    table = table_of(file.model)
    names = [file.column(name).field for name in file.key or file.owner]
    if file.sequence:
        names.append(file.sequence)
    # SQLite orders text by its bytes; PostgreSQL by the customs of a country unless told
    bytewise = session.get_bind().dialect.name == "postgresql"
    return [
        collate(table.c[name], "C") if bytewise and _is_text(table.c[name]) else table.c[name]
        for name in names
    ]


def _is_text(column: ColumnElement[Any]) -> bool:
    return column.type.python_type is str if not isinstance(column.type, Text) else True
