"""Reading workbooks as spreadsheets really save them, and writing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from db.tables import Person, Unit, Venue
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.desk import Desk

WriteFolder = Callable[[Mapping[str, str]], Path]


def write_book(path: Path, sheets: Mapping[str, list[list[Any]]]) -> Path:
    """Write a workbook with real numbers and dates, as a spreadsheet program does."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    clock = book.add_format({"num_format": "hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.time):
                    sheet.write_datetime(row, column, cell, clock)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(row, column, cell, day)
                else:
                    sheet.write(row, column, cell)
    book.close()
    return path


def test_real_cells(desk: Desk, tmp_path: Path) -> None:
    """Integers that a sheet keeps as floats are codes again; dates, times, flags are themselves."""
    path = write_book(
        tmp_path / "data.xlsx",
        {
            "单位": [["代码", "名称"], [370829104, "疃里镇"], [], ["U-2", "镇"]],
            "people": [
                ["code", "姓名", "unit", "birth_year", "phone", "joined"],
                [1, "甲", 370829104, 1990, 5371234567, dt.date(2012, 7, 1)],
            ],
            "venues": [
                ["code", "name", "kind", "capacity", "open_from", "closed_weekdays", "season_from"],
                ["V1", "教室", "教室", 60, dt.time(8, 30), 7, dt.date(2023, 4, 1)],
            ],
            "说明": [["填表说明"]],
            "Sheet4": [],
        },
    )
    outcome = import_dataset(desk, path)
    assert [problem.text() for problem in outcome.problems] == []
    with desk.reading() as session:
        assert session.get(Unit, "370829104") is not None
        person = session.get(Person, "1")
        venue = session.get(Venue, "V1")
        assert person is not None
        assert venue is not None
        assert (person.unit, person.birth_year, person.phone, person.joined) == (
            "370829104",
            1990,
            "5371234567",
            dt.date(2012, 7, 1),
        )
        assert (venue.open_from, venue.closed_weekdays, venue.season_from) == (
            dt.time(8, 30),
            ("7",),
            "04-01",
        )


def test_problems_name_sheet_and_row(desk: Desk, tmp_path: Path) -> None:
    """Rows are counted as the sheet shows them; a sheet of an unknown name is a problem."""
    path = write_book(
        tmp_path / "data.xlsx",
        {
            "单位": [[], ["代码", "名称"], ["U1", "甲"], [], ["U1", "乙"]],
            "venue": [["code"]],
        },
    )
    outcome = import_dataset(desk, path)
    assert [(one.file, one.row, one.column) for one in outcome.problems] == [
        ("venue", None, None),
        ("单位", 5, "代码"),
    ]


def test_damaged_workbook(desk: Desk, tmp_path: Path) -> None:
    """A file that is no workbook is one problem, not a crash."""
    path = tmp_path / "data.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    outcome = import_dataset(desk, path)
    assert [one.file for one in outcome.problems] == ["data.xlsx"]


def test_exported_workbook_is_the_same_dataset_and_the_same_bytes(
    desk: Desk, county: dict[str, str], write_folder: WriteFolder, tmp_path: Path
) -> None:
    """A workbook carries the settings too; importing it into its own database changes nothing."""
    import_dataset(desk, write_folder(county))
    export_dataset(desk, tmp_path / "one.xlsx")
    export_dataset(desk, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    outcome = import_dataset(desk, tmp_path / "one.xlsx")
    assert outcome.ok
    assert all(counts["unchanged"] == sum(counts.values()) for counts in outcome.changes.values())
    assert outcome.changes["office.toml"]["unchanged"] == 1
