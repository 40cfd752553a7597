"""``trainer timetable`` by an office's levels: what is made hard, and what stays hard."""

from __future__ import annotations

import pytest

from tests.factories.plans import MONDAY, Plan, day
from tests.factories.played import REFUSED, Player
from trainer.desk import Desk


@pytest.fixture
def strict(sqlite_url: str) -> Plan:
    """A class with a course on two days, which may not be on one, in an office with odd levels."""
    plan = Plan(
        Desk(sqlite_url, "clerk"), {"levels": {"spread": "block", "H3": "off", "H2": "block"}}
    )
    plan.venue("V1")
    plan.venue("V2")
    plan.course()
    plan.training("C1", {"course": "K1", "count": 2}, earliest=MONDAY, latest=day(8))
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C1", "K1", day(7), "AM1", seq=2, venue="V1")
    return plan


@pytest.fixture
def play(
    sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Player:
    """What plays calls at that office alone."""
    return Player(sqlite_url, capfd, monkeypatch, "2023-03-01")


@pytest.mark.usefixtures("strict")
def test_a_rule_that_blocks_stands_in_the_way_by_name(play: Player) -> None:
    where = ("timetable", "why", "C1/K1/2", MONDAY, "PM1")
    told = play(*where, "--json", code=REFUSED).document
    assert [each["rule"] for each in told["obstacles"]] == ["spread"]
    assert "spread" in play(*where, code=REFUSED, lang="zh").out
    assert "spread" in play("timetable", "move", "C1/K1/2", MONDAY, "PM1", code=REFUSED).err
    found = play("timetable", "suggest", "C1/K1/2", "--no-chains", "--json").document
    assert {each["date"] for each in found["suggestions"]} == {"2023-03-07", "2023-03-08"}
    assert play("timetable", "check").err == play("timetable", "rules").err


def test_a_rule_of_the_contract_stays_hard_and_the_office_is_told(
    strict: Plan, play: Player
) -> None:
    strict.training("C2", "K1")
    strict.session("C1", "K1", day(8), "AM1", seq=3, venue="V1")
    strict.session("C2", "K1", day(8), "AM1", venue="V1")
    checked = play("timetable", "check", code=REFUSED)
    assert "H2: " in checked.out
    assert "H3" in checked.err
    assert "H2" not in checked.err
    assert "始终是硬性规则" in play("timetable", "rules", lang="zh").err
