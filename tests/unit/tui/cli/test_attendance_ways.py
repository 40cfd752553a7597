"""Badges that come and go on the command line."""

from __future__ import annotations

from tests.factories.played import USAGE, Player

SESSION = ("C1", "2023-02-01", "AM1")


def test_badges_come_and_go(play: Player) -> None:
    """In, out, out again, and out without ever having come; the way must be a known one."""
    sign = ("attendance", "sign-in", *SESSION)
    today = "2023-02-01"
    (came,) = play(*sign, "--way", "in", stdin="P1\n", today=today).lines
    assert came.startswith("学员P1: ")
    gone, again, never = play(*sign, "--way", "out", stdin="P1\nP1\nP2\n", today=today).lines
    assert "学员P1" in gone
    assert "already out" in again
    assert "not signed in, nothing says that you came" in never
    zh = play(*sign, "--way", "out", stdin="P2\n", lang="zh", today=today)
    assert "未签到，没有您本次课的签到记录" in zh.out
    (back,) = play(*sign, "--way", "auto", stdin="P9 \n", today=today).lines
    assert "学员P9" in back
    play.refused(USAGE, "use one of: auto, in, out", *sign, "--way", "up")
    (sheet,) = play("attendance", "sheet", *SESSION, "--json").document["sheets"]
    notes = {one["person"]: one["note"] for one in sheet["people"]}
    assert notes["P1"][5] == "-"
    assert notes["P2"] is None
