"""What a change in the course of a class does to its figures, worked out by hand."""

from __future__ import annotations

from db.tables import Person, TrainingSession
from tests.factories.registers import Register, day
from tests.unit.trainer.reports.test_denominators import mark, rows, tie, total
from trainer.attendance.sheet import of_group, open_sheet
from trainer.classlife.facts import read_class
from trainer.classlife.groups import move_to_group
from trainer.desk import Desk


def move(desk: Desk, register: Register, person: str, group: str, since: int | None = None) -> None:
    """Put somebody into a group of C1, from a day of February on or from the beginning."""
    with desk.writing() as work:
        facts = read_class(work.session, register.office, "C1")
        move_to_group(work, facts, person, group, since=day(since) if since else None)
        work.commit()


def test_who_moved_to_another_group_stays_in_the_one_that_was(
    desk: Desk, register: Register
) -> None:
    """P1 and P2 are in 第一组, P3 in 第二组; P1 moves to 第二组 on the 2nd; sessions on both days.

    Expected on the 1st: 2 and 1; on the 2nd: 1 and 2. P1 attends both: counted on the 1st with
    第一组, on the 2nd with 第二组. The class has 3 + 3 = 6 pairs as if nobody had moved.
    """
    register.people("P1", "P2", "P3")
    register.training("C1", ["P1", "P2", "P3"])
    uids = [register.meeting("C1", day(number)) for number in (1, 2)]
    for person, group in (("P1", "第一组"), ("P2", "第一组"), ("P3", "第二组")):
        move(desk, register, person, group)
    move(desk, register, "P1", "第二组", 2)
    for uid in uids:
        mark(desk, uid, P1="present")
    found = []
    with desk.reading() as session:
        for uid in uids:
            sheet = open_sheet(session, register.office, uid, search=False)
            for group in ("第一组", "第二组"):
                counts = of_group(sheet, group).counts()
                found.append((group, counts["expected"], counts["attended"]))
    assert found == [("第一组", 2, 1), ("第二组", 1, 0), ("第一组", 1, 0), ("第二组", 2, 1)]
    assert total(desk, "expected", "attended") == {"expected": 6, "attended": 2}


def test_who_left_and_came_back_counts_once_a_day(desk: Desk, register: Register) -> None:
    """P1 is there on the 1st and 2nd, and again from the 2nd on: the 2nd lies in both stays.

    Four sessions on the 1st to 4th: four pairs, not five; all attended. P2 on the reserve list and
    P3, who declined, are in none.
    """
    register.people("P1", "P2", "P3")
    register.training("C1")
    register.enrol("C1", "P1", None, day(2))
    register.enrol("C1", "P1", day(2), None, stint=2)
    register.enrol("C1", "P2", status="reserve")
    register.enrol("C1", "P3", status="declined")
    for number in range(1, 5):
        mark(desk, register.meeting("C1", day(number)), P1="present")
    assert total(desk, "expected", "due", "attended", "persons", "guests", "rate") == {
        "expected": 4, "due": 4, "attended": 4, "persons": 1, "guests": 0, "rate": 1.0,
    }  # fmt: skip


def test_who_left_the_roster_is_expected_up_to_that_day(desk: Desk, register: Register) -> None:
    """P1 retires on the 2nd of four days: 2 expected; P2 stays: 4. Marked on the 3rd: a guest."""
    register.people("P1", "P2")
    register.training("C1", ["P1", "P2"])
    uids = [register.meeting("C1", day(number)) for number in range(1, 5)]
    with desk.writing() as work:
        work.session.get_one(Person, "P1").left = day(2)
        work.commit()
    mark(desk, uids[0], P1="present")
    mark(desk, uids[2], P1="present")
    assert rows(desk, "person", "expected", "attended", "unmarked", "guests") == {
        "P1": (2, 2, 1, 1),
        "P2": (4, 0, 4, 0),
    }


def test_only_a_make_up_session_that_takes_place_heals(desk: Desk, register: Register) -> None:
    """P1 is absent on the 1st and attends the make-up on the 8th, which is then cancelled.

    Before: 1 expected, 1 attended, made up. After: 1 expected, 1 absent, nothing made up.
    """
    register.people("P1")
    register.training("C1", ["P1"])
    missed, again = register.meeting("C1", day(1)), register.meeting("C1", day(8))
    mark(desk, missed, P1="absent")
    tie(desk, again, missed)
    mark(desk, again, P1="present")
    names = ("expected", "attended", "absent", "made_up")
    assert tuple(total(desk, *names).values()) == (1, 1, 0, 1)
    with desk.writing() as work:
        work.session.get_one(TrainingSession, again).status = "cancelled"
        work.commit()
    assert tuple(total(desk, *names).values()) == (1, 0, 1, 0)


def test_two_make_up_sessions_heal_one_absence_once(desk: Desk, register: Register) -> None:
    """P1 is absent on the 1st and attends the make-ups on the 8th and on the 9th.

    One pair is expected and attended, and made up once; the second time is not one more.
    """
    register.people("P1")
    register.training("C1", ["P1"])
    missed, *later = (register.meeting("C1", day(number)) for number in (1, 8, 9))
    mark(desk, missed, P1="absent")
    for uid in later:
        tie(desk, uid, missed)
        mark(desk, uid, P1="present")
    names = ("expected", "due", "absent", "made_up", "unmarked", "rate")
    assert tuple(total(desk, *names).values()) == (1, 1, 0, 1, 0, 1.0)


def test_a_guest_in_one_of_two_classes(desk: Desk, register: Register) -> None:
    """P1 is of C1 and sits in on C2 on the same day: attended in both, expected in C1 alone.

    C1: 1 of 1. C2: its own P2 unmarked, P1 a guest: a rate of 0. Together 2 expected, 1 attended
    of those, 1 guest; P1 is one person and two person-times.
    """
    register.people("P1", "P2")
    register.training("C1", ["P1"])
    register.training("C2", ["P2"])
    mark(desk, register.meeting("C1", day(1)), P1="present")
    mark(desk, register.meeting("C2", day(1), period="PM1"), P1="present")
    assert rows(desk, "class", "expected", "attended", "unmarked", "guests", "rate") == {
        "C1": (1, 1, 0, 0, 1.0),
        "C2": (1, 1, 1, 1, 0.0),
    }
    assert total(desk, "expected", "persons", "person_times", "guests", "rate") == {
        "expected": 2, "persons": 1, "person_times": 2, "guests": 1, "rate": 0.5,
    }  # fmt: skip
