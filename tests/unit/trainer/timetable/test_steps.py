"""Undo and redo: by units of work, by their author, and never past what others did."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from db.tables import Unavailability
from tests.factories.plans import MONDAY, Plan, day
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.timetable.choosing import Selection
from trainer.timetable.engine.solution import Limits
from trainer.timetable.moving import Target, cancel_sessions, move_session, set_locked
from trainer.timetable.publish import publish
from trainer.timetable.replanning import Happening, replan_timetable
from trainer.timetable.solving import solve_timetable
from trainer.timetable.steps import redo, undo

LIMITS = Limits(work=100)


@pytest.fixture
def held(plan: Plan) -> Plan:
    """Two classes in one room on Monday, two teachers, by the clock of the week before."""
    plan.desk = Desk(plan.desk.url, "clerk", Clock(fixed=dt.date(2023, 3, 1)))
    plan.venue("V1")
    plan.teacher("T1")
    plan.teacher("T2")
    plan.course("K1", teachers=("T1", "T2"))
    for code, period in (("C1", "AM1"), ("C2", "AM2")):
        plan.training(code, "K1")
        plan.session(code, "K1", MONDAY, period, venue="V1", teacher="T1")
    return plan


def places(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (row.uid, row.date, row.period, row.start, row.teacher, row.status, row.locked)
        for row in plan.sessions()
    ]


def test_undo_and_redo_go_back_and_on_step_by_step(held: Plan) -> None:
    """Moved, locked, cancelled: each step comes back alone, in its turn."""
    states = [places(held)]
    move_session(held.desk, "C1/K1/1", Target(day(7), "PM1"))
    states.append(places(held))
    set_locked(held.desk, locked=True, chosen=Selection(days=(MONDAY,)))
    states.append(places(held))
    cancel_sessions(held.desk, ["C1/K1/1"])
    states.append(places(held))
    for state in states[-2::-1]:
        undo(held.desk)
        assert places(held) == state
    with pytest.raises(Refused, match="nothing to undo"):
        undo(held.desk)
    for state in states[1:]:
        redo(held.desk)
        assert places(held) == state
    with pytest.raises(Refused, match="nothing to do again"):
        redo(held.desk)


def test_a_new_change_ends_what_could_be_done_again(held: Plan) -> None:
    """As in every editor."""
    move_session(held.desk, "C1/K1/1", Target(day(7), "PM1"))
    undo(held.desk)
    move_session(held.desk, "C2/K1/1", Target(day(7), "PM1"))
    with pytest.raises(Refused, match="nothing to do again"):
        redo(held.desk)
    undo(held.desk)
    assert all(row.date == MONDAY for row in held.sessions())


def test_a_solve_is_undone_whole(held: Plan) -> None:
    """The sessions it made are gone again, and come back under their uids."""
    held.training("C3", "K1")
    before = places(held)
    solve_timetable(held.desk, limits=LIMITS)
    after = places(held)
    assert len(after) == 3
    undo(held.desk)
    assert places(held) == before
    redo(held.desk)
    assert places(held) == after


def test_undoing_a_replan_takes_back_what_happened_too(held: Plan) -> None:
    """The teacher is not away after all."""
    before = places(held)
    replan_timetable(held.desk, [Happening("teacher", "T1", MONDAY, MONDAY)])
    assert places(held) != before
    undo(held.desk)
    assert places(held) == before
    with held.desk.reading() as session:
        assert session.exec(select(Unavailability)).all() == []


def test_what_somebody_else_changed_since_is_not_undone(held: Plan) -> None:
    """The same session refuses; nobody undoes another's change."""
    other = Desk(held.desk.url, "other", held.desk.clock)
    move_session(held.desk, "C1/K1/1", Target(day(7), "PM1"))
    with pytest.raises(Refused, match="nothing to undo"):
        undo(other)
    move_session(other, "C1/K1/1", Target(day(8), "PM1"))
    before = places(held)
    with pytest.raises(Refused, match="changed since"):
        undo(held.desk)
    assert places(held) == before
    undo(other)
    undo(held.desk)
    assert held.sessions()[0].date == MONDAY


def test_going_back_into_a_place_that_was_taken_since_is_refused(held: Plan) -> None:
    """Another class has the room and the teacher by now."""
    other = Desk(held.desk.url, "other", held.desk.clock)
    move_session(held.desk, "C1/K1/1", Target(day(7), "PM1"))
    move_session(other, "C2/K1/1", Target(MONDAY, "AM1"))
    with pytest.raises(Refused, match="break the rule"):
        undo(held.desk)


def test_nothing_is_undone_past_a_publication(held: Plan) -> None:
    """What calendars were told is not taken back in silence."""
    move_session(held.desk, "C1/K1/1", Target(day(7), "PM1"))
    publish(held.desk)
    with pytest.raises(Refused, match="published since"):
        undo(held.desk)
