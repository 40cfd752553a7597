"""At an exam a venue holds whom it has a desk for: to checker, solver, why and explain."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules, most_placeable
from tests.factories.slow_costs import soft_units
from tests.factories.timetables import PERIODS, tiny_problem
from tests.unit.trainer.timetable.engine.test_check import random_placements
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.explain import explain
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
from trainer.timetable.engine.rules import SOFT_IDS
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.why import why

DAY = date(2023, 5, 8)
HALL = Venue("A", "报告厅", capacity=60, exam_capacity=30)
EXAM, LECTURE = Course("E", "结业考试", form="exam"), Course("L", "党史")


def examined(*, size: int = 40, venues: tuple[Venue, ...] = (HALL,)) -> Problem:
    """Return one morning, a class with a lecture and an exam, and a hall with 60 and 30 seats."""
    return Problem(
        calendar=Calendar(DAY, (True,)),
        periods=PERIODS[:2],
        venues=venues,
        courses=(EXAM, LECTURE),
        classes=(TrainingClass("C", "青干班", size),),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(0, 1),))),
        travel=tuple((0,) * len(venues) for _ in venues),
    )


def with_exams(problem: Problem, seed: int) -> Problem:
    """Return a problem in which some courses are exams, and venues have other seats for them."""
    rng = Random(-seed - 3)
    return replace(
        problem,
        courses=tuple(
            replace(each, form="exam") if rng.random() < 0.5 else each for each in problem.courses
        ),
        venues=tuple(
            replace(each, exam_capacity=rng.choice((None, 10, 25, 80))) for each in problem.venues
        ),
    )


def test_an_exam_needs_the_seats_for_exams_and_a_lecture_those_for_lectures() -> None:
    both = (Placement(0, DAY, 0, (0,)), Placement(1, DAY, 1, (0,)))
    found = [each for each in check_placements(examined(), both) if each.hard]
    assert [(each.rule, each.touches) for each in found] == [("H4", ((0, 0),))]
    assert found[0].message.text("en").startswith("报告厅 has 30 seats at an exam for 40 people: ")
    assert found[0].message.text("zh").startswith("报告厅考试时只有30个座位")
    assert not [each for each in check_placements(examined(size=30), both) if each.hard]


def test_more_desks_than_seats_count_too_and_none_given_leave_the_capacity() -> None:
    exam = (Placement(0, DAY, 0, (0,)),)
    larger = examined(venues=(replace(HALL, capacity=20, exam_capacity=40),))
    assert "H4" not in {each.rule for each in check_placements(larger, exam)}
    plain = examined(venues=(replace(HALL, exam_capacity=None),), size=61)
    assert "H4" in {each.rule for each in check_placements(plain, exam)}


def test_classes_that_sit_an_exam_together_share_its_seats() -> None:
    classes = tuple(TrainingClass(code, code, 16) for code in "CD")
    joint = replace(examined(), classes=classes, meetings=(Meeting((Part(0, 0), Part(1, 0))),))
    together = (Placement(0, DAY, 0, (0, 0)),)
    assert broken_rules(joint, together) == {"H4"}
    assert {each.rule for each in check_placements(joint, together) if each.hard} == {"H4"}
    assert solve(joint, Limits(work=50)).placed == 0
    second = replace(joint, venues=(HALL, replace(HALL, code="B")), travel=((0, 0), (0, 0)))
    (place,) = solve(second, Limits(work=50)).placements
    assert place is not None
    assert sorted(venue or 0 for venue in place.venues) == [0, 1]


def test_the_solver_takes_the_lecture_where_the_exam_cannot_be() -> None:
    solution = solve(examined(), Limits(work=50))
    assert (solution.placements[0] is None, solution.placements[1] is None) == (True, False)
    assert solution.status == "infeasible"


def test_why_and_explain_speak_of_seats_at_an_exam() -> None:
    (broken,) = why(examined(), (None, None), 0, DAY, 0)
    assert "30 seats at an exam" in broken.message.text("en")
    told = explain(examined(), (None, None), 0, limits=Limits(work=200))
    assert any("报告厅 (30 seats at an exam)" in each.message.text("en") for each in told.reasons)
    assert "make room for 40 people at an exam in 报告厅" in {
        each.message.text("en") for each in told.relaxations
    }


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_checker_agrees_with_the_slow_one_about_exams(seed: int) -> None:
    problem = with_exams(tiny_problem(seed, meetings=4), seed)
    placements = random_placements(problem, Random(seed))
    found = check_placements(problem, placements)
    assert {each.rule for each in found if each.hard} == broken_rules(problem, placements)
    units = soft_units(problem, placements)
    for name in set(SOFT_IDS) - {"sturdy"}:
        assert sum(each.cost for each in found if each.rule == name) == units[name]


@given(st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_the_solver_places_as_many_exams_as_brute_force(seed: int) -> None:
    problem = with_exams(tiny_problem(seed), seed)
    problem = replace(problem, classes=tuple(replace(c, priority=1) for c in problem.classes))
    solution = solve(problem, Limits(work=400, seed=seed))
    assert not [each for each in check_placements(problem, solution.placements) if each.hard]
    assert solution.placed == most_placeable(problem)
