"""Problems in which classes go on rounds with several stops, often meeting at one of them."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.factories.timetables import tiny_problem
from trainer.timetable.engine.problem import Course, Part, Problem


def tour_problem(seed: int, meetings: int = 3) -> Problem:
    """Return a tiny random problem whose courses visit some of the venues, mostly for minutes."""
    rng = Random(seed)
    problem = tiny_problem(seed, meetings)
    venues = tuple(
        replace(venue, capacity=rng.choice((None, 60)), season=None, closed_weekdays=frozenset())
        for venue in problem.venues
    )
    size = len(venues)
    near = tuple(
        tuple(0 if a == b else rng.choice((0, 5, 10)) for b in range(size)) for a in range(size)
    )
    return replace(
        problem,
        venues=venues,
        travel=near if rng.random() < 0.8 else problem.travel,
        buffer=rng.choice((0, 5)),
        courses=tuple(_with_stops(rng, course, size) for course in problem.courses),
        meetings=tuple(
            replace(meeting, parts=tuple(_with_order(rng, part, size) for part in meeting.parts))
            for meeting in problem.meetings
        ),
        absences=problem.absences[:1],
    )


def _with_stops(rng: Random, course: Course, size: int) -> Course:
    stops = tuple(sorted(rng.sample(range(size), rng.randint(1, size))))
    return replace(
        course,
        stops=stops if rng.random() < 0.8 else (),
        stay=rng.choice((None, 10, 20, 35)),
        equipment=frozenset(),
    )


def _with_order(rng: Random, part: Part, size: int) -> Part:
    """Give some parts a wish, which may be of another course's stops and so no wish at all."""
    order = tuple(rng.sample(range(size), rng.randint(1, size)))
    return replace(part, order=order) if rng.random() < 0.4 else part
