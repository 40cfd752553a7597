"""Leave to the minute: what it takes of a session, what it suggests, and how it counts (LV-1)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import MarkState, OfficeSettings
from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.covers import minutes_missed, quarters_missed, suggested
from trainer.attendance.leave import Stretch, approve_leave, ask_leave, cancel_leave
from trainer.attendance.record import mark_unmarked, record_mark
from trainer.attendance.rules import Rules
from trainer.attendance.sheet import RollLine, open_sheet
from trainer.attendance.shown import suggestion_said
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import Office
from trainer.phrases import set_language

MORNING = Office().periods[:4]
SPAN = st.tuples(st.integers(500, 750), st.integers(500, 750))


def timed(first: str | None, last: str | None, **more: Any) -> Stretch:
    """Return a stretch of the 1st of February from a time to another."""
    times = (dt.time.fromisoformat(text) if text else None for text in (first, last))
    return Stretch(day(1), day(1), None, None, *times, **more)


def grant(desk: Desk, stretch: Stretch, kind: str = "personal", person: str = "P1") -> str:
    """Approve leave; return its id."""
    with desk.writing() as work:
        row = ask_leave(
            work, desk.office(), person=person, class_code="C1", stretch=stretch, kind=kind
        )
        work.session.flush()
        id_ = row.id
        approve_leave(work, id_)
        work.commit()
    return id_


def line(desk: Desk, uid: str) -> RollLine:
    """Return P1's line of the roll."""
    with desk.reading() as session:
        return open_sheet(session, desk.office(), uid).lines[0]


def settle(desk: Desk, **rules: Any) -> None:
    """Put rules of attendance in force."""
    document = Office(policies={"attendance": rules}).document()
    with desk.writing() as work:
        work.session.merge(OfficeSettings(id=1, document=document))
        work.commit()


@pytest.mark.parametrize(
    ("first", "last", "kind", "wanted"),
    [
        # the morning runs from 08:30 to 12:00, with a break from 10:10 to 10:20
        (None, "09:10", "personal", ("late", 40)),
        ("11:30", None, "sick", ("early", 30)),
        ("09:30", "09:50", "personal", ("leave", 20)),
        ("08:00", "12:30", "personal", ("leave", None)),
        ("08:30", "12:00", "duty", ("duty", None)),
        (None, "09:10", "duty", ("duty", 40)),
        ("10:10", "10:20", "personal", (None, None)),
        ("14:00", "15:00", "personal", (None, None)),
    ],
)
def test_leave_of_a_part_suggests_what_the_clock_would_say(
    desk: Desk, meeting: str, first: str | None, last: str | None, kind: str,
    wanted: tuple[str | None, int | None],
) -> None:  # fmt: skip
    """The beginning is late, the end early, the middle leave; a break and the afternoon nothing."""
    grant(desk, timed(first, last), kind)
    found = line(desk, meeting)
    assert (found.suggested, found.suggested_minutes) == wanted


def test_the_limits_of_the_office_hold_for_leave_too(desk: Desk, meeting: str) -> None:
    """AT-2 allows 10 minutes; 70 are more than makes absent, and with leave that is leave."""
    settle(desk, late_after_minutes=10, absent_after_minutes=60)
    short = grant(desk, timed(None, "08:40"))
    assert line(desk, meeting).suggested == "present"
    with desk.writing() as work:
        cancel_leave(work, short)
        work.commit()
    grant(desk, timed(None, "09:40"))
    found = line(desk, meeting)
    assert (found.suggested, found.suggested_minutes) == ("leave", 70)
    assert suggestion_said(found) == "on leave 70'"
    set_language("zh")
    assert suggestion_said(found) == "请假 70分"


def test_two_leaves_are_one_where_they_meet(desk: Desk, meeting: str) -> None:
    """Until 10:10, and from AM3 on: the whole morning, and the break needs no leave."""
    grant(desk, timed(None, "10:10"))
    assert line(desk, meeting).suggested == "late"
    grant(desk, Stretch(day(1), day(1), "AM3"))
    found = line(desk, meeting)
    assert (found.suggested, found.suggested_minutes) == ("leave", None)


def test_a_suggestion_overwrites_nothing_and_cancelling_takes_back_only_it(
    desk: Desk, meeting: str
) -> None:
    """P2 is marked and stays so; P1 takes the suggestion over; cancelling leaves both marks."""
    mine, other = (grant(desk, timed(None, "09:10"), person=person) for person in ("P1", "P2"))
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P2", status="present")
        for person in ("P1", "P2"):
            mark_unmarked(work, session=meeting, persons=[person], status="late", minutes=40)
        work.commit()
    for leave in (mine, other):
        with desk.writing() as work:
            cancel_leave(work, leave)
            work.commit()
    with desk.reading() as session:
        states = [session.get_one(MarkState, (meeting, person)) for person in ("P1", "P2")]
        assert [(one.status, one.minutes) for one in states] == [("late", 40), ("present", None)]


def alerts(desk: Desk) -> list[str]:
    """Return what is said of leave, without what to do about it."""
    return [one.message.text().split(":")[0] for one in find_alerts(desk) if one.rule == "LV-1"]


def test_minutes_are_held_against_the_cap_unrounded(desk: Desk, register: Register) -> None:
    """28 hours; leave of 4 is a seventh. One minute of a period of 45 more is over.

    A minute is 1/45 of an hour: with 4.0222 hours the seventh is passed, shown as 4.03. Marked
    late by 30 seconds' worth, nought minutes, it counts no more; marked late by 5, the one minute.
    """
    uids = [register.meeting("C1", day(number)) for number in range(1, 8)]
    grant(desk, Stretch(day(1), day(1)))
    assert alerts(desk) == ["P1 has 4 of 28 hours of C1 on leave; 0 more may be granted"]
    first, last = dt.time(8, 30), dt.time(8, 31)
    grant(desk, Stretch(day(2), day(2), None, None, first, last))
    over = ["P1 has 4.03 of 28 hours of C1 on leave, more than a seventh"]
    assert alerts(desk) == over
    for minutes, wanted in ((5, over), (0, alerts_of_four())):
        with desk.writing() as work:
            record_mark(work, session=uids[1], person="P1", status="late", minutes=minutes)
            work.commit()
        assert alerts(desk) == wanted
    with desk.writing() as work:
        record_mark(work, session=uids[1], person="P1", status="present")
        work.commit()
    assert alerts(desk) == alerts_of_four()


def alerts_of_four() -> list[str]:
    """Return what is said of four hours, exactly a seventh."""
    return ["P1 has 4 of 28 hours of C1 on leave; 0 more may be granted"]


def test_leave_marked_with_minutes_counts_those(desk: Desk, register: Register) -> None:
    """Nobody granted it: 105 of 210 minutes of a morning of 4 hours are 2 of 28 hours.

    With another such morning 4 hours, a seventh; marked without minutes there it is 6, and over.
    """
    uids = [register.meeting("C1", day(number)) for number in range(1, 8)]
    for uid in uids[:2]:
        with desk.writing() as work:
            record_mark(work, session=uid, person="P1", status="leave", minutes=105)
            work.commit()
    assert alerts(desk) == alerts_of_four()
    with desk.writing() as work:
        record_mark(work, session=uids[1], person="P1", status="leave")
        work.commit()
    assert alerts(desk) == ["P1 has 6 of 28 hours of C1 on leave, more than a seventh"]


def test_times_that_make_no_sense_are_refused(desk: Desk, meeting: str) -> None:
    """The wrong way round, nothing between them, and a period beside a time."""
    for stretch, said in (
        (timed("10:00", "09:00"), "end at 09:00, not after it begins at 10:00"),
        (timed("10:00", "10:00"), "not after it begins"),
        (Stretch(day(1), day(1), "AM1", None, dt.time(9)), "not both"),
        (Stretch(day(1), day(1), "PM1", None, None, dt.time(9)), "begins at PM1"),
    ):
        with desk.writing() as work, pytest.raises(UsageError, match=said):
            ask_leave(work, desk.office(), person="P1", stretch=stretch)


@given(spans=st.lists(SPAN, max_size=4))
def test_minutes_and_quarters_are_those_of_the_set(spans: list[tuple[int, int]]) -> None:
    """Counted minute by minute: overlaps once, breaks never, shares exact."""
    wanted = [span for span in spans if span[0] < span[1]]
    away = {minute for first, last in wanted for minute in range(first, last)}
    inside = [away & set(range(each.starts_at, each.ends_at)) for each in MORNING]
    assert minutes_missed(wanted, MORNING) == sum(map(len, inside))
    assert quarters_missed(wanted, MORNING) == sum(Fraction(4 * len(each), 45) for each in inside)


@given(first=st.integers(510, 719), length=st.integers(1, 210))
def test_a_suggestion_has_never_more_minutes_than_the_leave(first: int, length: int) -> None:
    """Late at the start, early at the end, leave between; the minutes are those missed."""
    last = min(first + length, 720)
    status, minutes = suggested(Rules(), "leave", ((first, last),), (510, 720))
    wanted = "late" if first == 510 else "early" if last == 720 else "leave"
    if (first, last) != (510, 720):
        assert (status, minutes) == (wanted, last - first)
