"""A plan B stands in for its site: to the checker, and to a solver that finds a session there."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules
from tests.factories.slow_costs import soft_units
from tests.factories.timetables import PERIODS, tiny_problem
from tests.unit.trainer.timetable.engine.test_check import random_placements
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

DAY = date(2023, 5, 8)
SHELTERED = Placement(0, DAY, 0, (1,))


def sheltered(**part: object) -> Problem:
    """Return a meeting that only the hill will do for, stored in the hall, the hill's plan B."""
    return Problem(
        calendar=Calendar(DAY, (True,)),
        periods=PERIODS[:1],
        venues=(
            Venue(
                "HILL", "山", "field_site", equipment=frozenset({"guide"}), outdoor=True, plan_b=1
            ),
            Venue("HALL", "礼堂", capacity=40),
        ),
        courses=(
            Course(
                "K",
                "现场教学",
                form="field",
                kinds=frozenset({"field_site"}),
                venues=(0,),
                venue_costs=(0,),
                equipment=frozenset({"guide"}),
            ),
        ),
        classes=(TrainingClass("C", "青干班", 30),),
        meetings=(Meeting((replace(Part(0, 0, instead_of=0), **part),), stored=SHELTERED),),  # type: ignore[arg-type]
        travel=((0, 0), (0, 0)),
    )


def with_weather(problem: Problem, seed: int) -> Problem:
    """Return a problem with sites in the open, plans B, and parts that stand in for sites."""
    rng = Random(-seed - 4)
    count = len(problem.venues)
    venues = tuple(
        replace(
            each,
            outdoor=rng.random() < 0.5,
            plan_b=rng.choice((None, *range(count))),
        )
        for each in problem.venues
    )
    meetings = tuple(
        replace(
            each,
            parts=tuple(
                replace(part, instead_of=rng.choice((None, *range(count)))) for part in each.parts
            ),
        )
        for each in problem.meetings
    )
    return replace(problem, venues=venues, meetings=meetings)


def hard(problem: Problem, placement: Placement = SHELTERED) -> list[str]:
    return [each.rule for each in check_placements(problem, [placement]) if each.hard]


def test_kind_name_and_equipment_are_asked_of_the_site() -> None:
    assert hard(sheltered()) == []
    assert hard(sheltered(fixed_venue=0)) == []
    assert hard(sheltered(instead_of=None)) == ["H5", "H5", "H5"]
    assert hard(sheltered(instead_of=None, fixed_venue=0)) == ["H5", "H5", "H5", "H8"]


def test_seats_are_those_of_the_hall() -> None:
    full = replace(sheltered(), classes=(TrainingClass("C", "青干班", 41),))
    assert hard(full) == ["H4"]


def test_a_solve_leaves_it_there_and_nobody_else_gets_there() -> None:
    assert solve(sheltered(), Limits(work=20)).placements == (SHELTERED,)
    (elsewhere,) = solve(sheltered(instead_of=None), Limits(work=20)).placements
    assert elsewhere is not None
    assert elsewhere.venues == (0,)


def test_a_site_without_a_plan_b_is_weighed_and_one_with_is_preferred() -> None:
    """Two hills, of which one has a plan B: the solver takes that one, and the cost is 0."""
    hills = (
        Venue("A", "东山", "field_site", outdoor=True),
        Venue("B", "西山", "field_site", outdoor=True, plan_b=2),
        Venue("H", "礼堂"),
    )
    course = Course("K", "现场教学", form="field", kinds=frozenset({"field_site"}))
    problem = replace(
        sheltered(),
        venues=hills,
        courses=(course,),
        meetings=(Meeting((Part(0, 0),)),),
        travel=((0,) * 3,) * 3,
    )
    solution = solve(problem, Limits(work=20))
    (place,) = solution.placements
    assert place is not None
    assert (place.venues, solution.cost["plan_b"]) == ((1,), 0)
    bare = check_placements(problem, [Placement(0, DAY, 0, (0,))])
    assert cost_by_rule(problem, bare)["plan_b"] == 2
    assert [each.message.text("zh") for each in bare if each.rule == "plan_b"] == [
        "东山是露天场地，未定备用场地：青干班《现场教学》（2023-05-08 上午一）"
    ]


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_checker_agrees_with_the_slow_one_about_stand_ins(seed: int) -> None:
    problem = with_weather(tiny_problem(seed, meetings=4), seed)
    placements = random_placements(problem, Random(seed))
    found = check_placements(problem, placements)
    assert {each.rule for each in found if each.hard} == broken_rules(problem, placements)
    wet = sum(each.cost for each in found if each.rule == "plan_b")
    assert wet == soft_units(problem, placements)["plan_b"]


@given(st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_what_the_solver_makes_of_stand_ins_passes_the_checker(seed: int) -> None:
    problem = with_weather(tiny_problem(seed, meetings=4), seed)
    stored = {each.meeting: each for each in random_placements(problem, Random(seed))}
    meetings = tuple(
        replace(each, stored=stored.get(number)) for number, each in enumerate(problem.meetings)
    )
    problem = replace(problem, meetings=meetings)
    solution = solve(problem, Limits(work=100, seed=seed))
    found = check_placements(problem, solution.placements)
    assert not [each for each in found if each.hard]
    assert solution.cost["plan_b"] == cost_by_rule(problem, found)["plan_b"]
