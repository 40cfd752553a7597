"""Hours, coverage, plan, teachers and venues; figures worked out by hand. Today is 1 March 2023."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from db.tables import OfficeSettings, Person, SyllabusItem, Teacher, TrainingSession
from tests.factories.registers import Register, day
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.reports.catalogue import NAMES, make_report

Marker = Callable[..., None]


def figures(desk: Desk, name: str, *keys: str, **options: Any) -> dict[str | None, tuple[Any, ...]]:
    """Return chosen figures of each row, and of the total under ``total``."""
    report = make_report(desk, name, **options)
    rows = {row["key"]: tuple(row[key] for key in keys) for row in report.rows}
    return rows | {"total": tuple(report.total[key] for key in keys)}


@pytest.fixture
def year(desk: Desk, register: Register, marker: Marker) -> Desk:
    """C1 of P1 and P2 meets twice for four hours, once to come; C2 of P1 joins the first one."""
    register.people("P1", "P2")
    register.people("P3", unit="U2")
    register.training("C1", ["P1", "P2"])
    register.training("C2", ["P1"])
    marker(register.meeting("C1", day(1), venue="V1", joint="J"), P1="present", P2="absent")
    marker(register.meeting("C2", day(1), venue="V1", joint="J"), P1="late")
    register.meeting("C1", day(9, 3), venue="V2", periods=2)
    with desk.writing() as work:
        work.session.add(Teacher(code="T1", name="教师一", kind="expert", fee=500))
        work.session.add(SyllabusItem(class_code="C1", line=1, course="K-C1", count=3))
        for session in work.session.exec(
            select(TrainingSession).where(TrainingSession.venue == "V1")
        ):
            session.teacher = "T1"
        work.commit()
    return desk


def test_hours_by_person(year: Desk) -> None:
    """P1 earns 4 + 4 of 8 held; P2 none of 4; the two hours to come are not held."""
    found = figures(year, "hours", "hours", "hours_due")
    assert found == {"P1": (8.0, 8.0), "P2": (0.0, 4.0), "total": (8.0, 12.0)}


def test_coverage_by_unit_shows_who_is_missing_and_who_is_exempt(year: Desk) -> None:
    """Of P1 and P2 in U1 one took part: 1/2; P3 of U2 did not; a retired P4 is exempt."""
    with year.writing() as work:
        work.session.add(Person(code="P4", name="老党员", unit="U2", category="retired"))
        work.session.add(Person(code="G1", name="客人", unit="U2", category="guest"))
        work.session.merge(
            OfficeSettings(id=1, document={"policies": {"coverage": {"exempt": ["retired"]}}})
        )
        work.commit()
    keys = ("persons", "covered", "missing", "exempt", "rate")
    assert figures(year, "coverage", *keys) == {
        "U1": (2, 1, 1, 0, 0.5),
        "U2": (1, 0, 1, 1, 0.0),
        "total": (3, 1, 2, 1, round(1 / 3, 4)),
    }
    assert figures(year, "coverage", "covered", by="person")["P2"] == (0,)


def test_plan_by_class_holds_done_against_planned(year: Desk) -> None:
    """C1: three in the syllabus, two on the timetable, one held: a third done."""
    keys = ("enrolled", "meetings", "scheduled", "held", "person_times", "done")
    found = figures(year, "plan", *keys)
    assert found["C1"] == (2, 3, 2, 1, 1, round(1 / 3, 4))
    assert found["C2"] == (1, 0, 1, 1, 1, None)


def test_a_joint_meeting_is_taught_and_paid_once(year: Desk) -> None:
    """Two classes in one meeting of four hours at 500 yuan: one meeting, 4 hours, 2,000 yuan."""
    keys = ("classes", "meetings", "hours", "fee")
    assert figures(year, "teachers", *keys) == {
        "T1": (2, 1, 4.0, 2000.0),
        "total": (2, 1, 4.0, 2000.0),
    }


def test_venues_count_meetings_days_and_hours(year: Desk) -> None:
    """V1 holds the joint meeting, V2 the one of two hours to come."""
    assert figures(year, "venues", "meetings", "days", "hours") == {
        "V1": (1, 1, 4.0),
        "V2": (1, 1, 2.0),
        "total": (2, 2, 6.0),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_report_of_an_empty_office_is_empty(desk: Desk, name: str) -> None:
    """No rows, a total of nothing, no failure."""
    assert make_report(desk, name).rows == ()


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("colour", {}, "no report “colour”"),
        ("plan", {"by": "person"}, "no plan report by “person”"),
        ("coverage", {"by": "month"}, "no coverage by “month”"),
        ("teachers", {"by": "month"}, "leave --by away"),
        ("venues", {"rollup": "both"}, "no roll-up"),
        ("teachers", {"first": day(2), "last": day(1)}, "before it begins"),
    ],
)
def test_what_a_report_cannot_do_is_refused(
    desk: Desk, name: str, options: dict[str, Any], said: str
) -> None:
    """In words that name what it can do."""
    with pytest.raises(UsageError, match=said):
        make_report(desk, name, **options)
