"""A badge at the door: coming or going by the clock or by the switch, and what is told of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import Mark, MarkState, OfficeSettings
from tests.factories.registers import Register, day
from trainer.attendance.anomalies import read_signed, signed_outside, signing_bursts
from trainer.attendance.history import history_of
from trainer.attendance.record import record_mark
from trainer.attendance.rules import Rules
from trainer.attendance.scanning import Scan, Way, meant_by_clock, scan_badge
from trainer.attendance.signout import Stay, count_gone
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, StorageError, UsageError
from trainer.office import Office, office_from

START = dt.datetime(2023, 2, 1, 0, 30, tzinfo=dt.UTC)
#: The morning of C1 has 210 minutes: from 08:30 to 12:00.
END = START + dt.timedelta(minutes=210)
RULES: dict[str, Any] = {
    "late_after_minutes": 10,
    "early_after_minutes": 5,
    "absent_after_minutes": 60,
}


def at(minutes: float) -> dt.datetime:
    """Return an instant so many minutes after the start."""
    return START + dt.timedelta(minutes=minutes)


def settle(desk: Desk, **more: Any) -> None:
    """Put the rules, and others, in force."""
    document = Office(policies={"attendance": {**RULES, **more}}).document()
    with desk.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=document))
        work.commit()


@pytest.fixture
def timed(desk: Desk, meeting: str) -> str:
    """A morning of C1 in an office where AT-2 is in force."""
    settle(desk)
    return meeting


def show(desk: Desk, uid: str, badge: str, minutes: float, way: Way = "auto") -> Scan:
    """Show a badge so many minutes after the start."""
    here = dataclasses.replace(desk, clock=Clock(source=lambda: at(minutes)))
    with here.writing() as work:
        scan = scan_badge(work, here.office(), session=uid, badge=badge, way=way)
        work.commit()
    return scan


def show_until_taken(desk: Desk, uid: str, badge: str, minutes: float, tries: int = 6) -> Scan:
    """Show a badge again while the database is busy: what was not taken left nothing behind."""
    for _ in range(tries - 1):
        try:
            return show(desk, uid, badge, minutes)
        except StorageError as error:
            # whatever else is wrong with the database is no reason to try again
            if "busy" not in error.template:
                raise
    return show(desk, uid, badge, minutes)


def test_a_morning_by_the_clock(desk: Desk, timed: str) -> None:
    """P1 comes 12 minutes late, shows the badge twice, again in the middle, and goes 10 early.

    15 minutes before the end it means going: at 194 it is still a coming, at 200 it is a going,
    and a second look at 203 changes nothing. 12 + 10 minutes are missed; the status is late.
    """
    said = [
        (scan.what, scan.late, scan.early)
        for scan in (
            show(desk, timed, "TRAINER:P1", minutes) for minutes in (12, 13, 100, 194, 200, 203)
        )
    ]
    assert said == [
        ("came", 12, 0), ("in_already", 12, 0), ("in_already", 12, 0), ("in_already", 12, 0),
        ("left", 12, 10), ("out_already", 12, 10),
    ]  # fmt: skip
    with desk.reading() as session:
        events = history_of(session, timed, "P1")
        assert [(event.status, event.minutes, event.note) for event in events] == [
            ("late", 12, None),
            ("late", 22, "08:42-11:50"),
        ]
        assert count_gone(session, timed) == 1


def test_a_second_showing_means_going_where_the_office_says_so(desk: Desk, timed: str) -> None:
    """With 30 minutes: at 29 P1 is there, at 30 gone, at 60 back; gone for good at 205.

    The going at 30 misses 180 of 210 minutes, which is absent; the coming back takes that back.
    """
    settle(desk, going_after_minutes=30)
    scans = [show(desk, timed, "P1", minutes) for minutes in (0, 29, 30, 32, 60, 205)]
    assert [(scan.what, scan.status) for scan in scans] == [
        ("came", "present"), ("in_already", "present"), ("left", "absent"),
        ("out_already", "absent"), ("back", "present"), ("left", "present"),
    ]  # fmt: skip
    assert scans[2].early == 180


def test_the_switch_goes_before_the_clock(desk: Desk, timed: str) -> None:
    """Going in the middle by the switch, coming back by it, and nobody goes who never came."""
    assert show(desk, timed, "P1", 0, "out").what == "not_here"
    assert show(desk, timed, "P1", 1, "in").what == "came"
    assert show(desk, timed, "P1", 100, "out").early == 110
    assert show(desk, timed, "P1", 101, "in").what == "back"
    assert show(desk, timed, "P1", 209, "in").what == "in_already"
    with desk.reading() as session:
        state = session.get_one(MarkState, (timed, "P1"))
        assert (state.status, state.minutes) == ("present", None)


def test_who_is_back_without_a_known_arrival_is_not_late(desk: Desk, timed: str) -> None:
    """P1 was called present; the coming back at 100 is no arrival, so the going misses nothing."""
    with desk.writing() as work:
        record_mark(work, session=timed, person="P1", status="present")
        work.commit()
    assert show(desk, timed, "P1", 90, "out").what == "left"
    assert show(desk, timed, "P1", 100, "in").what == "back"
    gone = show(desk, timed, "P1", 210, "out")
    assert (gone.status, gone.late, gone.early) == ("present", 0, 0)


def test_who_came_too_late_does_not_come_later_still(desk: Desk, timed: str) -> None:
    """70 minutes late is absent; showing the badge again at 90 does not make it 90."""
    first = show(desk, timed, "P1", 70)
    assert (first.what, first.status, first.late) == ("came", "absent", 70)
    assert show(desk, timed, "P1", 90).what == "in_already"
    with desk.reading() as session:
        assert session.get_one(MarkState, (timed, "P1")).minutes == 70


def test_after_the_end_nobody_comes_any_more(desk: Desk, timed: str) -> None:
    """By the clock; whoever switches to coming means it."""
    assert show(desk, timed, "P1", 211).what == "not_here"
    assert show(desk, timed, "P1", 212, "in").what == "came"


def test_who_belongs_elsewhere_is_told_so_either_way(
    desk: Desk, register: Register, timed: str
) -> None:
    """G1 of C2 comes here as a guest and goes; going without having come names C2."""
    register.people("G1", "G2")
    register.training("C2", ["G1", "G2"])
    register.meeting("C2", day(1), period="AM2", periods=2)
    came = show(desk, timed, "G1", 0)
    assert (came.what, came.expected, came.belongs[0].class_code) == ("came", False, "C2")
    assert show(desk, timed, "G1", 200).what == "left"
    stranger = show(desk, timed, "G2", 200, "out")
    assert (stranger.what, stranger.status, stranger.belongs[0].class_code) == (
        "not_here", None, "C2",
    )  # fmt: skip
    with desk.reading() as session:
        assert session.get(MarkState, (timed, "G2")) is None
    with pytest.raises(Refused, match="no person X"):
        show(desk, timed, "X", 0)


@given(
    now=st.integers(-30, 240), arrived=st.none() | st.integers(-30, 200), left=st.booleans(),
    after=st.none() | st.integers(0, 60),
)  # fmt: skip
def test_nobody_goes_who_has_just_come(
    *, now: int, arrived: int | None, left: bool, after: int | None
) -> None:
    """Whatever the policy: within five minutes of the coming it is a coming; nobody there comes."""
    rules = Rules(going_after_minutes=after)
    came = at(arrived) if arrived is not None else None
    gone = at(arrived + 1) if left and arrived is not None else None
    stay = Stay(Mark(id="m", session="s", person="p", status="present", at=START), came, gone)
    meant = meant_by_clock(rules, END, stay, at(now))
    if gone is None and arrived is not None and arrived <= now < arrived + 5:
        assert meant == "in"
    if now >= 195 and (arrived is None or now >= arrived + 5):
        assert meant == "out"
    assert meant_by_clock(rules, END, None, at(now)) == ("in" if now < 210 else "out")


def test_the_settings_are_checked() -> None:
    """A number that is none is named with its place."""
    from trainer.attendance.rules import attendance_rules

    broken = office_from({"policies": {"attendance": {"going_before_minutes": "soon"}}})
    with pytest.raises(UsageError, match="going_before_minutes is not usable"):
        attendance_rules(broken)


def test_two_doors_at_once_lose_nobody(desk: Desk, register: Register) -> None:
    """20 people show their badges at both of two devices, in opposite order, at the same time.

    Each is taken down once, with no conflict, and told once that it is so already. A door that the
    database keeps waiting tries the badge again, as the unattended sign-in does, a few times.
    """
    people = [f"Q{number:02}" for number in range(20)]
    register.people(*people)
    register.training("C9", people)
    uid = register.meeting("C9", day(1))

    def door(order: list[str]) -> list[str]:
        return [show_until_taken(desk, uid, person, 1).what for person in order]

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(door, (people, people[::-1]))
    assert sorted([*one, *two]) == ["came"] * 20 + ["in_already"] * 20
    with desk.reading() as session:
        for person in people:
            assert session.get_one(MarkState, (uid, person)).conflict is False
            assert len(history_of(session, uid, person)) == 1


def test_leaving_together_is_no_anomaly_and_hides_none(desk: Desk, register: Register) -> None:
    """Six leave within six seconds: none. Six of another class come so, and leave: one burst still.

    AT-3 lists five on one device within ten seconds. The burst rests on the six comings.
    """
    rules = Rules()
    uids = {}
    for code, apart in (("C8", 1.0), ("C9", 1 / 60)):
        people = [f"{code}-{number}" for number in range(6)]
        register.people(*people)
        register.training(code, people)
        uids[code] = register.meeting(code, day(1))
        for minutes in (0.0, 209.0):
            step = apart if not minutes else 1 / 60
            for place, person in enumerate(people):
                show(desk, uids[code], person, minutes + place * step)
    with desk.reading() as session:
        rows = read_signed(session, START)
        bursts = list(signing_bursts(rows, rules))
        assert [(one.session, len(one.marks)) for one in bursts] == [(uids["C9"], 6)]
        assert list(signed_outside(rows, rules)) == []
        marks = {event.id for number in range(6)
                 for event in history_of(session, uids["C9"], f"C9-{number}")[:1]}  # fmt: skip
    assert set(bursts[0].marks) == marks
