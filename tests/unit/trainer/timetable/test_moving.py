"""Changing single sessions by hand: named in three ways, refused where a rule would break."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.plans import MONDAY, Plan, day
from trainer.errors import Refused, UsageError
from trainer.timetable.choosing import Selection
from trainer.timetable.moving import (
    Target,
    bring_back,
    cancel_sessions,
    find_session,
    move_session,
    set_locked,
)


@pytest.fixture
def held(plan: Plan) -> Plan:
    """Two classes, each with a session in the same room."""
    plan.venue("V1")
    plan.venue("V2")
    plan.course()
    plan.training("C1", "K1")
    plan.training("C2", "K1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1")
    return plan


def test_a_session_is_named_by_uid_its_first_letters_or_its_meeting(held: Plan) -> None:
    """Whatever a person has at hand."""
    facts = held.facts()
    row = held.sessions()[0]
    for name in (row.uid, row.uid[:8], "C1/K1/1", "C1/K1"):
        assert find_session(facts, name).uid == row.uid
    with pytest.raises(Refused, match="there is no session"):
        find_session(facts, "C9/K1/1")


def test_a_move_keeps_uid_and_length(held: Plan) -> None:
    """Only date, period, instants and place change."""
    before = held.sessions()[0]
    move_session(held.desk, "C1/K1/1", Target(day(7), "PM1", venue="V2"))
    after = held.sessions()[0]
    assert (after.uid, after.date, after.period, after.venue) == (
        before.uid,
        day(7),
        "PM1",
        "V2",
    )
    assert (after.start, after.end) == held.office.instants(day(7), "PM1", 1)


def test_a_move_that_breaks_a_rule_is_refused_and_changes_nothing(held: Plan) -> None:
    """The room is taken then, and the sentence says so."""
    with pytest.raises(Refused) as refusal:
        move_session(held.desk, "C1/K1/1", Target(MONDAY, "AM2"))
    assert refusal.value.params["rule"] == "H2"
    assert held.sessions()[0].period == "AM1"


@pytest.mark.parametrize(
    "target",
    [Target(MONDAY, "NIGHT"), Target(MONDAY, "AM3", venue="V9"), Target(MONDAY, "AM3", None, "T9")],
)
def test_unknown_names_are_said(held: Plan, target: Target) -> None:
    """A period, venue or teacher that the office does not have."""
    with pytest.raises((Refused, UsageError)):
        move_session(held.desk, "C1/K1/1", target)


def test_locked_sessions_stay_until_unlocked(held: Plan) -> None:
    """One by one, or a whole class."""
    assert set_locked(held.desk, ["C1/K1/1"], locked=True) == 1
    assert set_locked(held.desk, locked=True, chosen=Selection(classes=("C1", "C2"))) == 1
    with pytest.raises(Refused, match="locked"):
        move_session(held.desk, "C1/K1/1", Target(MONDAY, "AM3"))
    assert set_locked(held.desk, locked=False, chosen=Selection(classes=("C1",))) == 1
    move_session(held.desk, "C1/K1/1", Target(MONDAY, "AM3"))


def test_joint_sessions_move_together(plan: Plan) -> None:
    """Both classes' sessions get the new time."""
    plan.venue()
    plan.course()
    for code in ("C1", "C2"):
        plan.training(code, {"course": "K1", "joint": "J"})
        plan.session(code, "K1", MONDAY, "AM1", venue="V1", joint="J")
    moved = move_session(plan.desk, "C1/K1/1", Target(day(7), "AM2"))
    assert len(moved) == 2
    assert {(row.date, row.period) for row in plan.sessions()} == {(day(7), "AM2")}


def test_a_cancelled_session_comes_back_only_where_there_is_room(held: Plan) -> None:
    """Its room may be taken by then."""
    assert cancel_sessions(held.desk, ["C1/K1/1"]) == 1
    assert cancel_sessions(held.desk, ["C1/K1/1"]) == 0
    with pytest.raises(Refused, match="cancelled"):
        move_session(held.desk, "C1/K1/1", Target(MONDAY, "AM3"))
    move_session(held.desk, "C2/K1/1", Target(MONDAY, "AM1"))
    with pytest.raises(Refused, match="rule"):
        bring_back(held.desk, ["C1/K1/1"])
    move_session(held.desk, "C2/K1/1", Target(MONDAY, "AM2"))
    assert bring_back(held.desk, ["C1/K1/1"]) == 1


def test_held_sessions_are_neither_moved_nor_cancelled(plan: Plan) -> None:
    """What happened, happened."""
    plan.venue()
    plan.course()
    plan.training("C1", "K1")
    uid = plan.session("C1", "K1", MONDAY, "AM1", venue="V1", status="held")
    with pytest.raises(Refused, match="held"):
        move_session(plan.desk, uid, Target(MONDAY, "AM3"))
    with pytest.raises(Refused, match="held"):
        cancel_sessions(plan.desk, [uid])


def test_locks_choose_by_day_class_teacher_and_venue(held: Plan) -> None:
    """Kinds together must all hold; several of one kind are any of them."""
    held.session("C2", "K1", day(7), "AM1", seq=2, venue="V2")

    def lock(**chosen: object) -> int:
        selection = Selection(**chosen)  # type: ignore[arg-type]
        changed = set_locked(held.desk, locked=True, chosen=selection)
        set_locked(held.desk, locked=False, chosen=Selection(classes=("C1", "C2")))
        return changed

    assert lock(days=(MONDAY,)) == 2
    assert lock(days=(MONDAY,), classes=("C2",)) == 1
    assert lock(days=(MONDAY, day(7))) == 3
    assert lock(venues=("V2",)) == 1
    assert lock() == 0
    for unknown in ({"classes": ("C9",)}, {"teachers": ("T9",)}, {"venues": ("V9",)}):
        with pytest.raises(Refused):
            lock(**unknown)


@pytest.fixture
def afield(plan: Plan) -> Plan:
    """A class that visits A and B in two periods; B opens late, so A comes first in the morning."""
    plan.venue("S")
    plan.venue("A", kind="field_site", open_to=dt.time(12))
    plan.venue("B", kind="field_site", open_from=dt.time(9))
    plan.course("K1", form="field", periods=2, venues=("S",), stops=("A", "B"), stop_minutes=30)
    plan.training("C1", "K1")
    return plan


def test_a_move_chooses_an_order_of_stops_where_there_was_none(afield: Plan) -> None:
    """And keeps an order that somebody gave, where that fits the new time, too."""
    uid = afield.session("C1", "K1", MONDAY, "AM1", periods=2, venue="S")
    move_session(afield.desk, uid, Target(day(7), "AM1"))
    assert afield.the_session().stops == ("A", "B")
    move_session(afield.desk, uid, Target(day(8), "AM3"))
    assert afield.the_session().stops == ("A", "B")


def test_a_move_chooses_another_order_where_the_stored_one_does_not_fit(afield: Plan) -> None:
    uid = afield.session("C1", "K1", MONDAY, "AM3", periods=2, venue="S", stops=("B", "A"))
    move_session(afield.desk, uid, Target(day(7), "AM3"))
    assert afield.the_session().stops == ("B", "A")
    afield.away("venue", "A", day(8), period="AM4")
    move_session(afield.desk, uid, Target(day(8), "AM3"))
    assert afield.the_session().stops == ("A", "B")
    assert afield.broken() == set()


def test_a_move_to_where_no_order_fits_is_refused_and_the_check_tells(afield: Plan) -> None:
    """A is closed in the afternoon: no order of the two helps."""
    uid = afield.session("C1", "K1", MONDAY, "AM1", periods=2, venue="S", stops=("A", "B"))
    with pytest.raises(Refused) as refusal:
        move_session(afield.desk, uid, Target(day(7), "PM1"))
    assert "in no order" in str(refusal.value)
    assert afield.the_session().date == MONDAY
    other = afield.session("C1", "K1", day(8), "PM1", seq=2, periods=2, venue="S")
    (found,) = [each for each in afield.findings() if each.rule == "H7"]
    assert found.sessions == (other,)
