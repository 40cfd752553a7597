"""Alerts that somebody takes on and closes, and those that open again."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.registers import Register, day
from trainer.attendance.alerts import alerts_of, find_alerts
from trainer.attendance.cap import out_of_reach
from trainer.attendance.cases import Alert, close_alert, take_alert
from trainer.attendance.record import Wish, record_marks, retract_marks
from trainer.attendance.signin import sign_in
from trainer.desk import Desk
from trainer.errors import Refused, UsageError


def mark(desk: Desk, uid: str, **statuses: str) -> None:
    """Mark people at a session."""
    with desk.writing() as work:
        record_marks(work, [Wish(uid, person, said) for person, said in statuses.items()])
        work.commit()


def one(desk: Desk, kind: str, person: str | None = None) -> Alert:
    """Return the only alert of a kind, about a person if given."""
    found = [a for a in find_alerts(desk) if a.kind == kind and person in (None, a.person)]
    assert len(found) == 1, found
    return found[0]


def close(desk: Desk, id_: str, note: str = "已谈话") -> Alert:
    """Close an alert."""
    with desk.writing() as work:
        alert = close_alert(work, alerts_of(work.session, desk), id_, note=note)
        work.commit()
    return alert


def test_taken_and_done_with_a_note(desk: Desk, register: Register) -> None:
    """The owner and the state are kept; a note is needed; the id stays the same."""
    for number in (1, 2):
        mark(desk, register.meeting("C1", day(number)), P1="absent", P2="present", P3="present")
    found = one(desk, "absent_running")
    assert (found.state, found.owner) == ("open", None)
    with desk.writing() as work:
        alerts = alerts_of(work.session, desk)
        taken = take_alert(work, alerts, found.id, owner="班主任")
        work.commit()
    assert taken.state == "taken"
    assert one(desk, "absent_running").owner == "班主任"
    with desk.writing() as work, pytest.raises(UsageError, match="what was done"):
        close_alert(work, alerts_of(work.session, desk), found.id, note=" ")
    close(desk, found.id)
    again = one(desk, "absent_running")
    assert (again.id, again.state, again.owner, again.note) == (
        found.id, "done", "班主任", "已谈话",
    )  # fmt: skip
    with desk.writing() as work, pytest.raises(Refused, match="no alert ffffffff"):
        take_alert(work, alerts_of(work.session, desk), "ffffffff")


def test_another_absence_opens_it_again(desk: Desk, register: Register) -> None:
    """Done after two absences; the third is more than it rested on."""
    for number in (1, 2):
        mark(desk, register.meeting("C1", day(number)), P1="absent", P2="present", P3="present")
    close(desk, one(desk, "absent_running").id)
    mark(desk, register.meeting("C1", day(3)), P1="absent", P2="present", P3="present")
    found = one(desk, "absent_running")
    assert (found.state, found.note) == ("open", None)


def test_an_unmarked_person_who_returns_opens_it_again(desk: Desk, meeting: str) -> None:
    """Two unmarked, done; one marked: still done; that mark taken back: open again."""
    mark(desk, meeting, P1="present")
    close(desk, one(desk, "unmarked").id)
    mark(desk, meeting, P2="present")
    assert one(desk, "unmarked").state == "done"
    with desk.writing() as work:
        retract_marks(work, session=meeting, persons=["P2"])
        work.commit()
    assert one(desk, "unmarked").state == "open"


def test_out_of_reach_counts_what_is_left(desk: Desk, register: Register) -> None:
    """Seven sessions of 4 hours: 24 of 28 must be attended.

    P1 missed one (24 can still be reached), P2 missed two by leave and absence (20 at best: out of
    reach), P3 was on duty twice, which is not missing.
    """
    uids = [register.meeting("C1", day(n, 3)) for n in range(1, 8)]
    mark(desk, uids[0], P1="absent", P2="leave", P3="duty")
    mark(desk, uids[1], P2="absent", P3="duty")
    found = [a.person for a in find_alerts(desk) if a.kind == "out_of_reach"]
    assert found == ["P2"]
    assert out_of_reach(9, 56, 6 / 7)
    assert not out_of_reach(8, 56, 0.857142)


def test_signing_for_others_is_listed_and_a_called_roll_is_not(
    desk: Desk, register: Register
) -> None:
    """Five badges within seconds, long after the session: both anomalies; a roll of six: none."""
    people = [f"Q{number}" for number in range(6)]
    register.people(*people)
    register.training("C2", people)
    signed, called = register.meeting("C2", day(27)), register.meeting("C2", day(28))
    mark(desk, called, **dict.fromkeys(people, "present"))
    with desk.writing() as work:
        for person in people[:5]:
            sign_in(work, desk.office(), session=signed, badge=f"TRAINER:{person}")
        work.commit()
    found = {a.kind: a for a in find_alerts(desk, "C2") if a.rule == "AT-3"}
    assert {kind: a.session for kind, a in found.items()} == {
        "signing_burst": signed, "signing_window": signed,
    }  # fmt: skip
    assert len(found["signing_burst"].facts) == 5
    close(desk, found["signing_burst"].id, "排队扫码")
    assert one(desk, "signing_burst").state == "done"


def test_somebody_still_out_is_listed(desk: Desk, register: Register) -> None:
    """Leave of class life that ran out: the alert names who and until when."""
    from db.tables import ExitPermit, ExitStep

    out = dt.datetime(2023, 2, 27, 10, tzinfo=dt.UTC)
    with desk.writing() as work:
        work.session.add(
            ExitPermit(
                id="X1", class_code="C1", person="P1", out_at=out,
                due_at=out + dt.timedelta(hours=2), at=out,
            )
        )  # fmt: skip
        work.session.add(ExitStep(id="X2", permit="X1", step="approved", at=out))
        work.commit()
    assert "2023-02-27 20:00" in one(desk, "exit_overdue", "P1").message.text()
