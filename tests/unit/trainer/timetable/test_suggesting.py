"""The best places for one session, through the office's own codes."""

from __future__ import annotations

import pytest

from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.timetable.moving import Target, move_session
from trainer.timetable.suggesting import suggest_places


@pytest.fixture
def held(plan: Plan) -> Plan:
    """Two classes that share the only room, each with a session in it."""
    plan.venue("V1")
    plan.course()
    plan.training("C1", "K1")
    plan.training("C2", "K1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1")
    return plan


def test_every_place_can_really_be_taken(held: Plan) -> None:
    """The cheapest first; a move to the best one breaks no rule."""
    found = suggest_places(held.desk, "C1/K1/1", 5, chains=False)
    assert len(found) == 5
    assert [each.cost for each in found] == sorted(each.cost for each in found)
    assert (MONDAY, "AM2") not in {(each.place.date, each.place.period) for each in found}
    best = found[0].place
    move_session(held.desk, "C1/K1/1", Target(best.date, best.period, venue=best.venues[0]))
    assert held.broken() == set()


def test_a_chain_names_who_gives_way(held: Plan) -> None:
    """The other session's place is offered too, with where that one then goes."""
    found = suggest_places(held.desk, "C1/K1/1", 100)
    (chained,) = [e for e in found if (e.place.date, e.place.period) == (MONDAY, "AM2")]
    (moved,) = chained.moved
    assert moved.key == ("C2", "K1", 1)
    assert (moved.date, moved.period) != (MONDAY, "AM2")


def test_whom_a_place_concerns_is_told(held: Plan) -> None:
    """Those who are in the classes that move, on the day before or after, each of them once."""
    held.enrol("C1", "P1", "P2")
    held.enrol("C2", "P2", "P3")
    held.enrol("C2", "P4", to_date=day(4))
    held.teacher()
    for found in suggest_places(held.desk, "C1/K1/1", 100):
        classes = ("C1", "C2") if found.moved else ("C1",)
        people = ("P1", "P2", "P3") if found.moved else ("P1", "P2")
        assert (found.affected.classes, found.affected.people) == (classes, people)
        assert found.document()["affected"] == found.affected.document()


def test_of_a_joint_meeting_that_gives_way_each_session_is_named(plan: Plan) -> None:
    plan.venue("V1")
    plan.course()
    plan.training("C1", "K1")
    for code in ("C2", "C3"):
        plan.training(code, {"course": "K1", "joint": "J"})
        plan.session(code, "K1", MONDAY, "AM2", venue="V1", joint="J")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    found = suggest_places(plan.desk, "C1/K1/1", 100)
    (chained,) = [e for e in found if (e.place.date, e.place.period) == (MONDAY, "AM2")]
    assert [each.key for each in chained.moved] == [("C2", "K1", 1), ("C3", "K1", 1)]
    assert len({(each.date, each.period, each.venues) for each in chained.moved}) == 1
    assert chained.affected.classes == ("C1", "C2", "C3")


def test_nothing_past_is_suggested(held: Plan) -> None:
    """Neither as the place nor as what would have to move."""
    late = day(8)
    desk = Desk(held.desk.url, held.desk.actor, Clock(fixed=late))
    found = suggest_places(desk, "C1/K1/1", 100)
    assert found
    for each in found:
        assert each.place.date >= late
        assert all(other.date >= late for other in each.moved)


def test_an_unknown_session_is_said(held: Plan) -> None:
    """In one sentence."""
    with pytest.raises(Refused, match="there is no session"):
        suggest_places(held.desk, "C9/K1/1")
