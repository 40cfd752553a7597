"""The rows of a table that somebody typed: CSV in UTF-8 or GBK, or a workbook's first sheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final

from trainer.dataset.packed import too_much
from trainer.errors import FileProblem, Refused
from trainer.phrases import mark

#: No sheets of a class come near it.
MOST_BYTES: Final = 16 << 20
_UNREADABLE: Final = mark(
    "{path} is no table in UTF-8 or GBK; save it as CSV or XLSX and try again"
)


def read_table(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank with their numbers, the titles first.

    Raise FileProblem where the file cannot be read, Refused where it is no table.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise FileProblem(
            "{path} cannot be read ({problem}); check it and try again",
            path=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
    if data is None:
        raise Refused(
            "{path} has more than {most} MB; import its sheets in parts",
            path=str(path),
            most=MOST_BYTES >> 20,
        )
    rows = _workbook(path) if data.startswith(b"PK") else _text(path, data)
    found = [
        (number, cells)
        for number, cells in enumerate(rows, start=1)
        if any(cell.strip() for cell in cells)
    ]
    if len(found) < 2:  # noqa: PLR2004 - the titles and one sheet
        raise Refused("{path} has no rows below its titles; check it and try again", path=str(path))
    return found


def _text(path: Path, data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        first = text.split("\n", 1)[0]
        comma = max(",\t;", key=first.count)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True))
        except csv.Error:
            break
    raise Refused(_UNREADABLE, path=str(path))


def _workbook(path: Path) -> list[list[str]]:
    # only workbooks need it
    from python_calamine import CalamineError, CalamineWorkbook

    excess = too_much(path)
    if excess is not None:
        raise Refused(
            "{path} cannot be read: {problem}; save it as CSV and try again",
            path=str(path),
            problem=excess,
        )
    try:
        with CalamineWorkbook.from_path(path) as book:
            rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError):
        raise Refused(_UNREADABLE, path=str(path)) from None
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        # a spreadsheet keeps a choice's number as a number
        return str(int(value))
    return str(value)
