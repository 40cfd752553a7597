"""The compiled core against the slow scorer: whatever it does, the cost that it keeps is right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.factories.curricula import instances
from trainer.timetable.engine.annealing.chance import cumulated
from trainer.timetable.engine.curricula.anneal import SHARES, anneal
from trainer.timetable.engine.curricula.compile import compile_form, lectures_of, lower_bound
from trainer.timetable.engine.curricula.form import empty_state
from trainer.timetable.engine.curricula.instance import Course, Instance, Room
from trainer.timetable.engine.curricula.score import FORMULATIONS, Lecture, score
from trainer.timetable.engine.curricula.start import find_start
from trainer.timetable.engine.curricula.state import fill

formulations = st.sampled_from(sorted(FORMULATIONS))
only_move = st.sampled_from([(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (1, 1, 1, 1)])
# the first example compiles
patient = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much]
)


@patient
@given(instances(), formulations, only_move, st.integers(0, 2**31), st.integers(0, 40))
def test_cost_kept_by_increments_is_that_of_the_scorer(
    instance: Instance, name: str, shares: tuple[float, ...], seed: int, proposals: int
) -> None:
    form = compile_form(instance, FORMULATIONS[name])
    start = find_start(form)
    assume(start.status == "feasible" and len(start.slots) > 0)
    state = empty_state(form, seed)
    fill(form, state, start.slots, start.places)
    best = np.stack([start.slots, start.places])
    # hot enough to accept almost anything
    cost = anneal(form, state, best, state.cost[0], cumulated(shares), 1e4, 1e4, proposals)
    now = score(instance, lectures_of(form, state.slot, state.place), FORMULATIONS[name])
    assert (now.violations, now.total) == (0, state.cost[0])
    kept = score(instance, lectures_of(form, best[0], best[1]), FORMULATIONS[name])
    assert (kept.violations, kept.total) == (0, cost)


@patient
@given(instances(courses=4, lectures=2, rooms=2, slots=4), formulations)
def test_start_is_found_exactly_where_brute_force_finds_one(instance: Instance, name: str) -> None:
    """Tries every set of slots for every course, then every room for every lecture."""
    assume(instance.lectures <= 5)
    form = compile_form(instance, FORMULATIONS[name])
    start = find_start(form)
    exists = any(True for _ in every_timetable(instance, name))
    assert start.status == ("feasible" if exists else "infeasible")
    if exists:
        result = score(instance, lectures_of(form, start.slots, start.places), FORMULATIONS[name])
        assert result.violations == 0


def every_timetable(instance: Instance, name: str) -> Iterator[tuple[Lecture, ...]]:
    """Yield every timetable without violations, straight from the scorer."""
    form = compile_form(instance, FORMULATIONS[name])
    count = instance.lectures
    spots = list(product(range(instance.days * instance.periods), range(len(instance.rooms))))
    for choice in product(spots, repeat=count):
        slots = np.array([slot for slot, _ in choice], np.int64)
        places = np.array([place for _, place in choice], np.int64)
        timetable = lectures_of(form, slots, places)
        if len({(x.day, x.period, x.room) for x in timetable}) < count:
            continue
        if score(instance, timetable, FORMULATIONS[name]).violations == 0:
            yield timetable


@settings(patient, max_examples=25)
@given(instances(courses=3, lectures=2, rooms=2, slots=4), formulations)
def test_annealing_reaches_the_minimum_of_brute_force(instance: Instance, name: str) -> None:
    assume(0 < instance.lectures <= 4)
    rules = FORMULATIONS[name]
    costs = [score(instance, each, rules).total for each in every_timetable(instance, name)]
    assume(costs)
    form = compile_form(instance, rules)
    start = find_start(form)
    state = empty_state(form, 1)
    fill(form, state, start.slots, start.places)
    best = np.stack([start.slots, start.places])
    found = anneal(form, state, best, state.cost[0], cumulated(SHARES), 20.0, 0.2, 40_000)
    assert found == min(costs)
    assert lower_bound(form) <= found


def test_seeds_that_are_neighbours_begin_differently() -> None:
    form = compile_form(
        Instance("", 1, 1, (Course("", "", 1, 1, 1),), (Room("", 1),), ()), FORMULATIONS["UD2"]
    )
    chances = {int(empty_state(form, seed).chance[0]) >> 40 for seed in range(100)}
    assert len(chances) == 100


@pytest.mark.parametrize("share", [0, 1, 2, 3])
def test_shares_become_bounds(share: int) -> None:
    shares = [0.0] * 4
    shares[share] = 3.0
    assert cumulated(tuple(shares)).tolist() == [0] * share + [2**32] * (4 - share)
