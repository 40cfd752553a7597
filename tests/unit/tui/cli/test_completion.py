"""Completion as a clerk types it: marks, a retake, deciding, overriding, opening again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.completing import School
from tests.factories.played import MISSING, NOT_ALLOWED, REFUSED, USAGE, Player
from trainer.attendance.device import VARIABLE
from trainer.desk import Desk


@pytest.fixture
def play(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Player:
    """What plays calls at an office with three in C1, of whom P3 was on leave for 8 of 28 hours."""
    monkeypatch.setenv(VARIABLE, "pc")
    school = School(Desk(sqlite_url, "clerk"))
    school.people("P1", "P2", "P3")
    uids = school.course_of("C1", ["P1", "P2", "P3"], report=False)
    school.mark_all(uids, ["P1", "P2", "P3"], {("P3", 0): "leave", ("P3", 1): "leave"})
    return Player(sqlite_url, capfd, monkeypatch, "2023-03-01")


def test_from_the_marks_to_the_decision_and_back(play: Player) -> None:
    """The whole way of a class, with what is refused on it."""
    play("completion", "score", "C1", "P1", "exam", "76")
    play("completion", "score", "C1", "学员P2", "exam", "51")
    play("completion", "score", "C1", "P3", "exam", "120", code=REFUSED)
    play("completion", "score", "C1", "P9", "exam", "60", code=REFUSED)
    play("completion", "score", "C1", "P1", "essay", "60", code=USAGE)
    play("completion", "score", "C1", "xyP3", "exam", "缺考")
    told = play("completion", "decide", "C1", "--dry-run", "--json").document
    assert told["decided"] == {"P1": "completed", "P3": "not_completed"}
    assert [one["person"] for one in told["left"]] == ["P2"]
    assert play("completion", "show", "C1", "--json").document["counts"]["decided"] == 0
    play("completion", "score", "C1", "P2", "retake", "66")
    said = play("completion", "decide", "C1").out
    assert "completed 2, not completed 1, withdrawn 0" in said
    play("completion", "correct", "C1", "P2", "retake", "50", "--reason", "x", code=NOT_ALLOWED)
    play("completion", "decide", "C1", "--override", "P3", code=USAGE)
    play("completion", "decide", "C1", "--override", "P3", "--reason", "防汛")
    play("completion", "confirm", "C1", "P3", code=NOT_ALLOWED)
    play("completion", "confirm", "C1", "P3", actor="head")
    play("completion", "reopen", "C1", "--reason", "x", code=NOT_ALLOWED)
    found = play("completion", "explain", "C1", "P3", "--json").document
    assert (found["decided"], found["override"], found["result"]) == (
        "completed", True, "not_completed",
    )  # fmt: skip
    assert [row["what"] for row in found["history"]] == ["mark", *["decision"] * 3]
    opened = play("completion", "reopen", "C1", "--reason", "核对", "--json", actor="chief")
    assert opened.document["reopened"] == ["P1", "P2", "P3"]


def test_a_day_is_not_ahead_and_another_day_is_a_correction(play: Player) -> None:
    """The day of a mark is part of what was typed: nothing is taken silently for known."""
    score = ("completion", "score", "C1", "P1", "exam", "76", "--date")
    play.refused(REFUSED, "lies ahead", *score, "2023-03-02")
    play(*score, "2023-02-14")
    assert "has that mark already" in play(*score, "2023-02-14").out
    play.refused(REFUSED, "of 2023-02-14 for attempt 1 already", *score, "2023-02-15")
    mend = ("completion", "correct", "C1", "P1", "exam", "76", "--reason", "日期填错", "--date")
    play.refused(REFUSED, "lies ahead", *mend, "2023-03-02")
    assert play(*mend, "2023-02-15", "--json").document["mark"]["date"] == "2023-02-15"
    play(*mend, "2023-02-15", code=REFUSED)


def test_whoever_would_fail_for_want_of_a_mark_is_told_first(play: Player) -> None:
    """P1 may sit a retake, P2 has no mark at all: before it is final both are named."""
    play("completion", "score", "C1", "P1", "exam", "51")
    call = ("completion", "decide", "C1", "--final", "--dry-run")
    assert [one["person"] for one in play(*call, "--json").document["closed"]] == ["P2", "P1"]
    told = play(*call, lang="zh").err.splitlines()
    assert told[0] == "  学员P2（P2）将认定为未结业：没有任何成绩"
    assert told[1].startswith("  学员P1（P1）将认定为未结业：考试 51")


def test_a_mark_in_a_class_without_an_exam_is_no_result(play: Player, tmp_path: Path) -> None:
    """It is kept and said to decide nothing, and the report examined nobody for it."""
    School(Desk(play.url, "clerk")).training("C2", ["P1"])
    told = play("completion", "score", "C2", "P1", "exam", "30", lang="zh").err
    assert told.startswith("C2 没有考试要求，成绩已登记，但不影响结业认定")
    assert play("completion", "score", "C1", "P1", "exam", "70", "--json").document["wanted"]
    show = ("completion", "show", "C2")
    assert "1 trainee has a mark of the exam, which this class does not ask for" in play(*show).err
    assert play(*show, "--json").document["idle"] == {"exam": 1}
    marks = tmp_path / "marks.csv"
    marks.write_text("person,kind,mark\nP2,exam,90\nP3,report,良好\n", encoding="utf-8")
    tried = play("completion", "import", marks, "--class", "C1", "--dry-run").err
    assert "1 of these marks is of a kind that its class does not ask for" in tried
    total = play("report", "completion", "--json").document["total"]
    assert (total["examined"], total["mean"], total["lowest"]) == (1, 70, 70)


def test_a_trainee_is_told_why_in_both_languages(play: Player) -> None:
    """Every condition with figure, limit and what would mend it."""
    play("completion", "score", "C1", "P3", "exam", "51")
    said = play("completion", "explain", "C1", "P3").out
    assert "[not met] 8 of 28 hours on leave, a seventh is 4 (LV-1)" in said
    assert "retakes left: 1; enter the mark of the retake" in said
    chinese = play("completion", "explain", "C1", "P3", lang="zh").out
    assert "【不符合】请假 8 学时，共 28 学时，七分之一为 4 学时（LV-1）" in chinese
    assert "还可补考 1 次；补考后登记成绩" in chinese
    assert "exam.pass = 60.0" in play("completion", "rules", "C1").out


def test_a_sheet_is_written_and_a_file_is_tried_first(play: Player, tmp_path: Path) -> None:
    """A blank sheet, a file that is tried, imported, listed and taken back; and the report."""
    out = tmp_path / "sheet.xlsx"
    play("completion", "sheet", "C1", "--kind", "exam", "--out", out)
    assert out.read_bytes().startswith(b"PK")
    play.refused(MISSING, "file of marks", "completion", "import", tmp_path / "none.csv")
    marks = tmp_path / "marks.csv"
    marks.write_text("person,mark\nP1,70\nP2,40\n", encoding="utf-8")
    tried = play("completion", "import", marks, "--class", "C1", "--dry-run", "--json").document
    assert (tried["new"], tried["import"]) == (2, None)
    found = play("completion", "import", marks, "--class", "C1", "--json").document
    figures = play("completion", "exam", "C1", "--json").document
    assert (figures["examined"], figures["mean"]) == (2, 55.0)
    assert figures["retake"] == [{"person": "P2", "name": "学员P2"}]
    total = play("report", "completion", "--json").document["total"]
    assert (total["expected"], total["pending"], total["highest"]) == (3, 3, 70)
    assert found["import"] in play("completion", "imports").out
    play("completion", "undo-import", found["import"], "--reason", "导错")
    play("completion", "undo-import", found["import"], code=REFUSED)
