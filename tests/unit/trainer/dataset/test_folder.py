"""Finding and reading the files of a folder: names, encodings, headers, broken rows."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from trainer.dataset.opening import open_source
from trainer.dataset.parse import Table, parse_sheet
from trainer.dataset.problems import Problems

ZONE = ZoneInfo("Asia/Shanghai")
ENGLISH = "code,name,kind,parent\n"
CHINESE = "代码,名称,类别,上级单位\n"
ROWS = "U1,市委组织部,部门,\nU2,城前镇,镇,U1\n"


def read(folder: Path) -> tuple[dict[str, Table], Problems]:
    """Read everything at a path."""
    problems = Problems()
    source = open_source(folder, problems)
    return {
        sheet.file.name: parse_sheet(sheet, ZONE, problems) for sheet in source.sheets
    }, problems


def units(folder: Path, data: bytes, name: str = "units.csv") -> tuple[Table, list[str]]:
    """Write and read units.csv; return its table and its problems in words."""
    (folder / name).write_bytes(data)
    tables, problems = read(folder)
    return tables["units"], [problem.text() for problem in problems.sorted()]


@pytest.fixture
def plain(tmp_path: Path) -> list[tuple[object, ...]]:
    """The rows as a plain UTF-8 file gives them."""
    folder = tmp_path / "plain"
    folder.mkdir()
    return units(folder, (ENGLISH + ROWS).encode())[0].rows


@pytest.mark.parametrize(
    "data",
    [
        (ENGLISH + ROWS).encode("utf-8-sig"),
        (ENGLISH + ROWS).encode("gb18030"),
        (CHINESE + ROWS).encode("gbk"),
        (CHINESE + ROWS).encode(),
        ("Code,名称,KIND,上级\n" + ROWS).encode(),
        (ENGLISH + ROWS).replace("\n", "\r\n").encode(),
        (ENGLISH + ROWS).replace("\n", "\r").encode(),
        ("\n" + ENGLISH + "\n, ,\n" + ROWS + "\n\n").encode(),
        ('"code"," name ","kind","parent"\n' + ROWS.replace("市委组织部", '"市委组织部"')).encode(),
        ("parent,kind,name,code\n,部门,市委组织部,U1\nU1,镇,城前镇,U2\n").encode(),
    ],
    ids=["bom", "gb18030", "gbk-zh", "zh", "mixed", "crlf", "cr", "blank-lines", "quoted", "order"],
)
def test_same_rows_however_written(
    data: bytes, tmp_path: Path, plain: list[tuple[object, ...]]
) -> None:
    """Encoding, line ends, headers' language and order of columns make no difference."""
    table, problems = units(tmp_path, data)
    assert problems == []
    assert table.rows == plain


def test_file_may_have_its_chinese_title(tmp_path: Path, plain: list[tuple[object, ...]]) -> None:
    """单位.csv is units.csv; having both is a problem."""
    assert units(tmp_path, (CHINESE + ROWS).encode(), "单位.csv")[0].rows == plain
    _, problems = units(tmp_path, (ENGLISH + ROWS).encode())
    assert len(problems) == 1
    assert "单位.csv" in problems[0]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    """Blank rows count, a cell of two lines is one row."""
    data = 'code,name\n\nU1,"two\nlines"\n\nU2,\n'
    table, problems = units(tmp_path, data.encode())
    assert table.numbers == [3, 5]
    assert problems == [
        "units.csv, row 5, column name: the cell is blank; every row needs it: fill it"
    ]


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    """Each damaged line is reported; nothing is guessed from it."""
    good = "".join(f"U{n},单位{n},,\n" for n in range(20)).encode()
    damaged = b"U98," + "坏".encode()[:2] + b",,\nU99," + b"\xc4\xe3\xba\xc3" + b",,\n"
    table, problems = units(tmp_path, ENGLISH.encode() + good + damaged)
    assert not table.whole
    assert [problem.split(":")[0] for problem in problems] == [
        "units.csv, row 22",
        "units.csv, row 23",
    ]


@pytest.mark.parametrize(
    "data", [(ENGLISH + ROWS).encode("utf-16"), b"\xff\xff\xff\xff"], ids=["utf16", "noise"]
)
def test_other_encodings_are_reported(data: bytes, tmp_path: Path) -> None:
    """A file in no known encoding has one problem that says how to save it."""
    _, problems = units(tmp_path, data)
    assert len(problems) == 1
    assert "GB18030" in problems[0]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("code,name,nam\nU1,x,y\n", [(1, "nam")]),
        ("code,编码,name\nU1,U1,x\n", [(1, "编码")]),
        ("name\nx\n", [(1, "code")]),
        ("code,name\nU1,x,y\n", [(2, None)]),
        ('code,name\nU1,"x"y\nU2,\n', [(2, None), (3, "name")]),
        ('code,name\nU1,x\nU2,"y\nU3,z\n', [(3, None)]),
        ("code;name\nU1;x\n", [(1, None)]),
        ("code\tname\nU1\tx\n", [(1, None)]),
        ("code,name\nU1,a\x00b\n", [(2, "name")]),
    ],
)
def test_broken_rows_and_headers(
    text: str, places: list[tuple[int, str | None]], tmp_path: Path
) -> None:
    """What is wrong with a header or a row is named with its place."""
    (tmp_path / "units.csv").write_text(text, encoding="utf-8", newline="")
    _, problems = read(tmp_path)
    assert [(one.row, one.column) for one in problems.sorted()] == places


def test_unknown_csv_is_reported_with_the_nearest_name(tmp_path: Path) -> None:
    """A misspelt file is named; a README and other kinds of file are left alone."""
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "map.png").write_bytes(b"\x89PNG")
    (tmp_path / "venue.csv").write_text("code,name,kind\n")
    (tmp_path / "person.csv").write_text("code,name\n")
    _, problems = read(tmp_path)
    found = [(one.file, one.mend.params["near"]) for one in problems.sorted()]
    assert found == [("person.csv", "people"), ("venue.csv", "venues")]


def test_empty_file_is_no_problem(tmp_path: Path) -> None:
    """A file of no bytes, or of a header alone, has no rows."""
    table, problems = units(tmp_path, b"")
    assert (table.rows, problems) == ([], [])
    table, problems = units(tmp_path, ENGLISH.encode())
    assert (table.rows, problems) == ([], [])
