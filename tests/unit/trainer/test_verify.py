"""Proof of a database: a state that does not follow from the log is told, whatever is wrong."""

from __future__ import annotations

import datetime as dt

from tests.factories.registers import Register
from trainer.attendance.record import record_mark
from trainer.desk import Desk
from trainer.verify import mend, verify


def test_states_that_do_not_follow_from_the_log_are_told_and_mended(desk: Desk) -> None:
    """One state says something else, one is missing, one is of another person: four flaws."""
    register = Register(desk)
    register.people("P1", "P2", "P3", "P4")
    register.training("C1", ["P1", "P2", "P3", "P4"])
    uid = register.meeting("C1", dt.date(2023, 2, 1))
    with desk.writing() as work:
        for person in ("P1", "P2", "P3"):
            record_mark(work, session=uid, person=person, status="present")
        work.commit()
    assert verify(desk) == []
    with desk.writing() as work:
        for statement in (
            "UPDATE mark_state SET status = 'absent' WHERE person = 'P1'",
            "DELETE FROM mark_state WHERE person = 'P2'",
            "UPDATE mark_state SET person = 'P4' WHERE person = 'P3'",
        ):
            work.connection.exec_driver_sql(statement)
        work.commit()
    flaws = verify(desk)
    assert [(flaw.check, flaw.message.params["person"]) for flaw in flaws] == [
        ("marks", "P1"),
        ("marks", "P2"),
        ("marks", "P3"),
        ("marks", "P4"),
    ]
    assert mend(desk) == 3
    assert verify(desk) == []


def test_a_mark_that_was_changed_since_is_told(desk: Desk) -> None:
    """Mark and state agree with each other, and not with what the audit trail says."""
    register = Register(desk)
    register.people("P1")
    register.training("C1", ["P1"])
    uid = register.meeting("C1", dt.date(2023, 2, 1))
    with desk.writing() as work:
        made = record_mark(work, session=uid, person="P1", status="absent")
        work.commit()
    with desk.writing() as work:
        work.connection.exec_driver_sql("UPDATE mark SET status = 'present'")
        work.connection.exec_driver_sql("UPDATE mark_state SET status = 'present'")
        work.commit()
    (flaw,) = verify(desk)
    assert (flaw.check, flaw.message.params["mark"]) == ("marks", made.id)
