"""Mending changes as little as possible, never the past or what is locked."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules, every_placement
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from trainer.timetable.engine.problem import (
    Absence,
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
from trainer.timetable.engine.replan import replan
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

MONDAY = date(2023, 5, 8)


def stored(problem: Problem, placements: tuple[Placement | None, ...]) -> Problem:
    meetings = zip(problem.meetings, placements, strict=True)
    return replace(problem, meetings=tuple(replace(m, stored=p) for m, p in meetings))


def week() -> Problem:
    problem = Problem(
        calendar=Calendar(MONDAY, (True,) * 5),
        periods=PERIODS[:2],
        venues=(Venue("A", "一号教室"), Venue("B", "二号教室")),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史", teachers=(0, 1)),),
        classes=(TrainingClass("C", "青干班", 20),),
        meetings=tuple(Meeting((Part(0, 0, n),)) for n in range(1, 4)),
        travel=((0, 0), (0, 0)),
    )
    days = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
    return stored(problem, tuple(Placement(n, day, 0, (0,), 0) for n, day in enumerate(days)))


def away(first: date, last: date) -> Absence:
    return Absence("teacher", "T", "王老师", first, last, None, "病假", teachers=(0,))


def test_a_teacher_away_is_replaced_at_the_same_time_and_place() -> None:
    tuesday = MONDAY + timedelta(days=1)
    mended = replan(week(), [away(tuesday, tuesday)], MONDAY)
    assert [move.after for move in mended.moves] == [Placement(1, tuesday, 0, (0,), 1)]
    assert (mended.minimal, mended.weight, mended.bound) == (True, 1, 1)


def test_nothing_in_the_past_or_locked_moves() -> None:
    problem = week()
    locked = replace(problem.meetings[2], locked=True)
    problem = replace(problem, meetings=(*problem.meetings[:2], locked))
    mended = replan(problem, [away(MONDAY, MONDAY + timedelta(days=4))], MONDAY + timedelta(days=1))
    assert [move.before.meeting for move in mended.moves] == [1]
    assert mended.placements[0] == problem.meetings[0].stored
    assert all(m.after is not None and m.after.day > MONDAY for m in mended.moves)


def test_a_closed_venue_and_a_suspended_class() -> None:
    closed = Absence("venue", "A", "一号教室", MONDAY, MONDAY, venues=(0,))
    mended = replan(week(), [closed], MONDAY)
    assert [m.after and m.after.venues for m in mended.moves] == [(1,)]
    suspended = Absence("unit", "U", "某街道", MONDAY, MONDAY + timedelta(days=2), classes=(0,))
    mended = replan(week(), [suspended], MONDAY)
    assert len(mended.moves) == 3
    assert all(m.after is not None and m.after.day > suspended.last for m in mended.moves)


def test_a_budget_of_moves_is_kept() -> None:
    suspended = Absence("unit", "U", "某街道", MONDAY, MONDAY + timedelta(days=2), classes=(0,))
    mended = replan(week(), [suspended], MONDAY, most_moves=1)
    assert sum(move.after is not None for move in mended.moves) == 1
    assert len(mended.left_out) == 2


def test_nothing_happened_changes_nothing() -> None:
    mended = replan(week(), [], MONDAY)
    assert (mended.moves, mended.minimal) == ((), True)


def test_published_meetings_move_last() -> None:
    problem = week()
    problem = replace(
        problem,
        calendar=Calendar(MONDAY, (True,)),
        periods=PERIODS[:3],
        venues=problem.venues[:1],
        travel=((0,),),
        courses=(Course("K", "党史", teachers=(0,)), Course("J", "法律", teachers=(1,))),
        meetings=(
            replace(problem.meetings[0], published=True, stored=Placement(0, MONDAY, 0, (0,), 0)),
            replace(
                problem.meetings[1],
                parts=(Part(0, 1),),
                stored=Placement(1, MONDAY, 1, (0,), 1),
            ),
        ),
    )
    absence = replace(away(MONDAY, MONDAY), teachers=(1,), period=1)
    mended = replan(problem, [absence], MONDAY)
    assert [move.before.meeting for move in mended.moves] == [1]


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_the_fewest_changes_agree_with_brute_force(seed: int) -> None:
    problem = tiny_problem(seed)
    solution = solve(problem, Limits(work=150))
    if solution.unplaced:
        return
    problem = stored(problem, solution.placements)
    day = problem.calendar.day(seed % len(problem.calendar))
    absence = Absence("teacher", "T", "某", day, day, teachers=(0,), venues=(0,))
    mended = replan(problem, [absence], problem.calendar.first)
    closed = replace(problem, absences=(*problem.absences, absence))
    fewest = fewest_changes(closed, [p for p in solution.placements if p is not None])
    if fewest is None:
        assert mended.left_out
    else:
        assert not mended.left_out
        assert len(mended.moves) == fewest
        assert mended.minimal
        after = [p for p in mended.placements if p is not None]
        assert not broken_rules(closed, after)


def fewest_changes(problem: Problem, before: list[Placement]) -> int | None:
    options = [
        [p for p in every_placement(problem, m) if not broken_rules(problem, [p])]
        for m in range(len(problem.meetings))
    ]

    def fits(kept: list[Placement], moving: list[int]) -> bool:
        if broken_rules(problem, kept):
            return False
        if not moving:
            return True
        return any(fits([*kept, p], moving[1:]) for p in options[moving[0]])

    for count in range(len(before) + 1):
        for moving in combinations(range(len(before)), count):
            if fits([p for p in before if p.meeting not in moving], list(moving)):
                return count
    return None


@pytest.mark.slow
def test_a_year_is_mended_in_seconds() -> None:
    problem = office_year()
    solution = solve(problem, Limits(work=1500))
    problem = stored(problem, solution.placements)
    first = date(2023, 5, 8)
    absence = Absence("teacher", "T0", "某", first, first + timedelta(days=6), teachers=(0, 1, 2))
    started = time.process_time()
    mended = replan(problem, [absence], date(2023, 5, 1))
    assert time.process_time() - started < 10
    assert mended.moves
    assert mended.minimal
