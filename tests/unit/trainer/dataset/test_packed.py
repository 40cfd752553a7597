"""A workbook is looked at before it is read: by what it holds, not by what it says of itself."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.broken_workbooks import SHEET, good, rewritten
from tests.factories.old_workbooks import ods, ods_row, xls
from trainer.dataset import packed
from trainer.dataset.opening import open_source
from trainer.dataset.packed import too_much
from trainer.dataset.problems import Problems

ROWS = (("id", "session"), ("m1", "S1"))
MORE = "a sheet of the workbook has more cells than any sheet"
DAMAGED = "the workbook cannot be read: it is damaged, protected or not a workbook"
FAR = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
SEAM = b" " * (1 << 20)


def verdict(path: Path, data: bytes) -> str | None:
    """Return what is said of a workbook, None where it may be read."""
    path.write_bytes(data)
    said = too_much(path)
    return said.text("en") if said else None


def lying(data: bytes, name: str, length: int) -> bytes:
    """Return a workbook whose list says another length of one of its parts, here and there."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        place = old.getinfo(name).header_offset
    listed = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    found = bytearray(data)
    found[place + 22 : place + 26] = struct.pack("<I", length)
    found[listed + 24 : listed + 28] = struct.pack("<I", length)
    return bytes(found)


def renamed(data: bytes) -> bytes:
    """Return a workbook whose sheet lies elsewhere, as its list of parts says."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"worksheets/sheet1.xml", b"calcChain.xml")
            new.writestr("xl/calcChain.xml" if name == SHEET else name, text)
    return out.getvalue()


def test_a_part_is_as_long_as_it_is_whatever_the_list_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three megabytes that call themselves a thousand bytes, with one allowed."""
    monkeypatch.setattr(packed, "MOST_BYTES", 1 << 20)
    big = rewritten(good(ROWS), SHEET, [b" " * (3 << 20)])
    for data in (big, lying(big, SHEET, 1000), lying(good(ROWS), SHEET, 0xFFFFFFF0)):
        assert verdict(tmp_path / "book.xlsx", data) == "the workbook unpacks to more than 1 MB"
    assert verdict(tmp_path / "book.xlsx", good(ROWS)) is None
    (tmp_path / "long.xlsx").write_bytes(b"PK" + b"\x00" * (1 << 20))
    said = too_much(tmp_path / "long.xlsx")
    assert said is not None
    assert said.text("zh").startswith("工作簿")


@pytest.mark.parametrize("data", [
    pytest.param(renamed(rewritten(good(ROWS), SHEET, [FAR])), id="a sheet in another part"),
    pytest.param(rewritten(good(ROWS), SHEET, [SEAM[:-3], FAR]), id="across a seam"),
    pytest.param(ods(ods_row("a", times=2_000_000)), id="a row two million times"),
    pytest.param(ods(ods_row("*20000", "a")), id="a cell behind twenty thousand"),
    pytest.param(
        ods(ods_row("a"), ods_row("*5", times=1_048_574), ods_row("*40", "a")), id="a corner"
    ),
    pytest.param(xls([(0, 0, 1), (65_535, 65_535, 1)]), id="an old sheet's corner"),
    pytest.param(xls([(0, 0, 1), (9, 256, 1)], padding=8_000), id="a column too many"),
])  # fmt: skip
def test_cells_far_off_are_told_before_they_are_read(tmp_path: Path, data: bytes) -> None:
    """In whichever kind of workbook, and wherever its sheet lies."""
    assert verdict(tmp_path / "book", data) == MORE


@pytest.mark.parametrize("data", [
    pytest.param(good(ROWS) + b"more", id="more behind the end"),
    pytest.param(good(ROWS)[:-40], id="no end"),
    pytest.param(b"id,session\n", id="no workbook"),
    pytest.param(b"", id="nothing"),
    pytest.param(ods(ods_row("&a;"), head='<!DOCTYPE x [<!ENTITY a "b">]>'), id="a document type"),
    pytest.param(ods("<table:table-row>"), id="a tag without an end"),
    pytest.param(xls([(0, 0, 1)])[:600], id="half an old one"),
    pytest.param(xls([])[:76] + b"\xfa" * 4000, id="an old one of nonsense"),
])  # fmt: skip
def test_what_nobody_can_read_is_damaged(tmp_path: Path, data: bytes) -> None:
    """It never comes before the reader."""
    assert verdict(tmp_path / "book.xlsx", data) == DAMAGED


def test_good_workbooks_of_each_kind_are_read(tmp_path: Path) -> None:
    """With the blank rows that a program fills a sheet up with, and streams long and short."""
    blank = ods_row("*16384", times=1_048_574)
    sheets = {
        "book.xlsx": renamed(good(ROWS)),
        "book.ods": ods(ods_row("id", "session", "*16382"), ods_row("m1", "S1", "*16382"), blank),
    }
    for name, data in sheets.items():
        assert verdict(tmp_path / name, data) is None
        problems = Problems()
        (sheet,) = open_source(tmp_path / name, problems).sheets
        rows = [cells for _number, cells in sheet.rows(problems)]
        assert [cells[:2] for cells in rows[:2]] == [list(row) for row in ROWS]
        assert not problems.sorted()
    for padding in (0, 9_000):
        path = tmp_path / f"{padding}.xls"
        assert verdict(path, xls([(0, 0, 7), (1, 2, 8)], padding=padding)) is None
        book = CalamineWorkbook.from_path(path)
        assert book.get_sheet_by_name("marks").to_python() == [[7, "", ""], ["", "", 8]]
