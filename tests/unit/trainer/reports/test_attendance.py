"""The attendance figures, each worked out by hand in its docstring. Today is 1 March 2023."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.tables import OfficeSettings, Person, TrainingSession, Unit
from tests.factories.registers import Register, day
from trainer.attendance.record import record_many
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.reports.attendance import GROUPS, attendance_report

Marker = Callable[..., None]


def total(desk: Desk, **options: Any) -> dict[str, Any]:
    """Return the total's figures."""
    return dict(attendance_report(desk, **options).total)


def rows(desk: Desk, **options: Any) -> dict[str | None, dict[str, Any]]:
    """Return the rows by their key."""
    return {row["key"]: dict(row) for row in attendance_report(desk, **options).rows}


def test_figures_of_one_class(desk: Desk, register: Register, marker: Marker) -> None:
    """Three people, two mornings of four hours: 6 expected.

    Marks: present, late, absent; present, leave, nothing. Attended 3 of 6 due = 0.5; 12 hours;
    2 persons and 2 person-times; 1 unmarked.
    """
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    marker(register.meeting("C1", day(1)), P1="present", P2="late", P3="absent")
    marker(register.meeting("C1", day(2)), P1="present", P2="leave")
    assert total(desk) == {
        "class": None,
        "key": None,
        "name": "total",
        "classes": 1,
        "sessions": 2,
        "persons": 2,
        "person_times": 2,
        "attended": 3,
        "expected": 6,
        "due": 6,
        "present": 2,
        "late": 1,
        "early": 0,
        "leave": 1,
        "duty": 0,
        "absent": 1,
        "unmarked": 1,
        "rate": 0.5,
        "hours": 12.0,
        "guests": 0,
        "exempt": 0,
        "exempt_marked": 0,
        "made_up": 0,
        "absences": 1,
        "changed_later": 0,
        "conflicts": 0,
    }


def test_late_joiner_is_not_counted_before(desk: Desk, register: Register, marker: Marker) -> None:
    """P2 joins on the 2nd of three days: expected 3 + 2 = 5, all present: rate 1, none unmarked."""
    register.people("P1", "P2")
    register.training("C1", ["P1"])
    register.enrol("C1", "P2", day(2), None)
    marker(register.meeting("C1", day(1)), P1="present")
    for number in (2, 3):
        marker(register.meeting("C1", day(number)), P1="present", P2="present")
    found = total(desk)
    assert (found["expected"], found["unmarked"], found["rate"]) == (5, 0, 1.0)


def test_leaver_is_not_counted_after(desk: Desk, register: Register, marker: Marker) -> None:
    """P2 withdraws after the 1st, P3 leaves the roster on the 2nd: expected 3 + 2 + 1 = 6."""
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P3"])
    register.enrol("C1", "P2", None, day(1))
    with desk.writing() as work:
        person = work.session.get(Person, "P3")
        assert person is not None
        person.left = day(2)
        work.commit()
    marker(register.meeting("C1", day(1)), P1="present", P2="present", P3="present")
    marker(register.meeting("C1", day(2)), P1="present", P3="absent")
    marker(register.meeting("C1", day(3)), P1="present")
    found = total(desk)
    assert (found["expected"], found["attended"], found["unmarked"]) == (6, 5, 0)
    assert found["rate"] == round(5 / 6, 4)


def test_session_not_yet_held_is_in_no_denominator(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """One day behind, one ahead (2 March), two people: expected 4, due 2; leave ahead is a mark.

    One of two attended: rate 0.5; nobody is unmarked for what comes.
    """
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    marker(register.meeting("C1", day(1)), P1="present", P2="absent")
    marker(register.meeting("C1", day(2, 3)), P2="leave")
    found = total(desk)
    assert (found["expected"], found["due"], found["unmarked"]) == (4, 2, 0)
    assert (found["rate"], found["leave"], found["sessions"]) == (0.5, 1, 2)


def test_session_ahead_where_somebody_was_seen_has_been_held(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """The clock says 1 March; a session of the 2nd with one present of two is due: 2, rate 0.5."""
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    marker(register.meeting("C1", day(2, 3)), P1="present")
    found = total(desk)
    assert (found["due"], found["unmarked"], found["rate"]) == (2, 1, 0.5)


def test_cancelled_session_counts_nowhere(desk: Desk, register: Register, marker: Marker) -> None:
    """A session cancelled after it was marked: neither its marks nor its expected two count."""
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    marker(register.meeting("C1", day(1)), P1="present", P2="present")
    gone = register.meeting("C1", day(2))
    marker(gone, P1="absent", P2="absent")
    with desk.writing() as work:
        row = work.session.get(TrainingSession, gone)
        assert row is not None
        row.status = "cancelled"
        work.commit()
    found = total(desk)
    assert (found["sessions"], found["expected"], found["absent"]) == (1, 2, 0)


def test_person_in_two_classes_is_one_person_and_two_person_times(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """P1 attends C1 and C2, P2 only C1: 2 persons, 3 person-times, 2 trainings."""
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    register.training("C2", ["P1"])
    marker(register.meeting("C1", day(1)), P1="present", P2="present")
    marker(register.meeting("C1", day(2)), P1="present", P2="absent")
    marker(register.meeting("C2", day(3)), P1="early")
    found = total(desk)
    assert (found["classes"], found["persons"], found["person_times"]) == (2, 2, 3)
    assert found["attended"] == 4


def test_guest_counts_as_a_person_but_in_no_denominator(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """One member absent, one guest present: expected 1, attended 1, guests 1, rate 0."""
    register.people("P1", "G1")
    register.training("C1", ["P1"])
    marker(register.meeting("C1", day(1)), P1="absent", G1="present")
    found = total(desk)
    assert (found["expected"], found["attended"], found["guests"]) == (1, 1, 1)
    assert (found["persons"], found["person_times"], found["rate"]) == (1, 1, 0.0)
    assert rows(desk, by="person")["G1"]["sessions"] == 1


def test_joint_meeting_of_two_classes_is_one_session(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """C1 and C2 meet together once and C1 alone once: 2 sessions in all, 2 of C1, 1 of C2."""
    register.people("P1", "P2")
    register.training("C1", ["P1"])
    register.training("C2", ["P2"])
    marker(register.meeting("C1", day(1), joint="J"), P1="present")
    marker(register.meeting("C2", day(1), joint="J"), P2="present")
    register.meeting("C1", day(2))
    assert total(desk)["sessions"] == 2
    assert {key: row["sessions"] for key, row in rows(desk).items()} == {"C1": 2, "C2": 1}


def test_duty_is_neither_attended_nor_absent(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """One present, one on duty: rate 1/2, absent 0, hours 4; with duty credited by half, 6."""
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    marker(register.meeting("C1", day(1)), P1="present", P2="duty")
    found = total(desk)
    assert (found["rate"], found["absent"], found["hours"]) == (0.5, 0, 4.0)
    with desk.writing() as work:
        policies = {"attendance": {"credit": {"duty": 0.5}}}
        work.session.merge(OfficeSettings(id=1, document={"policies": policies}))
        work.commit()
    assert total(desk)["hours"] == 6.0
    assert total(desk, by="venue")["hours"] == 6.0


def test_conflict_counts_once_by_what_stands_meanwhile(desk: Desk, register: Register) -> None:
    """Two laptops disagree about P1: one mark counts (the later), one conflict is shown."""
    register.people("P1")
    register.training("C1", ["P1"])
    uid = register.meeting("C1", day(1))
    with desk.writing() as work:
        for hour, status in ((1, "present"), (2, "absent")):
            at = work.now.replace(hour=hour)
            row = {"session": uid, "person": "P1", "status": status, "at": at, "counter": 1}
            record_many(work, [row | {"device": status}])
        work.commit()
    found = total(desk)
    assert (found["absent"], found["present"], found["conflicts"]) == (1, 0, 1)


def test_period_is_by_the_session_date_both_days_counted(
    desk: Desk, register: Register, marker: Marker
) -> None:
    """Sessions on the 1st, 2nd and 3rd: from the 2nd to the 3rd are two; evening stays its day."""
    register.people("P1")
    register.training("C1", ["P1"])
    for number in (1, 2, 3):
        marker(register.meeting("C1", day(number), period="EVE1", periods=2), P1="present")
    assert total(desk, first=day(2), last=day(3))["attended"] == 2
    assert total(desk, last=day(1))["hours"] == 2.0
    with pytest.raises(UsageError, match="before it begins"):
        total(desk, first=day(3), last=day(2))


@pytest.fixture
def varied(desk: Desk, register: Register, marker: Marker) -> Desk:
    """Two classes, two units, two tiers, two venues, two months; P3 is in both classes."""
    register.people("P1", tier="head")
    register.people("P2", "P3", unit="U2", tier="flock")
    register.training("C1", ["P1", "P3"], series="core")
    register.training("C2", ["P2", "P3"], series="core")
    marker(register.meeting("C1", day(1), venue="V1"), P1="present", P3="present")
    marker(register.meeting("C2", day(1, 1), venue="V2"), P2="late", P3="absent")
    register.meeting("C2", day(2), venue="V1")
    return desk


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("class", {"C1": (1, 2, 2, 2), "C2": (2, 1, 1, 4)}),
        ("series", {"core": (3, 3, 3, 6)}),
        ("unit", {"U1": (1, 1, 1, 1), "U2": (3, 2, 2, 5)}),
        ("tier", {"head": (1, 1, 1, 1), "flock": (3, 2, 2, 5)}),
        ("venue", {"V1": (2, 2, 2, 4), "V2": (1, 1, 1, 2)}),
        ("strand", {"theory": (3, 3, 3, 6)}),
        ("person", {"P1": (1, 1, 1, 1), "P2": (2, 1, 1, 2), "P3": (3, 1, 1, 3)}),
        ("month", {"2023-01": (1, 1, 1, 2), "2023-02": (2, 2, 2, 4)}),
    ],
)
def test_rows_by_each_dimension(
    varied: Desk, by: str, expected: dict[str, tuple[int, int, int, int]]
) -> None:
    """Sessions, persons, person-times and expected of each group; the total is the same each time.

    In all 3 sessions; P1, P2, P3 attended once each: 3 persons, 3 person-times; 6 expected.
    """
    keys = ("sessions", "persons", "person_times", "expected")
    found = rows(varied, by=by)
    assert {key: tuple(row[k] for k in keys) for key, row in found.items()} == expected
    assert tuple(total(varied, by=by)[k] for k in keys) == (3, 3, 3, 6)
    assert all(row[by] == key for key, row in found.items())


@pytest.mark.parametrize("by", GROUPS)
def test_every_mark_is_in_one_row(varied: Desk, by: str) -> None:
    """Statuses, expected and unmarked of the rows add up to the total in every dimension."""
    found = rows(varied, by=by)
    whole = total(varied, by=by)
    for key in ("present", "late", "absent", "unmarked", "expected", "attended", "hours"):
        assert sum(row[key] for row in found.values()) == whole[key]


def test_rollup_counts_nobody_twice(desk: Desk, register: Register, marker: Marker) -> None:
    """U2 lies under U1 by the first line and under U1 by way of U3 by the second.

    P2 of U2 attends two classes: in U1's row along both lines still 1 person, 2 person-times.
    """
    register.people("P1")
    register.people("P2", unit="U2")
    register.people(unit="U3")
    with desk.writing() as work:
        for code, parent, second in (("U2", "U1", "U3"), ("U3", "U1", None)):
            unit = work.session.get(Unit, code)
            assert unit is not None
            unit.parent, unit.second_parent = parent, second
        work.commit()
    for code in ("C1", "C2"):
        register.training(code, ["P2"])
        marker(register.meeting(code, day(1)), P2="present")
    found = rows(desk, by="unit", rollup="both")
    assert {key: (row["persons"], row["person_times"]) for key, row in found.items()} == {
        "U1": (1, 2),
        "U2": (1, 2),
        "U3": (1, 2),
    }
    assert set(rows(desk, by="unit", rollup="parent")) == {"U1", "U2"}
    assert set(rows(desk, by="unit")) == {"U2"}


def test_report_by_something_else_is_refused(desk: Desk) -> None:
    """The dimensions that there are are named."""
    with pytest.raises(UsageError, match="no report by “colour”; use one of: unit, class"):
        attendance_report(desk, by="colour")
    with pytest.raises(UsageError, match="roll-up"):
        attendance_report(desk, by="class", rollup="parent")
