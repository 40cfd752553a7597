"""Whom a figure counts, and where: each case with its figures worked out by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from db.tables import Exemption, Person, TrainingSession
from tests.factories.registers import Register, day
from trainer.attendance.corrections import approve_correction, propose_correction
from trainer.attendance.exempting import exempt_person
from trainer.attendance.expected import Membership, expected_at, read_exempt, read_memberships
from trainer.attendance.freezing import freeze_until
from trainer.attendance.guests import add_guest
from trainer.attendance.making_up import tie_make_up
from trainer.attendance.record import Wish, record_marks
from trainer.attendance.sheet import open_sheet
from trainer.desk import Desk
from trainer.reports.attendance import attendance_report


def total(desk: Desk, *names: str, **more: Any) -> dict[str, Any]:
    """Return some figures of the report's total."""
    figures = attendance_report(desk, **more).total
    return {name: figures[name] for name in names}


def rows(desk: Desk, by: str, *names: str) -> dict[str, tuple[Any, ...]]:
    """Return some figures of each row by its key."""
    found = attendance_report(desk, by=by).rows
    return {row["key"]: tuple(row[name] for name in names) for row in found}


def mark(desk: Desk, uid: str, **statuses: str) -> None:
    """Mark people at a session."""
    with desk.writing() as work:
        record_marks(work, [Wish(uid, person, said) for person, said in statuses.items()])
        work.commit()


def tie(desk: Desk, session: str, missed: str, person: str | None = None) -> None:
    """Say that a session makes up for another."""
    with desk.writing() as work:
        tie_make_up(work, session=session, missed=missed, person=person)
        work.commit()


def exempt(desk: Desk, person: str, **more: Any) -> None:
    """Record an exemption."""
    with desk.writing() as work:
        exempt_person(work, person=person, reason="年老体弱", **more)
        work.commit()


def test_dated_membership(desk: Desk, register: Register) -> None:
    """P1 is a member on the 1st and 2nd, P2 from the 2nd to the 3rd; sessions on the 1st to 3rd.

    P1 2 + P2 2 = 4 expected; P1 attends the 1st, P2 the 3rd: 2 of 4 due, 2 unmarked.
    """
    register.people("P1", "P2")
    register.training("C1")
    register.enrol("C1", "P1", day(1), day(2))
    register.enrol("C1", "P2", day(2), day(3))
    uids = [register.meeting("C1", day(n)) for n in (1, 2, 3)]
    mark(desk, uids[0], P1="present")
    mark(desk, uids[2], P2="late")
    assert total(desk, "expected", "due", "attended", "unmarked", "rate") == {
        "expected": 4, "due": 4, "attended": 2, "unmarked": 2, "rate": 0.5,
    }  # fmt: skip


def test_who_moved_to_another_class_keeps_what_was(desk: Desk, register: Register) -> None:
    """P1 is in C1 to the 1st and in C2 from the 2nd; each class holds a session on both days.

    C1: the 1st, attended; C2: the 2nd, absent. One person, one person-time (C2 not attended).
    """
    register.people("P1")
    for code in ("C1", "C2"):
        register.training(code)
    register.enrol("C1", "P1", None, day(1))
    register.enrol("C2", "P1", day(2), None)
    first = register.meeting("C1", day(1))
    register.meeting("C1", day(2))
    register.meeting("C2", day(1))
    second = register.meeting("C2", day(2))
    mark(desk, first, P1="present")
    mark(desk, second, P1="absent")
    assert rows(desk, "class", "expected", "attended", "absent") == {
        "C1": (1, 1, 0), "C2": (1, 0, 1),
    }  # fmt: skip
    assert total(desk, "persons", "person_times", "expected") == {
        "persons": 1, "person_times": 1, "expected": 2,
    }  # fmt: skip


def test_who_moved_to_another_unit_keeps_the_marks(desk: Desk, register: Register) -> None:
    """P1 attends one of two sessions in unit U1 and is then of U2.

    The report by unit is of today's units: U2 has both pairs and the mark; nothing is lost.
    """
    register.people("P1", unit="U1")
    register.people("P2", unit="U2")
    register.training("C1", ["P1"])
    mark(desk, register.meeting("C1", day(1)), P1="present")
    register.meeting("C1", day(2))
    with desk.writing() as work:
        person = work.session.get_one(Person, "P1")
        person.unit = "U2"
        work.commit()
    assert rows(desk, "unit", "expected", "attended", "unmarked") == {"U2": (2, 1, 1)}


def test_late_joiners_are_not_expected_before(desk: Desk, register: Register) -> None:
    """Four sessions; P1 from the start, P2 from the third on: 4 + 2 = 6; all attended: 100%."""
    register.people("P1", "P2")
    register.training("C1", ["P1"])
    register.enrol("C1", "P2", day(3))
    for number in range(1, 5):
        uid = register.meeting("C1", day(number))
        mark(desk, uid, P1="present")
        if number >= 3:
            mark(desk, uid, P2="present")
    assert total(desk, "expected", "attended", "rate", "guests") == {
        "expected": 6, "attended": 6, "rate": 1.0, "guests": 0,
    }  # fmt: skip


def test_exempt_people_leave_the_denominator_and_are_shown_apart(
    desk: Desk, register: Register
) -> None:
    """Three members, four sessions: 12 pairs. P3 is exempt on the 2nd and 3rd: 10 and 2 apart.

    P1 and P2 attend all 8; P3 attends the 1st and, though exempt, the 2nd, and is absent on the
    4th. Attended 10; of the 10 due 9 were attended; 10 due + 1 exempt and marked = 11 marks.
    """
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    uids = [register.meeting("C1", day(n)) for n in (1, 2, 3, 4)]
    exempt(desk, "P3", first=day(2), last=day(3))
    for uid in uids:
        mark(desk, uid, P1="present", P2="present")
    mark(desk, uids[0], P3="present")
    mark(desk, uids[1], P3="present")
    mark(desk, uids[3], P3="absent")
    assert total(
        desk, "expected", "due", "attended", "absent", "rate", "unmarked", "guests", "exempt",
        "exempt_marked",
    ) == {
        "expected": 10, "due": 10, "attended": 10, "absent": 1, "rate": 0.9, "unmarked": 0,
        "guests": 0, "exempt": 2, "exempt_marked": 1,
    }  # fmt: skip
    assert rows(desk, "person", "expected", "exempt")["P3"] == (2, 2)
    with desk.reading() as session:
        assert expected_at(session, uids[1]) == {"P1", "P2"}
        assert expected_at(session, uids[3]) == {"P1", "P2", "P3"}


def test_exemptions_that_overlap_count_each_day_once(desk: Desk, register: Register) -> None:
    """From the 2nd on in C1, and up to the 3rd in all classes: C1 has no day left, C2 from the 4th.

    The exempt parts are apart from each other, so nothing counts twice.
    """
    register.people("P1")
    for code in ("C1", "C2"):
        register.training(code, ["P1"])
    exempt(desk, "P1", first=day(2), class_code="C1")
    exempt(desk, "P1", last=day(3))
    with desk.reading() as session:
        assert read_memberships(session) == [Membership("C2", "P1", day(4), None)]
        for date in (day(1), day(2), day(3), day(9)):
            parts = [p for p in read_exempt(session) if p.class_code == "C1" and p.covers(date)]
            assert len(parts) == 1


def test_sessions_not_yet_held_are_expected_but_not_due(desk: Desk, register: Register) -> None:
    """The clock stands on 1 March: a session of February is due, one of April is not.

    Two members: 4 expected, 2 due; one attended, one unmarked: a rate of one half.
    """
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    mark(desk, register.meeting("C1", day(1)), P1="present")
    register.meeting("C1", day(3, 4))
    assert total(desk, "expected", "due", "unmarked", "rate") == {
        "expected": 4, "due": 2, "unmarked": 1, "rate": 0.5,
    }  # fmt: skip


def test_cancelled_sessions_count_nowhere(desk: Desk, register: Register) -> None:
    """Two sessions with a mark each; one is cancelled afterwards: 1 expected, 1 attended."""
    register.people("P1")
    register.training("C1", ["P1"])
    uids = [register.meeting("C1", day(n)) for n in (1, 2)]
    for uid in uids:
        mark(desk, uid, P1="present")
    with desk.writing() as work:
        work.session.get_one(TrainingSession, uids[1]).status = "cancelled"
        work.commit()
    assert total(desk, "sessions", "expected", "attended", "hours") == {
        "sessions": 1, "expected": 1, "attended": 1, "hours": 4.0,
    }  # fmt: skip


def test_a_make_up_session_heals_an_absence(desk: Desk, register: Register) -> None:
    """P1 attends, P2 is absent, P3 on leave, P4 unmarked on the 1st; a make-up on the 8th.

    There P2 attends, P3 is absent, P1 comes once more. Expected stay the 4 of the 1st: P1, P2
    attended (one made up), P3 on leave, P4 unmarked; P1's second time is a guest's.
    """
    register.people("P1", "P2", "P3", "P4")
    register.training("C1", ["P1", "P2", "P3", "P4"])
    missed, again = register.meeting("C1", day(1)), register.meeting("C1", day(8))
    mark(desk, missed, P1="present", P2="absent", P3="leave")
    tie(desk, again, missed)
    with desk.reading() as session:
        assert expected_at(session, again) == {"P2", "P3", "P4"}
        sheet = open_sheet(session, register.office, again, search=False)
        assert [line.person for line in sheet.lines if line.expected] == ["P2", "P3", "P4"]
    mark(desk, again, P1="present", P2="late", P3="absent")
    assert total(
        desk, "sessions", "expected", "due", "attended", "late", "absent", "leave", "unmarked",
        "made_up", "guests", "rate",
    ) == {
        "sessions": 2, "expected": 4, "due": 4, "attended": 3, "late": 1, "absent": 0, "leave": 1,
        "unmarked": 1, "made_up": 1, "guests": 1, "rate": 0.5,
    }  # fmt: skip
    # what was made up for counts where the absence was
    february = {"first": day(1), "last": day(1)}
    assert total(desk, "expected", "attended", "made_up", **february) == {
        "expected": 4, "attended": 2, "made_up": 1,
    }  # fmt: skip


def test_one_person_makes_up_in_another_class(desk: Desk, register: Register) -> None:
    """P1 of C1 is absent on the 1st and sits in on C2 on the 2nd, tied for P1 alone.

    C1: 1 expected, 1 attended (made up). C2: its own member only; P1 is no guest there.
    """
    register.people("P1", "P2")
    register.training("C1", ["P1"])
    register.training("C2", ["P2"])
    missed, other = register.meeting("C1", day(1)), register.meeting("C2", day(2))
    mark(desk, missed, P1="absent")
    mark(desk, other, P1="present", P2="present")
    tie(desk, other, missed, "P1")
    assert rows(desk, "class", "expected", "attended", "made_up", "guests") == {
        "C1": (1, 1, 1, 0), "C2": (1, 1, 0, 0),
    }  # fmt: skip


def test_a_person_in_two_classes(desk: Desk, register: Register) -> None:
    """P1 attends C1 and C2: one person, two person-times, two expected; by person one row."""
    register.people("P1")
    for code in ("C1", "C2"):
        register.training(code, ["P1"])
        mark(desk, register.meeting(code, day(1 if code == "C1" else 2)), P1="present")
    assert total(desk, "persons", "person_times", "expected", "attended") == {
        "persons": 1, "person_times": 2, "expected": 2, "attended": 2,
    }  # fmt: skip
    assert rows(desk, "person", "person_times", "classes") == {"P1": (2, 2)}


def test_guests_are_told_so_that_attended_never_silently_exceeds_expected(
    desk: Desk, register: Register
) -> None:
    """One member and two guests attend: attended 3, expected 1, guests 2: 3 <= 1 + 2; rate 1/1.

    The table shows the column of guests only because there are any.
    """
    register.people("P1")
    register.training("C1", ["P1"])
    uid = register.meeting("C1", day(1))
    assert "guests" not in [column.key for column in attendance_report(desk).columns]
    with desk.writing() as work:
        guests = [add_guest(work, name=name).code for name in ("旁听一", "旁听二")]
        work.commit()
    mark(desk, uid, P1="present", **dict.fromkeys(guests, "present"))
    assert total(desk, "attended", "expected", "guests", "rate", "person_times") == {
        "attended": 3, "expected": 1, "guests": 2, "rate": 1.0, "person_times": 3,
    }  # fmt: skip
    assert "guests" in [column.key for column in attendance_report(desk).columns]


def test_what_changed_after_freezing_is_shown(desk: Desk, register: Register) -> None:
    """Two marks of February handed in; one is corrected by two persons: one changed."""
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    uid = register.meeting("C1", day(1))
    mark(desk, uid, P1="absent", P2="present")
    with desk.writing() as work:
        freeze_until(work, day(28), today=dt.date(2023, 3, 1))
        row = propose_correction(work, Wish(uid, "P1", "leave"), reason="补交假条")
        work.commit()
    assert total(desk, "changed_later", "absent") == {"changed_later": 0, "absent": 1}
    with dataclasses.replace(desk, actor="second").writing() as work:
        approve_correction(work, row.id)
        work.commit()
    assert total(desk, "changed_later", "absent", "leave") == {
        "changed_later": 1, "absent": 0, "leave": 1,
    }  # fmt: skip


def test_lates_add_up_to_absences_where_the_office_says_so(desk: Desk, register: Register) -> None:
    """Three lates are one absence: P1 with four lates has one, P2 with two none, P3 is absent.

    2 absences; without the rule 1. The marks themselves stay what they are.
    """
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    uids = [register.meeting("C1", day(n)) for n in range(1, 5)]
    for uid in uids:
        mark(desk, uid, P1="late")
    for uid in uids[:2]:
        mark(desk, uid, P2="late")
    mark(desk, uids[0], P3="absent")
    assert total(desk, "absences", "late", "absent") == {"absences": 1, "late": 6, "absent": 1}
    from db.tables import OfficeSettings

    with desk.writing() as work:
        document = {"policies": {"attendance": {"lates_per_absence": 3}}}
        work.session.add(OfficeSettings(id=1, document=document))
        work.commit()
    assert total(desk, "absences", "late", "absent") == {"absences": 2, "late": 6, "absent": 1}


def test_an_exemption_is_a_fact_with_a_reason(desk: Desk, register: Register) -> None:
    """It is kept with who, when and why."""
    register.people("P1")
    exempt(desk, "P1", first=day(1))
    with desk.reading() as session:
        from sqlmodel import select

        row = session.exec(select(Exemption)).one()
        assert (row.person, row.from_date, row.reason) == ("P1", day(1), "年老体弱")
