"""What coming and going amount to: one rule for badges, doors, typed times and signing out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.tables import MarkState, OfficeSettings
from trainer.attendance.history import history_of
from trainer.attendance.presence import arrival_noted, presence_typed, status_of, times_note
from trainer.attendance.record import record_mark
from trainer.attendance.rules import Rules
from trainer.attendance.signin import sign_in
from trainer.attendance.signout import SignedOut, sign_out
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office

START = dt.datetime(2023, 2, 1, 0, 30, tzinfo=dt.UTC)
RULES: dict[str, Any] = {
    "late_after_minutes": 10,
    "early_after_minutes": 5,
    "absent_after_minutes": 60,
}


def at(minutes: int) -> dt.datetime:
    """Return an instant so many minutes after the start."""
    return START + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("arrived", "left", "expected"),
    [
        (0, 210, ("present", None)),
        (10, 205, ("present", None)),
        (11, 210, ("late", 11)),
        (0, 204, ("early", 6)),
        (11, 204, ("late", 17)),
        (30, 179, ("absent", 61)),
        (None, 204, ("early", 6)),
        (11, None, ("late", 11)),
        (220, None, ("absent", 210)),
    ],
)
def test_the_limits_decide(
    arrived: int | None, left: int | None, expected: tuple[str, int | None]
) -> None:
    """A session of 210 minutes; ten late, five early and sixty in all are allowed."""
    came, went = (None if value is None else at(value) for value in (arrived, left))
    assert status_of(Rules(**RULES), START, at(210), came, went) == expected


@given(st.integers(0, 300), st.integers(0, 300))
def test_without_the_rule_nobody_is_late_or_early(first: int, last: int) -> None:
    """Whoever was there for a minute of it is present, whoever was not is absent."""
    came, went = at(min(first, last)), at(max(first, last))
    status, _missed = status_of(Rules(), START, at(210), came, went)
    there = min(210, max(first, last)) - min(210, first, last) > 0
    assert status == ("present" if there else "absent")


def test_times_are_kept_in_the_note() -> None:
    """Either time may miss, and the arrival can be read again."""
    zone = Office().zone
    assert times_note(zone, at(11), at(204)) == "08:41-11:54"
    assert times_note(zone, None, at(204)) == "-11:54"
    assert [arrival_noted(note) for note in ("08:41-", "-11:54", "迟到", None)] == [
        "08:41", None, None, None,
    ]  # fmt: skip


@pytest.fixture
def timed(desk: Desk, meeting: str) -> str:
    """A morning of C1 in an office where AT-2 is in force."""
    with desk.writing() as work:
        work.session.add(
            OfficeSettings(id=1, document=Office(policies={"attendance": RULES}).document())
        )
        work.commit()
    return meeting


def test_typed_times_are_of_the_sessions_day(desk: Desk, timed: str) -> None:
    """08:30 to 12:00: from 08:41 to 11:54 eleven and six minutes are missed."""
    with desk.reading() as session:
        found = presence_typed(session, desk.office(), timed, arrived="8:41", left="11:54")
        assert (found.status, found.minutes, found.note) == ("late", 17, "08:41-11:54")
        with pytest.raises(UsageError, match="not a time of day"):
            presence_typed(session, desk.office(), timed, arrived="soon", left=None)
        with pytest.raises(UsageError, match="nobody leaves at 08:00"):
            presence_typed(session, desk.office(), timed, arrived="09:00", left="08:00")


def leaving(desk: Desk, minutes: int) -> Desk:
    """Return a desk so many minutes after the session's start."""
    return dataclasses.replace(desk, clock=Clock(source=lambda: at(minutes)))


def out(desk: Desk, uid: str, person: str) -> SignedOut:
    """Sign somebody out."""
    with desk.writing() as work:
        found = sign_out(work, desk.office(), session=uid, badge=person)
        work.commit()
    return found


def test_signing_in_and_out(desk: Desk, timed: str) -> None:
    """P1 comes 12 minutes late and goes 10 early, comes back, and goes at the end.

    First 12 + 10 minutes are missed, then 12. Both times stand in the note; nothing is lost.
    """
    here = leaving(desk, 12)
    with here.writing() as work:
        sign_in(work, here.office(), session=timed, badge="P1")
        work.commit()
    gone = out(leaving(desk, 200), timed, "P1")
    assert (gone.status, gone.minutes, gone.arrived) == ("late", 22, at(12))
    gone = out(leaving(desk, 211), timed, "P1")
    assert (gone.status, gone.minutes, gone.arrived) == ("late", 12, at(12))
    with desk.reading() as session:
        notes = [event.note for event in history_of(session, timed, "P1")]
    assert notes == [None, "08:42-11:50", "08:42-12:01"]


def test_signing_out_of_what_others_have_marked(desk: Desk, timed: str) -> None:
    """P1 was called present and goes six minutes early; P2 was absent, P3 unmarked: refused."""
    with desk.writing() as work:
        record_mark(work, session=timed, person="P1", status="present")
        record_mark(work, session=timed, person="P2", status="absent")
        work.commit()
    gone = out(leaving(desk, 204), timed, "P1")
    assert (gone.status, gone.minutes, gone.arrived) == ("early", 6, None)
    for person in ("P2", "P3"):
        with pytest.raises(Refused, match="nothing says that"):
            out(leaving(desk, 204), timed, person)
    with desk.reading() as session:
        assert session.get_one(MarkState, (timed, "P2")).status == "absent"
