"""Halls and their parts, and people of several roles, are one thing each: checked, solved, told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.factories.timetables import PERIODS
from trainer.timetable.engine.check import check
from trainer.timetable.engine.explain import explain
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Member,
    Part,
    Placement,
    Problem,
    Sitting,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.relations import hall_kin, same_people, seats_of_teachers
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.suggest import suggest
from trainer.timetable.engine.why import why

DAY = date(2023, 5, 8)
HALL = Venue("H", "大礼堂", capacity=200)
EAST = Venue("E", "礼堂东厅", capacity=60, part_of=0)
CORNER = Venue("N", "东厅一角", capacity=20, part_of=1)
WEST = Venue("W", "礼堂西厅", capacity=60, part_of=0)


def office(**changes: object) -> Problem:
    """Two classes of one meeting each, one period of one day, the hall and its parts."""
    problem = Problem(
        calendar=Calendar(DAY, (True,)),
        periods=PERIODS[:1],
        venues=(HALL, EAST, CORNER, WEST),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史", venues=(0,)), Course("L", "党课", venues=(2,))),
        classes=(TrainingClass("C", "青干班", 10), TrainingClass("D", "书记班", 10)),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(1, 1),))),
        people=("王某",),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def test_kin_reaches_through_several_levels_but_not_to_siblings() -> None:
    assert hall_kin(office()) == {0: (1, 2, 3), 1: (0, 2), 2: (0, 1), 3: (0,)}
    assert hall_kin(office(venues=(HALL,))) == {}


def test_a_hall_and_a_corner_of_it_are_not_used_at_once() -> None:
    one, other = Sitting(0, 0, DAY, 0, 0), Sitting(1, 0, DAY, 0, 2)
    found = [finding for finding in check(office(), [one, other]) if finding.hard]
    assert [finding.rule for finding in found] == ["H2"]
    for language in ("en", "zh"):
        text = found[0].message.text(language)
        assert all(word in text for word in ("大礼堂", "东厅一角", "青干班", "书记班"))


def test_two_parts_are_used_at_once() -> None:
    problem = office(courses=(Course("K", "党史", venues=(3,)), Course("L", "党课", venues=(2,))))
    one, other = Sitting(0, 0, DAY, 0, 3), Sitting(1, 0, DAY, 0, 2)
    assert not [finding for finding in check(problem, [one, other]) if finding.hard]
    assert solve(problem, Limits(work=50)).placed == 2


def test_the_solver_proves_that_hall_and_part_do_not_both_fit() -> None:
    solution = solve(office(), Limits(work=200))
    assert (solution.status, solution.placed) == ("infeasible", 1)
    two = office(periods=PERIODS[:2])
    solution = solve(two, Limits(work=200))
    assert solution.placed == 2
    assert len({p.period for p in solution.placements if p is not None}) == 2


def test_a_broadcast_does_not_take_a_hall_and_its_part() -> None:
    problem = office(
        courses=(Course("K", "党史"),),
        venues=(replace(HALL, capacity=15), replace(EAST, capacity=15)),
        meetings=(Meeting((Part(0, 0), Part(1, 0))),),
    )
    assert solve(problem, Limits(work=200)).placed == 0
    apart = replace(problem, venues=(problem.venues[0], replace(problem.venues[1], part_of=None)))
    assert solve(apart, Limits(work=200)).placed == 1


def test_why_and_explain_name_the_hall_and_its_part() -> None:
    problem = office()
    placements = (Placement(0, DAY, 0, (0,)), None)
    (finding,) = why(problem, placements, 1, DAY, 0, 2)
    assert (finding.rule, "大礼堂" in finding.message.text("zh")) == ("H2", True)
    stored = replace(problem.meetings[0], stored=placements[0], locked=True)
    problem = replace(problem, meetings=(stored, problem.meetings[1]))
    explanation = explain(problem, placements, 1, limits=Limits(seconds=20))
    told = " ".join(reason.message.text("zh") for reason in explanation.reasons)
    assert explanation.minimal
    assert "礼堂东厅是大礼堂的一部分" in told
    assert "东厅一角是礼堂东厅的一部分" in told


def test_suggest_offers_no_part_of_a_hall_that_is_taken() -> None:
    problem = office(courses=(Course("K", "党史", venues=(0,)), Course("L", "党课")))
    problem = replace(problem, venues=(*problem.venues, Venue("X", "另一教室")))
    placements = (Placement(0, DAY, 0, (0,)), None)
    offered = suggest(problem, placements, 1, chains=False)
    assert [each.placement.venues for each in offered] == [(4,)]


TWO_NAMES = {
    "venues": (Venue("A", "一号教室"), Venue("B", "二号教室")),
    "courses": (Course("K", "党史", teachers=(0,)), Course("L", "党课", teachers=(1,))),
    "teachers": (Teacher("T", "王教授", person=0), Teacher("S", "王主任", person=0)),
    "periods": PERIODS[:2],
    "travel": ((0, 30), (30, 0)),
}


def test_one_person_under_two_names_is_in_one_place_at_a_time() -> None:
    problem = office(**TWO_NAMES)
    assert same_people(problem) == {0: (1,), 1: (0,)}
    at_once = [Sitting(0, 0, DAY, 0, 0, 0), Sitting(1, 0, DAY, 0, 1, 1)]
    assert [f.rule for f in check(problem, at_once) if f.hard] == ["H1"]
    hurried = [at_once[0], replace(at_once[1], period=1)]
    assert [f.rule for f in check(problem, hurried) if f.hard] == ["H7"]
    calm = [at_once[0], replace(at_once[1], period=1, venue=0)]
    assert not [f for f in check(problem, calm) if f.hard]


def test_the_solver_and_explain_know_that_two_names_are_one_person() -> None:
    solution = solve(office(**TWO_NAMES), Limits(work=200))
    assert solution.placed == 2
    assert len({(p.day, p.period) for p in solution.placements if p}) == 2
    tight = office(**{**TWO_NAMES, "periods": PERIODS[:1]})
    solution = solve(tight, Limits(work=200))
    assert (solution.status, solution.placed) == ("infeasible", 1)
    missing = solution.unplaced[0].meeting
    explanation = explain(tight, solution.placements, missing, limits=Limits(seconds=20))
    told = " ".join(reason.message.text("zh") for reason in explanation.reasons)
    assert "是同一人" in told


def test_a_teacher_does_not_teach_while_sitting_as_a_trainee() -> None:
    problem = office(
        venues=(Venue("A", "一号教室"), Venue("B", "二号教室")),
        courses=(Course("K", "党史", teachers=(0,)), Course("L", "党课", teachers=(1,))),
        teachers=(Teacher("T", "王教授", person=0), Teacher("S", "李老师")),
        classes=(
            TrainingClass("C", "青干班", 10),
            TrainingClass("D", "书记班", 10, members=(Member(0),)),
        ),
    )
    assert set(seats_of_teachers(problem)) == {0}
    both = [Sitting(0, 0, DAY, 0, 0, 0), Sitting(1, 0, DAY, 0, 1, 1)]
    assert [f.rule for f in check(problem, both) if f.hard] == ["H1"]
    solution = solve(problem, Limits(work=200))
    assert (solution.status, solution.placed) == ("infeasible", 1)
    gone = replace(problem.classes[1], members=(Member(0, last=date(2023, 5, 1)),))
    left = replace(problem, classes=(problem.classes[0], gone))
    assert not [f for f in check(left, both) if f.hard]
    assert solve(left, Limits(work=50)).placed == 2


def test_a_trainee_may_teach_his_own_class() -> None:
    problem = office(
        courses=(Course("K", "党史", teachers=(0,)), Course("L", "党课", teachers=(1,))),
        teachers=(Teacher("T", "王教授", person=0), Teacher("S", "李老师")),
        classes=(TrainingClass("C", "青干班", 10, members=(Member(0),)),),
        meetings=(Meeting((Part(0, 0),)),),
    )
    assert solve(problem, Limits(work=50)).placed == 1


def test_a_fixed_place_that_does_not_suit_is_named() -> None:
    problem = office(
        courses=(Course("K", "党史", kinds=frozenset({"field_site"})),),
        meetings=(Meeting((Part(0, 0, fixed_venue=1),)),),
    )
    (missing,) = solve(problem, Limits(work=50)).unplaced
    assert "礼堂东厅" in missing.message.text("zh")
