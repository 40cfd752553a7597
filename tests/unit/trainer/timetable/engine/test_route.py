"""The order of a field day's stops is the best of all orders, and starts without one are none."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, permutations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.timetables import PERIODS
from trainer.timetable.engine.check import check
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Problem,
    Sitting,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.route import Round, Router, Visit
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

DAY = date(2023, 5, 8)


def field_day(**changes: object) -> Problem:
    """A morning at three sites, from a school to which the class comes back."""
    problem = Problem(
        calendar=Calendar(DAY, (True,) * 3),
        periods=PERIODS[:4],
        venues=(
            Venue("S", "党校"),
            Venue("A", "大雁合作社", "field_site"),
            Venue("B", "新村中心", "field_site"),
            Venue("C", "紫薇小镇", "field_site"),
        ),
        courses=(Course("K", "现场教学", venues=(0,), stops=(1, 2, 3), stay=20),),
        classes=(TrainingClass("C", "青干班", 20),),
        meetings=(Meeting((Part(0, 0),), length=2),),
        travel=((0, 10, 30, 40), (10, 0, 10, 30), (30, 10, 0, 10), (40, 30, 10, 0)),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def order(problem: Problem, start: int = 510, end: int = 680) -> list[int]:
    visits = Router(problem).visits(Round(0, 0, start, end), DAY)
    return [] if visits is None else [visit.venue for visit in visits]


def with_venue(problem: Problem, place: int, **changes: object) -> Problem:
    venues = list(problem.venues)
    venues[place] = replace(venues[place], **changes)  # type: ignore[arg-type]
    return replace(problem, venues=tuple(venues))


def test_the_shortest_round_is_taken_and_opening_hours_turn_it_round() -> None:
    problem = field_day()
    assert order(problem) == [1, 2, 3]
    assert order(with_venue(problem, 1, open_from=600)) == [3, 2, 1]
    assert order(with_venue(problem, 1, open_from=700)) == []


def test_time_is_shared_where_no_minutes_are_given() -> None:
    problem = field_day(courses=(replace(field_day().courses[0], stay=None),))
    visits = Router(problem).visits(Round(0, 0, 510, 680), DAY)
    # 170 minutes, 70 of them on the way
    assert visits == (Visit(1, 520, 553), Visit(2, 563, 596), Visit(3, 606, 639))


def test_a_round_that_begins_at_a_stop_does_not_come_back() -> None:
    problem = field_day(courses=(replace(field_day().courses[0], venues=(3,)),))
    visits = Router(problem).visits(Round(0, 3, 510, 680), DAY)
    assert visits is not None
    assert [visit.venue for visit in visits] == [3, 2, 1]
    assert visits[0].start == 510


def test_a_wished_order_is_kept_where_it_fits() -> None:
    router, round_ = Router(field_day()), Round(0, 0, 510, 680)
    kept = router.visits(round_, DAY, (3, 2, 1))
    assert kept is not None
    assert [visit.venue for visit in kept] == [3, 2, 1]
    short = router.visits(Round(0, 0, 510, 640), DAY, (3, 1, 2))
    assert short is not None
    assert [visit.venue for visit in short] == [1, 2, 3]


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_the_order_is_the_best_of_all(seed: int) -> None:
    rng = Random(seed)
    size = 6
    travel = tuple(
        tuple(0 if a == b else rng.choice((5, 10, 20, 45)) for b in range(size))
        for a in range(size)
    )
    stops = tuple(range(1, size))
    venues = tuple(
        Venue(
            f"V{n}",
            f"点{n}",
            "field_site",
            open_from=rng.choice((None, None, 540, 600)),
            open_to=rng.choice((None, None, 640, 660)),
        )
        for n in range(size)
    )
    course = Course("K", "现场教学", stops=stops, stay=rng.choice((None, 10, 20)))
    problem = field_day(venues=venues, travel=travel, courses=(course,), buffer=rng.choice((0, 5)))
    round_ = Round(0, rng.choice((None, 0, 2)), 510, 510 + rng.choice((120, 170, 240)))
    router = Router(problem)
    found = router.visits(round_, DAY)

    def ways(visits: tuple[Visit, ...]) -> int:
        places = [visit.venue for visit in visits]
        if round_.base == 0:
            places = [0, *places, 0]
        return sum(travel[a][b] + problem.buffer for a, b in pairwise(places))

    fitting = []
    for each in permutations(stops):
        visits = router.visits(round_, DAY, each)
        if visits is not None and tuple(visit.venue for visit in visits) == each:
            fitting.append(visits)
    assert (found is None) == (not fitting)
    if found is not None:
        assert ways(found) == min(map(ways, fitting))
        assert found[0].start >= round_.start
        assert found[-1].end <= round_.end
        for visit in found:
            venue = venues[visit.venue]
            assert (venue.open_from or 0) <= visit.start < visit.end <= (venue.open_to or 1440)


def test_a_start_without_an_order_is_no_start_and_the_checker_names_the_stop() -> None:
    away = Absence("venue", "C", "紫薇小镇", DAY, DAY, venues=(3,))
    problem = with_venue(field_day(absences=(away,)), 1, closed_weekdays=frozenset({2}))
    problem = with_venue(problem, 2, open_to=700)
    solution = solve(problem, Limits(work=50))
    (placement,) = solution.placements
    assert placement is not None
    # Monday a stop is away, Tuesday one is closed, and in the afternoon one has shut
    assert (placement.day, placement.period) == (date(2023, 5, 10), 0)
    for day, period, rule, name in (
        (DAY, 0, "H6", "紫薇小镇"),
        (date(2023, 5, 9), 0, "H6", "大雁合作社"),
        (date(2023, 5, 10), 2, "H7", "新村中心"),
    ):
        found = [f for f in check(problem, [Sitting(0, 0, day, period, 0)]) if f.hard]
        assert [f.rule for f in found] == [rule]
        assert all(name in found[0].message.text(language) for language in ("zh", "en"))


def test_a_stop_that_is_too_small_is_no_stop() -> None:
    problem = with_venue(field_day(), 2, capacity=10)
    assert solve(problem, Limits(work=50)).placed == 0
    found = [f.rule for f in check(problem, [Sitting(0, 0, DAY, 0, 0)]) if f.hard]
    assert found == ["H4"]
