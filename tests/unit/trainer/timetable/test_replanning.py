"""Mending after something happened: few changes, the past left alone, what happened kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlmodel import select

from db.tables import Course, Unavailability
from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.timetable.replanning import Added, Happening, replan_timetable

TUESDAY, WEDNESDAY = day(7), day(8)


@pytest.fixture
def held(plan: Plan) -> Plan:
    """Three days of one class with one teacher, on Tuesday's morning by the clock."""
    plan.desk = Desk(plan.desk.url, "clerk", Clock(fixed=TUESDAY))
    plan.units("U")
    plan.venue("V1")
    plan.venue("V2")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    plan.training("C1", {"course": "K1", "count": 3}, sponsor="U")
    for number in range(3):
        date = MONDAY + dt.timedelta(days=number)
        plan.session("C1", "K1", date, "AM1", venue="V1", teacher="T1", seq=number + 1)
    return plan


def test_only_what_must_change_changes(held: Plan) -> None:
    """The teacher is away from Monday to Tuesday: Monday is past, Tuesday gets the other one.

    Only what is not past is kept as unavailability: Monday was held as it was.
    """
    found = replan_timetable(held.desk, [Happening("teacher", "T1", MONDAY, TUESDAY)])
    assert len(found.moves) == 1
    assert found.minimal
    rows = held.sessions()
    assert [(row.date, row.period, row.teacher) for row in rows] == [
        (MONDAY, "AM1", "T1"),
        (TUESDAY, "AM1", "T2"),
        (WEDNESDAY, "AM1", "T1"),
    ]
    with held.desk.reading() as session:
        (kept,) = session.exec(select(Unavailability))
    assert (kept.kind, kept.code, kept.date_from, kept.date_to) == (
        "teacher",
        "T1",
        TUESDAY,
        TUESDAY,
    )
    assert held.broken() == set()


def test_a_closed_venue_is_left(held: Plan) -> None:
    """The session of that day goes to the other room at the same time."""
    replan_timetable(held.desk, [Happening("venue", "V1", WEDNESDAY, WEDNESDAY)])
    row = held.sessions()[2]
    assert (row.date, row.period, row.venue) == (WEDNESDAY, "AM1", "V2")
    assert held.broken() == set()


def test_a_suspended_unit_is_postponed(held: Plan) -> None:
    """Its classes' sessions of those days go to other days."""
    replan_timetable(held.desk, [Happening("unit", "U", TUESDAY, WEDNESDAY)])
    dates = [row.date for row in held.sessions()]
    assert dates[0] == MONDAY
    assert set(dates[1:]) <= {day(9), day(10)}
    assert held.broken() == set()


def test_a_dry_run_stores_nothing(held: Plan) -> None:
    """It says what would change."""
    happening = Happening("teacher", "T1", TUESDAY, TUESDAY)
    found = replan_timetable(held.desk, [happening], dry_run=True)
    assert len(found.document()["changes"]) == 1
    assert held.sessions()[1].teacher == "T1"
    with held.desk.reading() as session:
        assert session.exec(select(Unavailability)).all() == []


def test_what_finds_no_place_is_told(held: Plan) -> None:
    """With both days gone and the window at its end, something must be left out."""
    found = replan_timetable(held.desk, [Happening("unit", "U", TUESDAY, day(10))])
    assert len(found.left_out) == 2
    assert [row.date for row in held.sessions()] == [MONDAY]
    assert len(found.document()["unplaced"]) == 2


def test_locked_sessions_stay(held: Plan) -> None:
    """Even where their teacher is away."""
    with held.desk.writing() as work:
        row = held.sessions()[1]
        work.update_many(type(row), [(row.model_dump(), {"locked": True})])
        work.commit()
    found = replan_timetable(held.desk, [Happening("teacher", "T1", TUESDAY, TUESDAY)])
    assert found.moves == ()
    assert held.sessions()[1].teacher == "T1"


def test_unknown_codes_and_days_the_wrong_way_round_are_said(held: Plan) -> None:
    """Before anything is looked for."""
    happening = Happening("teacher", "T9", TUESDAY, TUESDAY)
    with pytest.raises(Refused):
        replan_timetable(held.desk, [happening])
    with pytest.raises(UsageError):
        replan_timetable(held.desk, [replace(happening, code="T1", last=MONDAY)])
    with pytest.raises(Refused, match="past"):
        replan_timetable(held.desk, [Happening("teacher", "T1", MONDAY, MONDAY)])


def test_what_is_taken_off_is_among_the_changes(held: Plan) -> None:
    """The document lists it with no place after, and once more as unplaced."""
    found = replan_timetable(held.desk, [Happening("unit", "U", TUESDAY, day(10))])
    document = found.document()
    assert [change["after"] for change in document["changes"]] == [None, None]
    assert len(document["unplaced"]) == document["least_unplaced"] == 2
    assert document["minimal"]


def test_what_happens_again_is_noted_once(held: Plan) -> None:
    """Days that overlap or follow each other are one row; another reason has a row of its own."""

    def away(first: dt.date, last: dt.date, reason: str | None = None) -> list[tuple[object, ...]]:
        happening = Happening("teacher", "T1", first, last)
        replan_timetable(held.desk, [happening], reason=reason)
        with held.desk.reading() as session:
            rows = session.exec(select(Unavailability)).all()
        return sorted((row.date_from, row.date_to) for row in rows)

    assert away(TUESDAY, WEDNESDAY) == [(TUESDAY, WEDNESDAY)]
    assert away(TUESDAY, WEDNESDAY) == [(TUESDAY, WEDNESDAY)]
    assert away(WEDNESDAY, day(9)) == [(TUESDAY, day(9))]
    assert away(day(10), day(10)) == [(TUESDAY, day(10))]
    assert away(day(20), day(21)) == [(TUESDAY, day(10)), (day(20), day(21))]
    assert len(away(day(21), day(22), "ill")) == 3


def test_a_course_that_became_longer_is_mended(held: Plan) -> None:
    """Its sessions to come take two periods, whoever is in the way makes room, Monday is past."""
    held.course("K2", teachers=("T1",))
    held.training("C2", "K2")
    held.session("C2", "K2", WEDNESDAY, "AM2", venue="V2", teacher="T1")
    with held.desk.writing() as work:
        (course,) = work.session.exec(select(Course).where(Course.code == "K1"))
        work.update_many(Course, [(course.model_dump(), {"periods": 2})])
        work.commit()
    found = replan_timetable(held.desk)
    assert [row.periods for row in held.sessions()] == [1, 2, 2, 1]
    past = held.sessions()[0].uid
    assert [each.sessions for each in held.findings() if each.hard] == [(past,)]
    # Wednesday's changes anyway: that it gets the other teacher is no further change
    assert [move.key for move in found.moves] == [("C1", "K1", 2), ("C1", "K1", 3)]
    assert [(move.was, move.lasts) for move in found.moves] == [(1, 2), (1, 2)]
    assert [move.key for move in found.stretched] == [("C1", "K1", 2)]
    assert (found.weight, found.bound, found.minimal) == (2, 2, True)
    assert replan_timetable(held.desk).moves == ()


def test_an_added_class_finds_its_places_with_the_fewest_changes(held: Plan) -> None:
    """The only hour of its teacher is taken by another class, which gets the other teacher."""
    held.course("K2", teachers=("T1",))
    held.training("C2", "K2", latest=WEDNESDAY)
    held.enrol("C2", "P1", "P2")
    held.away("teacher", "T1", TUESDAY)
    for period in ("AM2", "AM3", "AM4", "PM1", "PM2", "PM3", "PM4"):
        held.away("teacher", "T1", WEDNESDAY, period=period)
    before = [row.uid for row in held.sessions()]
    assert replan_timetable(held.desk, dry_run=True).added == ()
    found = replan_timetable(held.desk, [Added("C2")], alternatives=2)
    (new,) = found.added
    assert (new.key, new.before, new.sessions) == (("C2", "K2", 1), None, ())
    assert (new.after and new.after.date, new.after and new.after.period) == (WEDNESDAY, "AM1")
    assert found.affected.classes == ("C1", "C2")
    assert found.affected.teachers == ("T1", "T2")
    assert found.affected.people == ("P1", "P2")
    assert found.minimal
    rows = held.sessions()
    assert [row.uid for row in rows[:3]] == before
    assert [row.class_code for row in rows] == ["C1", "C1", "C1", "C2"]
    assert held.broken() == set()


def test_an_added_class_without_a_place_is_told(held: Plan) -> None:
    """It is among the unplaced, with no place that it lost."""
    held.course("K2", teachers=("T9",))
    held.teacher("T9", max_per_week=0)
    held.training("C2", "K2")
    document = replan_timetable(held.desk, [Added("C2")]).document()
    (left,) = document["unplaced"]
    assert (left["class"], left["course"], left["seq"], left["date"]) == ("C2", "K2", 1, None)
    assert [change["before"] for change in document["changes"]] == [None]
    assert document["affected"] == {"classes": ["C2"], "teachers": [], "people": []}
    assert len(held.sessions()) == 3


def test_only_planned_classes_can_be_added(held: Plan) -> None:
    """An unknown one and one that is only proposed are refused in words."""
    held.training("C3", "K1", stage="proposed")
    for code in ("C9", "C3"):
        with pytest.raises(Refused, match=code):
            replan_timetable(held.desk, [Added(code)])
