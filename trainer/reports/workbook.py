"""A report as a workbook of one sheet."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

from trainer.printing.cells import safe_cell
from trainer.reports.report import Column, Report, Row

#: A workbook says when it was made; ours says the same each time, so that equal data are equal.
_MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zone
_NUMBER_FORMATS: Final = {"rate": "0.0%", "hours": "0.##", "money": "0.00", "date": "yyyy-mm-dd"}
_WIDEST: Final = 40


def workbook_of(report: Report) -> bytes:
    """Return the bytes of the workbook."""
    # heavy, and needed for workbooks only
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False,
                                     "strings_to_urls": False})  # fmt: skip
    book.set_properties({"title": report.title.text(), "created": _MADE})
    sheet = book.add_worksheet(report.title.text()[:31])
    head = book.add_format({"bold": True, "bg_color": "#EEEEFF", "border": 1})
    sheet.write_string(0, 0, report.title.text(), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, report.subtitle.text())
    for place, column in enumerate(report.columns):
        sheet.write_string(2, place, column.title.text(), head)
        sheet.set_column(place, place, _width(report, column))
    sheet.freeze_panes(3, 1)
    formats = [_formats(book, column) for column in report.columns]
    for number, row in enumerate(report.rows, start=3):
        for place, column in enumerate(report.columns):
            _write(sheet, number, place, row.get(column.key), formats[place][0])
    last = 3 + len(report.rows)
    for place, column in enumerate(report.columns):
        value = report.total.get(column.key)
        if place == 0 and value is None:
            value = report.total.get("name")
        elif column.key == "name":
            value = None
        _write(sheet, last, place, value, formats[place][1])
    book.close()
    return out.getvalue()


def _formats(book: Any, column: Column) -> tuple[Any, Any]:
    shape: dict[str, Any] = {"border": 1}
    if column.kind in _NUMBER_FORMATS:
        shape["num_format"] = _NUMBER_FORMATS[column.kind]
    return book.add_format(shape), book.add_format({**shape, "bold": True})


def _write(sheet: Any, row: int, place: int, value: Any, shape: Any) -> None:
    if value is None:
        sheet.write_blank(row, place, None, shape)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, place, value, shape)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, dt.datetime.combine(value, dt.time()), shape)
    else:
        sheet.write_string(row, place, safe_cell(str(value)), shape)


def _width(report: Report, column: Column) -> int:
    # a Chinese letter is as wide as two others
    from rich.cells import cell_len

    rows: tuple[Row, ...] = (*report.rows, report.total)
    texts = [column.title.text(), *(str(row.get(column.key) or "") for row in rows)]
    return min(_WIDEST, max(cell_len(text) for text in texts) + 2)
