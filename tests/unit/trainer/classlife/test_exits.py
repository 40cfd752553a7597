"""Permits to leave: asked, approved by the ladder, returned from, overdue."""

from __future__ import annotations

import datetime as dt

import pytest

from db.tables import ExitStep
from tests.factories.classlife import FIRST
from trainer.classlife.exits import (
    approve_exit,
    approver_for,
    ask_exit,
    cancel_exit,
    find_exit,
    list_exits,
    overdue_exits,
    refuse_exit,
    report_return,
)
from trainer.classlife.facts import ClassFacts
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office

OFFICE = Office()


def at(hour: int, minute: int = 0, *, days: int = 0) -> dt.datetime:
    return OFFICE.instant(FIRST + dt.timedelta(days=days), dt.time(hour, minute))


def ask(desk: Desk, facts: ClassFacts, person: str = "P1") -> str:
    with desk.writing() as work:
        row = ask_exit(work, facts, person, out_at=at(18), due_at=at(21, 30), destination="家")
        work.commit()
        return row.id


def test_who_approves_follows_from_the_length() -> None:
    """Up to twelve hours are half a day; a day; three days; longer."""
    found = [
        approver_for(OFFICE, at(8), end)
        for end in (at(20), at(21), at(8, days=1), at(8, days=3), at(9, days=3))
    ]
    assert found == [
        "head_teacher", "teaching_office", "teaching_office", "vice_principal",
        "organisation_department",
    ]  # fmt: skip


def test_overdue_is_who_was_approved_and_is_not_back(desk: Desk, facts: ClassFacts) -> None:
    first, second = ask(desk, facts), ask(desk, facts, "P2")
    with desk.writing() as work:
        approve_exit(work, first, by="班主任")
        work.commit()
    with desk.reading() as session:
        assert overdue_exits(session, at(21, 30)) == []
        (late,) = overdue_exits(session, at(22), "C1")
        assert overdue_exits(session, at(22), "C2") == []
        assert (late.person, late.late_minutes(at(22)), late.approver) == ("P1", 30, "班主任")
        assert find_exit(session, second).state == "requested"
        assert find_exit(session, first).is_out(at(20))
        assert not find_exit(session, first).is_out(at(17, 59))
    with desk.writing() as work:
        report_return(work, first, at(22, 10))
        work.commit()
    with desk.reading() as session:
        back = find_exit(session, first)
        assert overdue_exits(session, at(23)) == []
    assert (back.state, back.back_at, back.late_minutes(at(23))) == ("returned", at(22, 10), 40)


def test_what_cannot_be_done_with_a_permit(desk: Desk, facts: ClassFacts) -> None:
    permit = ask(desk, facts)
    with pytest.raises(Refused, match="asked to be out at that time already"):
        ask(desk, facts)
    with desk.writing() as work:
        with pytest.raises(Refused, match="is requested"):
            report_return(work, permit, at(21))
        refuse_exit(work, permit)
        with pytest.raises(Refused, match="is refused"):
            approve_exit(work, permit)
        with pytest.raises(Refused, match="no permit"):
            cancel_exit(work, "none")
        with pytest.raises(UsageError, match="before the start"):
            ask_exit(work, facts, "P2", out_at=at(20), due_at=at(20))
        work.commit()
    again = ask(desk, facts)
    with desk.writing() as work:
        approve_exit(work, again)
        with pytest.raises(Refused, match="before leaving"):
            report_return(work, again, at(17))
        cancel_exit(work, again)
        work.commit()
    with desk.reading() as session:
        assert [one.state for one in list_exits(session, "C1", person="P1")] == sorted(
            ["refused", "cancelled"], reverse=[again, permit] == sorted([again, permit])
        ) or {one.state for one in list_exits(session, "C1")} == {"refused", "cancelled"}


def test_steps_of_two_databases_count_in_any_order(desk: Desk, facts: ClassFacts) -> None:
    """One approves and reports the return, the other cancels later: who is back is back."""
    permit = ask(desk, facts)
    steps = (("returned", 21, at(21)), ("cancelled", 22, None), ("approved", 17, None))
    with desk.writing() as work:
        for step, hour, back in steps:
            work.session.add(ExitStep(id=step, permit=permit, step=step, at=at(hour), back_at=back))
        work.commit()
    with desk.reading() as session:
        found = find_exit(session, permit)
    assert (found.state, found.back_at) == ("returned", at(21))
