"""Where marks come from: a file, a folder with the log as text, or a database of another office."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Final

from trainer.attendance.foreign import database_sheet
from trainer.dataset.files import FILES
from trainer.dataset.folder import csv_sheet
from trainer.dataset.problems import Problems
from trainer.dataset.schema import File
from trainer.dataset.source import TABLES, WORKBOOKS, Sheet
from trainer.dataset.workbook import open_workbook
from trainer.errors import FileProblem, Refused

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


def file_sheet(path: Path, problems: Problems) -> Sheet | None:
    """Return the marks of a file, None where it is a workbook that cannot be read.

    Raise FileProblem where there is none, Refused for what is no file of marks at all.
    """
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


def merge_sheet(source: str, problems: Problems) -> tuple[Sheet | None, list[dict[str, Any]]]:
    """Return the marks of another office, and the guests of its database.

    Raise FileProblem where nothing is there, Refused for what is none.
    """
    path = Path(source)
    if "://" not in source and not path.exists():
        raise FileProblem(
            "there is nothing at {path}; name a folder that “trainer attendance export” wrote, or "
            "a database",
            path=source,
        )
    if "://" in source:
        return database_sheet(source, MARKS)
    if path.is_dir():
        return _folder_sheet(path)
    if path.suffix.casefold() not in WORKBOOKS | TABLES:
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                raise Refused(
                    "{path} is neither a database of this program nor a folder with marks.csv; "
                    "nothing was changed: name one of those",
                    path=str(path),
                )
        return database_sheet(str(path), MARKS)
    return file_sheet(path, problems), []


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


def source_file(path: Path) -> Path:
    """Return the one file of marks that a folder holds: the log as text, or a database."""
    if not path.is_dir():
        return path
    marks = path / MARKS.csv
    return marks if marks.exists() else next(iter(sorted(path.glob("*.db"))), marks)
