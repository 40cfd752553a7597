"""The paper that a kind of leave needs: missed, handed in later, and told until then (LV-2)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.registers import Register, day
from trainer.attendance.alerts import find_alerts
from trainer.attendance.leave import (
    Stretch,
    approve_leave,
    ask_leave,
    cancel_leave,
    hand_in_paper,
)
from trainer.desk import Desk
from trainer.errors import Refused, UsageError


def lacking(desk: Desk) -> list[tuple[str | None, str, str | None]]:
    """Return who lacks a paper, in which state, by which rule."""
    found = find_alerts(desk)
    return [(one.person, one.state, one.rule) for one in found if one.kind == "paper_missing"]


def grant(desk: Desk, register: Register, kind: str, date: dt.date, **more: str) -> str:
    """Approve leave of P1 in C1 for a day; return its id."""
    with desk.writing() as work:
        leave = ask_leave(
            work, register.office, person="P1", class_code="C1", kind=kind,
            stretch=Stretch(date, date), **more,
        )  # fmt: skip
        work.session.flush()
        id_ = leave.id
        approve_leave(work, id_)
        work.commit()
    return id_


def test_leave_without_its_paper_is_told_until_it_is_handed_in(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Sick leave needs a hospital's note; official duty needs none."""
    grant(desk, register, "duty", day(1))
    assert lacking(desk) == []
    leave = grant(desk, register, "sick", day(1))
    assert lacking(desk) == [("P1", "open", "LV-2")]
    with desk.writing() as work:
        with pytest.raises(UsageError, match="no name"):
            hand_in_paper(work, leave, "  ")
        assert hand_in_paper(work, leave, "县医院诊断证明").paper == "县医院诊断证明"
        work.commit()
    assert lacking(desk) == []


def test_leave_to_come_and_leave_that_was_cancelled_lack_nothing(
    desk: Desk, register: Register, meeting: str
) -> None:
    """Who leaves tomorrow may still bring it; who does not leave need not."""
    grant(desk, register, "personal", desk.clock.today() + dt.timedelta(days=1))
    grant(desk, register, "personal", day(2), paper="单位证明")
    leave = grant(desk, register, "personal", day(1))
    with desk.writing() as work:
        cancel_leave(work, leave)
        work.commit()
    assert lacking(desk) == []
    with desk.writing() as work, pytest.raises(Refused, match="is cancelled"):
        hand_in_paper(work, leave, "单位证明")
