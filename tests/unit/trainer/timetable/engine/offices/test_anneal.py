"""The compiled core of offices against the exact bookkeeping and the checker."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.daily import with_days
from tests.factories.timetables import office_year, tiny_problem
from tests.factories.tours import tour_problem
from trainer.timetable.engine.annealing.chance import cumulated
from trainer.timetable.engine.annealing.plan import Round
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.offices.anneal import anneal
from trainer.timetable.engine.offices.compile import Compiled, compile_state
from trainer.timetable.engine.offices.form import empty_state
from trainer.timetable.engine.offices.rounds import run_round
from trainer.timetable.engine.offices.state import fill
from trainer.timetable.engine.problem import Problem, Teacher, Venue
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.search import Budget, Search
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot, Tables

only_move = st.sampled_from(
    [
        (1, 0, 0, 0, 0),
        (1, 1, 0, 0, 0),
        (1, 0, 1, 0, 0),
        (1, 0, 0, 1, 0),
        (1, 0, 0, 0, 1),
        (1, 1, 1, 1, 1),
    ]
)
# the first example compiles
patient = settings(deadline=None, max_examples=60)


def built(problem: Problem, seed: int = 0) -> State:
    """Return a state of a problem in which everything is placed that building places."""
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    meetings = list(range(len(problem.meetings)))
    Search(state, meetings, Budget(Limits(work=1, seed=seed))).build()
    return state


def sound_cost(problem: Problem, spots: list[Spot | None]) -> int:
    """Return what the exact bookkeeping says of spots, which must break no hard rule."""
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for meeting, spot in enumerate(spots):
        if spot is not None:
            state.place(meeting, spot)
    placements = [
        None if spot is None else tables.placement_of(m, spot) for m, spot in enumerate(spots)
    ]
    assert not [f.message.text() for f in check_placements(problem, placements) if f.hard]
    return state.cost


def with_kin(problem: Problem, seed: int) -> Problem:
    """Let a problem have a hall with a part, people of several roles, and a wish to be sturdy."""
    venues: tuple[Venue, ...] = problem.venues
    if len(venues) > 1 and seed % 2:
        venues = (*venues[:1], replace(venues[1], part_of=0), *venues[2:])
    teachers: tuple[Teacher, ...] = problem.teachers
    if seed % 3 == 0:
        teachers = tuple(replace(teacher, person=0) for teacher in teachers)
    rules = {"sturdy": RuleSetting(level="soft", weight=3)} if seed % 5 == 0 else problem.rules
    return replace(problem, venues=venues, teachers=teachers, rules=rules)


def annealed(
    compiled: Compiled, shares: tuple[float, ...], seed: int, proposals: int
) -> tuple[int, list[Spot | None], int, list[Spot | None]]:
    """Return cost and spots of the last and of the best timetable of a very hot anneal."""
    state = empty_state(compiled.form, seed)
    best = compiled.at.copy()
    fill(compiled.form, state, best)
    cost = anneal(compiled.form, state, best, state.cost[0], cumulated(shares), 1e4, 1e4, proposals)
    return int(state.cost[0]), compiled.spots(state.spot), int(cost), compiled.spots(best)


@patient
@given(st.integers(0, 10**6), only_move, st.integers(0, 200))
def test_cost_kept_by_increments_is_that_of_the_exact_bookkeeping(
    seed: int, shares: tuple[float, ...], proposals: int
) -> None:
    problem = with_kin(tiny_problem(seed, meetings=6), seed)
    if seed % 4:
        problem = with_days(problem, seed)
    state = built(problem, seed)
    movable = [m for m in range(6) if seed >> m & 3]
    compiled = compile_state(state, movable)
    assert compiled.spots(compiled.at) == state.spots
    last_cost, last, best_cost, best = annealed(compiled, shares, seed, proposals)
    assert sound_cost(problem, last) == last_cost
    assert sound_cost(problem, best) == best_cost
    assert best_cost <= state.cost
    for meeting, spot in enumerate(state.spots):
        if meeting not in movable:
            assert best[meeting] == spot


@patient
@given(st.integers(0, 10**6), st.integers(0, 200))
def test_rounds_with_stops_are_never_put_where_a_stop_is_shut_or_taken(
    seed: int, proposals: int
) -> None:
    problem = tour_problem(seed, meetings=6)
    state = built(problem, seed)
    compiled = compile_state(state, [m for m in range(6) if seed >> m & 3])
    last_cost, last, best_cost, best = annealed(compiled, (1, 1, 1, 1, 1), seed, proposals)
    assert sound_cost(problem, last) == last_cost
    assert sound_cost(problem, best) == best_cost


def test_a_year_gets_better_and_breaks_nothing() -> None:
    problem = office_year(0.2)
    state = built(problem)
    compiled = compile_state(state, range(len(problem.meetings)))
    plan = Round(seed=1, hot=1.5, cold=0.15, at=compiled.at, proposals=200_000)
    found = run_round(compiled.form, plan, lambda *_: False)
    assert found.proposals == 200_000
    assert sound_cost(problem, compiled.spots(found.at)) == found.cost
    assert found.cost < state.cost
    again = run_round(compiled.form, plan, lambda *_: False)
    assert (again.at == found.at).all()


def test_a_round_ends_when_it_is_told_to_and_keeps_the_best() -> None:
    problem = office_year(0.1)
    compiled = compile_state(built(problem), range(len(problem.meetings)))
    plan = Round(seed=1, hot=1.5, cold=0.15, at=compiled.at, proposals=10**9)
    found = run_round(compiled.form, plan, lambda _, made: made >= 40_000)
    assert found.proposals == 40_000
    assert sound_cost(problem, compiled.spots(found.at)) == found.cost


@pytest.mark.parametrize("seed", range(3))
def test_what_stays_away_gives_its_place_to_more(seed: int) -> None:
    """An empty timetable is filled by the core alone, from moves that put others out of the way."""
    problem = office_year(0.1)
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    compiled = compile_state(state, range(len(problem.meetings)))
    plan = Round(seed=seed, hot=2.0, cold=0.5, at=compiled.at, proposals=300_000)
    found = run_round(compiled.form, plan, lambda *_: False)
    assert sum(spot is None for spot in compiled.spots(found.at)) == 0
