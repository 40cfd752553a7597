"""The solver places what can be placed, says what cannot, and stays within rules and limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import most_placeable
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.search import Budget, Search
from trainer.timetable.engine.solution import Limits, Progress, Solution
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables

DAY = date(2023, 5, 8)


def assert_sound(problem: Problem, solution: Solution) -> None:
    findings = check_placements(problem, solution.placements)
    assert not [finding for finding in findings if finding.hard]
    missing = [m for m, p in enumerate(solution.placements) if p is None]
    assert [u.meeting for u in solution.unplaced] == missing
    assert solution.placed + len(missing) == len(problem.meetings)


@given(st.integers(0, 10**6))
@settings(max_examples=120, deadline=None)
def test_tiny_problems_agree_with_brute_force(seed: int) -> None:
    problem = tiny_problem(seed)
    problem = replace(problem, classes=tuple(replace(c, priority=1) for c in problem.classes))
    solution = solve(problem, Limits(work=400, seed=seed))
    assert_sound(problem, solution)
    possible = most_placeable(problem)
    assert solution.placed == possible
    if possible == len(problem.meetings):
        assert solution.status in {"optimal", "feasible"}
    else:
        assert solution.status == "infeasible"


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_cost_kept_while_searching_is_what_the_checker_finds(seed: int) -> None:
    problem = tiny_problem(seed, meetings=6)
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    search = Search(state, list(range(6)), Budget(Limits(work=100, seed=seed)))
    search.build()
    for _ in range(20):
        search.turn(3.0)
        placements = [
            None if spot is None else tables.placement_of(m, spot)
            for m, spot in enumerate(state.spots)
        ]
        findings = check_placements(problem, placements)
        weights = state.costs.weight
        assert not [finding for finding in findings if finding.hard]
        assert state.cost == sum(finding.cost * weights[finding.rule] for finding in findings)


def test_the_same_seed_and_work_give_the_same_result() -> None:
    problem = office_year(0.1)
    one = solve(problem, Limits(work=1500, seed=7))
    other = solve(problem, Limits(work=1500, seed=7))
    assert one.placements == other.placements
    assert one.steps == other.steps
    assert_sound(problem, one)


def test_a_stop_is_obeyed_and_keeps_what_was_found() -> None:
    problem = office_year(0.2)
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 40

    solution = solve(problem, Limits(seconds=60), should_stop=should_stop)
    assert solution.stopped
    assert solution.seconds < 10
    assert_sound(problem, solution)


def test_progress_is_told_and_ends_with_the_result() -> None:
    problem = office_year(0.1)
    told: list[Progress] = []
    solution = solve(problem, Limits(work=2000), on_progress=told.append)
    assert told
    assert told[-1].placed == solution.placed
    assert [p.elapsed for p in told] == sorted(p.elapsed for p in told)


def one_room(meetings: tuple[Meeting, ...], **changes: object) -> Problem:
    problem = Problem(
        calendar=Calendar(DAY, (True,) * 3),
        periods=PERIODS,
        venues=(Venue("A", "一号教室", capacity=30),),
        teachers=(Teacher("T", "王老师"),),
        courses=(Course("K", "党史", teachers=(0,)),),
        classes=(TrainingClass("C", "青干班", 20, max_days=1), TrainingClass("D", "村书记班", 20)),
        meetings=meetings,
        travel=((0,),),
        buffer=10,
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def test_nothing_to_place_is_done_at_once() -> None:
    solution = solve(one_room(()))
    assert (solution.status, solution.total, solution.placements) == ("optimal", 0, ())


def test_a_meeting_that_needs_no_place_and_no_teacher_is_placed() -> None:
    online = Course("K", "灯塔在线", form="online", needs_venue=False)
    problem = one_room(
        (Meeting((Part(0, 0),)),), venues=(), teachers=(), courses=(online,), travel=()
    )
    solution = solve(problem)
    assert solution.status == "optimal"
    assert solution.placements[0] == Placement(0, DAY, 0, (None,), None)


def test_more_meetings_than_slots_is_proved_impossible() -> None:
    problem = one_room(tuple(Meeting((Part(0, 0, n),)) for n in range(1, 6)))
    solution = solve(problem)
    assert (solution.status, solution.placed) == ("infeasible", 4)


def test_a_higher_priority_is_placed_first_when_not_all_fits() -> None:
    problem = one_room(
        (Meeting((Part(0, 0),)), Meeting((Part(1, 0),))),
        calendar=Calendar(DAY, (True,)),
        periods=PERIODS[:1],
        classes=(TrainingClass("C", "青干班", 20), TrainingClass("D", "村书记班", 20, priority=5)),
    )
    assert [u.meeting for u in solve(problem).unplaced] == [0]


def test_locked_meetings_stay_and_others_avoid_them() -> None:
    stored = Placement(0, DAY, 1, (0,), 0)
    meetings = (Meeting((Part(0, 0),), stored=stored, locked=True), Meeting((Part(1, 0),)))
    solution = solve(one_room(meetings, periods=PERIODS[:2], calendar=Calendar(DAY, (True,))))
    assert solution.placements[0] == stored
    assert solution.placements[1] == Placement(1, DAY, 0, (0,), 0)


def test_a_locked_meeting_that_breaks_a_rule_stays_all_the_same() -> None:
    stored = Placement(0, DAY + timedelta(days=90), 4, (0,), 0)
    meetings = (Meeting((Part(0, 0),), stored=stored, locked=True), Meeting((Part(1, 0),)))
    solution = solve(one_room(meetings))
    assert solution.placements[0] == stored
    assert solution.placements[1] is not None


def test_what_may_not_move_stays_where_it_is_stored() -> None:
    stored = Placement(0, DAY, 3, (0,), 0)
    meetings = (Meeting((Part(0, 0),), stored=stored), Meeting((Part(1, 0),)))
    solution = solve(one_room(meetings), only={1})
    assert solution.placements[0] == stored
    solution = solve(one_room((Meeting((Part(0, 0),)), Meeting((Part(1, 0),)))), only={1})
    assert solution.placements[0] is None
    assert solution.unplaced == ()


def test_a_stored_timetable_is_kept_where_it_is_good() -> None:
    problem = office_year(0.1)
    first = solve(problem, Limits(work=1500))
    stored = replace(
        problem,
        meetings=tuple(
            replace(m, stored=p) for m, p in zip(problem.meetings, first.placements, strict=True)
        ),
    )
    again = solve(stored, Limits(work=300))
    assert again.cost["changes"] <= first.total - sum(
        again.cost[rule] for rule in again.cost if rule != "changes"
    )


def test_a_soft_rule_made_hard_is_never_broken() -> None:
    problem = one_room(
        tuple(Meeting((Part(1, 0, n),)) for n in range(1, 5)),
        calendar=Calendar(DAY, (True,) * 3),
        rules={"spread": RuleSetting(level="hard")},
    )
    solution = solve(problem)
    assert solution.placed == 3
    assert_sound(problem, solution)


def test_twins_are_numbered_in_the_order_of_time() -> None:
    problem = office_year(0.1)
    solution = solve(problem, Limits(work=600))
    seen: dict[tuple[int, int], Placement] = {}
    for meeting, placement in zip(problem.meetings, solution.placements, strict=True):
        if placement is None:
            continue
        key = (meeting.parts[0].class_, meeting.parts[0].course)
        if key in seen:
            assert (seen[key].day, seen[key].period) < (placement.day, placement.period)
        seen[key] = placement


@pytest.mark.slow
def test_a_year_is_placed() -> None:
    problem = office_year()
    solution = solve(problem, Limits(work=2_000))
    assert_sound(problem, solution)
    assert len(solution.unplaced) <= 1


def test_practice_that_must_come_first_is_part_of_the_bound() -> None:
    courses = (
        Course("K", "现场教学", strand="practice", teachers=(0,)),
        Course("L", "理论", strand="theory", teachers=(0,), after=frozenset({0})),
    )
    problem = one_room((Meeting((Part(0, 0),)), Meeting((Part(0, 1),))), courses=courses)
    solution = solve(problem)
    assert (solution.status, solution.bound, solution.total) == ("optimal", 3, 3)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_bound_is_below_whatever_is_found(seed: int) -> None:
    solution = solve(tiny_problem(seed, meetings=5), Limits(work=100, seed=seed))
    assert solution.bound is not None
    assert solution.bound <= solution.total
