"""Scenes of guests on the command line: met, tied to somebody, untied."""

from __future__ import annotations

from tests.factories.played import REFUSED, Player

SESSION = ("C1", "2023-02-01", "AM1")


def test_a_guest_is_met_tied_and_untied(play: Player) -> None:
    """One session goes from the guest to P1 and back: one of six expected, then a guest's."""
    assert "没有旁听人员" in play("attendance", "guests", lang="zh").err
    guest = play("attendance", "guest", "路过的老乡", "--json").document["code"]
    play.refused(REFUSED, "nothing is recorded", "attendance", "tie", guest, "P1")
    play("attendance", "mark", *SESSION, guest, "present")
    tied = play("attendance", "tie", guest, "P1", "--reason", "本人说明")
    assert tied.out == f"{guest} is P1: what was recorded at 1 session is said of P1 now\n"
    (listed,) = play("attendance", "guests", "--json").document["guests"]
    assert (listed["code"], listed["sessions"], listed["person"]) == (guest, 0, "P1")
    total = play("report", "attendance", "--json").document["total"]
    assert (total["attended"], total["guests"], total["rate"]) == (1, 0, 0.1667)
    assert "本人说明" in play("attendance", "history", *SESSION, guest).out
    play.refused(REFUSED, f"attendance untie {guest}", "attendance", "tie", guest, "P2")
    assert "1 次课" in play("attendance", "untie", guest, lang="zh").out
    assert f"{guest}  路过的老乡" in play("attendance", "guests").out
    total = play("report", "attendance", "--json").document["total"]
    assert (total["attended"], total["guests"]) == (1, 1)
    play.refused(REFUSED, "tied to nobody", "attendance", "untie", guest)
    play.refused(REFUSED, "P2 is no guest", "attendance", "tie", "P2", "P1")
