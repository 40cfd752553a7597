"""Counting by half-days (AT-1): each case with its figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from db.tables import OfficeSettings
from tests.factories.registers import Register, day
from trainer.attendance.record import Wish, record_marks
from trainer.desk import Desk
from trainer.office import Office
from trainer.reports.attendance import attendance_report
from trainer.reports.hours import hours_report


def count_by(desk: Desk, unit: str, **more: Any) -> None:
    """Set the unit of counting, and other rules of attendance."""
    with desk.writing() as work:
        document = Office(policies={"attendance": {"unit": unit, **more}}).document()
        row = work.session.get(OfficeSettings, 1)
        if row is None:
            work.session.add(OfficeSettings(id=1, document=document))
        else:
            row.document = document
        work.commit()


def mark(desk: Desk, uid: str, **statuses: str) -> None:
    """Mark people at a session."""
    with desk.writing() as work:
        record_marks(work, [Wish(uid, person, said) for person, said in statuses.items()])
        work.commit()


def total(desk: Desk, *names: str, **more: Any) -> tuple[Any, ...]:
    """Return some figures of the report's total."""
    figures = attendance_report(desk, **more).total
    return tuple(figures[name] for name in names)


@pytest.fixture
def morning(desk: Desk, register: Register) -> tuple[str, str, str]:
    """Two sessions of one hour in the morning and one of two hours in the afternoon, for P1-P4."""
    register.people("P1", "P2", "P3", "P4")
    register.training("C1", ["P1", "P2", "P3", "P4"])
    return (
        register.meeting("C1", day(1), period="AM1", periods=1),
        register.meeting("C1", day(1), period="AM3", periods=1, venue="V1"),
        register.meeting("C1", day(1), period="PM1", periods=2),
    )


def test_the_gravest_of_a_half_day_speaks_for_it(desk: Desk, morning: tuple[str, str, str]) -> None:
    """4 people x 2 half-days = 8 expected; by sessions it is 4 x 3 = 12.

    Morning: P1 present and late = late; P2 present and absent = absent; P3 on leave and present =
    leave; P4 present and unmarked = present. Afternoon: P1 present, P2 to P4 unmarked (3).
    By half-days: present 2, late 1, leave 1, absent 1, attended 3 of 8. Hours: the morning has 2
    and the afternoon 2: P1 2 + 2, P4 2 = 6; due 4 x 4 = 16.
    By sessions: present P1, P2, P4; P3; P1 = 5, late 1, attended 6 of 12, hours: P1 1 + 1 + 2,
    P2 1, P3 1, P4 1 = 7.
    """
    first, second, third = morning
    mark(desk, first, P1="present", P2="present", P3="leave", P4="present")
    mark(desk, second, P1="late", P2="absent", P3="present")
    mark(desk, third, P1="present")
    names = ("sessions", "expected", "due", "present", "late", "leave", "absent", "attended")
    more = ("unmarked", "rate", "hours")
    assert total(desk, *names, *more) == (3, 12, 12, 5, 1, 1, 1, 6, 4, 0.5, 7)
    count_by(desk, "half_day")
    assert total(desk, *names, *more) == (2, 8, 8, 2, 1, 1, 1, 3, 3, 0.375, 6)
    assert hours_report(desk).total["hours_due"] == 16
    assert attendance_report(desk).title.text() == "Attendance, counted by half-days"
    count_by(desk, "session")
    assert total(desk, *names, *more) == (3, 12, 12, 5, 1, 1, 1, 6, 4, 0.5, 7)


def test_a_half_day_counts_in_each_row_that_has_part_of_it(
    desk: Desk, morning: tuple[str, str, str]
) -> None:
    """Only the first session of the morning (without a venue) is called; P1 was there.

    The morning counts as attended in both rows with one hour in each; in total it is one half-day
    of two hours. Every person's row, too, has one of two half-days attended or none.
    """
    mark(desk, morning[0], P1="present")
    count_by(desk, "half_day")
    report = attendance_report(desk, by="venue")
    assert [(row["key"], row["attended"], row["hours"]) for row in report.rows] == [
        ("V1", 1, 1), (None, 1, 1),
    ]  # fmt: skip
    assert (report.total["attended"], report.total["hours"]) == (1, 2)
    people = attendance_report(desk, by="person").rows
    assert [(row["key"], row["expected"], row["attended"]) for row in people] == [
        ("P1", 2, 1), ("P2", 2, 0), ("P3", 2, 0), ("P4", 2, 0),
    ]  # fmt: skip


def test_joint_half_days_guests_and_lates(desk: Desk, register: Register) -> None:
    """C1 and C2 meet jointly for two sessions of one morning: one half-day, 2 pairs expected.

    P1 is late at both: one late half-day, so that two lates per absence make none; by sessions they
    make one. G is a guest at both: one guest, not two.
    """
    register.people("P1", "P2", "G")
    register.training("C1", ["P1"])
    register.training("C2", ["P2"])
    for period, joint in (("AM1", "J1"), ("AM2", "J2")):
        uid = register.meeting("C1", day(1), period=period, periods=1, joint=joint)
        register.meeting("C2", day(1), period=period, periods=1, joint=joint)
        mark(desk, uid, P1="late", G="present")
    names = ("sessions", "expected", "late", "absences", "guests")
    count_by(desk, "session", lates_per_absence=2)
    assert total(desk, *names) == (2, 4, 2, 1, 2)
    count_by(desk, "half_day", lates_per_absence=2)
    assert total(desk, *names) == (1, 2, 1, 0, 1)


def test_sessions_not_yet_held_wait(desk: Desk, register: Register) -> None:
    """On 1 March only the 1 February counts as due; the 1 April is expected: 2 and 1."""
    register.people("P1")
    register.training("C1", ["P1"])
    for month in (2, 4):
        register.meeting("C1", day(1, month), period="AM1", periods=1)
        register.meeting("C1", day(1, month), period="AM2", periods=1)
    count_by(desk, "half_day")
    assert total(desk, "expected", "due", "unmarked") == (2, 1, 1)
