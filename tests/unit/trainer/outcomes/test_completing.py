"""Completion of a class from its tables: members, marks, decisions, imports, report."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlmodel import select

from db.tables import Exemption, Score, TrainingSession
from tests.factories.completing import AFTER, HALF_DAYS, School, as_user
from trainer.attendance.alerts import find_alerts
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.dataset.export import export_dataset
from trainer.dataset.load import import_dataset
from trainer.dataset.store import store_office
from trainer.desk import Desk
from trainer.errors import NotAllowed, Refused, UsageError
from trainer.office import office_from
from trainer.outcomes.arriving import Preset, import_scores, list_imports, undo_import
from trainer.outcomes.deciding import answer_override, ask_override, decide_class, reopen_class
from trainer.outcomes.decisions import read_decisions
from trainer.outcomes.facts import read_book
from trainer.outcomes.marksheet import mark_sheet
from trainer.outcomes.scoring import (
    ScoreRefused,
    Value,
    Wish,
    correct_score,
    parse_value,
    record_score,
)
from trainer.outcomes.statistics import statistics_of
from trainer.reports.completion import completion_report
from trainer.reports.formats import render
from trainer.verify import verify

FIVE = ("P1", "P2", "P3", "P4", "P5")


@pytest.fixture(autouse=True)
def _device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "laptop")


@pytest.fixture
def school(sqlite_url: str) -> School:
    """Five of C1, all present but P3, who was on leave twice: 8 of 28 hours, over a seventh."""
    return _school(sqlite_url)


def _school(url: str) -> School:
    made = School(Desk(url, "clerk", Clock(fixed=AFTER)))
    made.people(*FIVE)
    uids = made.course_of("C1", FIVE)
    made.mark_all(uids, FIVE, {("P3", 0): "leave", ("P3", 1): "leave", ("P2", 3): "leave"})
    return made


def marked(school: School) -> School:
    """Give the five their marks: P4 fails the exam, P5 has no grade for the report."""
    for person, mark in zip(FIVE, ("76", "60", "88", "45", "92"), strict=True):
        school.score("C1", person, "exam", mark)
    for person, grade in zip(FIVE, ("优秀", "良好", "合格", "合格"), strict=False):
        school.score("C1", person, "report", grade)
    return school


def results(school: School, today: dt.date = AFTER) -> dict[str, str]:
    """Return the result of everybody of C1."""
    return {one.trainee.person: one.result for one in school.book("C1", today).evaluations}


def decide(school: School, user: str = "clerk", **how: bool) -> dict[str, str]:
    """Decide on C1 as somebody; return what was decided."""
    desk = as_user(school.desk, user)
    with desk.writing() as work:
        found = decide_class(work, read_book(work.session, desk, "C1"), **how)
        work.commit()
    return found.results


def correct(school: School, person: str, value: Value, user: str) -> None:
    """Correct the exam of somebody, as somebody."""
    desk = as_user(school.desk, user)
    with desk.writing() as work:
        decided = read_decisions(work.session, "C1").get("C1", {})
        book = read_book(work.session, desk, "C1")
        correct_score(work, book, Wish(person, "exam", value), decided, reason="加错了")
        work.commit()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_five_of_a_class_by_hand(kind: str, request: pytest.FixtureRequest) -> None:
    """P1 and P2 (4 of 28 hours on leave) complete; P3 was on leave for 8; P4 may retake; P5 owes.

    Decided: 2 completed, 1 not, 2 open. The report: mean (76 + 60 + 88 + 45 + 92) / 5 = 72.2,
    4 of 5 passed.
    """
    school = marked(_school(str(request.getfixturevalue(f"{kind}_url"))))
    assert results(school) == {
        "P1": "completed", "P2": "completed", "P3": "not_completed", "P4": "open", "P5": "open",
    }  # fmt: skip
    assert decide(school) == {"P1": "completed", "P2": "completed", "P3": "not_completed"}
    report = completion_report(school.desk)
    wanted = {
        "classes": 1, "expected": 5, "completed": 2, "not_completed": 1, "pending": 2,
        "withdrawn": 0, "exempt": 0, "rate": 0.4, "examined": 5, "passed": 4, "pass_rate": 0.8,
        "mean": 72.2, "highest": 92, "lowest": 45, "优秀": 1, "良好": 1, "合格": 2,
    }  # fmt: skip
    assert {name: report.total[name] for name in wanted} == wanted
    again = render(completion_report(school.desk), "json")
    assert render(report, "json") == again
    assert json.loads(again)["rows"][0]["class"] == "C1"
    by_unit = completion_report(school.desk, by="unit")
    assert [row["completed"] for row in by_unit.rows] == [2]
    assert completion_report(school.desk, first=dt.date(2023, 2, 15)).rows == ()
    found = statistics_of(school.book("C1"), "exam")
    assert list(found.bands.values()) == [1, 1, 1, 1, 1]
    assert [code for code, _name in found.retake] == ["P4"]


def test_only_those_who_stay_to_the_end_are_to_complete(school: School) -> None:
    """Late joiners by their own hours; who moved, withdrew, or is exempt apart; reserve nowhere.

    Expected: P1 to P6 in C1, and P7 in C2.
    """
    school.people("P6", "P7", "P8", "P9", "PA")
    uids = [row.uid for row in _sessions(school)]
    # joins for the last three half-days, on leave for one: 4 of 12 hours is over a seventh of hers
    school.enrol("C1", "P6", first=HALF_DAYS[4])
    school.mark(uids[4], {"P6": "leave"})
    for uid in uids[5:]:
        school.mark(uid, {"P6": "present"})
    school.training("C2", ["P7"])
    school.enrol("C1", "P7", last=HALF_DAYS[2])
    school.enrol("C1", "P8", status="withdrawn")
    school.enrol("C1", "P9", status="reserve")
    school.enrol("C1", "PA")
    with school.desk.writing() as work:
        work.session.add(Exemption(person="PA", reason="年老体弱"))
        work.commit()
    found = results(school)
    assert {who: found.get(who) for who in ("P6", "P7", "P8", "P9", "PA")} == {
        "P6": "not_completed", "P7": "left", "P8": "withdrawn", "P9": None, "PA": "exempt",
    }  # fmt: skip
    total = completion_report(school.desk).total
    figures = [total[name] for name in ("expected", "withdrawn", "left", "exempt")]
    assert figures == [7, 1, 1, 1]


def test_while_sessions_are_to_come_nobody_fails_for_them(school: School) -> None:
    """On 9 February three half-days are over: P3's 8 hours pass the cap whatever comes."""
    found = results(marked(school), dt.date(2023, 2, 8))
    assert {found[who] for who in ("P1", "P2", "P4", "P5")} == {"open"}
    desk = Desk(school.desk.url, "clerk", Clock(fixed=dt.date(2023, 2, 8)))
    with desk.writing() as work, pytest.raises(Refused, match="not over"):
        decide_class(work, read_book(work.session, desk, "C1"))


def _sessions(school: School) -> list[TrainingSession]:
    with school.desk.reading() as session:
        rows = session.exec(select(TrainingSession).where(TrainingSession.class_code == "C1"))
        return sorted(rows, key=lambda row: row.date)


def test_marks_that_are_refused(school: School) -> None:
    """Out of scale, somebody of another class, a third attempt, another mark in the same place."""
    school.people("P8")
    for person, mark, error in (
        ("P1", "101", Refused), ("P1", "-1", Refused), ("P1", "A+", Refused), ("P8", "70", Refused),
    ):  # fmt: skip
        with pytest.raises(error):
            school.score("C1", person, "exam", mark)
    with pytest.raises(UsageError):
        school.score("C1", "P1", "essay", "70")
    school.score("C1", "P2", "exam", "60")
    with pytest.raises(ScoreRefused, match="passed with 60"):
        school.score("C1", "P2", "retake", "90")
    school.score("C1", "P1", "exam", "40")
    school.score("C1", "P1", "exam", "40")
    school.score("C1", "P1", "补考", "50")
    with pytest.raises(ScoreRefused):
        school.score("C1", "P1", "retake", "70")
    with pytest.raises(Refused, match="correct"):
        school.score("C1", "P1", "exam", "90", attempt=1)
    attempts = school.book("C1").of("P1").trainee.marks["exam"]
    assert [(one.number, one.entry.score) for one in attempts] == [(1, 40), (2, 50)]
    with school.desk.writing() as work:
        book = read_book(work.session, school.desk, "C1")
        wish = Wish("P1", "exam", parse_value("70", book.rules.rules))
        assert record_score(work, book, wish, {}, reason="县委组织部批准") is not None


def test_an_override_needs_two_and_what_was_decided_another_to_open(school: School) -> None:
    """The clerk asks for P3, and may not confirm; the head confirms, and may open it again."""
    marked(school)
    decide(school)
    head, clerk = as_user(school.desk, "head"), school.desk

    def ask(desk: Desk, reason: str | None) -> None:
        with desk.writing() as work:
            ask_override(work, read_book(work.session, desk, "C1"), "P3", reason=reason)
            work.commit()

    def answer(desk: Desk, *, confirm: bool) -> None:
        with desk.writing() as work:
            book = read_book(work.session, desk, "C1")
            answer_override(work, book, "P3", confirm=confirm)
            work.commit()

    with pytest.raises(UsageError):
        ask(clerk, " ")
    with pytest.raises(Refused):
        answer(head, confirm=True)
    ask(clerk, "防汛值班")
    assert school.page("C1").line("P3").result == "not_completed"
    with pytest.raises(NotAllowed):
        answer(clerk, confirm=True)
    answer(head, confirm=True)
    line = school.page("C1").line("P3")
    assert (line.result, line.support) == ("completed", "supported")
    with head.writing() as work:
        book = read_book(work.session, head, "C1")
        with pytest.raises(NotAllowed):
            reopen_class(work, book, reason="核对", people=["P3"])
        assert reopen_class(work, book, reason="核对", people=["P1", "P2"]) == ("P1", "P2")
        work.commit()
    assert school.page("C1").line("P1").result is None
    assert decide(school, "head") == {"P1": "completed", "P2": "completed"}


def test_a_mark_changed_after_the_decision_shakes_it(school: School) -> None:
    """The clerk decided and typed: another corrects. 76 for 70 changes, for 30 shakes it."""
    marked(school)
    decide(school)
    with pytest.raises(NotAllowed):
        correct(school, "P1", Value(score=70), "clerk")
    later = School(Desk(school.desk.url, "clerk", Clock(fixed=AFTER + dt.timedelta(days=1))))
    correct(later, "P1", Value(score=70), "head")
    assert later.page("C1").line("P1").support == "changed"
    assert [one.kind for one in find_alerts(later.desk, "C1")
            if one.kind == "completion_unsupported"] == []  # fmt: skip
    correct(later, "P1", Value(score=30), "deputy")
    assert later.page("C1").line("P1").support == "unsupported"
    (alert,) = [one for one in find_alerts(later.desk) if one.kind == "completion_unsupported"]
    assert (alert.class_code, alert.facts, alert.rule) == ("C1", ("P1",), "CO-1")
    assert [flaw.check for flaw in verify(later.desk)] == ["completion"]
    with later.desk.reading() as session:
        rows = session.exec(select(Score).where(Score.person == "P1", Score.kind == "exam")).all()
    assert sorted(row.score or 0 for row in rows) == [30, 70, 76]


def test_whoever_is_open_in_the_end_has_not_completed(school: School) -> None:
    """With --final P4, who never sat the retake, has not; and that stays supported."""
    marked(school)
    assert decide(school, final=True)["P4"] == "not_completed"
    assert school.page("C1").line("P4").support == "supported"


def test_a_warning_needs_a_reason_and_no_second_person(school: School) -> None:
    """Where the office lets CO-1 warn, an override with a reason holds at once."""
    marked(school)
    office = school.desk.office().document() | {"levels": {"CO-1": "warn"}}
    with school.desk.writing() as work:
        store_office(work, office_from(office))
        book = read_book(work.session, school.desk, "C1")
        assert ask_override(work, book, "P3", reason="防汛").result == "completed"


def test_a_filled_in_sheet_comes_back(school: School, tmp_path: Path) -> None:
    """The workbook of the five with three marks: three new, two blank; again: three known."""
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(mark_sheet(school.book("C1"), "exam", "xlsx"))
    path = tmp_path / "marks.xlsx"
    filled(blank, path, {"P1": 71, "P2": "优秀", "P4": "缺考"})
    tried = import_scores(school.desk, path, dry_run=True)
    assert (len(tried.new), tried.blank, tried.number) == (3, 2, None)
    found = import_scores(school.desk, path)
    assert (len(found.new), found.known, found.problems) == (3, 0, ())
    again = import_scores(school.desk, path)
    assert (len(again.new), again.known, again.number) == (0, 3, None)
    retake = mark_sheet(school.book("C1"), "retake", "xlsx")
    blank.write_bytes(retake)
    assert [row[2] for row in CalamineWorkbook.from_path(blank).get_sheet_by_index(0).to_python()
            if row[2]][1:] == ["P4"]  # fmt: skip
    with school.desk.writing() as work:
        assert undo_import(work, found.number or "", reason="导错了班") == 3
        work.commit()
    with school.desk.reading() as session:
        assert [(one.entries, one.standing) for one in list_imports(session)] == [(3, 0)]
    assert school.book("C1").of("P1").trainee.marks == {}
    assert len(import_scores(school.desk, path).new) == 3


def filled(blank: Path, path: Path, values: dict[str, str | int]) -> None:
    """Write a sheet again with marks beside the codes, as somebody would who fills it in."""
    rows = CalamineWorkbook.from_path(blank).get_sheet_by_index(0).to_python()
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            cells = list(row)
            if len(cells) > 7 and cells[2] in values:
                cells[7] = values[str(cells[2])]
            page.write_row(number, 0, cells)


def test_a_table_in_gbk_is_all_or_nothing(school: School, tmp_path: Path) -> None:
    """Names and marks alone; one row out of scale and one stranger: nothing, and both told."""
    path = tmp_path / "成绩.csv"
    path.write_bytes("姓名,成绩\n学员P1,80\n学员P2,180\n某某,60\n".encode("gb18030"))
    found = import_scores(school.desk, path, Preset("C1"))
    assert [(one.row, one.column) for one in found.problems] == [(3, None), (4, None)]
    assert school.book("C1").of("P1").trainee.marks == {}
    text = "姓名,成绩,等级,日期\n学员P1,,良好,2023/2/14\n学员P2,50,,2023年2月14日\n学员P2,66,,\n"
    path.write_bytes(text.encode("gb18030"))
    assert len(import_scores(school.desk, path, Preset("C1")).new) == 3
    attempts = school.book("C1").of("P2").trainee.marks["exam"]
    assert attempts[0].entry.date == HALF_DAYS[-1]
    assert school.book("C1").of("P1").trainee.marks["exam"][0].entry.grade == "良好"
    assert [one.entry.score for one in attempts] == [50, 66]


def test_everything_travels_in_a_dataset(
    school: School, sqlite_template: Path, tmp_path: Path
) -> None:
    """Marks, corrections and decisions: export, import elsewhere, export: the same bytes."""
    marked(school)
    correct(school, "P1", Value(score=79), "clerk")
    decide(school)
    export_dataset(school.desk, tmp_path / "one")
    shutil.copy(sqlite_template, tmp_path / "two.db")
    other = Desk(f"sqlite:///{tmp_path / 'two.db'}", "clerk", school.desk.clock)
    assert import_dataset(other, tmp_path / "one").problems == ()
    export_dataset(other, tmp_path / "two")
    for name in ("scores.csv", "completions.csv"):
        data = (tmp_path / "one" / name).read_bytes()
        assert data == (tmp_path / "two" / name).read_bytes()
        assert data.count(b"\n") == {"scores.csv": 11, "completions.csv": 4}[name]
    assert School(other).page("C1").counts() == school.page("C1").counts()
