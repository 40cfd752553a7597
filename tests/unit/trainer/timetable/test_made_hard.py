"""A soft rule that the office made hard: moving, carrying, why, suggest and check say the same."""

from __future__ import annotations

import pytest

from tests.factories.plans import MONDAY, Plan, day
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.timetable.carrying import pick_up, put_down
from trainer.timetable.moving import Target, cancel_sessions, move_session
from trainer.timetable.reasons import judge_place
from trainer.timetable.steps import undo
from trainer.timetable.suggesting import suggest_places

TUESDAY = day(7)
MIDDLE = "C1/K1/2"


def morning(desk: Desk, level: str) -> Plan:
    """Return a class with three sessions one after the other, none of which may be idle between."""
    plan = Plan(desk, {"levels": {"compact": level}})
    plan.venue("V1")
    plan.course()
    plan.training("C1", {"course": "K1", "count": 3})
    for seq, period in enumerate(("AM1", "AM2", "AM3"), start=1):
        plan.session("C1", "K1", MONDAY, period, seq=seq, venue="V1")
    return plan


def test_what_a_session_leaves_behind_keeps_it(sqlite_plan: Plan) -> None:
    """The first and the third would have an idle period between them."""
    plan = morning(sqlite_plan.desk, "block")
    there = Target(TUESDAY, "AM1", venue="V1")
    with pytest.raises(Refused) as refusal:
        move_session(plan.desk, MIDDLE, there)
    assert refusal.value.params["rule"] == "compact"
    judged = judge_place(plan.desk, MIDDLE, TUESDAY, "AM1", "V1")
    assert [rule for rule, _ in judged.obstacles] == ["compact"]
    carried = pick_up(plan.desk, MIDDLE)
    assert carried.preview().broken == ()
    carried.carry(days=1, periods=-1)
    assert {each.rule for each in carried.preview().broken} == {"compact"}
    with pytest.raises(Refused):
        put_down(plan.desk, carried)
    assert TUESDAY not in {
        each.place.date for each in suggest_places(plan.desk, MIDDLE, 50, chains=False)
    }
    assert not plan.broken()


def test_what_leaves_nothing_idle_goes_and_comes_back(sqlite_plan: Plan) -> None:
    plan = morning(sqlite_plan.desk, "block")
    places = {(each.place.date, each.place.period) for each in suggest_places(plan.desk, "C1/K1/3")}
    assert (TUESDAY, "AM1") in places
    assert not judge_place(plan.desk, "C1/K1/3", TUESDAY, "AM1", "V1").obstacles
    move_session(plan.desk, "C1/K1/3", Target(TUESDAY, "AM1"))
    assert not plan.broken()
    undo(plan.desk)
    assert [row.period for row in plan.sessions()] == ["AM1", "AM2", "AM3"]


def test_a_session_that_is_called_off_may_leave_a_gap(sqlite_plan: Plan) -> None:
    """Whoever calls it off knows; the check tells of it, and no move makes it worse."""
    plan = morning(sqlite_plan.desk, "block")
    cancel_sessions(plan.desk, [MIDDLE])
    assert plan.broken() == {"compact"}
    with pytest.raises(Refused):
        move_session(plan.desk, "C1/K1/3", Target(MONDAY, "PM1"))
    move_session(plan.desk, "C1/K1/3", Target(MONDAY, "AM2"))
    assert not plan.broken()


@pytest.mark.parametrize("level", ["warn", "report", "off"])
def test_a_rule_that_is_not_hard_keeps_nobody(sqlite_plan: Plan, level: str) -> None:
    plan = morning(sqlite_plan.desk, level)
    assert not judge_place(plan.desk, MIDDLE, TUESDAY, "AM1", "V1").obstacles
    carried = pick_up(plan.desk, MIDDLE)
    carried.carry(days=1)
    assert carried.preview().broken == ()
    put_down(plan.desk, carried)
    assert not plan.broken()


def test_what_others_break_as_much_keeps_nobody(sqlite_plan: Plan) -> None:
    """Two sessions lie on two days of their own: a third may come to these, and to no other."""
    document = {
        "levels": {"together": "block"},
        "policies": {"timetable": {"together": [["K1", "K2"]]}},
    }
    plan = Plan(sqlite_plan.desk, document)
    plan.venue("V1")
    plan.course("K1")
    plan.course("K2")
    plan.training("C1", {"course": "K1", "count": 2}, "K2")
    for course, seq, number in (("K1", 1, 6), ("K1", 2, 7), ("K2", 1, 6)):
        plan.session("C1", course, day(number), f"AM{seq + (course == 'K2')}", seq=seq, venue="V1")
    assert not judge_place(plan.desk, "C1/K2/1", TUESDAY, "AM1", "V1").obstacles
    move_session(plan.desk, "C1/K2/1", Target(TUESDAY, "AM1"))
    judged = judge_place(plan.desk, "C1/K2/1", day(8), "AM1", "V1")
    assert [rule for rule, _ in judged.obstacles] == ["together"]
    with pytest.raises(Refused):
        move_session(plan.desk, "C1/K2/1", Target(day(8), "AM1"))
