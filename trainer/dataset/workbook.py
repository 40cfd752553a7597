"""A dataset as a workbook: a sheet per file, the office's settings line by line in ``office``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from trainer.dataset.files import OFFICE, OFFICE_SHEET, file_by_title
from trainer.dataset.packed import DAMAGED, too_much
from trainer.dataset.problems import Problems
from trainer.dataset.source import Row, Sheet, Source, report_unknown
from trainer.phrases import Phrase, phrase

#: Sheets that people add to explain a workbook, and those that a program adds by itself.
IGNORED: Final = frozenset({"readme", "notes", "说明", "填表说明", "备注"})
_OFFICE_TITLES: Final = frozenset({OFFICE, OFFICE_SHEET, "设置", "单位设置"})


def open_workbook(path: Path, problems: Problems) -> Source:
    """Return the dataset's sheets of a workbook."""
    # a compiled reader, needed only for workbooks
    from python_calamine import CalamineError, CalamineWorkbook

    source = Source(path)
    path.open("rb").close()
    excess = too_much(path)
    if excess is None:
        try:
            book = CalamineWorkbook.from_path(str(path))
            names = book.sheet_names
        except (CalamineError, ValueError, OSError):
            excess = Phrase(DAMAGED)
    if excess is not None:
        mend = phrase("save its sheets as CSV, in parts")
        if excess.template == DAMAGED:
            mend = phrase("save it again as an unprotected .xlsx")
        problems.add(path.name, None, None, excess, mend)
        return source
    for name in names:
        title = name.strip().casefold()
        file = file_by_title(name)
        if title in _OFFICE_TITLES:
            source.office = (name, _settings_text(_cells(book, name, problems)))
        elif file is not None:
            source.add(_sheet(book, name, file), problems)
        elif title not in IGNORED and any(_cells(book, name, problems)):
            report_unknown(name, name, problems)
    return source


def _sheet(book: Any, name: str, file: Any) -> Sheet:
    def read(sheet: Sheet, problems: Problems) -> Iterator[Row]:
        before = len(problems)
        yield from enumerate(_cells(book, name, problems), start=1)
        sheet.whole = len(problems) == before

    return Sheet(file, name, read)


def _cells(book: Any, name: str, problems: Problems) -> list[list[Any]]:
    # the reader's own error class, imported late with it
    from python_calamine import CalamineError

    try:
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        problems.add(
            name,
            None,
            None,
            phrase("the sheet cannot be read"),
            phrase("save the workbook again as an unprotected .xlsx"),
        )
        return []
    return rows


def _settings_text(rows: list[list[Any]]) -> str:
    return "".join(f"{row[0] if row else ''}\n" for row in rows)
