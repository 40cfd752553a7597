"""Leave that was granted counts for the cap before the roll is called (LV-1)."""

from __future__ import annotations

import pytest

from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.leave import (
    Stretch,
    approve_leave,
    ask_leave,
    cancel_leave,
    return_from_leave,
)
from trainer.attendance.record import record_mark
from trainer.desk import Desk


def grant(
    desk: Desk,
    register: Register,
    stretch: Stretch,
    kind: str = "personal",
    code: str | None = "C1",
) -> str:
    """Ask for leave of P1 and approve it; return its id."""
    with desk.writing() as work:
        leave = ask_leave(
            work, register.office, person="P1", class_code=code, stretch=stretch, kind=kind
        )
        work.session.flush()
        id_ = leave.id
        approve_leave(work, id_)
        work.commit()
    return id_


def said(desk: Desk) -> list[str]:
    """Return what is said of leave, without what to do about it."""
    return [
        alert.message.text().split(":")[0]
        for alert in find_alerts(desk)
        if alert.kind in {"leave_over_cap", "leave_near_cap"}
    ]


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        # 14 sessions of four hours are 56; leave of 8 is a seventh, of 9 is more
        (("AM4", 2), ["P1 has 8 of 56 hours of C1 on leave; 0 more may be granted"]),
        (("AM1", 3), ["P1 has 9 of 56 hours of C1 on leave, more than a seventh"]),
    ],
)
def test_granted_leave_counts_by_its_periods(
    desk: Desk, register: Register, last: tuple[str, int], wanted: list[str]
) -> None:
    """From the first day's first period to a period of the second or third day."""
    for number in range(1, 15):
        register.meeting("C1", day(number))
    period, number = last
    grant(desk, register, Stretch(day(1), day(number), None, period), code=None)
    assert said(desk) == wanted


def test_a_mark_says_what_was_whatever_was_granted(desk: Desk, register: Register) -> None:
    """28 hours, leave of 8 granted: over. Present at one session: 4. The other marked: 4, once."""
    uids = [register.meeting("C1", day(number)) for number in range(1, 8)]
    grant(desk, register, Stretch(day(1), day(2)))
    assert said(desk) == ["P1 has 8 of 28 hours of C1 on leave, more than a seventh"]
    for uid, status in zip(uids, ("present", "leave"), strict=False):
        with desk.writing() as work:
            record_mark(work, session=uid, person="P1", status=status)
            work.commit()
        assert said(desk) == ["P1 has 4 of 28 hours of C1 on leave; 0 more may be granted"]


def test_official_duty_and_what_was_cancelled_do_not_count(desk: Desk, register: Register) -> None:
    """28 hours: duty of 8 is no leave; leave of 8 is cancelled again and counts no more."""
    for number in range(1, 8):
        register.meeting("C1", day(number))
    grant(desk, register, Stretch(day(1), day(2)), kind="duty")
    assert said(desk) == []
    leave = grant(desk, register, Stretch(day(3), day(4)))
    assert len(said(desk)) == 1
    with desk.writing() as work:
        cancel_leave(work, leave)
        work.commit()
    assert said(desk) == []


def test_leave_ends_with_the_return(desk: Desk, register: Register) -> None:
    """28 hours, leave of three days, back on the first: 4 hours are a seventh and not more."""
    for number in range(1, 8):
        register.meeting("C1", day(number))
    leave = grant(desk, register, Stretch(day(1), day(3)))
    with desk.writing() as work:
        return_from_leave(work, leave, day(1))
        work.commit()
    assert said(desk) == ["P1 has 4 of 28 hours of C1 on leave; 0 more may be granted"]


def test_two_leaves_of_one_period_count_it_once(desk: Desk, register: Register) -> None:
    """28 hours: the first two periods, and the second to the fourth, of one day are 4 hours."""
    for number in range(1, 8):
        register.meeting("C1", day(number))
    grant(desk, register, Stretch(day(1), day(1), "AM1", "AM2"))
    grant(desk, register, Stretch(day(1), day(1), "AM2", "AM4"))
    assert said(desk) == ["P1 has 4 of 28 hours of C1 on leave; 0 more may be granted"]
