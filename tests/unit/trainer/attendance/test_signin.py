"""Signing in with a badge: by the clock, once, and saying so when somebody belongs elsewhere."""

from __future__ import annotations

import datetime as dt

import pytest

from db.tables import MarkState
from tests.factories.registers import Register, day
from trainer.attendance.badges import class_badges
from trainer.attendance.badgetext import badge_text
from trainer.attendance.record import record_mark
from trainer.attendance.signin import SignedIn, sign_in, status_by_clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office, office_from


def sign(desk: Desk, uid: str, badge: str) -> SignedIn:
    """Read one badge."""
    with desk.writing() as work:
        found = sign_in(work, desk.office(), session=uid, badge=badge)
        work.commit()
    return found


def test_sign_in_once_and_from_elsewhere(desk: Desk, register: Register, meeting: str) -> None:
    """P1 signs in twice; G1 belongs to C2 at the same hour; P2 comes though marked absent."""
    register.people("G1", "G2")
    register.training("C2", ["G1"])
    register.meeting("C2", day(1), period="AM2", periods=2)
    assert sign(desk, meeting, badge_text("P1")).already is False
    again = sign(desk, meeting, " TRAINER:P1 \n")
    assert (again.already, again.status, again.name) == (True, "present", "学员P1")
    guest = sign(desk, meeting, "G1")
    assert (guest.expected, guest.elsewhere) == (False, ("C2",))
    assert sign(desk, meeting, "G2").elsewhere == ()
    with desk.writing() as work:
        record_mark(work, session=meeting, person="P2", status="absent")
        work.commit()
    assert sign(desk, meeting, "P2").status == "present"
    with desk.reading() as session:
        state = session.get(MarkState, (meeting, "P2"))
        assert state is not None
        assert (state.status, state.conflict) == ("present", False)
    with desk.writing() as work, pytest.raises(Refused, match="no person P9"):
        sign_in(work, desk.office(), session=meeting, badge="TRAINER:P9")


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(-30, ("present", None)), (10, ("present", None)), (11, ("late", 11)), (31, ("absent", 31))],
)
def test_the_clock_decides_where_the_rule_is_in_force(
    minutes: int, status: tuple[str, int | None]
) -> None:
    """Ten minutes of grace, absent beyond thirty; without the rule everybody is present."""
    rules = {"late_after_minutes": 10, "absent_after_minutes": 30}
    office = office_from({"policies": {"attendance": rules}})
    start = dt.datetime(2023, 2, 1, 0, 30, tzinfo=dt.UTC)
    now = start + dt.timedelta(minutes=minutes)
    assert status_by_clock(office, start, now) == status
    assert status_by_clock(Office(), start, now) == ("present", None)
    broken = office_from({"policies": {"attendance": {"late_after_minutes": "ten"}}})
    with pytest.raises(UsageError, match="late_after_minutes is not usable"):
        status_by_clock(broken, start, now)


def test_badges_are_a_document_of_all_members(desk: Desk, register: Register) -> None:
    """The same bytes each time; a class without members is refused in words."""
    register.training("C2")
    with desk.reading() as session:
        data = class_badges(session, "C1")
        assert data.startswith(b"%PDF")
        assert data == class_badges(session, "C1")
        with pytest.raises(Refused, match="C2 has no confirmed members"):
            class_badges(session, "C2")
