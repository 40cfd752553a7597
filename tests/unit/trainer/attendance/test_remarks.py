"""What is said of leave that overlaps other leave, is idle, or comes in pieces (LV-4)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.leave import Stretch, approve_leave, ask_leave, cancel_leave
from trainer.attendance.record import record_mark
from trainer.attendance.remarks import Remark, remarks_on
from trainer.attendance.sheet import open_sheet
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import text_of


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    """A desk at a fresh database; its clock stands on 1 March 2023."""
    return Desk(sqlite_url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))


def ask(
    desk: Desk,
    stretch: Stretch,
    code: str | None = "C1",
    kind: str = "personal",
    *,
    ok: bool = True,
) -> tuple[str, list[Remark]]:
    """Ask for leave of P1, approve it, and return its id with what is said of it."""
    with desk.writing() as work:
        row = ask_leave(
            work, desk.office(), person="P1", class_code=code, stretch=stretch, kind=kind
        )
        work.session.flush()
        if ok:
            approve_leave(work, row.id)
        work.commit()
        return row.id, remarks_on(work.session, desk.office(), row)


def kinds(
    desk: Desk, stretch: Stretch, code: str | None = "C1", kind: str = "personal"
) -> list[str]:
    """Ask and return the kinds of what is said."""
    return [one.kind for one in ask(desk, stretch, code, kind)[1]]


def pieces(desk: Desk) -> list[str]:
    """Return what the alerts say of leave in pieces."""
    return [one.message.text() for one in find_alerts(desk) if one.kind == "leave_split"]


def test_the_same_again_is_refused_until_it_is_cancelled(desk: Desk, meeting: str) -> None:
    """Neither a second request nor one after approval; a cancelled one stands in nobody's way."""
    leave, said = ask(desk, Stretch(day(1), day(1)), ok=False)
    assert said == []
    with pytest.raises(Refused, match=f"already \\({leave}, requested\\)") as caught:
        ask(desk, Stretch(day(1), day(1)))
    assert "已有同样的请假" in text_of(caught.value, "zh")
    with desk.writing() as work:
        cancel_leave(work, leave)
        work.commit()
    assert kinds(desk, Stretch(day(1), day(1))) == []


def test_what_overlaps_is_told_and_counts_once(desk: Desk, register: Register) -> None:
    """28 hours; the second period is granted twice: six of eight hours, and 4 is the most.

    Leave that only touches, of another class, or of an evening is no overlap.
    """
    for number in range(1, 8):
        register.meeting("C1", day(number))
    first, _said = ask(desk, Stretch(day(1), day(1), "AM1", "AM2"))
    (said,) = ask(desk, Stretch(day(1), day(1), "AM2", "AM4"))[1]
    assert (said.kind, said.leaves) == ("overlap", (first,))
    assert said.message.text("en") == (
        f"it overlaps leave that P1 has from 2023-02-01 AM1 to 2023-02-01 AM2 ({first}): what both "
        "cover counts once; cancel one of the two if it is meant instead"
    )
    assert "只计一次" in said.message.text("zh")
    for half in (("AM1", "AM2"), ("AM3", "AM4")):
        assert "overlap" not in kinds(desk, Stretch(day(2), day(2), *half))
    within = Stretch(day(2), day(2), None, None, dt.time(9), dt.time(9, 30))
    assert "overlap" in kinds(desk, within, None)
    (over,) = [one for one in find_alerts(desk) if one.kind == "leave_over_cap"]
    assert over.message.text("en").startswith("P1 has 8 of 28 hours")


def test_leave_without_a_session_is_told(desk: Desk, register: Register, meeting: str) -> None:
    """A free day, a break, a class of others, a session that is cancelled; and one that is not."""
    register.training("C2", ["P2"])
    register.meeting("C2", day(2))
    register.meeting("C1", day(3), status="cancelled")
    (said,) = ask(desk, Stretch(day(2), day(2)))[1]
    assert said.message.text("en").startswith("P1 has no session of C1 in that time")
    assert "没有课" in said.message.text("zh")
    assert kinds(desk, Stretch(day(4), day(4)), None) == ["idle"]
    noon = Stretch(day(1), day(1), None, None, dt.time(12), dt.time(14))
    assert kinds(desk, noon) == ["idle"]
    assert kinds(desk, Stretch(day(3), day(3), "AM1", "AM4"), "C2") == ["idle"]
    assert kinds(desk, Stretch(day(1), day(1), "AM4", "AM4")) == []


def test_leave_in_pieces_is_told_and_listed(desk: Desk, register: Register) -> None:
    """Two single days with only a free one between are two days, and the vice principal's.

    Where a session lies between they are not.
    """
    for number in (1, 3, 5, 6):
        register.meeting("C1", day(number))
    first, _said = ask(desk, Stretch(day(1), day(1)))
    assert pieces(desk) == []
    (said,) = ask(desk, Stretch(day(3), day(3)))[1]
    assert (said.kind, said.leaves) == ("split", (first,))
    assert "makes 2 days" in said.message.text("en")
    assert "the vice principal as well" in said.message.text("en")
    (told,) = pieces(desk)
    assert told.startswith("P1 is on leave for 2 days in pieces from 2023-02-01 to 2023-02-03")
    assert kinds(desk, Stretch(day(6), day(6))) == []
    assert len(pieces(desk)) == 1


def test_official_duty_beside_leave_is_no_leave(desk: Desk, register: Register) -> None:
    """28 hours: duty of two periods and leave of two suggest leave of 90 minutes: 2 hours.

    So it is whichever came first, and so it stays when the roll takes it over.
    """
    uids = [register.meeting("C1", day(number)) for number in range(1, 8)]
    for date in (day(1), day(2)):
        halves = [("AM1", "AM2"), ("AM3", "AM4")]
        for kind, half in zip(("duty", "sick"), halves, strict=True):
            ask(desk, Stretch(date, date, *half), "C1", kind)
        ask(desk, Stretch(date, date, *halves[0]), None, "duty")
    for uid in uids[:2]:
        with desk.reading() as session:
            line = open_sheet(session, desk.office(), uid).lines[0]
        assert (line.suggested, line.suggested_minutes) == ("leave", 90)
    with desk.writing() as work:
        record_mark(work, session=uids[0], person="P1", status="leave", minutes=90)
        work.commit()
    (near,) = [one for one in find_alerts(desk) if one.kind.endswith("_cap")]
    assert near.message.text("en").startswith("P1 has 4 of 28 hours of C1 on leave; 0 more")


def test_a_mark_of_more_leave_than_was_granted_counts_as_marked(
    desk: Desk, register: Register
) -> None:
    """28 hours, 45 minutes granted: an hour. Marked 105 of 210 minutes: two. The break is in 55."""
    uids = [register.meeting("C1", day(number)) for number in range(1, 8)]
    ask(desk, Stretch(day(1), day(1), "AM1", "AM1"))
    ask(desk, Stretch(day(2), day(4)))
    for minutes, hours in ((45, "13"), (55, "13.05"), (105, "14"), (22, "12.49"), (None, "16")):
        with desk.writing() as work:
            record_mark(work, session=uids[0], person="P1", status="leave", minutes=minutes)
            work.commit()
        (over,) = [one for one in find_alerts(desk) if one.kind == "leave_over_cap"]
        assert over.message.text("en").startswith(f"P1 has {hours} of 28 hours")


def test_leave_of_an_age_is_measured_at_once(desk: Desk) -> None:
    """Leave of nine thousand years is as long as it is, without a look at each of its days."""
    from trainer.attendance.ladder import days_of

    long = Stretch(dt.date(1, 1, 1), dt.date(9999, 12, 31), "PM1", "AM4")
    assert days_of(desk.office(), long) == (dt.date(9999, 12, 31) - dt.date(1, 1, 1)).days
    two = (Stretch(day(1), day(3)), Stretch(day(3), day(6), "PM1", "AM1"))
    assert days_of(desk.office(), *two) == 5.5
