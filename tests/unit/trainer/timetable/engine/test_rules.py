"""What the registry says that the solver does with a rule is what it does: planted for each.

Every situation leaves the solver no way but to break one rule, or to leave a meeting out.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories.forced import HARD, SOFT
from tests.factories.timetables import tiny_problem
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.rules import (
    HARD_IDS,
    RULES,
    SOFT_IDS,
    TREATMENTS,
    RuleSetting,
    rules_in_force,
)
from trainer.timetable.engine.search import Budget, Search
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables


def test_every_rule_says_what_the_solver_does_with_it() -> None:
    assert {name: RULES[name].treatment for name in HARD_IDS} == dict.fromkeys(
        HARD_IDS, "constraint"
    )
    assert set(HARD) == set(HARD_IDS)
    assert set(SOFT) | {"unplaced"} == set(SOFT_IDS)
    assert {RULES[name].solver for name in SOFT} == {"penalty"}
    assert (RULES["unplaced"].treatment, RULES["sturdy"].treatment) == ("repair", "nothing")
    assert {rule.treatment for rule in RULES.values()} == set(TREATMENTS)


@pytest.mark.parametrize("name", HARD)
def test_a_constraint_is_never_broken(name: str) -> None:
    problem, forced = HARD[name]()
    assert {f.rule for f in check_placements(problem, forced) if f.hard} == {name}
    solution = solve(problem, Limits(work=200))
    assert solution.placed == len(problem.meetings) - 1
    assert not [f for f in check_placements(problem, solution.placements) if f.hard]


@pytest.mark.parametrize("name", SOFT)
def test_a_penalty_is_paid_where_there_is_no_other_way(name: str) -> None:
    problem = SOFT[name]()
    assert rules_in_force(problem.rules)[name].treatment == "penalty"
    solution = solve(problem, Limits(work=200))
    assert solution.placed == len(problem.meetings)
    assert solution.cost[name] > 0


@pytest.mark.parametrize("name", SOFT)
def test_a_soft_rule_made_hard_is_a_constraint(name: str) -> None:
    problem = SOFT[name]()
    hard = replace(problem, rules={**problem.rules, name: RuleSetting(level="hard")})
    assert rules_in_force(hard.rules)[name].treatment == "constraint"
    solution = solve(hard, Limits(work=200))
    assert solution.placed == len(problem.meetings) - 1
    assert not [f for f in check_placements(hard, solution.placements) if f.hard]


@pytest.mark.parametrize("name", SOFT)
def test_a_rule_that_is_off_is_nothing(name: str) -> None:
    problem = SOFT[name]()
    off = replace(problem, rules={**problem.rules, name: RuleSetting(level="off")})
    assert rules_in_force(off.rules)[name].treatment == "nothing"
    solution = solve(off, Limits(work=200))
    assert solution.placed == len(problem.meetings)
    assert name not in solution.cost
    assert name not in cost_by_rule(off, check_placements(off, solution.placements))


def test_what_building_leaves_out_is_repaired() -> None:
    """There is a problem in which building leaves a meeting out, and the solver places it."""
    for seed in range(2_000):
        problem = tiny_problem(seed)
        tables = Tables(problem)
        state = State(tables, Costs(tables))
        count = len(problem.meetings)
        Search(state, list(range(count)), Budget(Limits(work=1, seed=seed))).build()
        if state.placed < count and solve(problem, Limits(work=400, seed=seed)).placed == count:
            return
    pytest.fail("building alone placed everything that could be placed")
