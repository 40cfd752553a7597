"""What the registry says that the solver does with a rule is what it does: planted for each.

Every situation leaves the solver no way but to break one rule, or to leave a meeting out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.timetables import PERIODS, tiny_problem
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Member,
    Part,
    Period,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
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

DAY = date(2023, 5, 8)
MORNING = PERIODS[:1]
EVENING = replace(PERIODS[4], work=True)
NO_TRAVEL = ((0, 0), (0, 0))


def office(**changes: object) -> Problem:
    """Return one morning, two rooms, two classes and a meeting of each, with a teacher of its own.

    Everything fits.
    """
    problem = Problem(
        calendar=Calendar(DAY, (True,)),
        periods=MORNING,
        venues=(Venue("A", "一号教室"), Venue("B", "二号教室")),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史", teachers=(0,)), Course("L", "法律", teachers=(1,))),
        classes=(TrainingClass("C", "青干班", 20), TrainingClass("D", "村书记班", 20)),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(1, 1),))),
        people=("学员甲",),
        travel=NO_TRAVEL,
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def one(**changes: object) -> Problem:
    """Return the same with one meeting."""
    return office(meetings=(Meeting((Part(0, 0),)),), **changes)


def shared_person() -> Problem:
    both = (Member(0),)
    classes = office().classes
    return office(classes=tuple(replace(each, members=both) for each in classes))


#: For each hard rule a problem in which not everything fits, and the way to place it all the same.
HARD: dict[str, Callable[[], tuple[Problem, tuple[Placement, ...]]]] = {
    "H1": lambda: (
        office(courses=(Course("K", "党史", teachers=(0,)), Course("L", "法律", teachers=(0,)))),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 0, (1,), 0)),
    ),
    "H2": lambda: (
        office(venues=office().venues[:1], travel=((0,),)),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 0, (0,), 1)),
    ),
    "H3": lambda: (
        shared_person(),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 0, (1,), 1)),
    ),
    "H4": lambda: (
        one(venues=(Venue("A", "一号教室", capacity=10), Venue("B", "二号教室", capacity=10))),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H5": lambda: (
        one(courses=(Course("K", "党史", kinds=frozenset({"field_site"}), teachers=(0,)),)),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H6": lambda: (
        one(absences=(Absence("teacher", "T", "王老师", DAY, DAY, teachers=(0,)),)),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H7": lambda: (
        office(
            periods=(PERIODS[0], PERIODS[1]),
            travel=((0, 60), (60, 0)),
            meetings=(
                Meeting((Part(0, 0, fixed_venue=0),)),
                Meeting((Part(0, 1, fixed_venue=1),)),
            ),
        ),
        (Placement(0, DAY, 0, (0,), 0), Placement(1, DAY, 1, (1,), 1)),
    ),
    "H8": lambda: (
        office(
            periods=(PERIODS[0], PERIODS[1]),
            meetings=(
                Meeting((Part(0, 0, position="first"),), fixed_period=1),
                Meeting((Part(0, 1),), fixed_period=0),
            ),
        ),
        (Placement(0, DAY, 1, (0,), 0), Placement(1, DAY, 0, (0,), 1)),
    ),
    "H9": lambda: (
        office(meetings=(Meeting((Part(0, 0),), length=2),)),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H10": lambda: (
        one(calendar=Calendar(DAY, (False,))),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
    "H11": lambda: (
        one(teachers=(Teacher("T", "王老师", max_per_week=0), Teacher("S", "李老师"))),
        (Placement(0, DAY, 0, (0,), 0),),
    ),
}


def knowledge() -> Problem:
    classes = (replace(office().classes[0], knowledge=True),)
    return one(classes=classes)


def field_site(light: tuple[int, int]) -> Problem:
    return one(
        calendar=Calendar(DAY, (True,), (light,)),
        venues=(Venue("F", "现场点", "field_site"),),
        travel=((0,),),
    )


def theory_late() -> Problem:
    courses = (
        Course("K", "党史", strand="practice", teachers=(0,)),
        Course("L", "法律", strand="theory", teachers=(1,)),
    )
    return office(
        courses=courses,
        periods=PERIODS[:2],
        meetings=(
            Meeting((Part(0, 0),), fixed_period=0),
            Meeting((Part(0, 1),), fixed_period=1),
        ),
    )


def moved() -> Problem:
    """Return a meeting that is stored on a day that is no working day any more."""
    before = DAY - timedelta(days=1)
    stored = Placement(0, before, 0, (0,), 0)
    return office(
        calendar=Calendar(before, (False, True)),
        meetings=(Meeting((Part(0, 0),), stored=stored),),
    )


def two_of(**changes: object) -> Problem:
    """Return one class that has a course twice on one day of two periods and of an evening."""
    values: dict[str, object] = {
        "periods": PERIODS[:2],
        "meetings": (Meeting((Part(0, 0, 1),)), Meeting((Part(0, 0, 2),))),
    }
    return office(**{**values, **changes})


#: For each soft rule a problem in which everything fits only at some cost by that rule.
SOFT: dict[str, Callable[[], Problem]] = {
    "compact": lambda: two_of(
        periods=PERIODS[:3],
        meetings=(
            Meeting((Part(0, 0),), fixed_period=0),
            Meeting((Part(0, 1),), fixed_period=2),
        ),
    ),
    "spread": two_of,
    "one_room": lambda: two_of(
        meetings=(
            Meeting((Part(0, 0, fixed_venue=0),)),
            Meeting((Part(0, 1, fixed_venue=1),)),
        ),
    ),
    "preference": lambda: one(
        courses=(Course("K", "党史", teachers=(0, 1), teacher_costs=(0, 2)),),
        absences=(Absence("teacher", "T", "王老师", DAY, DAY, teachers=(0,)),),
    ),
    "fair_load": lambda: two_of(
        courses=(Course("K", "党史", teachers=(0, 1)),),
        absences=(Absence("teacher", "T", "王老师", DAY, DAY, teachers=(0,)),),
    ),
    "travel": lambda: two_of(
        periods=(Period("A", "上午", 480, 540), Period("P", "下午", 900, 960)),
        travel=((0, 60), (60, 0)),
        meetings=(
            Meeting((Part(0, 0, fixed_venue=0),)),
            Meeting((Part(0, 1, fixed_venue=1),)),
        ),
    ),
    "evening": lambda: one(periods=(EVENING,)),
    "unbroken": lambda: office(
        periods=(*PERIODS[:2], *PERIODS[2:4]),
        meetings=(Meeting((Part(0, 0),), length=2, fixed_period=1),),
    ),
    "working_time": knowledge,
    "trainees": lambda: one(
        absences=(Absence("person", "P", "学员", DAY, DAY, trainees=(0,)),),
    ),
    "daylight": lambda: field_site((700, 800)),
    "room_fits": lambda: one(
        venues=(Venue("A", "报告厅", capacity=400),),
        travel=((0,),),
    ),
    "plan_b": lambda: one(venues=(Venue("A", "广场", outdoor=True),), travel=((0,),)),
    "theory_first": theory_late,
    "sturdy": lambda: one(rules={"sturdy": RuleSetting(level="soft")}),
    "changes": moved,
}


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
