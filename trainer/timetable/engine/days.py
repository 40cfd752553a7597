"""Soft rules about what a day holds: how much of it, and which courses together or apart.

``class_day`` and ``teacher_day`` count periods beyond a limit, ``together`` the days beyond the
first over which courses that belong together are spread in a class, and ``apart`` the further
courses of a group that a day of a class has. Groups are bits of a number for each course, those
that belong together first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import NamedTuple, Protocol

from trainer.timetable.engine.problem import Problem

NO_LIMIT = -1
"""Stands for a class or a teacher whose days no limit is set for."""


class OnDay(Protocol):
    """A meeting as its class sees it: its day, first and last period, and course."""

    @property
    def day(self) -> int:
        """Return the day."""

    @property
    def period(self) -> int:
        """Return the first period."""

    @property
    def last(self) -> int:
        """Return the last period."""

    @property
    def course(self) -> int:
        """Return the course."""


class Groups(NamedTuple):
    """The groups of each course as bits, and which of these ask for what."""

    of_course: tuple[int, ...]
    together: int
    apart: int


def groups_of(problem: Problem) -> Groups:
    """Return the groups of courses that belong together, and then those that are to be apart."""
    bits = [0] * len(problem.courses)
    for number, group in enumerate((*problem.together, *problem.apart)):
        for course in group:
            bits[course] |= 1 << number
    first = (1 << len(problem.together)) - 1
    both = (1 << (len(problem.together) + len(problem.apart))) - 1
    return Groups(tuple(bits), first, both ^ first)


def unasked(problem: Problem) -> tuple[str, ...]:
    """Return those of these rules for which nothing in a problem sets a limit or a group."""
    asked = {
        "class_day": any(each.periods_a_day is not None for each in problem.classes),
        "teacher_day": any(each.periods_a_day is not None for each in problem.teachers),
        "together": bool(problem.together),
        "apart": bool(problem.apart),
    }
    return tuple(name for name, is_asked in asked.items() if not is_asked)


class Days:
    """What the days of classes and teachers cost by these rules."""

    def __init__(self, problem: Problem, weight: Mapping[str, int]) -> None:
        self.weight = weight
        none: Iterable[None] = (None,)
        taught = (t.periods_a_day for t in problem.teachers) if weight["teacher_day"] else none
        met = (c.periods_a_day for c in problem.classes) if weight["class_day"] else none
        #: the most periods of a day of each teacher and class, or NO_LIMIT; empty if none has one
        self.taught = _limits(taught)
        self.met = _limits(met)
        self.groups = groups_of(problem)
        self.grouped = bool(
            (self.groups.together and weight["together"]) or (self.groups.apart and weight["apart"])
        )

    def of_teacher(self, teacher: int, periods: int) -> int:
        """Return what a day with so many periods costs a teacher."""
        limit = self.taught[teacher] if self.taught else NO_LIMIT
        return 0 if limit == NO_LIMIT else self.weight["teacher_day"] * max(0, periods - limit)

    def of_class(self, class_: int, entries: Iterable[OnDay]) -> int:
        """Return what the days of a class cost; its meetings are sorted by time."""
        limit = self.met[class_] if self.met else NO_LIMIT
        if limit == NO_LIMIT and not self.grouped:
            return 0
        of_course, together, apart = self.groups
        over = spread = close = ever = 0
        for _, those in groupby(entries, key=lambda entry: entry.day):
            here = periods = 0
            courses: set[int] = set()
            for entry in those:
                periods += entry.last - entry.period + 1
                if entry.course not in courses:
                    courses.add(entry.course)
                    # of a group that is here already one more course is one too many
                    close += (here & of_course[entry.course] & apart).bit_count()
                    here |= of_course[entry.course]
            if limit != NO_LIMIT:
                over += max(0, periods - limit)
            spread += (here & ever & together).bit_count()
            ever |= here
        return (
            self.weight["class_day"] * over
            + self.weight["together"] * spread
            + self.weight["apart"] * close
        )


def _limits(given: Iterable[int | None]) -> tuple[int, ...]:
    limits = tuple(NO_LIMIT if each is None else each for each in given)
    return limits if any(limit != NO_LIMIT for limit in limits) else ()
