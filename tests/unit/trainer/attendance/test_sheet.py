"""The roll of a session: who stands on it, what leave suggests, and which session is meant."""

from __future__ import annotations

import pytest

from db.tables import Leave
from tests.factories.registers import Register, day
from trainer.attendance.leave import (
    Stretch,
    approve_leave,
    ask_leave,
    cancel_leave,
    return_from_leave,
)
from trainer.attendance.record import record_mark
from trainer.attendance.sheet import Sheet, find_session, open_sheet
from trainer.desk import Desk
from trainer.errors import Refused, UsageError


def sheet(desk: Desk, uid: str) -> Sheet:
    """Open the roll of a session."""
    with desk.reading() as session:
        return open_sheet(session, desk.office(), uid)


def leave(desk: Desk, person: str, stretch: Stretch, kind: str = "sick") -> str:
    """Ask for leave, have it approved, return its id."""
    with desk.writing() as work:
        asked = ask_leave(work, desk.office(), person=person, stretch=stretch, kind=kind)
        work.session.flush()
        approve_leave(work, asked.id)
        work.commit()
    return asked.id


def test_sheet_counts_the_unmarked_and_shows_guests(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Three members, one marked late, and a guest from another unit: four lines, two unmarked."""
    register.people("G1", unit="U2")
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P1", status="late", minutes=7)
        record_mark(work, session=meeting, person="G1", status="present")
        work.commit()
    found = sheet(desk, meeting)
    assert [(line.person, line.status, line.expected) for line in found.lines] == [
        ("P1", "late", True),
        ("P2", None, True),
        ("P3", None, True),
        ("G1", "present", False),
    ]
    counts = found.counts()
    assert (counts["expected"], counts["unmarked"], counts["guests"], counts["attended"]) == (
        3,
        2,
        1,
        2,
    )


def test_sheet_finds_people_by_pinyin_and_initials(desk: Desk, meeting: str) -> None:
    """学员P1 of 单位U1 answers to its characters, its pinyin and its initials."""
    line = sheet(desk, meeting).lines[0]
    assert all(text in line.search for text in ("学员p1", "xueyuanp1", "xy", "单位u1"))


def test_leave_suggests_but_never_overwrites(desk: Desk, register: Register, meeting: str) -> None:
    """Leave speaks for the unmarked only; a mark stays; cancelling takes back the suggestion."""
    asked = leave(desk, "P1", Stretch(day(1), day(1)))
    leave(desk, "P2", Stretch(day(1), day(3)), kind="duty")
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P2", status="present")
        work.commit()
    lines = {line.person: line for line in sheet(desk, meeting).lines}
    assert (lines["P1"].status, lines["P1"].suggested) == (None, "leave")
    assert (lines["P2"].status, lines["P2"].suggested) == ("present", None)
    with desk.writing() as work:
        cancel_leave(work, asked)
        work.commit()
    lines = {line.person: line for line in sheet(desk, meeting).lines}
    assert lines["P1"].suggested is None
    assert lines["P2"].status == "present"


def test_leave_covers_periods_and_says_whether_whole(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Leave for AM3 and AM4 covers half of the morning session and nothing of the afternoon."""
    leave(desk, "P1", Stretch(day(1), day(1), "AM3", "AM4"))
    afternoon = register.meeting("C1", day(1), period="PM1")
    cover = sheet(desk, meeting).lines[0].leave
    assert cover is not None
    assert not cover.whole
    assert sheet(desk, afternoon).lines[0].leave is None


def test_return_ends_what_leave_covers(desk: Desk, register: Register) -> None:
    """Back on the 2nd, three days of leave no longer cover the 3rd."""
    asked = leave(desk, "P1", Stretch(day(1), day(3)))
    last = register.meeting("C1", day(3))
    with desk.writing() as work:
        return_from_leave(work, asked, day(2))
        work.commit()
    assert sheet(desk, last).lines[0].leave is None
    with desk.reading() as session:
        row = session.get(Leave, asked)
        assert row is not None
        assert (row.status, row.returned_at) == ("returned", day(2))


def test_leave_that_makes_no_sense_is_refused(desk: Desk, meeting: str) -> None:
    """Wrong kinds, dates, periods, people and states are refused in words."""
    office = desk.office()
    one_day = Stretch(day(1), day(1))
    with desk.writing() as work:
        with pytest.raises(UsageError, match="before it begins"):
            ask_leave(work, office, person="P1", stretch=Stretch(day(2), day(1)))
        with pytest.raises(UsageError, match="no kind of leave “holiday”"):
            ask_leave(work, office, person="P1", stretch=one_day, kind="holiday")
        with pytest.raises(UsageError, match="no period “AM9”"):
            ask_leave(work, office, person="P1", stretch=Stretch(day(1), day(1), "AM9"))
        with pytest.raises(Refused, match="no person P9"):
            ask_leave(work, office, person="P9", stretch=one_day)
        with pytest.raises(Refused, match="no leave L9"):
            approve_leave(work, "L9")
    asked = leave(desk, "P1", one_day)
    with desk.writing() as work, pytest.raises(Refused, match="is approved"):
        approve_leave(work, asked)


def test_find_session_takes_any_period_that_it_covers(
    desk: Desk, register: Register, meeting: str
) -> None:
    """A morning session from AM1 over four periods is found by AM3; two on a day must be named."""
    office = desk.office()
    with desk.reading() as session:
        assert find_session(session, office, "C1", day(1), "AM3") == meeting
        assert find_session(session, office, "C1", day(1), None) == meeting
    register.meeting("C1", day(1), period="PM1")
    with desk.reading() as session:
        with pytest.raises(Refused, match=r"several sessions on 2023-02-01.*AM1, PM1"):
            find_session(session, office, "C1", day(1), None)
        with pytest.raises(Refused, match=r"no session at EVE1.*AM1, PM1"):
            find_session(session, office, "C1", day(1), "EVE1")
        with pytest.raises(Refused, match="no session on 2023-02-09"):
            find_session(session, office, "C1", day(9), None)
        with pytest.raises(Refused, match="no class C9"):
            find_session(session, office, "C9", day(1), None)
        with pytest.raises(UsageError, match="no period “AM9”"):
            find_session(session, office, "C1", day(1), "AM9")
