"""A day in the field on paper: trips, shared buses, groups in turns, whom to call, plan B."""

from __future__ import annotations

import pytest

from db.tables import Travel
from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.office import Office
from trainer.reports.formats import render
from trainer.timetable.engine.solution import Limits
from trainer.timetable.runsheet import run_sheet
from trainer.timetable.transport import transport_list
from trainer.timetable.weather import Spell, shelter_sessions

TUESDAY = day(7)


def field_day(plan: Plan, buses: tuple[int, ...]) -> Plan:
    """Two classes (60 and 20) at a hill 30 minutes away, AM2; a third (45) at a mill, AM3.

    The hill has two guides for groups of at most 20.
    """
    document = {"transport": {"seats": list(buses), "escorts": 1}} if buses else {}
    plan = Plan(Desk(plan.desk.url, "clerk", Clock(fixed=MONDAY)), document)
    plan.venue("S", name="党校")
    plan.venue(
        "HILL",
        name="上九山村",
        kind="field_site",
        parallel=2,
        outdoor=True,
        plan_b="S",
        guides=2,
        group_size=20,
        safety_contact="村委会",
        safety_phone="0537-5000001",
        notes="备防滑鞋",
    )
    plan.venue("MILL", name="老磨坊", kind="field_site")
    plan.add(
        Travel(from_venue="S", to_venue="HILL", minutes=30),
        Travel(from_venue="S", to_venue="MILL", minutes=20),
    )
    plan.course("K1", form="field")
    plan.course("K2", form="lecture", venue_kinds=("classroom",))
    for code, size, site, period in (
        ("C1", 60, "HILL", "AM2"),
        ("C2", 20, "HILL", "AM2"),
        ("C3", 45, "MILL", "AM3"),
    ):
        plan.training(code, "K1", "K2", size=size, earliest=MONDAY, latest=day(10))
        plan.session(code, "K1", TUESDAY, period, venue=site)
        plan.session(code, "K2", MONDAY, "AM1" if code == "C1" else "PM1", venue="S")
    return plan


def test_classes_of_one_hour_and_goal_share_and_the_others_get_what_is_left(
    sqlite_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """62 + 20 people and two escorts: 82 set out at 8:45 (9:25 less 30 and 10), back at 10:40.

    45 and an escort set out at 9:50 (10:20 less 20 and 10), while the others are away. Of 49, 45
    and 33 seats the 82 take 49 and 33 (exactly), the 46 the bus of 45: one has no seat.
    """
    plan = field_day(sqlite_plan, (49, 45, 33))
    report = transport_list(plan.desk, TUESDAY)
    assert [
        (row["classes"], row["from"], row["to"], row["people"], row["short"]) for row in report.rows
    ] == [(["C1", "C2"], "08:45", "10:40", 82, 0), (["C3"], "09:50", "11:25", 46, 1)]
    assert [[bus["seats"] for bus in row["buses"]] for row in report.rows] == [[49, 33], [45]]
    assert report.total == {"people": 128, "short": 1}
    for kind in ("table", "csv", "xlsx", "html", "json"):
        assert render(report, kind)
    monkeypatch.setattr("trainer.phrases._current", "zh")
    titles = [row["class_titles"] for row in transport_list(plan.desk, TUESDAY).rows]
    assert [title.count("；") for title in titles] == [1, 0]


def test_an_office_that_states_no_buses_sees_how_many_people_go(sqlite_plan: Plan) -> None:
    report = transport_list(field_day(sqlite_plan, ()).desk, TUESDAY)
    assert [(row["people"], row["buses"], row["short"]) for row in report.rows] == [
        (80, None, None),
        (45, None, None),
    ]
    assert "no buses" in report.subtitle.text("en")
    assert transport_list(sqlite_plan.desk, day(9)).rows == ()


def test_the_run_sheet_has_groups_in_turns_safety_plan_b_and_the_bus(sqlite_plan: Plan) -> None:
    """60 people in groups of 20 are 3, with the other class 4; 2 guides lead them in 2 turns.

    A period of 45 minutes leaves 22 minutes for each.
    """
    plan = field_day(sqlite_plan, (49, 45, 33))
    report = run_sheet(plan.desk, "C1", TUESDAY)
    (line,) = report.rows
    assert line["turns"] == {"groups": 3, "others": 1, "guides": 2, "turns": 2, "minutes": 22}
    assert (line["safety"], line["plan_b"], line["notes"]) == (
        "村委会 0537-5000001",
        "党校",
        "备防滑鞋",
    )
    assert [column.key for column in report.columns][-4:] == ["groups", "safety", "plan_b", "notes"]
    assert "49" in report.subtitle.text("en")
    assert "C2" in report.subtitle.text("en")
    for kind in ("table", "csv", "html"):
        assert render(report, kind)


def test_a_day_without_such_sites_looks_as_before(sqlite_plan: Plan) -> None:
    report = run_sheet(field_day(sqlite_plan, (49,)).desk, "C3", MONDAY)
    assert [column.key for column in report.columns] == [
        *("from", "to", "what", "course", "place", "teacher", "contact", "minutes")
    ]


def test_in_bad_weather_the_sheet_names_both_places_and_nobody_needs_a_bus(
    sqlite_plan: Plan,
) -> None:
    plan = field_day(sqlite_plan, (49,))
    shelter_sessions(plan.desk, Spell(TUESDAY, TUESDAY), limits=Limits(work=100))
    moved = next(row for row in plan.sessions() if row.instead_of)
    report = run_sheet(plan.desk, moved.class_code, TUESDAY)
    assert "上九山村" in report.rows[0]["place"]
    assert report.rows[0]["place"].startswith("党校")
    going = [code for row in transport_list(plan.desk, TUESDAY).rows for code in row["classes"]]
    assert moved.class_code not in going


def test_an_office_without_buses_has_the_same_settings_as_before() -> None:
    assert "transport" not in Office().document()
    office = Office.model_validate({"transport": {"seats": [49]}})
    assert office.document()["transport"] == {"seats": [49], "escorts": 0}
    assert Office.model_validate(office.document()) == office
    with pytest.raises(ValueError, match="greater"):
        Office.model_validate({"transport": {"seats": [0]}})
