"""A dataset as a workbook: a sheet per file, every cell as text, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from trainer.dataset.cells import NEUTRALISED
from trainer.dataset.files import OFFICE, OFFICE_SHEET
from trainer.dataset.office_file import settings_text
from trainer.dataset.rows import file_rows, present_files
from trainer.errors import Refused
from trainer.office import read_office

#: What the workbook's own properties say: the bytes must not depend on the day.
_CREATED: Final = dt.datetime(2023, 1, 1)  # noqa: DTZ001 - the format knows no zone


def write_workbook(session: Session, target: Path) -> dict[str, int]:
    """Write every file of the dataset as a sheet; raise Refused for what no sheet can hold."""
    # slow to import, and needed only here
    from xlsxwriter import Workbook

    target.parent.mkdir(parents=True, exist_ok=True)
    office = read_office(session)
    with tempfile.TemporaryDirectory(prefix=".trainer-export-", dir=target.parent) as folder:
        path = Path(folder) / "dataset.xlsx"
        book = Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
        book.set_properties({"created": _CREATED})
        _write_sheet(book, OFFICE_SHEET, ([line] for line in settings_text(office).splitlines()))
        counts = {OFFICE: 1}
        for file in present_files(session):
            rows = (
                [f"'{text}" if NEUTRALISED.match(text) else text for text in row]
                for row in file_rows(session, file, office.zone)
            )
            counts[file.csv] = _write_sheet(book, file.name, rows, tuple(file.place))
        book.close()
        path.replace(target)
    return counts


def _write_sheet(
    book: Any, name: str, rows: Iterable[list[str]], header: tuple[str, ...] = ()
) -> int:
    sheet = book.add_worksheet(name)
    for place, text in enumerate(header):
        sheet.write_string(0, place, text)
    if header:
        sheet.freeze_panes(1, 0)
    first = 1 if header else 0
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            if text and sheet.write_string(count - 1 + first, place, text) != 0:
                raise Refused(
                    "row {row} of {name} is more than a workbook can hold; export to a folder",
                    row=count + first,
                    name=name,
                )
    return count
