"""Sheets of paper: imported all or none, once, in the encodings that offices use."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from xlsxwriter import Workbook

from tests.factories.evaluations import CLASS_ANSWERS, class_sheet, closed, opened
from trainer.desk import Desk
from trainer.errors import FileProblem, ImportRefused, Refused
from trainer.evaluation.answering import admit
from trainer.evaluation.ballots import give_ballots
from trainer.evaluation.opening import Status, status_of
from trainer.evaluation.paper import Arrival, import_sheets, require_sound, type_sheet

TITLES = ("培训内容的针对性", "教师授课水平", "组织管理与学风", "对实际工作的帮助",
          "教学场地与食宿保障")  # fmt: skip


def _file(
    folder: Path, *rows: str, titles: str = ",".join(TITLES), encoding: str = "utf-8"
) -> Path:
    path = folder / "sheets.csv"
    path.write_text("\n".join([titles, *rows]) + "\n", encoding=encoding)
    return path


def _status(desk: Desk) -> Status:
    with desk.reading() as session:
        return status_of(session, "C1")


def _checks(desk: Desk) -> dict[str, str]:
    with desk.reading() as session:
        query = text('SELECT name, "check" FROM evaluation_batch')
        return {row[0]: row[1] for row in session.connection().execute(query)}


def _said(arrival: Arrival) -> list[str]:
    with pytest.raises(ImportRefused):
        require_sound(arrival)
    return [problem.text() for problem in arrival.problems]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_sheets_are_counted_once(office: Desk, tmp_path: Path, encoding: str) -> None:
    opened(office)
    path = _file(tmp_path, "5,满意,5,4,3", "1,1,1,1,1", encoding=encoding)
    preview = import_sheets(office, "C1", path, dry_run=True)
    assert (preview.sheets, preview.written, _status(office).paper) == (2, False, 0)
    first = import_sheets(office, "C1", path)
    assert (first.written, first.known, first.lines) == (True, False, {1: 2})
    again = import_sheets(office, "C1", path)
    assert (again.written, again.known) == (False, True)
    assert (_status(office).paper, _status(office).answered) == (2, 2)


def test_a_workbook_is_read_too(office: Desk, tmp_path: Path) -> None:
    opened(office)
    with Workbook(tmp_path / "sheets.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["subject", *CLASS_ANSWERS])
        sheet.write_row(1, 0, ["", 5, 4, 3, 2, 1])
        sheet.write_row(2, 0, ["班次C1", "非常满意", 4, 3, 2, 1])
    assert import_sheets(office, "C1", tmp_path / "sheets.xlsx").sheets == 2


def test_a_batch_of_the_same_name_that_says_something_else_is_refused(
    office: Desk, tmp_path: Path
) -> None:
    opened(office)
    import_sheets(office, "C1", _file(tmp_path, *["5,5,5,5,5"] * 5))
    other = _file(tmp_path, *["5,5,5,5,5"] * 4, "1,1,1,1,1")
    with pytest.raises(Refused, match="--batch"):
        import_sheets(office, "C1", other)
    assert import_sheets(office, "C1", other, batch="second").written
    assert _status(office).paper == 10


def test_nothing_that_is_kept_of_a_batch_tells_what_one_sheet_said(
    office: Desk, tmp_path: Path
) -> None:
    """One sheet alone has few ways to be: a check of its answers could be tried against them all.

    Of many sheets the check goes when the evaluation is closed.
    """
    opened(office)
    import_sheets(office, "C1", _file(tmp_path, "1,4,5,3,4"), batch="one")
    import_sheets(office, "C1", _file(tmp_path, "5,5,5,5,1"), batch="other")
    assert import_sheets(office, "C1", _file(tmp_path, "5,5,5,5,1"), batch="other").known
    import_sheets(office, "C1", _file(tmp_path, *["1,2,3,4,5"] * 5), batch="many")
    checks = [_checks(office)]
    closed(office)
    checks.append(_checks(office))
    assert len(set(checks[0].values())) == 2
    assert checks[0]["one"] == checks[0]["other"]
    assert set(checks[1].values()) == {"-"}


def test_all_problems_are_told_and_nothing_is_counted(office: Desk, tmp_path: Path) -> None:
    opened(office)
    path = _file(
        tmp_path, ",5,5,5,5,5,", "K9,5,5,5,5,5,", ",7,5,5,5,5,x", ",5,,5,5,5,",
        titles="subject," + ",".join(CLASS_ANSWERS) + ",tase",
    )  # fmt: skip
    said = _said(import_sheets(office, "C1", path))
    assert [text.partition(":")[0] for text in said] == [
        "sheets.csv, row 1, column tase", "sheets.csv, row 3, column subject",
        "sheets.csv, row 4, column content", "sheets.csv, row 5",
    ]  # fmt: skip
    assert _status(office).answered == 0


def test_a_problem_calls_a_column_as_the_file_does(office: Desk, tmp_path: Path) -> None:
    opened(office)
    said = _said(import_sheets(office, "C1", _file(tmp_path, "5,5,9,5,5")))
    assert "column 组织管理与学风: “9” is no answer to “组织管理与学风”" in said[0]


def test_a_code_on_paper_is_spent(office: Desk, tmp_path: Path) -> None:
    opened(office)
    codes = [given.code for given in give_ballots(office, "C1")[:2]]
    titles = "code," + ",".join(CLASS_ANSWERS)
    twice = _file(tmp_path, f"{codes[0]},5,5,5,5,5", f"{codes[0]},5,5,5,5,5", titles=titles)
    assert "several sheets" in _said(import_sheets(office, "C1", twice))[0]
    path = _file(tmp_path, f"{codes[0]},5,5,5,5,5", f"{codes[1]},5,5,5,5,5", titles=titles)
    assert import_sheets(office, "C1", path).written
    with pytest.raises(Refused, match="used already"):
        admit(office, "C1", codes[0])
    assert (_status(office).used, _status(office).paper) == (2, 0)


def test_rows_of_one_sheet_are_one_person(office: Desk, tmp_path: Path) -> None:
    opened(office, scope="courses")
    path = _file(
        tmp_path, "1,,5,5,5,5,5,,,", "1,K1,,,,,,4,4,", "1,专题K3  教师甲,,,,,,4,4,5",
        "2,3,,,,,,2,1,",
        titles="sheet,subject," + ",".join(CLASS_ANSWERS) + ",topic,delivery,site",
    )  # fmt: skip
    arrival = import_sheets(office, "C1", path)
    assert (arrival.sheets, arrival.lines) == (2, {1: 1, 2: 1, 3: 1, 4: 1})
    assert _status(office).paper == 2


def test_there_are_no_more_sheets_than_people(office: Desk, tmp_path: Path) -> None:
    opened(office)
    path = _file(tmp_path, *["5,5,5,5,5"] * 13)
    assert "12 attended" in _said(import_sheets(office, "C1", path))[0]
    for _ in range(12):
        type_sheet(office, "C1", class_sheet(4))
    with pytest.raises(Refused, match="more than may still come"):
        type_sheet(office, "C1", class_sheet(4))
    code = give_ballots(office, "C1")[0].code
    with pytest.raises(Refused, match="as many sheets"):
        admit(office, "C1", code)
    assert _status(office).paper == 12


@pytest.mark.parametrize("data", [b"", b"content\n", b"\x00\x01\x02", b"PK\x03\x04 no zip"])
def test_what_is_no_table_is_refused_in_words(office: Desk, tmp_path: Path, data: bytes) -> None:
    opened(office)
    path = tmp_path / "sheets.csv"
    path.write_bytes(data)
    with pytest.raises(Refused):
        import_sheets(office, "C1", path)
    with pytest.raises(FileProblem):
        import_sheets(office, "C1", tmp_path / "nothing.csv")
