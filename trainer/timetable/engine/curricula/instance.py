"""An instance of curriculum-based course timetabling as frozen data.

What a file does not say sets no limit: a plain one has one site, no unsuitable rooms, no double
lectures, and any number of lectures a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from trainer.errors import Refused
from trainer.phrases import Phrase, mark

MOST_PERIODS: Final = 20
"""Periods of a day that are read; the cost of a day is looked up by the pattern of its periods."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course: so many lectures a week by one teacher, on at least ``min_days`` days.

    ``double`` asks for lectures of one day to stand side by side in one room.
    """

    code: str
    teacher: str
    lectures: int
    min_days: int
    students: int
    double: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room with so many seats, standing at a site (a building)."""

    code: str
    capacity: int
    site: str = ""


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Courses (by index) with students in common: never two of them at once."""

    code: str
    courses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem: courses, rooms and curricula on a week of ``days`` times ``periods`` slots.

    ``unavailable`` holds (course, day, period), ``unsuitable`` (course, room), all by index; a day
    of a curriculum should have ``min_load`` to ``max_load`` lectures, or none.
    """

    name: str
    days: int
    periods: int
    courses: tuple[Course, ...]
    rooms: tuple[Room, ...]
    curricula: tuple[Curriculum, ...]
    unavailable: frozenset[tuple[int, int, int]] = frozenset()
    unsuitable: frozenset[tuple[int, int]] = frozenset()
    min_load: int = 0
    max_load: int = MOST_PERIODS
    extended: bool = False

    @property
    def lectures(self) -> int:
        """Return how many lectures there are to place."""
        return sum(course.lectures for course in self.courses)


class BrokenInstance(Refused):
    """A file that is no instance; ``problems`` says everything that is wrong with it."""

    def __init__(self, file: str, problems: Iterable[Phrase]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            mark("{file} is not an instance that can be solved; mend what is listed: {count}"),
            file=file,
            count=len(self.problems),
        )
