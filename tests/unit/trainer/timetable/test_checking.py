"""The stored timetable is held against the tables: a planted violation of each hard rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from db.tables import Travel, UnitGroup
from tests.factories.plans import MONDAY, Plan, day
from trainer.timetable.checking import report

Plant = Callable[[Plan], object]


def _two_classes(plan: Plan, **course: Any) -> None:
    plan.course("K1", **course)
    plan.training("C1", "K1")
    plan.training("C2", "K1")


def teacher_twice(plan: Plan) -> None:
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher()
    _two_classes(plan, teachers=("T1",))
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V2", teacher="T1")


def venue_full(plan: Plan) -> None:
    plan.venue("V1")
    _two_classes(plan)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V1")


def person_twice(plan: Plan) -> None:
    plan.venue("V1", parallel=2)
    _two_classes(plan)
    plan.enrol("C1", "P1")
    plan.enrol("C2", "P1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V1")


def too_small(plan: Plan) -> None:
    plan.venue("V1", capacity=2)
    plan.course("K1")
    plan.training("C1", "K1", size=1)
    plan.enrol("C1", "P1", "P2", "P3")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")


def not_accredited(plan: Plan) -> None:
    plan.venue("V1", accredited_until=day(5))
    plan.course("K1")
    plan.training("C1", "K1", accredited=True)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")


def teacher_away(plan: Plan) -> None:
    plan.venue("V1")
    plan.teacher()
    plan.course("K1", teachers=("T1",))
    plan.training("C1", "K1")
    plan.away("teacher", "T1", MONDAY, period="AM1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")


def too_far(plan: Plan) -> None:
    plan.venue("V1")
    plan.venue("V2")
    plan.add(Travel(from_venue="V1", to_venue="V2", minutes=1))
    plan.course("K1")
    plan.course("K2")
    plan.training("C1", "K1", "K2")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C1", "K2", MONDAY, "AM2", venue="V2")


def wrong_order(plan: Plan) -> None:
    plan.venue("V1")
    plan.course("K1")
    plan.course("K2", after=("K1",))
    plan.training("C1", "K1", "K2")
    plan.session("C1", "K2", MONDAY, "AM1", venue="V1")
    plan.session("C1", "K1", MONDAY, "AM2", venue="V1")


def past_the_end(plan: Plan) -> None:
    plan.venue("V1")
    plan.course("K1", periods=2)
    plan.training("C1", "K1", measure="knowledge_class")
    plan.session("C1", "K1", MONDAY, "EVE2", periods=2, venue="V1")


def on_sunday(plan: Plan) -> None:
    plan.venue("V1")
    plan.course("K1")
    plan.training("C1", "K1", latest=day(31))
    plan.session("C1", "K1", day(12), "AM1", venue="V1")


def too_often(plan: Plan) -> None:
    plan.venue("V1")
    plan.teacher(max_per_week=1)
    plan.course("K1", teachers=("T1",))
    plan.training("C1", {"course": "K1", "count": 2})
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C1", "K1", day(8), "AM1", venue="V1", teacher="T1", seq=2)


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        ("H1", teacher_twice),
        ("H2", venue_full),
        ("H3", person_twice),
        ("H4", too_small),
        ("H5", not_accredited),
        ("H6", teacher_away),
        ("H7", too_far),
        ("H8", wrong_order),
        ("H9", past_the_end),
        ("H10", on_sunday),
        ("H11", too_often),
    ],
)
def test_each_planted_violation_is_named_and_nothing_else(
    sqlite_plan: Plan, rule: str, plant: Plant
) -> None:
    """Each hard rule is found broken, by its name, with the sessions that break it."""
    plant(sqlite_plan)
    found = [each for each in sqlite_plan.findings() if each.hard]
    assert {each.rule for each in found} == {rule}
    known = {row.uid for row in sqlite_plan.sessions()}
    assert all(each.sessions and set(each.sessions) <= known for each in found)


def test_cancelled_sessions_break_nothing(plan: Plan) -> None:
    """What is cancelled takes no room and no time."""
    plan.venue("V1")
    _two_classes(plan)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", status="cancelled")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V1")
    assert plan.broken() == set()


def test_sessions_without_a_line_in_a_syllabus_are_checked_too(plan: Plan) -> None:
    """A session that somebody brought in from elsewhere still takes up its room."""
    plan.venue("V1")
    plan.course("K1")
    plan.training("C1", "K1")
    plan.training("C2")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V1")
    assert plan.broken() == {"H2"}


def test_sessions_of_one_joint_code_are_one_meeting(plan: Plan) -> None:
    """A hall that holds one meeting holds a joint one, if there is room for both classes."""
    plan.venue("V1", capacity=50)
    plan.course("K1")
    for code in ("C1", "C2"):
        plan.training(code, {"course": "K1", "joint": "J"}, size=25)
        plan.session(code, "K1", MONDAY, "AM1", venue="V1", joint="J")
    assert plan.broken() == set()


def test_joint_sessions_at_different_times_are_torn_apart(plan: Plan) -> None:
    """A joint meeting has one time."""
    plan.venue("V1")
    plan.course("K1")
    for code, period in (("C1", "AM1"), ("C2", "AM2")):
        plan.training(code, {"course": "K1", "joint": "J"})
        plan.session(code, "K1", MONDAY, period, venue="V1", joint="J")
    assert plan.broken() == {"H8"}


def test_hours_that_are_not_those_of_the_periods_are_found(plan: Plan) -> None:
    """An imported session whose instants contradict its period is named, and clashes by them."""
    plan.venue("V1")
    plan.course("K1")
    plan.training("C1", "K1")
    start, end = plan.office.instants(MONDAY, "AM2", 1)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", start=start, end=end)
    assert plan.broken() == {"H9"}


def test_an_unknown_period_is_found(plan: Plan) -> None:
    """A session in a period that the office does not have is named."""
    plan.venue("V1")
    plan.course("K1")
    plan.training("C1", "K1")
    start = plan.office.instant(MONDAY, dt.time(10))
    values = {"start": start, "end": start + dt.timedelta(hours=1)}
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", **values)
    with plan.desk.writing() as work:
        row = plan.the_session()
        work.update_many(type(row), [(row.model_dump(), {"period": "NIGHT"})])
        work.commit()
    assert "H9" in plan.broken()


@pytest.mark.parametrize(
    ("shared", "sponsor", "hosts", "allowed"),
    [
        ((), "OTHER", (), True),
        (("U",), "OTHER", (), False),
        (("U",), "U", (), True),
        (("U",), "CHILD", (), True),
        (("U",), "OTHER", ("U",), True),
        (("G",), "MEMBER", (), True),
        (("G",), "OTHER", (), False),
        (("U",), "OWNER", (), True),
    ],
)
def test_a_venue_is_for_those_with_whom_it_is_shared(
    sqlite_plan: Plan,
    shared: tuple[str, ...],
    sponsor: str,
    hosts: tuple[str, ...],
    *,
    allowed: bool,
) -> None:
    """Sponsor and hosts ask; units below a named one and members of a named group may use it."""
    plan = sqlite_plan
    plan.units("U", "OTHER", "OWNER", "MEMBER", CHILD="U")
    plan.add(UnitGroup(code="G", name="alliance", members=("MEMBER",)))
    plan.venue("V1", unit="OWNER", shared_with=shared)
    plan.course("K1")
    plan.training("C1", "K1", sponsor=sponsor, hosts=hosts)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    assert plan.broken() == (set() if allowed else {"H5"})


@pytest.mark.parametrize(
    ("kind", "code", "broken"),
    [
        ("venue", "V1", True),
        ("class", "C1", True),
        ("unit", "U", True),
        ("unit", "ABOVE", True),
        ("unit", "OTHER", False),
        ("person", "LEARNS", False),
        ("person", "TEACHES", True),
    ],
)
def test_every_kind_of_absence_counts_for_what_it_touches(
    sqlite_plan: Plan, kind: str, code: str, *, broken: bool
) -> None:
    """A unit stops its classes; a person only what that person teaches."""
    plan = sqlite_plan
    plan.units("ABOVE", "OTHER", U="ABOVE")
    plan.venue("V1")
    plan.course("K1", teachers=("T1",))
    plan.training("C1", "K1", sponsor="U")
    plan.enrol("C1", "LEARNS")
    plan.training("C2")
    plan.enrol("C2", "TEACHES")
    plan.teacher("T1", person="TEACHES")
    plan.away(kind, code, MONDAY)
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    assert plan.broken() == ({"H6"} if broken else set())


@pytest.mark.parametrize(("date", "broken"), [(day(6), False), (dt.date(2023, 4, 17), True)])
def test_a_season_may_run_over_new_year(sqlite_plan: Plan, date: dt.date, *, broken: bool) -> None:
    """From November to March is winter."""
    plan = sqlite_plan
    plan.venue("V1", season_from="11-01", season_to="03-31")
    plan.course("K1")
    plan.training("C1", "K1", latest=dt.date(2023, 4, 30))
    plan.session("C1", "K1", date, "AM1", venue="V1")
    assert plan.broken() == ({"H6"} if broken else set())


def test_the_report_names_rules_sessions_and_messages(plan: Plan) -> None:
    """The document has the contract's keys."""
    venue_full(plan)
    document = report(plan.findings())
    (found,) = document["hard"]
    assert found["rule"] == "H2"
    assert sorted(found["sessions"]) == sorted(row.uid for row in plan.sessions())
    assert "room V1" in found["message"]
    assert set(document) == {"hard", "soft"}


def test_membership_dates_decide_who_is_in_two_places(plan: Plan) -> None:
    """Who left the first class before the second began is in one place at a time."""
    plan.venue("V1", parallel=2)
    _two_classes(plan)
    plan.enrol("C1", "P1", to_date=day(3))
    plan.enrol("C2", "P1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V1")
    assert plan.broken() == set()


def test_only_confirmed_places_count(plan: Plan) -> None:
    """A person on the reserve list is nowhere."""
    plan.venue("V1", parallel=2)
    _two_classes(plan)
    plan.enrol("C1", "P1", status="reserve")
    plan.enrol("C2", "P1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1")
    plan.session("C2", "K1", MONDAY, "AM1", venue="V1")
    assert plan.broken() == set()


def test_a_trainee_away_is_a_cost_while_he_is_in_the_class(plan: Plan) -> None:
    """Once however many rows say so, not before he joins, and not for one on the reserve."""
    plan.venue("V1")
    plan.course("K1")
    plan.training("C1", {"course": "K1", "count": 3})
    plan.enrol("C1", "P1")
    plan.enrol("C1", "P2", from_date=day(7))
    plan.enrol("C1", "P3", status="reserve")
    for person in ("P1", "P2", "P3"):
        plan.away("person", person, MONDAY, day(7))
    plan.away("person", "P1", day(7), period="AM1")
    plan.away("person", "P1", day(8), period="PM1")
    for number in range(3):
        plan.session("C1", "K1", day(6 + number), "AM1", venue="V1", seq=number + 1)
    assert plan.broken() == set()
    costs = [each.cost for each in plan.findings() if each.rule == "trainees"]
    assert costs == [2, 4]
