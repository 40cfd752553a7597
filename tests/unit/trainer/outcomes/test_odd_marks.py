"""Marks that are none, that the scale has not, and files of marks that are laid out oddly."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.factories.completing import AFTER, School
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.dataset.load import import_dataset
from trainer.desk import Desk
from trainer.outcomes.arriving import Preset, import_scores
from trainer.outcomes.entries import mark_of
from trainer.outcomes.marksheet import mark_sheet, retakers
from trainer.outcomes.scoring import parse_value
from trainer.outcomes.statistics import statistics_of
from trainer.phrases import current_language, set_language
from trainer.reports.completion import completion_report
from trainer.verify import verify


@pytest.fixture
def school(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> School:
    """Four of C1, who were there all the time."""
    monkeypatch.setenv(VARIABLE, "laptop")
    made = School(Desk(sqlite_url, "clerk", Clock(fixed=AFTER)))
    four = ("P1", "P2", "P3", "P4")
    made.people(*four)
    made.mark_all(made.course_of("C1", four), four, {})
    return made


def test_whoever_did_not_come_is_not_examined(school: School) -> None:
    """A zero is a mark, and nothing is none: it is told apart, in words that may be typed again."""
    school.score("C1", "P1", "exam", "0")
    school.score("C1", "P2", "exam", "absent")
    school.score("C1", "P3", "exam", "fail")
    school.score("C1", "P1", "report", "未交")
    school.score("C1", "P1", "report", "良好")
    book = school.book("C1")
    found = statistics_of(book, "exam").spread.figures()
    assert (found["examined"], found["absent"], found["mean"], found["lowest"]) == (2, 1, 0, 0)
    assert completion_report(school.desk).total["absent"] == 1
    said = {code: [condition.message.text("zh") for condition in book.of(code).conditions]
            for code in ("P1", "P2", "P3")}  # fmt: skip
    assert "考试 缺考，不合格（60 分及以上为合格）" in said["P2"]
    assert "考试 不通过，不合格（60 分及以上为合格）" in said["P3"]
    assert "调研报告：未交/良好" in said["P1"]
    for code in ("P1", "P2", "P3"):
        (one,) = book.of(code).trainee.marks["exam"]
        for language in ("zh", "en"):
            word = mark_of(one.entry).text(language)
            assert parse_value(word, book.rules.rules).said == one.entry.said


def test_marks_that_the_scale_has_not_say_nothing(school: School, tmp_path: Path) -> None:
    """A dataset is taken as it comes; 760 for 76 completes nobody and is in no mean."""
    rows = "C1,P1,760\nC1,P2,-1\nC1,P3,100\nC1,P4,0\n"
    (tmp_path / "scores.csv").write_text(f"class,person,score\n{rows}", encoding="utf-8")
    import_dataset(school.desk, tmp_path)
    book = school.book("C1")
    found = {code: next(one for one in book.of(code).conditions if one.id == "exam")
             for code in ("P1", "P2", "P3", "P4")}  # fmt: skip
    assert [found[code].state for code in found] == ["open", "open", "met", "open"]
    assert found["P1"].message.text("zh") == "第 1 次成绩 760 超出 0 至 100 的分值范围"
    assert statistics_of(book, "exam").spread.figures()["mean"] == 50
    assert completion_report(school.desk).total["highest"] == 100
    assert book.of("P1").result == "open"
    assert retakers(book) == ("P4",)


def test_a_problem_names_the_row_of_the_file(school: School, tmp_path: Path) -> None:
    """Blank rows above and between count, in text and in a workbook that begins further down."""
    rows = [[], ["成绩表"], [], ["姓名", "成绩"], [], ["学员P1", "7_6"], ["学员P2", "80分"]]
    text, book = tmp_path / "marks.csv", tmp_path / "marks.xlsx"
    text.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    with xlsxwriter.Workbook(book) as made:
        page = made.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    for path in (text, book):
        found = import_scores(school.desk, path, Preset("C1"), dry_run=True)
        assert [one.row for one in found.problems] == [6]
        assert [row["score"] for row in found.new] == [80]


def test_a_formula_without_its_value_is_no_blank_and_a_mark_is_somebodys(
    school: School, tmp_path: Path
) -> None:
    """The table begins in column C; a formula that was worked out is a mark like any other."""
    path = tmp_path / "marks.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet()
        for number, row in enumerate([("姓名", "成绩", "名次"), ("学员P1",), ("学员P2",), ("", 7)]):
            page.write_row(number + 1, 2, row)
        page.write_formula(2, 3, "=30+40", None, "")
        page.write_formula(3, 3, "=30+41", None, 71)
        page.write_row(5, 2, ["学员P3"])
        page.write_formula(5, 4, "=RANK(D6,D3:D6)", None, "")
    found = import_scores(school.desk, path, Preset("C1"), dry_run=True)
    told = [(one.row, one.message.text("zh")[:10]) for one in found.problems]
    assert told == [(3, "成绩是公式，但文件中"), (5, "本行有成绩，但没有学")]
    assert ([row["score"] for row in found.new], found.blank) == ([71], 1)


def test_nobody_sits_a_retake_because_two_entries_disagree(school: School, tmp_path: Path) -> None:
    """45 here and 88 there for one exam: it waits for a correction, P2 with 45 for the retake."""
    ids = ("00000000-0000-4000-8000-00000000000" + str(number) for number in range(3))
    rows = [f"{next(ids)},C1,{who},{mark}" for who, mark in (("P1", 45), ("P1", 88), ("P2", 45))]
    text = "\n".join(["id,class,person,score", *rows])
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    import_dataset(school.desk, tmp_path)
    book = school.book("C1")
    assert book.of("P1").trainee.marks["exam"][0].disagrees
    assert retakers(book) == ("P2",)
    assert [code for code, _name in statistics_of(book, "exam").retake] == ["P2"]


def test_marks_that_say_nothing_are_told_by_the_proof(school: School, tmp_path: Path) -> None:
    """Out of the scale, a grade that nobody knows, two that disagree; what is right is not."""
    header = "id,class,person,kind,score,grade,passed"
    ids = ("00000000-0000-4000-8000-00000000000" + str(number) for number in range(6))
    rows = ["P1,exam,760,,", "P2,report,,甲等,", "P3,exam,45,,", "P3,exam,88,,", "P4,exam,70,,",
            "P4,report,,甲等,true"]  # fmt: skip
    text = "\n".join([header, *(f"{next(ids)},C1,{row}" for row in rows)])
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    import_dataset(school.desk, tmp_path)
    found = [flaw.message.text("zh") for flaw in verify(school.desk) if flaw.check == "scores"]
    assert [line.partition("；")[0] for line in found] == [
        "C1 中 P1 的成绩 760（考试第 1 次）超出 0 至 100 的分值范围",
        "C1 中 P2 的等级“甲等”（调研报告第 1 次）不属于：优秀, 良好, 合格, 不合格",
        "C1 中 P3 的考试第 1 次有两条成绩互相矛盾",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_comes_back_in_the_language_in_which_it_went(
    school: School, tmp_path: Path, language: str
) -> None:
    """Its titles are known by themselves, and its marks mean what they meant."""
    for person, mark in (("P1", "absent"), ("P2", "77"), ("P3", "fail")):
        school.score("C1", person, "exam", mark)
    path = tmp_path / "sheet.xlsx"
    before = current_language()
    set_language(language)
    try:
        path.write_bytes(mark_sheet(school.book("C1"), "exam", "xlsx"))
        found = import_scores(school.desk, path, dry_run=True)
    finally:
        set_language(before)
    assert (found.problems, found.known, found.blank) == ((), 3, 1)
