"""Every format holds the same figures, runs nothing, and is the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from trainer.errors import UsageError
from trainer.phrases import phrase
from trainer.printing.keep import keep
from trainer.reports.formats import FORMATS, render
from trainer.reports.report import Column, Report

REPORT = Report(
    "attendance",
    phrase("Attendance"),
    phrase("all dates"),
    (
        Column("unit", phrase("unit"), "text"),
        Column("name", phrase("name"), "text"),
        Column("attended", phrase("attended")),
        Column("rate", phrase("attendance rate"), "rate"),
        Column("hours", phrase("hours"), "hours"),
    ),
    (
        {"unit": "U1", "name": "=HYPERLINK(1)", "attended": 3, "rate": 0.5, "hours": 12.25},
        {"unit": None, "name": "<b>甲乡</b>", "attended": -1, "rate": None, "hours": 0.0},
    ),
    {"unit": None, "name": "total", "attended": 2, "rate": 0.25, "hours": 12.25},
)


@pytest.mark.parametrize("kind", FORMATS)
def test_render_gives_the_same_bytes(kind: str) -> None:
    """Twice the same report is twice the same document."""
    assert render(REPORT, kind) == render(REPORT, kind)


def test_json_has_rows_and_total() -> None:
    """Nothing is lost or rounded on the way."""
    document = json.loads(render(REPORT, "json"))
    assert document == {"rows": [dict(row) for row in REPORT.rows], "total": dict(REPORT.total)}


def test_csv_neutralises_formulas_but_not_numbers() -> None:
    """Text that a spreadsheet would run is disarmed; a negative number stays one."""
    rows = list(csv.reader(io.StringIO(render(REPORT, "csv").decode())))
    assert rows == [
        ["unit", "name", "attended", "rate", "hours"],
        ["U1", "'=HYPERLINK(1)", "3", "0.5", "12.25"],
        ["", "<b>甲乡</b>", "-1", "", "0.0"],
        ["total", "", "2", "0.25", "12.25"],
    ]


def test_table_is_aligned_by_cells() -> None:
    """Chinese letters take two cells: every line of figures ends in the same column."""
    from rich.cells import cell_len

    lines = render(REPORT, "table").decode().splitlines()
    assert lines[0] == "Attendance  all dates"
    assert lines[3].endswith("3            50.0%  12.25")
    assert len({cell_len(line) for line in (lines[1], lines[3], lines[4], lines[6])}) == 1


def test_html_escapes_what_somebody_typed() -> None:
    """A name with a tag in it is text."""
    page = render(REPORT, "html").decode()
    assert "&lt;b&gt;甲乡&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "<script" not in page


def test_xlsx_holds_numbers_as_numbers_and_text_as_text(tmp_path: Path) -> None:
    """Read back by an independent reader."""
    from python_calamine import CalamineWorkbook

    keep(render(REPORT, "xlsx"), tmp_path / "r.xlsx")
    (name,) = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).sheet_names
    rows = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).get_sheet_by_name(name)
    found = rows.to_python()
    assert found[3] == ["U1", "'=HYPERLINK(1)", 3.0, 0.5, 12.25]
    assert found[-1] == ["total", "", 2.0, 0.25, 12.25]


def test_pdf_carries_the_chinese_font() -> None:
    """The document embeds a font that has the letters; a missing one would have been refused."""
    data = render(REPORT, "pdf")
    assert data.startswith(b"%PDF")
    assert b"NotoSansCJK" in data


def test_unknown_format_is_refused() -> None:
    """Those that there are are named."""
    with pytest.raises(UsageError, match="no format “docx”; use one of: table, csv"):
        render(REPORT, "docx")
