from __future__ import annotations

import time

import pytest

from trainer.timetable.engine.curricula.instance import Course, Curriculum, Instance, Room
from trainer.timetable.engine.curricula.score import FORMULATIONS, Score, score
from trainer.timetable.engine.curricula.solve import Outcome, solve_instance
from trainer.timetable.engine.solution import Limits, Progress


def week(courses: int = 12, lectures: int = 3, rooms: int = 4) -> Instance:
    return Instance(
        name="week",
        days=5,
        periods=4,
        courses=tuple(
            Course(f"c{n}", f"t{n % 5}", lectures, 2, 10 + 7 * n % 40) for n in range(courses)
        ),
        rooms=tuple(Room(f"r{n}", 8 + 4 * n) for n in range(rooms)),
        curricula=tuple(
            Curriculum(f"q{n}", (n % courses, (n * 3 + 1) % courses, (n + 5) % courses))
            for n in range(courses)
        ),
    )


def judged(outcome: Outcome) -> Score:
    """Return the score of a timetable that was found."""
    assert outcome.score is not None
    return outcome.score


def test_same_seed_and_work_give_the_same_timetable() -> None:
    one, other = (
        solve_instance(week(), limits=Limits(work=60_000, seed=7), cores=1) for _ in range(2)
    )
    assert one.timetable == other.timetable
    assert one.steps == 60_000
    again = score(week(), one.timetable, FORMULATIONS["UD2"])
    assert again == judged(one)
    assert again.violations == 0


@pytest.mark.slow
def test_two_processes_give_the_same_timetable_twice() -> None:
    one, other = (solve_instance(week(), limits=Limits(work=1_200_000, seed=3)) for _ in range(2))
    assert one.timetable == other.timetable
    assert judged(one).violations == 0


def test_more_work_is_not_worse_than_the_start() -> None:
    start = solve_instance(week(), limits=Limits(work=0), cores=1)
    better = solve_instance(week(), limits=Limits(work=100_000), cores=1)
    assert start.steps == 0
    assert judged(better).total < judged(start).total


def test_time_limit_is_kept() -> None:
    began = time.monotonic()
    outcome = solve_instance(week(), limits=Limits(seconds=0.8), cores=1)
    assert judged(outcome).violations == 0
    assert time.monotonic() - began < 5


def test_asked_to_stop_it_returns_what_it_has() -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 3

    outcome = solve_instance(week(), limits=Limits(seconds=600), cores=1, should_stop=stop)
    assert judged(outcome).violations == 0


def test_progress_never_goes_back() -> None:
    costs: list[int] = []
    steps: list[int] = []

    def note(progress: Progress) -> None:
        costs.append(progress.cost)
        steps.append(progress.steps)

    solve_instance(
        week(),
        limits=Limits(work=400_000),
        cores=1,
        on_progress=note,
    )
    assert costs == sorted(costs, reverse=True)
    assert steps == sorted(steps)


def test_more_lectures_than_rooms_are_proved_impossible() -> None:
    crowded = week(courses=30, rooms=4)
    outcome = solve_instance(crowded, limits=Limits(work=1000), cores=1)
    assert (outcome.status, outcome.timetable, outcome.score) == ("infeasible", (), None)


def test_rooms_that_suit_too_few_are_proved_impossible_only_where_suitability_is_hard() -> None:
    """Three courses of seven lectures each, for one room of twenty slots."""
    three = Instance(
        name="lab",
        days=5,
        periods=4,
        courses=tuple(Course(f"c{n}", f"t{n}", 7, 1, 1) for n in range(3)),
        rooms=(Room("lab", 9), Room("hall", 9)),
        curricula=(),
        unsuitable=frozenset((n, 1) for n in range(3)),
    )
    limits = Limits(work=2000)
    assert solve_instance(three, FORMULATIONS["UD4"], limits, cores=1).status == "infeasible"
    outcome = solve_instance(three, FORMULATIONS["UD3"], limits, cores=1)
    assert judged(outcome).cost["RoomSuitability"] >= 3


def test_nothing_to_place_costs_nothing() -> None:
    empty = Instance("empty", 1, 1, (), (), ())
    outcome = solve_instance(empty, cores=1)
    assert (outcome.status, outcome.timetable, judged(outcome).total) == ("optimal", (), 0)
