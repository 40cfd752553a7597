"""The judge of a timetable of an instance: slow, obvious, and unlike everything that solves.

Rules and weights of the formulations UD1 to UD5 as published (Bonutti, De Cesco, Di Gaspero and
Schaerf, "Benchmarking curriculum-based course timetabling"; UD2 is that of ITC-2007, track 3).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from trainer.errors import UsageError
from trainer.timetable.engine.curricula.instance import Instance

LECTURES: Final = "Lectures"
CONFLICTS: Final = "Conflicts"
AVAILABILITY: Final = "Availability"
OCCUPANCY: Final = "RoomOccupancy"
CAPACITY: Final = "RoomCapacity"
MIN_DAYS: Final = "MinWorkingDays"
COMPACTNESS: Final = "CurriculumCompactness"
WINDOWS: Final = "Windows"
STABILITY: Final = "RoomStability"
LOAD: Final = "StudentMinMaxLoad"
TRAVEL: Final = "TravelDistance"
SUITABILITY: Final = "RoomSuitability"
DOUBLE: Final = "DoubleLectures"


@dataclass(frozen=True, slots=True)
class Formulation:
    """What counts: the weight of every soft rule in force, and the hard rules."""

    name: str
    weights: Mapping[str, int]
    hard: tuple[str, ...] = (LECTURES, CONFLICTS, AVAILABILITY, OCCUPANCY)

    def weight(self, rule: str) -> int:
        """Return a soft rule's weight, 0 where it is not in force."""
        return self.weights.get(rule, 0)


def _formulation(name: str, *hard: str, **weights: int) -> Formulation:
    return Formulation(name, MappingProxyType(weights), Formulation(name, {}).hard + hard)


FORMULATIONS: Final[Mapping[str, Formulation]] = MappingProxyType(
    {
        each.name: each
        for each in (
            _formulation("UD1", RoomCapacity=1, MinWorkingDays=5, CurriculumCompactness=1),
            _formulation(
                "UD2", RoomCapacity=1, MinWorkingDays=5, CurriculumCompactness=2, RoomStability=1
            ),
            _formulation("UD3", RoomCapacity=1, Windows=4, StudentMinMaxLoad=2, RoomSuitability=3),
            _formulation(
                "UD4",
                SUITABILITY,
                RoomCapacity=1,
                MinWorkingDays=1,
                Windows=1,
                StudentMinMaxLoad=1,
                DoubleLectures=1,
            ),
            _formulation(
                "UD5",
                RoomCapacity=1,
                MinWorkingDays=5,
                CurriculumCompactness=1,
                Windows=2,
                StudentMinMaxLoad=2,
                TravelDistance=2,
            ),
        )
    }
)


def formulation_named(name: str) -> Formulation:
    """Return a formulation by its name, whatever its case; raises UsageError for an unknown one."""
    found = FORMULATIONS.get(name.upper())
    if found is None:
        raise UsageError(
            "there is no formulation “{name}”; use one of {names}",
            name=name,
            names=", ".join(FORMULATIONS),
        )
    return found


class Lecture(NamedTuple):
    """One lecture's place: course and room by index, day and period from 0."""

    course: int
    room: int
    day: int
    period: int


Timetable = Sequence[Lecture]


@dataclass(frozen=True, slots=True)
class Score:
    """Violations of each hard rule, and weighted cost of each soft rule in force."""

    hard: Mapping[str, int]
    cost: Mapping[str, int]

    @property
    def violations(self) -> int:
        """Return how often hard rules are violated."""
        return sum(self.hard.values())

    @property
    def total(self) -> int:
        """Return the cost of the soft rules together."""
        return sum(self.cost.values())


def score(instance: Instance, timetable: Timetable, formulation: Formulation) -> Score:
    """Judge a timetable by a formulation."""
    week = _Week(instance, timetable)
    counts = {
        LECTURES: week.lectures_missing,
        CONFLICTS: week.conflicts,
        AVAILABILITY: week.unavailable,
        OCCUPANCY: week.rooms_shared,
        CAPACITY: week.seats_missing,
        MIN_DAYS: week.days_missing,
        COMPACTNESS: week.isolated,
        WINDOWS: week.windows,
        STABILITY: week.rooms_changed,
        LOAD: week.load_wrong,
        TRAVEL: week.hurried,
        SUITABILITY: week.unsuitable,
        DOUBLE: week.ungrouped,
    }
    return Score(
        hard={rule: counts[rule]() for rule in formulation.hard},
        cost={rule: weight * counts[rule]() for rule, weight in formulation.weights.items()},
    )


class _Week:
    """A timetable looked at from the sides from which the rules look at it."""

    def __init__(self, instance: Instance, timetable: Timetable) -> None:
        self.instance = instance
        self.timetable = timetable
        self.of_course: dict[int, list[Lecture]] = defaultdict(list)
        self.in_slot: dict[tuple[int, int], list[Lecture]] = defaultdict(list)
        for lecture in timetable:
            self.of_course[lecture.course].append(lecture)
            self.in_slot[lecture.day, lecture.period].append(lecture)

    # -- hard ----------------------------------------------------------------------------------

    def lectures_missing(self) -> int:
        """Count lectures too few or too many, and those of a course beyond one in a slot."""
        wrong = 0
        for index, course in enumerate(self.instance.courses):
            slots = Counter((each.day, each.period) for each in self.of_course[index])
            wrong += abs(course.lectures - len(slots))
            wrong += sum(count - 1 for count in slots.values())
        return wrong

    def conflicts(self) -> int:
        """Count pairs of courses with a teacher or a curriculum in common in one slot."""
        courses = self.instance.courses
        apart = {
            frozenset((one, other))
            for curriculum in self.instance.curricula
            for one in curriculum.courses
            for other in curriculum.courses
            if one != other
        }
        found = 0
        for lectures in self.in_slot.values():
            here = sorted({each.course for each in lectures})
            for place, one in enumerate(here):
                for other in here[place + 1 :]:
                    same_teacher = courses[one].teacher == courses[other].teacher
                    found += same_teacher or frozenset((one, other)) in apart
        return found

    def unavailable(self) -> int:
        """Count lectures in slots in which their course cannot be."""
        return sum(
            (each.course, each.day, each.period) in self.instance.unavailable
            for each in self.timetable
        )

    def rooms_shared(self) -> int:
        """Count lectures beyond the first of each room and slot."""
        used = Counter((each.room, each.day, each.period) for each in self.timetable)
        return sum(count - 1 for count in used.values())

    # -- rooms ---------------------------------------------------------------------------------

    def seats_missing(self) -> int:
        """Count students without a seat, lecture by lecture."""
        courses, rooms = self.instance.courses, self.instance.rooms
        return sum(
            max(0, courses[each.course].students - rooms[each.room].capacity)
            for each in self.timetable
        )

    def rooms_changed(self) -> int:
        """Count the rooms of each course beyond its first."""
        return sum(
            len({each.room for each in lectures}) - 1
            for lectures in self.of_course.values()
            if lectures
        )

    def unsuitable(self) -> int:
        """Count lectures in rooms that do not suit their course."""
        return sum((each.course, each.room) in self.instance.unsuitable for each in self.timetable)

    # -- days of courses -----------------------------------------------------------------------

    def days_missing(self) -> int:
        """Count days below the least number of days of each course."""
        return sum(
            max(0, course.min_days - len({each.day for each in self.of_course[index]}))
            for index, course in enumerate(self.instance.courses)
        )

    def ungrouped(self) -> int:
        """Count lectures, of courses with double lectures, that stand beside none of their own.

        A neighbour is of the same course in the same room; a lecture alone on its day is fine.
        """
        wrong = 0
        for index, course in enumerate(self.instance.courses):
            if not course.double:
                continue
            for day in range(self.instance.days):
                room_at = {x.period: x.room for x in self.of_course[index] if x.day == day}
                if len(room_at) > 1:
                    wrong += sum(
                        room_at.get(period - 1) != room and room_at.get(period + 1) != room
                        for period, room in room_at.items()
                    )
        return wrong

    # -- days of curricula ---------------------------------------------------------------------

    def _days(self) -> Iterator[dict[int, list[Lecture]]]:
        """Yield for each curriculum and day its lectures by period."""
        for curriculum in self.instance.curricula:
            members = set(curriculum.courses)
            for day in range(self.instance.days):
                periods = {}
                for period in range(self.instance.periods):
                    here = [x for x in self.in_slot.get((day, period), ()) if x.course in members]
                    if here:
                        periods[period] = here
                yield periods

    def isolated(self) -> int:
        """Count lectures of a curriculum with none of it before or after them on their day."""
        return sum(
            len(lectures)
            for day in self._days()
            for period, lectures in day.items()
            if period - 1 not in day and period + 1 not in day
        )

    def windows(self) -> int:
        """Count periods without a lecture between the first and the last of a curriculum's day."""
        return sum(max(day) - min(day) + 1 - len(day) for day in self._days() if day)

    def load_wrong(self) -> int:
        """Count lectures by which a curriculum's day has too few or too many, if it has any."""
        low, high = self.instance.min_load, self.instance.max_load
        loads: Iterable[int] = [len(day) for day in self._days() if day]
        return sum(max(0, low - load) + max(0, load - high) for load in loads)

    def hurried(self) -> int:
        """Count changes of site between two periods in a row, for each curriculum."""
        rooms = self.instance.rooms
        return sum(
            {rooms[x.room].site for x in day[period]} != {rooms[x.room].site for x in day[after]}
            for day in self._days()
            for period in day
            if (after := period + 1) in day
        )
