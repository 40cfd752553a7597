"""Weeks with buildings, unsuitable rooms and double lectures, by every formulation."""

from __future__ import annotations

import pytest

from tests.factories.curricula import instance_text
from tests.factories.weeks import extended_week
from trainer.timetable.engine.curricula.reading import read_text
from trainer.timetable.engine.curricula.score import FORMULATIONS, score
from trainer.timetable.engine.curricula.sol import read_sol, write_sol
from trainer.timetable.engine.curricula.solve import solve_instance
from trainer.timetable.engine.solution import Limits, Progress


def test_a_week_uses_everything_that_the_extended_format_says() -> None:
    week = extended_week(0)
    assert read_text(instance_text(week), "week0.ectt") == week
    assert len({room.site for room in week.rooms}) > 1
    assert {course.double for course in week.courses} == {True, False}
    assert week.unsuitable
    assert week.unavailable


@pytest.mark.parametrize("name", sorted(FORMULATIONS))
def test_the_scorer_agrees_on_what_the_solver_hands_over(name: str) -> None:
    week = extended_week(0, courses=20)
    told: list[Progress] = []
    outcome = solve_instance(
        week, FORMULATIONS[name], Limits(work=20_000), cores=1, on_progress=told.append
    )
    text = write_sol(week, outcome.timetable)
    judged = score(week, read_sol(week, text), FORMULATIONS[name])
    assert (judged.violations, judged.total) == (0, told[-1].cost)
    assert judged.total < told[0].cost
