"""What an office wants of its timetable: seasons, priorities, and what a day may hold."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest

from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import office_from
from trainer.phrases import phrase
from trainer.timetable.build import build_problem
from trainer.timetable.engine.solution import Limits
from trainer.timetable.facts import read_facts
from trainer.timetable.solving import solve_timetable
from trainer.timetable.wanted import wanted_of


def plan_with(url: str, **timetable: Any) -> Plan:
    """Return a plan of an office with these ``[policies.timetable]``, and a room and a course."""
    desk = Desk(url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
    plan = Plan(desk, {"policies": {"timetable": timetable}})
    plan.venue()
    plan.course("K1", periods=4)
    return plan


def test_classes_of_the_series_keep_out_of_the_season(sqlite_url: str) -> None:
    fields = {"seasons": ["03-06/03-08"], "series": ["村干部"]}
    plan = plan_with(sqlite_url, farm_work=fields)
    plan.training("C1", {"course": "K1", "count": 2}, series="村干部")
    plan.training("C2", {"course": "K1", "count": 2}, series="机关")
    solve_timetable(plan.desk, limits=Limits(work=200))
    days = {row.date for row in plan.sessions() if row.class_code == "C1"}
    assert days == {day(9), day(10)}
    plan.session("C1", "K1", MONDAY, "PM1", seq=3, periods=4, venue="V1")
    told = [each for each in plan.findings() if each.rule == "farm_work"]
    assert [each.cost for each in told] == [2]


def test_who_has_priority_is_placed_where_not_everything_fits(sqlite_url: str) -> None:
    plan = plan_with(sqlite_url, priority={"主体班": 5, "C3": 9})
    for code, series in (("C1", "其他"), ("C2", "主体班"), ("C3", "其他")):
        plan.training(code, "K1", series=series, earliest=MONDAY, latest=MONDAY)
    found = solve_timetable(plan.desk, limits=Limits(work=200))
    assert [left.key[0] for left in found.unplaced] == ["C1"]
    assert {row.class_code for row in plan.sessions()} == {"C2", "C3"}


def test_days_hold_what_the_office_says(sqlite_url: str) -> None:
    """Limits by code come before those by series or kind, and these before those for all."""
    plan = plan_with(
        sqlite_url,
        class_day={"all": 8, "主体班": 4},
        teacher_day={"all": 8, "party_school": 6, "T1": 4},
        apart=[["K1", "K2"], ["K1", "K9"]],
    )
    plan.teacher("T1")
    plan.teacher("T2", kind="party_school")
    plan.teacher("T3", kind="expert")
    plan.course("K2", periods=2)
    plan.training("C1", "K1", "K2", series="主体班")
    plan.training("C2", "K1", "K2", series="其他")
    with plan.desk.reading() as session:
        problem = build_problem(read_facts(session), MONDAY).problem
    assert [each.periods_a_day for each in problem.classes] == [4, 8]
    assert [each.periods_a_day for each in problem.teachers] == [4, 6, 8]
    assert problem.apart == (frozenset({0, 1}),)
    solve_timetable(plan.desk, limits=Limits(work=200))
    for code in ("C1", "C2"):
        days = [row.date for row in plan.sessions() if row.class_code == code]
        assert len(set(days)) == 2
    plan.session("C1", "K2", days[0], "PM1", seq=2, periods=2, venue="V1")
    assert {"apart", "class_day"} & {each.rule for each in plan.findings()}


@pytest.mark.parametrize(
    "timetable",
    [
        {"farm_work": {"seasons": ["06-01"]}},
        {"farm_work": {"seasons": ["06-01/06-31"]}},
        {"farm_work": {"seasons": "06-01/06-20"}},
        {"farm_work": ["06-01/06-20"]},
        {"priority": {"C1": 0}},
        {"priority": {"C1": True}},
        {"priority": {"C1": "high"}},
        {"priority": 3},
        {"class_day": 6},
        {"class_day": {"all": 0}},
        {"teacher_day": {"T1": "six"}},
        {"together": ["K1", "K2"]},
        {"apart": [["K1"]]},
    ],
)
def test_what_is_not_usable_is_named(timetable: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"timetable.{next(iter(timetable))}"):
        wanted_of(office_from({"policies": {"timetable": timetable}}))
    with pytest.raises(UsageError, match="timetable"):
        wanted_of(office_from({"policies": {"timetable": [1]}}))


def test_the_example_of_groups_may_be_copied_into_the_settings() -> None:
    for language in ("en", "zh"):
        with pytest.raises(UsageError) as error:
            wanted_of(office_from({"policies": {"timetable": {"apart": [["K1"]]}}}))
        text = phrase(error.value.template, **error.value.params).text(language)
        example = text[text.index("[[") : text.index("]]") + 2]
        given = tomllib.loads(f"apart = {example}")
        assert wanted_of(office_from({"policies": {"timetable": given}})).apart
