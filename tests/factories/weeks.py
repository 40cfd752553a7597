"""Weeks of a small college, made by a seed: instances with buildings, equipment and doubles."""

# ruff: noqa: S311 - a made-up week is repeatable on purpose

from __future__ import annotations

from random import Random

from trainer.timetable.engine.curricula.instance import Course, Curriculum, Instance, Room

DAYS, PERIODS, BUILDINGS = 5, 6, 3


def extended_week(seed: int, courses: int = 40) -> Instance:
    """Return an instance that uses everything that a file of the extended format can say.

    About two thirds of all rooms' slots are needed; whether a timetable exists is left open.
    """
    rng = Random(seed)
    made = tuple(
        Course(
            code=f"c{index:03d}",
            teacher=f"t{rng.randrange(courses * 2 // 3):03d}",
            lectures=(lectures := rng.randint(2, 5)),
            min_days=rng.randint(2, min(lectures, 4)),
            students=rng.choice((20, 30, 45, 60, 90, 140)),
            double=rng.random() < 0.3,
        )
        for index in range(courses)
    )
    count = max(BUILDINGS, sum(each.lectures for each in made) * 3 // (2 * DAYS * PERIODS))
    rooms = tuple(
        Room(f"r{index:02d}", rng.choice((30, 50, 70, 100, 150)), str(index % BUILDINGS))
        for index in range(count)
    )
    return Instance(
        name=f"week{seed}",
        days=DAYS,
        periods=PERIODS,
        courses=made,
        rooms=rooms,
        curricula=tuple(
            Curriculum(
                f"q{index:02d}", tuple(sorted(rng.sample(range(courses), rng.randint(3, 5))))
            )
            for index in range(courses // 2)
        ),
        unavailable=frozenset(
            (course, rng.randrange(DAYS), rng.randrange(PERIODS))
            for course in range(courses)
            for _ in range(rng.randrange(4))
        ),
        unsuitable=frozenset(
            (course, room)
            for course in range(courses)
            for room in range(count)
            if rng.random() < 0.2
        ),
        min_load=2,
        max_load=4,
        extended=True,
    )
