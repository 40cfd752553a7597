"""Scenes of badges, codes, cards and door devices on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.factories.played import MISSING, REFUSED, USAGE, Player
from tests.factories.registers import Register, day

SESSION = ("C1", "2023-02-01", "AM1")


def people(play: Player) -> dict[str, tuple[str | None, str | None]]:
    """Return status and note of everybody on the session's sheet."""
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    return {one["person"]: (one["status"], one["note"]) for one in sheet["people"]}


def door_log(folder: Path, *rows: str, head: str = "卡号,刷卡时间") -> Path:
    """Write the log of a door device."""
    path = folder / "door.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="gbk")
    return path


def test_badges_are_printed_into_a_file(play: Player, tmp_path: Path) -> None:
    """A PDF; without a file, of no class, or to a place that there cannot be: refused."""
    out = tmp_path / "badges.pdf"
    done = play("attendance", "badges", "C1", "--out", out, lang="zh")
    assert (done.out, out.read_bytes()[:4]) == ("", b"%PDF")
    assert "胸牌已写入" in done.err
    play.refused(USAGE, "--out is missing", "attendance", "badges", "C1")
    play.refused(REFUSED, "no class C9", "attendance", "badges", "C9", "--out", out)
    play.refused(MISSING, "choose another place", "attendance", "badges", "C1", "--out",
                 out / "more.pdf")  # fmt: skip


def test_whoever_shows_a_badge_is_signed_in(play: Player, register: Register) -> None:
    """Once; told again; a guest from nowhere, one due elsewhere; an unknown badge ends nothing."""
    register.people("P5")
    register.training("C3", ["P5"])
    register.meeting("C3", day(1))
    lines = "P1\n\nP1\n?!\nP9\nP5\n"
    done = play("attendance", "sign-in", *SESSION, stdin=lines, today="2023-02-01")
    first, again, guest, elsewhere = done.lines
    assert first.startswith("学员P1: ")
    assert "signed in already" in again
    assert "not on the list" in guest
    assert "C3" in elsewhere
    assert len(done.err.splitlines()) == 1
    assert {name for name, (status, _note) in people(play).items() if status} == {"P1", "P9", "P5"}
    zh = play("attendance", "sign-in", *SESSION, stdin="P1\n", lang="zh", today="2023-02-01")
    assert "已签到" in zh.out
    play.refused(REFUSED, "no class C9", "attendance", "sign-in", "C9", *SESSION[1:])


def test_the_code_of_the_moment_signs_in_and_out(play: Player) -> None:
    """By name, too; whoever was never there cannot leave; strangers and wrong codes are refused."""
    told = play("attendance", "code", *SESSION, "--json").document
    assert len(told["code"]) == 6
    assert 0 <= told["seconds_left"] <= 30  # told in tenths
    sign = ("attendance", "sign", *SESSION)
    code = ("--code", told["code"])
    play.refused(REFUSED, "P2", *sign, "P2", *code, "--out")
    done = play(*sign, "学员P1", *code, "--json").document
    assert done["person"] == "P1"
    gone = play(*sign, "P1", *code, "--out", "--json").document
    assert gone["arrived"] <= gone["left"]
    play.refused(REFUSED, "no person P8", *sign, "P8", *code)
    wrong = "000000" if told["code"] != "000000" else "000001"
    play.refused(REFUSED, "type the one that is shown", *sign, "P2", "--code", wrong)
    play.refused(REFUSED, "6 digits", *sign, "P2", "--code", "abc")
    play.refused(USAGE, "--code is missing", *sign, "P2")
    play.refused(REFUSED, "no class C9", "attendance", "code", "C9", *SESSION[1:])
    assert "秒有效" in play("attendance", "code", *SESSION, lang="zh").out


def test_a_code_of_another_class_is_named_as_such(play: Player, register: Register) -> None:
    """The digits of C3's session do not sign anybody in to C1's."""
    register.training("C3", ["P1"])
    register.meeting("C3", day(1))
    on: dict[str, Any] = {"today": "2023-02-01"}
    other = play("attendance", "code", "C3", *SESSION[1:], "--json", **on).document["code"]
    sign = ("attendance", "sign", *SESSION, "P1", "--code", other)
    assert "班次C3" in play.refused(REFUSED, "is that of 班次C3", *sign, **on)
    assert people(play)["P1"] == (None, None)


def test_a_card_is_that_of_one_person(play: Player) -> None:
    """Given to somebody else, whose it was is told, leading zeros or not; no number, nobody: no."""
    assert "卡 0012 已登记给 P1" in play("attendance", "card", "0012", "P1", lang="zh").out
    again = play("attendance", "card", "12", "P2")
    assert "up to now it was that of P1" in again.err
    assert play("attendance", "card", "12", "P2").err == ""
    play.refused(USAGE, "needs a number", "attendance", "card", " ", "P1")
    play.refused(REFUSED, "no person P8", "attendance", "card", "13", "P8")


@pytest.fixture
def cards(play: Player) -> None:
    """The cards of P1 and P2."""
    for card, person in (("1001", "P1"), ("1002", "P2")):
        play("attendance", "card", card, person)


@pytest.mark.usefixtures("cards")
def test_a_door_log_is_tried_taken_and_undone(play: Player, tmp_path: Path) -> None:
    """P1 in and out, P2 in late, a card that nobody knows; the trial leaves nothing."""
    log = door_log(
        tmp_path, "1001,2023-02-01 08:20", "1001,2023-02-01 12:05", "1002,2023-02-01 09:10",
        "7777,2023-02-01 08:30",
    )  # fmt: skip
    door = ("attendance", "door", log)
    tried = play(*door, "--dry-run", "--json").document
    assert (tried["ok"], tried["marks"], tried["import"], tried["unknown"]) == (
        True, 2, None, {"7777": 1},
    )  # fmt: skip
    assert {status for status, _note in people(play).values()} == {None}
    done = play(*door, lang="zh")
    assert "由此产生考勤 2 条" in done.out
    assert "trainer attendance card 7777" in done.err
    notes = {person: note for person, (_status, note) in people(play).items() if note}
    assert notes == {"P1": "08:20-12:05", "P2": "09:10-"}
    again = play(*door, "--json").document
    assert (again["events"], again["known"], again["marks"]) == (0, 3, 0)
    (row,) = play("attendance", "imports", "--json").document["imports"]
    play("attendance", "undo-import", row["number"])
    assert {status for status, _note in people(play).values()} == {None}


@pytest.mark.usefixtures("cards")
def test_columns_of_a_door_log_are_said_once(play: Player, tmp_path: Path) -> None:
    """Unknown titles are asked for; afterwards the device is known."""
    log = door_log(tmp_path, "1001,2023-02-01 08:20", head="谁,何时")
    door: tuple[Any, ...] = ("attendance", "door", log, "--device", "north")
    assert "--map who=" in play.refused(USAGE, "--map who=COLUMN", *door)
    play.refused(USAGE, "--map time=COLUMN", *door, "--map", "who=谁", "--map", "time=几时")
    play.refused(USAGE, "who, time, date, direction", *door, "--map", "what=谁")
    play.refused(USAGE, "names no column", *door, "--map", "who")
    first = play(*door, "--map", "who=谁", "--map", "time=何时", "--json").document
    again = play(*door, "--json").document
    assert (first["events"], again["known"], again["columns"]["who"]) == (1, 1, "谁")


def test_door_logs_that_cannot_be_read_change_nothing(play: Player, tmp_path: Path) -> None:
    """Missing, a folder, empty, times that are none: 3 and 1, in words with the row."""
    door = ("attendance", "door")
    play.refused(MISSING, "door", *door, tmp_path / "none.csv")
    assert "这是文件夹" in play.refused(MISSING, "name the log", *door, tmp_path)
    blank = tmp_path / "blank.csv"
    blank.write_bytes(b"")
    play.refused(REFUSED, "no lines below its titles", *door, blank)
    bad = door_log(tmp_path, "1001,2023-02-30 08:20", "1002,noon")
    said = play.refused(REFUSED, "line 2: “2023-02-30 08:20”", *door, bad)
    assert "第 3 行" in said
    assert play(*door, bad, "--json", code=REFUSED).document["ok"] is False
    assert play("attendance", "imports", "--json").document == {"imports": []}
