"""Why something has no place, and what stands in the way: told in words, tried out."""

from __future__ import annotations

import pytest

from tests.factories.plans import MONDAY, Plan, day
from trainer.errors import Refused, UsageError
from trainer.timetable.reasons import explain_timetable, why_not
from trainer.timetable.solving import solve_timetable


def test_what_forbids_a_place_is_named_with_what_would_help(sqlite_plan: Plan) -> None:
    """One room, closed all week but for a day that is too short for both meetings."""
    plan = sqlite_plan
    plan.venue("V1", closed_weekdays=("2", "3", "4", "5"))
    plan.course("K1", periods=5)
    plan.training("C1", {"course": "K1", "count": 2})
    solve_timetable(plan.desk)
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert found.key[:2] == ("C1", "K1")
    assert len(found.together) == 2
    assert found.minimal
    assert any("room V1" in reason.text("en") for reason in found.reasons)
    assert found.helps
    document = found.document()
    assert {"message", "reasons", "relaxations", "class", "course", "seq"} <= set(document)


def test_nothing_is_explained_where_everything_has_or_can_get_a_place(sqlite_plan: Plan) -> None:
    """Before the first solve everything is open, but nothing is impossible."""
    plan = sqlite_plan
    plan.venue()
    plan.course()
    plan.training("C1", "K1")
    assert explain_timetable(plan.desk) == ()
    assert plan.sessions() == []
    solve_timetable(plan.desk)
    assert explain_timetable(plan.desk) == ()


def test_why_names_the_rules_that_would_break(sqlite_plan: Plan) -> None:
    """A taken room, a Sunday, a small room, and a time where nothing stands in the way."""
    plan = sqlite_plan
    plan.venue("V1", capacity=10)
    plan.venue("SMALL", capacity=5)
    plan.course()
    plan.training("C1", "K1", size=10, latest=day(31))
    plan.training("C2", "K1", size=10)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1")

    def rules(date: int, period: str, venue: str | None = None) -> set[str]:
        return {rule for rule, _ in why_not(plan.desk, "C1/K1/1", day(date), period, venue)}

    assert rules(6, "AM2", "V1") == {"H2"}
    assert rules(12, "AM1") == {"H10"}
    assert rules(7, "AM1", "SMALL") == {"H4"}
    assert rules(7, "AM1") == set()
    assert plan.sessions()[0].date == MONDAY


def test_why_asks_for_names_that_exist(sqlite_plan: Plan) -> None:
    """A meeting without a session may be asked for; what is unknown is said."""
    plan = sqlite_plan
    plan.venue()
    plan.course()
    plan.training("C1", "K1")
    assert why_not(plan.desk, "C1/K1/1", MONDAY, "AM1") == ()
    with pytest.raises(Refused):
        why_not(plan.desk, "C1/K1/2", MONDAY, "AM1")
    with pytest.raises(UsageError):
        why_not(plan.desk, "C1/K1/1", MONDAY, "NIGHT")
    with pytest.raises(Refused):
        why_not(plan.desk, "C1/K1/1", MONDAY, "AM1", "V9")
