"""Attendance on the command line: answers, exit codes, JSON alone on stdout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.played import Player
from tests.factories.registers import Register, day
from trainer.attendance.device import VARIABLE
from trainer.desk import Desk


@pytest.fixture
def run(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Player:
    """What plays calls at an office with P1 to P3 in C1, which met on the morning of 1 February."""
    register = Register(Desk(sqlite_url, "clerk"))
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"], series="core")
    register.meeting("C1", day(1))
    monkeypatch.setenv(VARIABLE, "pc")
    return Player(sqlite_url, capfd, monkeypatch, "2023-03-01")


SESSION = ("C1", "2023-02-01", "AM3")


def test_mark_undo_and_history(run: Player) -> None:
    """A mark, its correction, the way back, and all three events in the history."""
    assert "P1: late" in run("attendance", "mark", *SESSION, "P1", "late", "--minutes", "5").out
    run("attendance", "mark", *SESSION, "P1", "absent", "--note", "查明未到")
    assert "late again" in run("attendance", "undo", *SESSION, "P1").out
    events = run("attendance", "history", *SESSION, "P1", "--json").document["events"]
    assert [(e["status"], e["counter"], e["by"], e["counts"]) for e in events] == [
        ("late", 1, "clerk", False),
        ("absent", 2, "clerk", False),
        ("late", 3, "clerk", True),
    ]
    # the office's clock, which 1 March 2023 is on in China: eight hours ahead of UTC
    assert {event["at"][:10] + event["at"][-6:] for event in events} == {"2023-03-01+08:00"}


def test_times_that_are_typed_become_a_status(run: Player) -> None:
    """Without limits whoever was there is present; both times are kept; a status beside them: 2."""
    timed = ("attendance", "mark", *SESSION, "P1", "--arrived", "8:41", "--left", "11:54")
    mark = run(*timed, "--json").document
    assert (mark["status"], mark["minutes"], mark["note"]) == ("present", None, "08:41-11:54")
    late = run("attendance", "mark", *SESSION, "P2", "--arrived", "12:30", lang="zh")
    assert "P2：旷课" in late.out
    for wrong in (("present", "--left", "11:00"), (), ("--left", "noon")):
        done = run("attendance", "mark", *SESSION, "P3", *wrong, code=2)
        assert done.out == ""


def test_signing_in_and_out_with_the_code(run: Player) -> None:
    """Who did not sign in cannot sign out (1); afterwards both instants are told."""
    code = run("attendance", "code", *SESSION, "--json").document["code"]
    sign = ("attendance", "sign", *SESSION, "P1", "--code", code)
    assert "没有学员P1到过本次课的记录" in run(*sign, "--out", lang="zh", code=1).err
    run(*sign)
    gone = run(*sign, "--out", "--json").document
    assert (gone["person"], gone["arrived"] <= gone["left"]) == ("P1", True)


def test_sheet_in_all_formats(run: Player) -> None:
    """The table, CSV and JSON of one session; Chinese words where Chinese is spoken."""
    run("attendance", "mark", *SESSION, "P1", "present")
    assert "出勤" in run("attendance", "sheet", "C1", "2023-02-01", lang="zh").out
    text = run("attendance", "sheet", "C1", "2023-02-01", "--format", "csv").out
    assert len(text.splitlines()) == 4
    (sheet,) = run("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert sheet["counts"]["unmarked"] == 2
    assert [p["status"] for p in sheet["people"]] == ["present", None, None]


def test_errors_are_sentences_with_their_exit_codes(run: Player) -> None:
    """Unknown class 1, unknown status 2, bad date 2, missing file 3, unknown report 2."""
    for code, said, arguments in (
        (1, "no class C9", ("attendance", "mark", "C9", "2023-02-01", "AM1", "P1", "present")),
        (2, "no status “here”", ("attendance", "mark", *SESSION, "P1", "here")),
        (2, "not a date", ("attendance", "sheet", "C1", "soon")),
        (3, "no file", ("attendance", "import", "/nowhere.csv")),
        (2, "no report “colour”", ("report", "colour")),
        (2, "no report by “colour”", ("report", "attendance", "--by", "colour")),
    ):
        done = run(*arguments, code=code)
        assert done.err.startswith("error: ")
        assert said in done.err
        assert done.out == ""


def test_roll_acknowledges_each_line_and_says_which_were_not_understood(run: Player) -> None:
    """Two good lines are kept and acknowledged; a bad one between them is named, exit 1."""
    done = run("attendance", "roll", *SESSION, stdin="P1 present\nP2 asleep\nP3 late 7\n", code=1)
    assert [line.split()[1:] for line in done.out.splitlines()] == [
        ["P1", "present"],
        ["P3", "late"],
    ]
    assert "line 2: there is no status “asleep”" in done.err


def test_import_export_merge_and_conflicts(run: Player, tmp_path: Path) -> None:
    """A file from elsewhere disagrees: exit 0, the conflict is counted, listed and resolved."""
    run("attendance", "mark", *SESSION, "P1", "present")
    run("attendance", "export", str(tmp_path / "out"))
    text = (tmp_path / "out" / "marks.csv").read_text(encoding="utf-8")
    mine = text.splitlines()[1].split(",")[0]
    there = tmp_path / "there"
    there.mkdir()
    (there / "marks.csv").write_text(
        text.replace(mine, "other").replace(",present,", ",absent,").replace(",pc,", ",laptop,"),
        encoding="utf-8",
    )
    merged = run("attendance", "merge", str(there), "--json").document
    assert (merged["ok"], merged["new"], merged["conflicts"]) == (True, 1, 1)
    assert "1 conflict" in run("attendance", "merge", str(there)).out
    (conflict,) = run("attendance", "conflicts", "--json").document["conflicts"]
    assert {mark["id"] for mark in conflict["marks"]} == {mine, "other"}
    run("attendance", "resolve", mine)
    assert run("attendance", "conflicts", "--json").document == {"conflicts": []}


def test_refused_import_names_row_and_column_and_exits_1(run: Player, tmp_path: Path) -> None:
    """Every problem is a line; the report stays as it was."""
    bad = tmp_path / "bad.csv"
    bad.write_text("session,person,status\nx,P9,present\n", encoding="utf-8")
    done = run("attendance", "import", str(bad), code=1)
    assert "bad.csv, row 2, column session" in done.err
    assert "bad.csv, row 2, column person" in done.err


def test_leave_is_asked_for_approved_and_shown_on_the_sheet(run: Player) -> None:
    """Approved sick leave suggests leave for P2, who is not marked; it is all of the class."""
    ask = ("attendance", "leave", "ask", "P2", "2023-02-01", "2023-02-01", "--kind", "sick")
    asked = run(*ask, "--json").document
    approve = ("attendance", "leave", "approve", asked["id"])
    assert "still to be approved by the teaching office" in run(*approve).err
    assert "下一环节是教务部门" in run(*approve, lang="zh", code=1).err
    approved = run(*approve, "--by", "教务")
    assert "P2 has 4 of 4 hours of C1 on leave, more than a seventh" in approved.err
    assert "the paper is missing: a hospital's note" in approved.err
    done = run("attendance", "leave", "paper", asked["id"], "诊断证明", "--json")
    assert done.document["paper"] == "诊断证明"
    listed = run("attendance", "leave", "list", "--json").document["leaves"]
    assert [leave["status"] for leave in listed] == ["approved"]
    (sheet,) = run("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert [p["suggested"] for p in sheet["people"]] == [None, "leave", None]


def test_report_on_stdout_and_into_a_file(run: Player, tmp_path: Path) -> None:
    """JSON alone on stdout; a file's ending says its format."""
    run("attendance", "mark", *SESSION, "P1", "present")
    document = run("report", "attendance", "--by", "series", "--json").document
    assert document["rows"][0]["series"] == "core"
    assert document["total"]["person_times"] == 1
    out = tmp_path / "report.xlsx"
    done = run("report", "attendance", "--out", str(out))
    assert done.out == ""
    assert out.read_bytes().startswith(b"PK")


def test_a_closed_session_is_corrected_by_two_people(run: Player) -> None:
    """Refused: a mark (1), a proposal without reason (2), the own approval (4)."""
    run("attendance", "close", "C1", "2023-02-01")
    mark = ("attendance", "mark", *SESSION, "P1", "present")
    assert "已关闭" in run(*mark, lang="zh", code=1).err
    correct = ("attendance", "correct", *SESSION, "P1", "present")
    run(*correct, code=2)
    run(*correct, "--reason", "补记")
    (found,) = run("attendance", "corrections", "--json").document["corrections"]
    assert (found["state"], found["person"], found["counts"]) == ("proposed", "P1", None)
    run("attendance", "approve", found["id"], code=4)
    run("attendance", "approve", found["id"], actor="head")
    (sheet,) = run("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert [person["status"] for person in sheet["people"]] == ["present", None, None]
