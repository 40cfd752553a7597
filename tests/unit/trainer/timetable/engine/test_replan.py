"""Mending changes as little as possible, never the past or what is locked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules, every_placement
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from tests.factories.tours import tour_problem
from trainer.timetable.engine.mended import News
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
from trainer.timetable.engine.replan import move_weight, replan
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
    assert [move.meeting for move in mended.moves] == [1]
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
    assert (len(mended.left_out), mended.fewest_left_out, mended.minimal) == (2, 2, True)


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
    assert [move.meeting for move in mended.moves] == [1]


@given(st.integers(0, 10**6), st.sampled_from([tiny_problem, tour_problem]))
@settings(max_examples=40, deadline=None)
def test_the_fewest_changes_agree_with_brute_force(
    seed: int, make: Callable[[int], Problem]
) -> None:
    """Including those where not all can be kept: as little as possible is left out, by priority."""
    problem = make(seed)
    solution = solve(problem, Limits(work=150))
    if solution.unplaced:
        return
    problem = stored(problem, solution.placements)
    day = problem.calendar.day(seed % len(problem.calendar))
    absence = Absence("teacher", "T", "某", day, day, teachers=(0,), venues=(0,))
    most = None if seed % 4 else 1
    mended = replan(problem, [absence], problem.calendar.first, most_moves=most)
    closed = replace(problem, absences=(*problem.absences, absence))
    before = [p for p in solution.placements if p is not None]
    left, changed = fewest_changes(closed, before, len(before) if most is None else most)
    assert sum(priority(problem, m) for m in mended.left_out) == left
    assert len(mended.moves) == changed == mended.weight == mended.bound
    assert mended.minimal
    assert mended.fewest_left_out <= len(mended.left_out)
    assert not broken_rules(closed, [p for p in mended.placements if p is not None])


def priority(problem: Problem, meeting: int) -> int:
    return max(problem.classes[p.class_].priority for p in problem.meetings[meeting].parts)


def fewest_changes(problem: Problem, before: list[Placement], most: int) -> tuple[int, int]:
    """Return by trying all what priority must be left out, and how many changes that takes."""
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

    meetings = range(len(before))
    plans = sorted(
        (sum(priority(problem, m) for m in gone), len(gone) + count, gone, moving)
        for out in range(len(before) + 1)
        for gone in combinations(meetings, out)
        for count in range(min(most, len(before) - out) + 1)
        for moving in combinations([m for m in meetings if m not in gone], count)
    )
    return next(
        (left, changed)
        for left, changed, gone, moving in plans
        if fits([p for p in before if p.meeting not in (*gone, *moving)], list(moving))
    )


def test_what_is_left_out_is_proved_to_be_the_least_on_a_crowded_day() -> None:
    """Three meetings, two places left in time: the one of the class that matters least goes."""
    problem = week()
    problem = replace(
        problem,
        calendar=Calendar(MONDAY, (True,)),
        classes=(
            TrainingClass("C", "青干班", 20, priority=2),
            TrainingClass("D", "村书记班", 20, priority=3),
            TrainingClass("E", "党员班", 20),
        ),
        meetings=tuple(
            Meeting((Part(c, 0),), stored=Placement(c, MONDAY, c % 2, (c // 2,), c // 2))
            for c in range(3)
        ),
    )
    closed = Absence("venue", "A", "一号教室", MONDAY, MONDAY, venues=(0,))
    mended = replan(problem, [closed], MONDAY)
    assert mended.left_out == (2,)
    assert (mended.fewest_left_out, mended.weight, mended.bound) == (1, 3, 3)
    assert mended.minimal


@pytest.mark.slow
def test_a_year_is_mended_in_seconds() -> None:
    problem = office_year()
    solution = solve(problem, Limits(work=1500))
    problem = stored(problem, solution.placements)
    first = date(2023, 5, 8)
    last = first + timedelta(days=6)
    teach = {p.teacher for p in solution.placements if p is not None and first <= p.day <= last}
    away = tuple(sorted(each for each in teach if each is not None)[:3])
    absence = Absence("teacher", "T0", "某", first, last, teachers=away)
    started = time.process_time()
    mended = replan(problem, [absence], date(2023, 5, 1))
    assert time.process_time() - started < 10
    assert mended.moves
    assert mended.minimal


def test_a_larger_class_weighs_more() -> None:
    """Where either of two published meetings could move, the one of fewer people does."""
    one, two = (
        replace(each, published=True, stored=Placement(number, MONDAY, number, (0,), 0))
        for number, each in enumerate(week().meetings[:2])
    )
    problem = replace(
        week(),
        calendar=Calendar(MONDAY, (True,)),
        periods=PERIODS[:3],
        classes=(TrainingClass("C", "大班", 120), TrainingClass("D", "小班", 20)),
        meetings=(one, replace(two, parts=(Part(1, 0),))),
        venues=(Venue("A", "一号教室"),),
        teachers=(Teacher("T", "王老师"),),
        courses=(Course("K", "党史", teachers=(0,)),),
        travel=((0,),),
    )
    weights = [move_weight(problem, meeting, MONDAY) for meeting in (0, 1)]
    assert weights == [4 + 1 + 2, 4 + 1]
    # both in the first period: one of them has to leave it
    clash = replace(two, parts=(Part(1, 0),), stored=Placement(1, MONDAY, 0, (0,), 0))
    mended = replan(replace(problem, meetings=(one, clash)), [], MONDAY)
    assert [move.meeting for move in mended.moves] == [1]
    assert (mended.weight, mended.bound, mended.minimal) == (5, 5, True)


def test_what_is_new_finds_a_place_with_the_fewest_changes() -> None:
    """Its only teacher has one period left, which another teacher's meeting of the class takes."""
    problem = week()
    meetings = (
        replace(problem.meetings[0], stored=Placement(0, MONDAY, 0, (0,), 0)),
        Meeting((Part(0, 1),)),
    )
    problem = replace(
        problem,
        calendar=Calendar(MONDAY, (True,)),
        courses=(*problem.courses, Course("L", "法律", teachers=(1,))),
        absences=(replace(away(MONDAY, MONDAY), teachers=(1,), period=1),),
        meetings=meetings,
    )
    assert replan(problem, [], MONDAY).moves == ()
    mended = replan(problem, [], MONDAY, news=News(new=[1]))
    assert [(m.before and m.before.period, m.after and m.after.period) for m in mended.moves] == [
        (0, 1),
        (None, 0),
    ]
    assert (mended.left_out, mended.weight, mended.bound, mended.minimal) == ((), 1, 1, True)


def test_what_is_new_and_finds_no_place_is_left_out() -> None:
    """Nobody may teach it, so that nothing else is moved for it either."""
    problem = week()
    absence = replace(away(MONDAY, MONDAY + timedelta(days=4)), teachers=(1,))
    problem = replace(
        problem,
        courses=(*problem.courses, Course("L", "法律", teachers=(1,))),
        absences=(absence,),
        meetings=(*problem.meetings, Meeting((Part(0, 1),))),
    )
    mended = replan(problem, [], MONDAY, news=News(new=[3]))
    assert [(m.meeting, m.before, m.after) for m in mended.moves] == [(3, None, None)]
    assert (mended.left_out, mended.weight, mended.minimal) == ((3,), 0, True)


def test_alternatives_do_as_well_and_change_little_first() -> None:
    """Another room at the same time comes before another time; each keeps every hard rule."""
    tuesday = MONDAY + timedelta(days=1)
    mended = replan(week(), [away(tuesday, tuesday)], MONDAY, alternatives=4)
    (move,) = mended.moves
    assert len(move.alternatives) == 4
    assert move.alternatives[0] == Placement(1, tuesday, 0, (1,), 1)
    changed = replace(week(), absences=(away(tuesday, tuesday),))
    for place in move.alternatives:
        rest = [p for p in mended.placements if p is not None and p.meeting != 1]
        assert broken_rules(changed, [*rest, place]) == set()
