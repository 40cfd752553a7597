"""Weather, buses and bookings on the command line, in both languages and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.plans import MONDAY, Plan, day
from tests.factories.played import Player
from tests.unit.tui.cli.test_timetable import Program
from trainer.desk import Desk

TUESDAY = day(7).isoformat()


@pytest.fixture
def plan(sqlite_url: str) -> Plan:
    """A class of 40 on a hill on Tuesday morning; a hall stands in; one bus of 33 seats."""
    made = Plan(Desk(sqlite_url, "clerk"), {"transport": {"seats": [33]}})
    made.venue("HALL", capacity=50, name="报告厅")
    made.venue("HILL", kind="field_site", outdoor=True, plan_b="HALL", name="上九山村")
    made.course("K1", form="field", title="现场教学", venue_kinds=("field_site",))
    made.training("C1", "K1", title="青年班", size=40, earliest=MONDAY, latest=day(10))
    made.session("C1", "K1", day(7), "AM1", venue="HILL")
    return made


@pytest.fixture
def program(
    plan: Plan, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    return Program(Player(plan.desk.url, capfd, monkeypatch, "2023-03-01"))


def test_bad_weather_and_good(plan: Plan, program: Program) -> None:
    listed = program.json("outdoor")
    assert [(each["from"], each["to"]) for each in listed["plan_b"]] == [(["HILL"], ["HALL"])]
    outlook = program("outdoor", lang="zh").out
    assert "露天课次1个，其中备用场地不可用的0个" in outlook
    assert "青年班 现场教学 第1次" in outlook
    assert "上九山村：备用场地报告厅可用" in outlook
    assert "改为" not in outlook
    dry = program("weather", TUESDAY, "--dry-run").out
    assert "青年班 现场教学 no. 1, 2023-03-07" in dry
    assert "上九山村 becomes 报告厅" in dry
    assert "1 meeting goes to its plan B" in dry
    assert "nothing was stored" in dry
    done = program.json("weather", TUESDAY, "--reason", "暴雨")
    assert (done["stored"], done["unplaced"], done["affected"]["classes"]) == (True, [], ["C1"])
    assert program.json("check")["hard"] == []
    sheet = program("runsheet", "C1", TUESDAY, lang="zh").out
    assert "报告厅（代替上九山村）" in sheet
    told = program("why", "C1/K1", TUESDAY, "PM1", "--venue", "HILL", lang="en", code=1)
    assert "暴雨" in told.out + told.err
    assert "1次课改回原教学点" in program("weather", TUESDAY, "--undo", lang="zh").out
    assert plan.the_session().venue == "HILL"


def test_wrong_requests_get_a_sentence(program: Program) -> None:
    for arguments, code in (
        (("weather", "2023-02-01"), 1),
        (("weather", TUESDAY, "--venue", "HALL"), 1),
        (("weather", TUESDAY, "--to", "2023-03-01"), 2),
        (("weather", TUESDAY, "--undo", "--reason", "x"), 2),
        (("booking", "approve", "7"), 1),
        (("booking", "ask", "X", TUESDAY, TUESDAY, "--by", "a", "--for", "b"), 1),
    ):
        assert program(*arguments, code=code).err.startswith("error:")


def test_buses_that_are_short_exit_1(program: Program, tmp_path: Path) -> None:
    listed = program.json("transport", TUESDAY, code=1)
    assert [(row["people"], row["short"]) for row in listed["rows"]] == [(40, 7)]
    told = program("transport", TUESDAY, lang="zh", code=1)
    assert "用车安排表" in told.out
    assert "有7人没有座位" in told.err
    for kind in ("csv", "xlsx", "html"):
        program("transport", TUESDAY, "--out", str(tmp_path / f"t.{kind}"), code=1)
    assert program.json("transport", "2023-03-08")["rows"] == []


def test_a_hall_is_booked(program: Program) -> None:
    asked = program.json(
        "booking", "ask", "HALL", TUESDAY, TUESDAY, "--by", "工会", "--for", "大会"
    )
    number = str(asked["bookings"][0]["number"])
    assert "待审批" in program("booking", "list", lang="zh").out
    program("booking", "approve", number)
    kept = program.json("outdoor")["without_plan_b"]
    assert "booking of 工会: 大会" in kept[0]["why"][0]
    program("booking", "refuse", number)
    assert program.json("booking", "list")["bookings"][0]["state"] == "refused"
    assert program.json("outdoor")["without_plan_b"] == []
