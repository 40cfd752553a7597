"""Scenes of the roll on the command line: sheet, mark, undo, roll, guest, history."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.factories.played import MISSING, REFUSED, USAGE, Player

SESSION = ("C1", "2023-02-01", "AM1")


def test_a_sheet_is_shown_of_one_session_or_a_day(play: Player) -> None:
    """JSON has counts and people in order; the table speaks the language; CSV has a row each."""
    play("attendance", "mark", *SESSION, "P2", "late", "--minutes", 7)
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert (sheet["class"], sheet["date"], sheet["period"]) == ("C1", "2023-02-01", "AM1")
    assert (sheet["counts"]["expected"], sheet["counts"]["late"]) == (3, 1)
    assert [(p["person"], p["status"], p["minutes"]) for p in sheet["people"]] == [
        ("P1", None, None),
        ("P2", "late", 7),
        ("P3", None, None),
    ]
    assert "迟到" in play("attendance", "sheet", *SESSION[:2], lang="zh").out
    assert "late" in play("attendance", "sheet", *SESSION[:2]).out
    rows = csv.DictReader(play("attendance", "sheet", *SESSION, "--format", "csv").lines)
    assert [(row["person"], row["expected"], row["conflict"]) for row in rows] == [
        (person, "yes", "no") for person in ("P1", "P2", "P3")
    ]
    chinese = play("attendance", "sheet", *SESSION, "--format", "csv", lang="zh").lines
    assert [line.split(",")[-2:] for line in chinese[1:]] == [["是", "否"]] * 3


@pytest.mark.parametrize(("name", "begins"), [("s.pdf", b"%PDF"), ("s.xlsx", b"PK")])
def test_a_sheet_goes_into_a_file(play: Player, tmp_path: Path, name: str, begins: bytes) -> None:
    """Stdout stays empty; where the file is stands on stderr."""
    out = tmp_path / "new" / name
    done = play("attendance", "sheet", *SESSION, "--format", name[2:], "--out", out)
    assert (done.out, out.read_bytes()[: len(begins)]) == ("", begins)
    assert str(out) in done.err


def test_a_sheet_is_refused_with_the_way_out(play: Player, tmp_path: Path) -> None:
    """Unknown class, day without sessions, group, format, period, date, and a bad place."""
    sheet = ("attendance", "sheet")
    assert "classes.csv" in play.refused(REFUSED, "no class C9", *sheet, "C9", "2023-02-01")
    play.refused(REFUSED, "no session on 2023-02-05", *sheet, "C1", "2023-02-05")
    play.refused(REFUSED, "its periods that day", *sheet, *SESSION[:2], "PM1")
    play.refused(REFUSED, "trainer class groups C1", *sheet, *SESSION, "--group", "第一组")
    play.refused(USAGE, "use one of: table, csv", *sheet, *SESSION, "--format", "doc")
    play.refused(USAGE, "the office has AM1", *sheet, "C1", "2023-02-01", "XX")
    play.refused(USAGE, "write it as 2023-03-01", *sheet, "C1", "1.2.2023")
    file = tmp_path / "file"
    file.write_text("")
    play.refused(MISSING, "choose another place", *sheet, *SESSION, "--out", file / "s.csv")


def test_a_database_that_is_not_there_is_3(play: Player, tmp_path: Path) -> None:
    """A reading command makes none."""
    play.url = f"sqlite:///{tmp_path / 'none.db'}"
    play.refused(MISSING, "trainer init", "attendance", "sheet", *SESSION)
    assert not (tmp_path / "none.db").exists()


def test_a_mark_says_whom_and_where_in_both_languages(play: Player) -> None:
    """The event comes back whole with --json: what a later correction has to name."""
    mark = ("attendance", "mark", *SESSION, "P1")
    assert "P1: late (C1, 2023-02-01 AM1)" in play(*mark, "late").out
    assert "P1：旷课（C1，2023-02-01 AM1）" in play(*mark, "absent", lang="zh").out
    event = play(*mark, "present", "--note", "补到", "--json").document
    assert (event["person"], event["status"], event["note"]) == ("P1", "present", "补到")
    assert (event["by"], event["device"], event["counter"]) == ("clerk", "pc", 3)
    assert event["at"].startswith("2023-03-01T")


def test_marks_are_refused_with_the_way_out(play: Player) -> None:
    """Nobody, nowhere, no such status, minutes that no day has; the roll stays empty."""
    mark = ("attendance", "mark", *SESSION)
    play.refused(REFUSED, "no person P8", *mark, "P8", "present")
    play.refused(REFUSED, "no class C9", "attendance", "mark", "C9", *SESSION[1:], "P1", "late")
    play.refused(USAGE, "no status “here”", *mark, "P1", "here")
    play.refused(USAGE, "no status “void”", *mark, "P1", "void")
    for minutes in (-1, 1441, 10**30):
        play.refused(USAGE, "from 0 to 1440", *mark, "P1", "late", "--minutes", minutes)
    play.refused(USAGE, "a whole number", *mark, "P1", "late", "--minutes", "x")
    play.refused(USAGE, "PERSON is missing", *mark)
    play.refused(USAGE, "not a time", *mark, "P1", "--arrived", "25:00")
    play.refused(USAGE, "the other way round", *mark, "P1", "--arrived", "11:00", "--left", "9:00")
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert sheet["counts"]["unmarked"] == 3


def test_a_guest_is_marked_by_the_code_that_is_told(play: Player) -> None:
    """On the sheet the guest stands after those expected; without a name or at no unit: refused."""
    guest = play("attendance", "guest", "张三丰", "--unit", "U1", "--json").document
    assert guest | {"code": ""} == {"code": "", "name": "张三丰", "unit": "U1"}
    play("attendance", "mark", *SESSION, guest["code"], "present")
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert (sheet["people"][-1]["person"], sheet["counts"]["guests"]) == (guest["code"], 1)
    assert "请用此代码" in play("attendance", "guest", "李四", lang="zh").out
    play.refused(USAGE, "name", "attendance", "guest", "  ")
    play.refused(REFUSED, "no unit U9", "attendance", "guest", "王五", "--unit", "U9")


def test_undo_takes_back_what_counts_and_says_what_counts_then(play: Player) -> None:
    """First absent, then late; undone: absent; of P2, marked once: unmarked; of P3: refused."""
    for person, *statuses in (("P1", "absent", "late"), ("P2", "late")):
        for status in statuses:
            play("attendance", "mark", *SESSION, person, status)
    undo = ("attendance", "undo", *SESSION)
    assert "absent again" in play(*undo, "P1").out
    gone = play(*undo, "P2", "--json").document
    assert gone == {"person": "P2", "mark": None}
    play.refused(REFUSED, "P3", *undo, "P3")
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    assert [p["status"] for p in sheet["people"]] == ["absent", None, None]


def test_history_keeps_everything_and_knows_who_there_is(play: Player) -> None:
    """Both events with what counts; nobody's history is empty, of a stranger it is refused."""
    history = ("attendance", "history", *SESSION)
    for status in ("absent", "late"):
        play("attendance", "mark", *SESSION, "P1", status)
    events = play(*history, "P1", "--json").document["events"]
    assert [(event["status"], event["counts"]) for event in events] == [
        ("absent", False),
        ("late", True),
    ]
    assert events[1]["replaces"] == events[0]["id"]
    assert "迟到" in play(*history, "P1", lang="zh").out
    assert play(*history, "P2", "--json").document["events"] == []
    assert "nothing was ever recorded of P2" in play(*history, "P2").err
    play.refused(REFUSED, "no person P8", *history, "P8")


def test_a_roll_from_lines_keeps_the_good_ones(play: Player) -> None:
    """What is acknowledged is stored; what is not understood is named by its line, exit 1."""
    lines = "P1 present\n\nP2 late 12\nP3\nP8 present\nP3 late x\n"
    done = play("attendance", "roll", *SESSION, stdin=lines, code=1, lang="zh")
    assert [line.split()[1:] for line in done.lines] == [["P1", "present"], ["P2", "late"]]
    assert [line[:3] for line in done.err.splitlines()[:3]] == ["第 4", "第 5", "第 6"]
    (sheet,) = json.loads(play("attendance", "sheet", *SESSION, "--json").out)["sheets"]
    assert [(p["status"], p["minutes"]) for p in sheet["people"]] == [
        ("present", None),
        ("late", 12),
        (None, None),
    ]
    assert play("attendance", "roll", *SESSION).out == ""
    play.refused(REFUSED, "no class C9", "attendance", "roll", "C9", *SESSION[1:])
