"""An office whose day has many short periods: up to 62 fit the compiled core, more the search."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories.timetables import office_year
from trainer.timetable.engine.annealing.plan import Round
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.offices.compile import MOST_PERIODS, NotSuited, compile_state
from trainer.timetable.engine.offices.rounds import run_round
from trainer.timetable.engine.problem import Period, Problem
from trainer.timetable.engine.search import Budget, Search
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables

MORNING, NOON, EVENING = 16, 24, 40
QUARTER = 15
"""Minutes of a period; the day begins at 8:00."""


def by_quarters(count: int) -> Problem:
    """Return an office whose meetings take five quarters of an hour, of so many of a day."""
    problem = office_year(0.05)
    periods = tuple(
        Period(
            f"Q{n}",
            f"Q{n}",
            480 + QUARTER * n,
            480 + QUARTER * (n + 1),
            "AM" if n < MORNING else "PM" if n < EVENING else "EVE",
            work=n < MORNING or NOON <= n < EVENING,
        )
        for n in range(count)
    )
    meetings = tuple(replace(each, length=5 * each.length) for each in problem.meetings)
    return replace(problem, periods=periods, meetings=meetings)


def built(problem: Problem) -> State:
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    meetings = list(range(len(problem.meetings)))
    Search(state, meetings, Budget(Limits(work=1))).build()
    return state


def test_as_many_periods_as_fit_are_kept_exactly() -> None:
    """The last of them, too: some meeting ends with it, as evenings cost nothing here."""
    problem = by_quarters(MOST_PERIODS)
    periods = tuple(
        replace(each, part="PM", work=n >= 50) for n, each in enumerate(problem.periods)
    )
    problem = replace(problem, periods=periods)
    state = built(problem)
    compiled = compile_state(state, range(len(problem.meetings)))
    plan = Round(seed=1, hot=1.5, cold=0.15, at=compiled.at, proposals=20_000)
    found = run_round(compiled.form, plan, lambda *_: False)
    again = built(problem)
    for meeting, spot in enumerate(compiled.spots(found.at)):
        if again.spots[meeting] is not None:
            again.remove(meeting)
        if spot is not None:
            again.place(meeting, spot)
    assert again.cost == found.cost
    spots = [spot for spot in again.spots if spot is not None]
    places = [again.tables.placement_of(m, s) for m, s in enumerate(again.spots) if s is not None]
    assert not [each for each in check_placements(problem, places) if each.hard]
    assert max(spot.start % MOST_PERIODS for spot in spots) > MOST_PERIODS - 10


def test_more_are_left_to_the_search() -> None:
    problem = by_quarters(MOST_PERIODS + 2)
    with pytest.raises(NotSuited):
        compile_state(built(problem), range(len(problem.meetings)))
    solution = solve(problem, Limits(work=20))
    assert not [each for each in check_placements(problem, solution.placements) if each.hard]
    assert not solution.unplaced
