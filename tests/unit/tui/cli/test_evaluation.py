"""``trainer evaluation``: from opening to figures, in both languages; refusals say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.evaluations import held_class, today
from tests.factories.played import NOT_ALLOWED, REFUSED, USAGE, Player
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.desk import Desk

SHEET = ("content=5", "teaching=满意", "organisation=4", "usefulness=3", "venue=2")


@pytest.fixture
def play(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Player:
    """What plays calls at an office whose class of six has been held."""
    monkeypatch.setenv(VARIABLE, "pc")
    held_class(Desk(sqlite_url, "clerk", Clock(fixed=today())), people=6)
    return Player(sqlite_url, capfd, monkeypatch, today().isoformat())


def test_from_opening_to_figures(play: Player, tmp_path: Path) -> None:
    noun = "evaluation"
    opened = play(noun, "open", "C1", "--until", "2023-02-28", "--json").document
    assert (opened["evaluation"], opened["invited"], opened["named"]) == ("C1-1", 6, False)
    codes = [one["code"] for one in play(noun, "codes", "C1", "--json").document["codes"]]
    assert len(codes) == 6
    assert "1:content" in play(noun, "answer", "C1", codes[0]).out
    listed = play(noun, "answer", "C1", codes[0], "--json").document["subjects"]
    assert [one["kind"] for one in listed] == ["class", "site"]
    for code in codes[:5]:
        done = play(noun, "answer", "C1", code, *SHEET, "2:site=5", "advice=好", "--json").document
        assert done["answers"] == 7
    assert "5 of 6 have answered" in play(noun, "status", "C1").out
    closing = play(noun, "close", "C1", lang="zh")
    assert "应评 6 人，已评 5 人" in closing.out
    assert closing.err == ""
    shown = play(noun, "show", "C1", "--json").document
    # everybody gave the same: nothing of it is shown, but what they wrote is
    assert all(one["suppressed"] for one in shown["subjects"])
    assert shown["remarks"][0]["remarks"] == ["好"] * 5
    assert "不予显示" in play(noun, "show", "C1", lang="zh").out
    for kind in ("table", "csv"):
        assert (
            "满意 5" not in play("report", noun, "--format", kind, "--by", "class", lang="zh").out
        )
    assert play("report", noun, "--json").document["total"]["suppressed"]


def test_closing_says_where_past_states_are_left(
    play: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    play("evaluation", "open", "C1")
    # a real reader would hold everybody up for seconds
    monkeypatch.setattr("trainer.evaluation.urn.empty_journal", lambda *_tables: False)
    assert "“trainer verify”" in play("evaluation", "close", "C1").err


def test_codes_on_paper_and_sheets_from_paper(play: Player, tmp_path: Path) -> None:
    play("evaluation", "open", "C1")
    slips = tmp_path / "slips.csv"
    play("evaluation", "codes", "C1", "--out", slips)
    rows = slips.read_text(encoding="utf-8").splitlines()
    assert (rows[0], len(rows)) == ("code,number,person,name,unit", 7)
    again = tmp_path / "again.csv"
    assert "0 codes" in play("evaluation", "codes", "C1", "--out", again).err
    assert not again.exists()
    assert "No. 3" in play("evaluation", "codes", "C1", "--replace", "3").out
    pdf = tmp_path / "slips.pdf"
    play("evaluation", "codes", "C1", "--again", "--out", pdf)
    assert pdf.read_bytes().startswith(b"%PDF")
    sheets = tmp_path / "sheets.csv"
    sheets.write_text("content,teaching,organisation,usefulness,venue\n5,5,5,5,5\n5,5,5,5,9\n")
    found = play("evaluation", "import", "C1", sheets, "--json", code=REFUSED)
    assert [one["row"] for one in found.document["problems"]] == [3]
    sheets.write_text("content,teaching,organisation,usefulness,venue\n5,5,5,5,5\n5,5,5,5,1\n")
    assert "2 sheets would" in play("evaluation", "import", "C1", sheets, "--dry-run").out
    assert "as the batch" in play("evaluation", "import", "C1", sheets).out
    assert "nothing changed" in play("evaluation", "import", "C1", sheets).out


def test_refusals_say_what_to_do(play: Player, tmp_path: Path) -> None:
    noun = "evaluation"
    assert "evaluation open" in play(noun, "status").err
    play.refused(REFUSED, "evaluation open", noun, "status", "C1")
    play.refused(USAGE, "must be named", noun, "open", "C1", "--of", "courses", "--drawn")
    play(noun, "open", "C1", "--form", "brief")
    play.refused(USAGE, "end in .pdf or .csv", noun, "codes", "C1", "--out", tmp_path / "x.doc")
    play.refused(REFUSED, "is open", noun, "show", "C1")
    play.refused(USAGE, "bear no names", noun, "status", "C1", "--missing")
    play(noun, "close", "C1")
    play.refused(NOT_ALLOWED, "does not show teachers", noun, "show", "C1", actor="T1")
    assert "title = " in play(noun, "forms", "brief", "--toml").out
    assert [form["code"] for form in play(noun, "forms", "--json").document] == [
        "brief@1", "standard@1",
    ]  # fmt: skip
