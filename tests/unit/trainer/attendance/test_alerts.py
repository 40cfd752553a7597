"""What somebody should see to: caps in exact integers, absences running, rolls left unfinished."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import Enrolment, Mark, TrainingClass, TrainingSession
from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.cap import passes_cap, room_under_cap
from trainer.attendance.conflicts import list_conflicts
from trainer.attendance.leave import Stretch, approve_leave, ask_leave
from trainer.attendance.record import record_mark
from trainer.attendance.state import refresh_sessions
from trainer.desk import Desk


def alerts(desk: Desk, *kinds: str) -> list[tuple[str, str | None, str]]:
    """Return kind, person and state of the alerts of some kinds, or of all."""
    found = find_alerts(desk)
    return [(a.kind, a.person, a.state) for a in found if not kinds or a.kind in kinds]


@pytest.mark.parametrize(
    ("leave", "total", "over"),
    [(8, 56, False), (9, 56, True), (4, 28, False), (4, 24, True), (0, 0, False)],
)
def test_cap_is_strictly_more_than_a_seventh(leave: int, total: int, over: bool) -> None:  # noqa: FBT001
    """The rule's own examples, in hours."""
    assert passes_cap(4 * leave, 4 * total) is over


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_room_is_what_may_be_added_and_no_more(leave: int, total: int) -> None:
    """All of the room keeps within the cap; a quarter-hour more does not."""
    room = room_under_cap(leave, total)
    assert not passes_cap(leave + room, total)
    assert passes_cap(leave + room + 1, total)


def mark(desk: Desk, uid: str, person: str, status: str) -> None:
    """Record one mark."""
    with desk.writing() as work:
        record_mark(work, session=uid, person=person, status=status)
        work.commit()


def test_leave_over_the_cap_follows_the_timetable(desk: Desk, register: Register) -> None:
    """Four of 28 hours are a seventh: near. One session cancelled makes it four of 24: over."""
    uids = [register.meeting("C1", day(n)) for n in range(1, 8)]
    mark(desk, uids[0], "P1", "leave")
    mark(desk, uids[0], "P2", "duty")
    assert alerts(desk, "leave_over_cap", "leave_near_cap") == [("leave_near_cap", "P1", "past")]
    with desk.writing() as work:
        row = work.session.get(TrainingSession, uids[6])
        assert row is not None
        row.status = "cancelled"
        work.commit()
    assert alerts(desk, "leave_over_cap", "leave_near_cap") == [("leave_over_cap", "P1", "open")]


def test_the_total_of_a_late_joiner_is_smaller(desk: Desk, register: Register) -> None:
    """P1 joins on the 4th of eight days: four of 20 hours are over, four of 32 would not be."""
    uids = [register.meeting("C1", day(n)) for n in range(1, 9)]
    with desk.writing() as work:
        row = work.session.get(Enrolment, ("C1", "P1", 1))
        assert row is not None
        row.from_date = day(4)
        work.commit()
    mark(desk, uids[4], "P1", "leave")
    mark(desk, uids[4], "P2", "leave")
    assert alerts(desk, "leave_over_cap") == [("leave_over_cap", "P1", "open")]


def test_absent_twice_running_is_open_until_the_person_comes(
    desk: Desk, register: Register
) -> None:
    """P1 absent on the 1st and 2nd, P2 on the 1st and 3rd; P1 comes on the 3rd: past."""
    uids = [register.meeting("C1", day(n)) for n in range(1, 3)]
    for uid in uids:
        mark(desk, uid, "P1", "absent")
    mark(desk, uids[0], "P2", "absent")
    mark(desk, uids[1], "P2", "present")
    assert alerts(desk, "absent_running") == [("absent_running", "P1", "open")]
    third = register.meeting("C1", day(3))
    mark(desk, third, "P1", "present")
    mark(desk, third, "P2", "absent")
    assert alerts(desk, "absent_running") == [("absent_running", "P1", "past")]


def test_unfinished_rolls_and_overdue_returns_have_an_owner(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Two of three unmarked after the end; sick leave over since the 1st, no return reported."""
    register.meeting("C1", day(9, 3))
    with desk.writing() as work:
        klass = work.session.get(TrainingClass, "C1")
        assert klass is not None
        klass.head_teacher = "P3"
        leave = ask_leave(
            work,
            register.office,
            person="P2",
            class_code="C1",
            stretch=Stretch(day(1), day(1)),
            kind="sick",
        )
        work.session.flush()
        approve_leave(work, leave.id)
        work.commit()
    mark(desk, meeting, "P1", "present")
    found = {alert.kind: alert for alert in find_alerts(desk, "C1")}
    assert found["unmarked"].message.text().startswith("2 people are unmarked")
    assert "还有 2 人未点名" in found["unmarked"].message.text("zh")
    assert found["unmarked"].session == meeting
    assert (found["leave_overdue"].person, found["leave_overdue"].owner) == ("P2", "P3")
    assert find_alerts(desk, "C9") == []
    mark(desk, meeting, "P2", "present")
    (alone,) = (one for one in find_alerts(desk, "C1") if one.kind == "unmarked")
    assert alone.message.text().startswith("1 person is unmarked at")
    assert "还有 1 人未点名" in alone.message.text("zh")


def test_an_alert_says_since_when(desk: Desk, register: Register) -> None:
    """Absences running since the first of them, an unfinished roll since its session."""
    uids = [register.meeting("C1", day(n)) for n in range(1, 5)]
    for uid, status in zip(uids, ("present", "absent", "absent"), strict=False):
        mark(desk, uid, "P1", status)
        mark(desk, uid, "P2", "present")
    since = {one.kind: one.since for one in find_alerts(desk)}
    assert since["absent_running"] == day(2)
    documents = {one.kind: one.document() for one in find_alerts(desk)}
    assert documents["absent_running"]["since"] == day(2).isoformat()


def test_no_alert_holds_since_a_day_that_is_to_come(desk: Desk, register: Register) -> None:
    """Leave marked ahead, for the day after the clock's, is over the cap since today.

    Four of eight hours. P2, over since the first day, stays so since that day.
    """
    today = desk.clock.today()
    uids = [register.meeting("C1", date) for date in (day(1), today + dt.timedelta(days=1))]
    mark(desk, uids[1], "P1", "leave")
    mark(desk, uids[0], "P2", "leave")
    over = {one.person: one.since for one in find_alerts(desk) if one.kind == "leave_over_cap"}
    assert over == {"P1": today, "P2": day(1)}


def test_conflicts_of_many_people_come_with_what_each_device_said(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Two of three are disputed; each has both sides in the order of time, and the last counts."""
    said = {"P1": "present absent", "P2": "late absent", "P3": "late late"}
    with desk.writing() as work:
        for minute, (person, statuses) in enumerate(said.items()):
            for number, status in enumerate(statuses.split()):
                at = work.now + dt.timedelta(minutes=minute, seconds=number)
                work.session.add(
                    Mark(id=f"{person}-{number}", session=meeting, person=person, status=status,
                         at=at, device=f"laptop {number}", counter=minute)
                )  # fmt: skip
        work.session.flush()
        refresh_sessions(work, [meeting])
        work.commit()
    with desk.reading() as session:
        found = list_conflicts(session)
        assert list_conflicts(session, "C9") == []
    assert [(one.person, one.class_code, [m["status"] for m in one.marks]) for one in found] == [
        ("P1", "C1", ["present", "absent"]),
        ("P2", "C1", ["late", "absent"]),
    ]
    assert [one.counts for one in found] == ["P1-1", "P2-1"]
