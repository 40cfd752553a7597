"""Busy times stored as unavailability: days and periods, provenance, and reading anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlmodel import col, select

from db.tables import Unavailability
from tests.factories.plans import Plan, day
from trainer.calendars.unavailable import Refreshed, Whose, import_busy
from trainer.desk import Desk
from trainer.errors import Refused

TEACHER = Whose("teacher", "T1", "wang.ics")


@pytest.fixture
def plan(desk: Desk) -> Plan:
    """A teacher and a hall at a database of each kind; it is 1 March 2023."""
    made = Plan(desk)
    made.teacher("T1")
    made.venue("V1")
    return made


def calendar(*spans: str) -> bytes:
    """Return a calendar of events, each ``START/END`` as iCalendar writes them."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:u-{span}\r\nDTSTAMP:20230101T000000Z\r\nSUMMARY:会议\r\n"
        f"DTSTART{kind}:{start}\r\nDTEND{kind}:{end}\r\nEND:VEVENT\r\n"
        for span in spans
        for start, _, end in [span.partition("/")]
        for kind in ["" if "T" in start else ";VALUE=DATE"]
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n"
    return text.encode()


def take(plan: Plan, *spans: str, whose: Whose = TEACHER, **options: Any) -> Refreshed:
    """Read a calendar of such events."""
    return import_busy(plan.desk, calendar(*spans), whose, **options)


def stored(plan: Plan) -> list[tuple[str, str, str, str | None]]:
    """Return what is stored: whose, first and last day, period."""
    with plan.desk.reading() as session:
        rows = session.exec(
            select(Unavailability).order_by(col(Unavailability.date_from), col(Unavailability.line))
        ).all()
    return [
        (row.code, f"{row.date_from:%m-%d}", f"{row.date_to:%m-%d}", row.period) for row in rows
    ]


MORNING = "20230306T011000Z/20230306T020000Z"  # 09:10 to 10:00: the first two periods
DAYS = "20230308/20230311"


def test_periods_that_are_touched_and_whole_days(plan: Plan) -> None:
    """A minute of a period blocks it; days without a free period are one row."""
    result = take(plan, MORNING, DAYS, "20230313T040000Z/20230313T060000Z")
    assert stored(plan) == [
        ("T1", "03-06", "03-06", "AM1"),
        ("T1", "03-06", "03-06", "AM2"),
        ("T1", "03-08", "03-10", None),
    ]
    assert (len(result.added), result.removed, result.kept) == (3, (), 0)


def test_reason_says_where_it_comes_from(plan: Plan) -> None:
    """The source and a digest of the event; the title only where it is wanted."""
    take(plan, DAYS)
    take(plan, DAYS, whose=Whose("venue", "V1", "hall"), titles=True)
    with plan.desk.reading() as session:
        reasons = [row.reason or "" for row in session.exec(select(Unavailability))]
    mark = reasons[0].removeprefix("wang.ics #")
    assert len(mark) == 8
    assert reasons[1] == f"hall #{mark} 会议"


def test_reading_anew_makes_no_duplicates(plan: Plan) -> None:
    """What is still so stays, what went is removed, what came is added; others' rows stay."""
    plan.away("teacher", "T1", day(20), reason="leave")
    take(plan, MORNING, DAYS)
    again = take(plan, MORNING, DAYS)
    assert (again.added, again.removed, again.kept) == ((), (), 3)
    changed = take(plan, DAYS, "20230315/20230316")
    assert (len(changed.added), len(changed.removed), changed.kept) == (1, 2, 1)
    assert stored(plan) == [
        ("T1", "03-08", "03-10", None),
        ("T1", "03-15", "03-15", None),
        ("T1", "03-20", "03-20", None),
    ]


def test_the_past_stays_as_it_was(plan: Plan) -> None:
    """A calendar that no longer holds last week does not free last week."""
    take(plan, MORNING, DAYS)
    result = take(plan, first=day(9))
    assert [row[:2] for row in result.removed] == [(day(8), day(10))]
    assert [row[1] for row in stored(plan)] == ["03-06", "03-06"]
    take(plan, DAYS)
    assert take(plan, DAYS, first=day(9)).kept == 1


def test_two_sources_of_one_teacher_do_not_meet(plan: Plan) -> None:
    """Each replaces only its own."""
    take(plan, MORNING)
    take(plan, DAYS, whose=Whose("teacher", "T1", "wang"))
    assert len(stored(plan)) == 3
    take(plan, whose=Whose("teacher", "T1", "wang"))
    assert len(stored(plan)) == 2


def test_trying_out_changes_nothing(plan: Plan) -> None:
    """But tells what would be."""
    result = take(plan, MORNING, dry_run=True)
    assert len(result.added) == 2
    assert stored(plan) == []


def test_horizon_is_a_year_or_the_last_class(plan: Plan) -> None:
    """Nobody plans beyond it."""
    far = "20250101/20250102"
    assert take(plan, far).added == ()
    plan.training("C1", latest=dt.date(2025, 6, 1))
    assert len(take(plan, far).added) == 1
    assert take(plan, far, last=day(31)).added == ()


def test_sessions_in_these_times_are_told(plan: Plan) -> None:
    """They are what the check of the timetable will find."""
    plan.course("K1")
    plan.training("C1")
    uid = plan.session("C1", "K1", day(6), "AM2", teacher="T1", venue="V1")
    plan.session("C1", "K1", day(7), "AM2", teacher="T1", seq=2)
    assert take(plan, MORNING).touched == (uid,)
    assert [each.sessions for each in plan.findings() if each.rule == "H6"] == [(uid,)]
    assert take(plan, MORNING, whose=Whose("venue", "V1", "hall")).touched == (uid,)


def test_unknown_code_is_refused(plan: Plan) -> None:
    """And nothing is stored."""
    with pytest.raises(Refused, match="there is no venue “V9”"):
        take(plan, DAYS, whose=Whose("venue", "V9", "hall"))
    assert stored(plan) == []
