"""Why something has no place, and what stands in the way: told in words, tried out."""

from __future__ import annotations

import datetime as dt

import pytest

from db.tables import OfficeSettings
from tests.factories.plans import MONDAY, Plan, day
from trainer.errors import Refused, UsageError
from trainer.office import office_from
from trainer.timetable.reasons import explain_timetable, judge_place, why_not
from trainer.timetable.solving import solve_timetable


def test_what_forbids_a_place_is_named_with_what_would_help(sqlite_plan: Plan) -> None:
    """One room, closed all week but for a day that is too short for both meetings."""
    plan = sqlite_plan
    plan.venue("V1", closed_weekdays=("2", "3", "4", "5"))
    plan.course("K1", periods=5)
    plan.training("C1", {"course": "K1", "count": 2})
    solve_timetable(plan.desk)
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert [key[:2] for key in found.keys] == [("C1", "K1")]
    assert len(found.together) == 2
    assert found.minimal
    assert any("room V1" in reason.text("en") for reason in found.reasons)
    assert found.helps
    (document,) = found.documents()
    assert {"message", "reasons", "relaxations", "class", "course", "seq"} <= set(document)


def test_a_joint_meeting_is_listed_for_each_of_its_classes(sqlite_plan: Plan) -> None:
    """As solving does; what forbids it is found once, and told once."""
    plan = sqlite_plan
    plan.venue("V1", capacity=40)
    plan.course("K1")
    for code in ("C1", "C2"):
        plan.training(code, {"course": "K1", "joint": "J"}, size=30)
    solved = solve_timetable(plan.desk)
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert found.keys == found.together == (("C1", "K1", 1), ("C2", "K1", 1))
    assert "class C1, class C2" in found.message.text("en")
    documents = found.documents()
    names = ("class", "course", "seq")
    wanted = [tuple(each[name] for name in names) for each in documents]
    assert wanted == [each.key for each in solved.unplaced]
    assert [each["reasons"] for each in documents] == 2 * [[r.text() for r in found.reasons]]
    assert len(found.helps) == 1


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


def test_why_tells_the_room_and_the_teacher_that_it_means(sqlite_plan: Plan) -> None:
    """Where the present ones are taken then, another room and another teacher would do."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.training("C1", "K1")
    plan.training("C2", "K1")
    plan.session("C1", "K1", MONDAY, "AM1", venue="V1", teacher="T1")
    plan.session("C2", "K1", MONDAY, "AM2", venue="V1", teacher="T1")
    name = "C1/K1/1"
    here = judge_place(plan.desk, name, MONDAY, "AM3")
    assert (here.obstacles, here.place.venues, here.place.teacher) == ((), ("V1",), "T1")
    there = judge_place(plan.desk, name, MONDAY, "AM2")
    assert (there.obstacles, there.place.venues, there.place.teacher) == ((), ("V2",), "T2")
    assert there.document()["place"]["teacher"] == "T2"
    asked = judge_place(plan.desk, name, MONDAY, "AM2", "V1")
    assert [rule for rule, _ in asked.obstacles] == ["H2"]
    assert asked.place.venues == ("V1",)


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


def test_a_teacher_who_may_teach_no_meeting_a_week_is_the_reason(sqlite_plan: Plan) -> None:
    """Proved impossible by itself, and explained with the limit."""
    plan = sqlite_plan
    plan.venue()
    plan.teacher(max_per_week=0)
    plan.course(teachers=("T1",))
    plan.training("C1", "K1")
    assert solve_timetable(plan.desk).status == "infeasible"
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert found.minimal
    assert any("teacher T1" in reason.text("en") for reason in found.reasons)
    assert found.helps


def test_a_line_whose_period_leaves_too_little_of_the_day_is_the_reason(sqlite_plan: Plan) -> None:
    """Four periods from the last one on: the fixed period is named, and another one helps."""
    plan = sqlite_plan
    plan.venue()
    plan.course(periods=4)
    plan.training("C1", {"course": "K1", "period": "EVE2"})
    assert solve_timetable(plan.desk).status == "infeasible"
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert found.minimal
    kinds = " ".join(reason.text("en") for reason in found.reasons)
    assert "晚上二" in kinds
    assert found.helps


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({"venue": "SMALL"}, "room SMALL"),
        ({"teacher": "T1", "date": MONDAY}, "teacher T1"),
        ({"venue": "V1", "date": day(7)}, "room V1"),
    ],
)
def test_contradictory_fixed_facts_are_told(
    sqlite_plan: Plan, line: dict[str, object], named: str
) -> None:
    """A fixed room that is too small, a fixed teacher who is away, a fixed room that is closed."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.venue("SMALL", capacity=5)
    plan.teacher("T1")
    plan.teacher("T2")
    plan.away("teacher", "T1", MONDAY)
    plan.away("venue", "V1", day(7))
    plan.course(teachers=("T1", "T2"))
    plan.training("C1", {"course": "K1", **line}, size=30)
    assert solve_timetable(plan.desk).status == "infeasible"
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert found.minimal
    assert any(named in reason.text("en") for reason in found.reasons)
    assert found.helps


def _helped(plan: Plan, costs: dict[str, object] | None = None) -> list[str]:
    office = office_from({"policies": {"timetable": {"relaxations": costs}}} if costs else {})
    plan.add(OfficeSettings(id=1, document=office.document()))
    plan.venue()
    plan.teacher()
    plan.away("teacher", "T1", MONDAY)
    plan.course(teachers=("T1",))
    plan.training("C1", {"course": "K1", "date": MONDAY})
    (found,) = explain_timetable(plan.desk, seconds=20)
    return [help_.message.text("en") for help_ in found.helps]


def test_what_helps_is_told_in_the_order_of_the_offices_costs(sqlite_plan: Plan) -> None:
    """An office that can easily bring a teacher back is told that first."""
    first = _helped(sqlite_plan, {"absence": 0, "day": 9, "staff": 9})
    assert "teacher T1" in first[0]


def test_another_offices_costs_give_another_order(sqlite_plan: Plan) -> None:
    """One that moves days easily is told to move the day."""
    assert "instead of 2023-03-06" in _helped(sqlite_plan, {"absence": 9, "day": 0})[0]


def test_costs_that_are_none_are_refused(sqlite_plan: Plan) -> None:
    """The key is named."""
    with pytest.raises(UsageError, match=r"relaxations\.holiday"):
        _helped(sqlite_plan, {"holiday": 3})


def test_two_facts_are_lifted_together_where_no_single_one_suffices(sqlite_plan: Plan) -> None:
    """The teacher is away all the time, and the only room closed: both have to give way."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.teacher()
    away = (MONDAY - dt.timedelta(days=70), MONDAY + dt.timedelta(days=70))
    plan.away("teacher", "T1", *away)
    plan.away("venue", "V1", *away)
    plan.course(teachers=("T1",))
    plan.training("C1", "K1")
    (found,) = explain_timetable(plan.desk, seconds=30)
    assert len(found.reasons) == 1
    assert found.helps
    best = found.helps[0].message.text("en")
    assert "T1" in best
    assert "V1" in best
    assert "and also" in best
    assert found.helps[0].cost == min(each.cost for each in found.helps)


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        ("1900-01-01", "2999-12-31", "room V1 is never available", "room V1始终不可用"),
        (
            "1900-01-01",
            "2023-03-12",
            "room V1 is not available up to 2023-03-12",
            "room V1截至2023-03-12不可用",
        ),
        (
            "2023-03-06",
            "2999-12-31",
            "room V1 is not available from 2023-03-06 on",
            "room V1自2023-03-06起不可用",
        ),
    ],
)
def test_days_that_a_dataset_left_open_are_not_told_as_dates(
    sqlite_plan: Plan, first: str, last: str, english: str, chinese: str
) -> None:
    """A blank day is no limit: nobody reads of the years 1900 and 2999."""
    plan = sqlite_plan
    plan.venue("V1")
    plan.course("K1")
    plan.training("C1", "K1")
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    plan.away("venue", "V1", *days)
    (found,) = explain_timetable(plan.desk, seconds=20)
    assert english in [reason.text("en") for reason in found.reasons]
    assert chinese in [reason.text("zh") for reason in found.reasons]
