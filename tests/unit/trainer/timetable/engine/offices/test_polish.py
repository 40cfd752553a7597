"""The solver hands a timetable to the core's processes, and takes back nothing worse."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.factories.timetables import office_year
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.offices import polish
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.solution import Limits, Progress, Solution
from trainer.timetable.engine.solve import solve

ENOUGH = 5_000
SHORT = 2.0


@pytest.fixture(autouse=True)
def less_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let little work be enough for processes, so that tests stay short."""
    monkeypatch.setattr(polish, "LONG_WORK", ENOUGH)
    monkeypatch.setattr(polish, "LONG_SECONDS", SHORT)


def assert_sound(problem: Problem, solution: Solution) -> None:
    findings = check_placements(problem, solution.placements)
    assert not [finding for finding in findings if finding.hard]


def test_small_budgets_ask_for_no_processes() -> None:
    assert polish.helpers_for(Limits(seconds=1.0)) is None
    assert polish.helpers_for(Limits(work=ENOUGH - 1)) is None


def test_the_same_seed_and_work_give_the_same_result_from_all_processes() -> None:
    problem = office_year(0.5)
    one, other = (solve(problem, Limits(work=ENOUGH, seed=3)) for _ in range(2))
    assert one.placements == other.placements
    assert one.steps == other.steps > ENOUGH * 0.9
    assert_sound(problem, one)


def test_a_stop_comes_through_to_the_processes() -> None:
    problem = office_year(0.5)
    told: list[Progress] = []
    asked: list[float] = []

    def should_stop() -> bool:
        if told and told[-1].elapsed > 4:
            asked.append(time.monotonic())
        return bool(asked)

    solution = solve(problem, Limits(seconds=600), on_progress=told.append, should_stop=should_stop)
    assert solution.stopped
    assert time.monotonic() - asked[0] < 5
    assert_sound(problem, solution)


def test_a_stored_timetable_is_where_the_core_begins() -> None:
    problem = office_year(0.5)
    first = solve(problem, Limits(work=ENOUGH))
    stored = replace(
        problem,
        meetings=tuple(
            replace(m, stored=p) for m, p in zip(problem.meetings, first.placements, strict=True)
        ),
    )
    again = solve(stored, Limits(work=ENOUGH, seed=1))
    assert again.total <= first.total


# one process gets ready within the time
@pytest.mark.parametrize(("alive", "seconds"), [(0, SHORT), (1, 4.0)])
def test_without_processes_the_search_does_the_work(
    monkeypatch: pytest.MonkeyPatch, alive: int, seconds: float
) -> None:
    monkeypatch.setattr(polish, "CORES", alive)
    problem = office_year(0.4)
    solution = solve(problem, Limits(seconds=seconds))
    assert_sound(problem, solution)
    assert solution.seconds < seconds + 3
