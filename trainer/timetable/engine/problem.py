"""The facts of a timetable problem, as frozen data: what to place, where, when and by whom.

Everything refers to everything else by position in the tuples of ``Problem``: ``Part.class_`` is an
index into ``Problem.classes``, ``Part.fixed_venue`` into ``Problem.venues``, and so on. Dates are
dates, clock times are whole minutes after midnight of their day (an evening that runs past
midnight ends after 1440), and intervals are half-open. The facts are those of the dataset, one to
one, so that a broken rule can be named by the fact that breaks it; nothing here is an encoding for
a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from trainer.timetable.engine.rules import RuleSetting

Position = Literal["", "first", "last"]
Season = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last month and day of a season, both included; it may run over New Year."""


@dataclass(frozen=True, slots=True)
class Period:
    """One row of the office's ``[[periods]]``; ``start`` and ``end`` are minutes after midnight."""

    code: str
    label: str
    start: int
    end: int
    part: str = "AM"
    work: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """Consecutive days from ``first`` on; ``working[i]`` says whether day ``i`` is a working day.

    It must reach over every window, fixed date and stored placement that is to be movable; a date
    outside it is no working day. ``daylight[i]`` is sunrise and sunset in minutes, or left empty.
    """

    first: date
    working: tuple[bool, ...]
    daylight: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.working)

    def index(self, day: date) -> int:
        """Return the position of ``day``, which may lie outside the calendar."""
        return (day - self.first).days

    def day(self, index: int) -> date:
        """Return the date at ``index``."""
        return self.first + timedelta(days=index)


@dataclass(frozen=True, slots=True)
class Venue:
    """A place: ``capacity`` None is unlimited, ``parallel`` is how many meetings it holds at once.

    ``season`` is ``((month, day), (month, day))``, both included, and may run over New Year;
    ``closed_weekdays`` are ISO. ``shared`` lists the classes that may use it, None all of them.
    ``part_of`` is the venue of which it is a part, as half a hall is of the hall: neither is used
    while the other is. ``exam_capacity`` counts instead at an exam, None leaves it at ``capacity``.
    ``plan_b`` is the venue used instead of one that is ``outdoor`` while the weather is bad.
    """

    code: str
    name: str
    kind: str = "classroom"
    capacity: int | None = None
    parallel: int = 1
    equipment: frozenset[str] = frozenset()
    open_from: int | None = None
    open_to: int | None = None
    season: Season | None = None
    closed_weekdays: frozenset[int] = frozenset()
    shared: frozenset[int] | None = None
    accredited: bool = False
    accredited_until: date | None = None
    part_of: int | None = None
    exam_capacity: int | None = None
    outdoor: bool = False
    plan_b: int | None = None

    def seats(self, *, exam: bool) -> int | None:
        """Return how many people it holds, at an exam or else; None is unlimited."""
        return self.exam_capacity if exam and self.exam_capacity is not None else self.capacity

    def holds(self, people: int, *, exam: bool) -> bool:
        """Say whether so many people have a seat there."""
        seats = self.seats(exam=exam)
        return seats is None or seats >= people


@dataclass(frozen=True, slots=True)
class Teacher:
    """Someone who teaches; ``max_per_week`` counts meetings of an ISO week, None sets no limit.

    ``periods_a_day`` are the most that a day should have. ``person`` is the same human being among
    ``Problem.people``: who teaches under two names, or sits in a class as well, is in one place at
    a time all the same.
    """

    code: str
    name: str
    max_per_week: int | None = None
    person: int | None = None
    periods_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught, and what that asks of a place and a teacher; empty sets ask nothing.

    ``teachers`` is everybody who may teach it (from the course and from the teachers' side);
    empty means that no teacher is needed. ``teacher_costs`` runs beside it (0 = first choice).
    ``after`` are courses of which every meeting in the same class must be earlier.
    ``needs_venue`` is False for what takes place nowhere, like self-study at home. ``stops`` are
    venues that each meeting visits (see ``route``), each for ``stay`` minutes, None shares equally.
    """

    code: str
    title: str
    strand: str = ""
    form: str = "lecture"
    kinds: frozenset[str] = frozenset()
    venues: tuple[int, ...] = ()
    venue_costs: tuple[int, ...] = ()
    equipment: frozenset[str] = frozenset()
    teachers: tuple[int, ...] = ()
    teacher_costs: tuple[int, ...] = ()
    after: frozenset[int] = frozenset()
    needs_venue: bool = True
    stops: tuple[int, ...] = ()
    stay: int | None = None

    @property
    def is_exam(self) -> bool:
        """Say whether it is an exam, for which venues have seats of their own."""
        return self.form == "exam"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a class, and the dates of the membership, both included; None is open."""

    person: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class TrainingClass:
    """A class (班次): ``size`` is the greater of its planned size and those enrolled.

    ``venues`` are the only places of its meetings, besides what a course asks of them.
    A higher ``priority`` is placed first when not everything fits. Of a ``partial`` class not all
    meetings are in the problem, so that what has gaps may be without any. ``farm_work`` are the
    seasons in which its people are wanted in the fields, ``periods_a_day`` the most that a day
    should have.
    """

    code: str
    title: str
    size: int = 0
    members: tuple[Member, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    max_days: int | None = None
    knowledge: bool = False
    accredited: bool = False
    venues: tuple[int, ...] = ()
    priority: int = 1
    partial: bool = False
    farm_work: tuple[Season, ...] = ()
    periods_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A fact of unavailability from ``first`` to ``last``, both included, and whom it touches.

    ``kind``, ``code`` and ``name`` say whose it is (a unit's or a person's too); the builder lists
    the teachers, venues and classes that cannot be used meanwhile. ``trainees`` are classes that go
    on without this one person. ``period`` None is all day.
    """

    kind: str
    code: str
    name: str
    first: date
    last: date
    period: int | None = None
    reason: str = ""
    teachers: tuple[int, ...] = ()
    venues: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()
    trainees: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a meeting is: a date, its first period, a venue for each part, and a teacher.

    A broadcast has different venues for its parts. ``venues`` entries are None where no venue is
    used, ``teacher`` is None where nobody teaches.
    """

    meeting: int
    day: date
    period: int
    venues: tuple[int | None, ...]
    teacher: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One class's share of a meeting: one session of the stored timetable, known by ``uid``.

    ``position`` is ``first``, ``last`` or blank. ``order`` is the order of the course's stops as it
    is stored, which is kept wherever it fits. ``instead_of`` is the outdoor site whose ``plan_b``
    may stand in for it: what asks for the site is then content with that venue.
    """

    class_: int
    course: int
    seq: int = 1
    fixed_venue: int | None = None
    position: Position = ""
    uid: str = ""
    order: tuple[int, ...] = ()
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One thing to place: of one class, or of several that meet jointly (one part for each).

    The ``fixed_`` fields are what the syllabus fixes. ``stored`` is where it is now; ``locked``
    keeps it exactly there, whatever the rules say of it (held sessions are locked, too);
    ``published`` makes moving it dearer. Teachers are those of the first part's course.
    """

    parts: tuple[Part, ...]
    length: int = 1
    fixed_day: date | None = None
    fixed_period: int | None = None
    fixed_teacher: int | None = None
    stored: Placement | None = None
    locked: bool = False
    published: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """One stored session as it is, for the checker: it may be foreign, incomplete or wrong.

    ``period`` None is a start that is no period of the office; ``start`` and ``end`` (minutes)
    override those of the periods. ``length`` None is the meeting's own.
    """

    meeting: int
    part: int
    day: date
    period: int | None
    venue: int | None = None
    teacher: int | None = None
    length: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole timetable problem; see the module for how its parts refer to each other.

    ``travel[a][b]`` is whole minutes from venue a to venue b (rounded up by the builder), without
    the ``buffer`` that is added between any two different venues. ``people`` are names.
    ``rules`` overrides levels, weights and parameters of the registry by rule id. ``shares`` are
    teachers' fair shares where they are those of a larger timetable, of which this is a part.
    ``together`` and ``apart`` are groups of courses that a class should have on one day, or on
    different days.
    """

    calendar: Calendar
    periods: tuple[Period, ...]
    venues: tuple[Venue, ...] = ()
    teachers: tuple[Teacher, ...] = ()
    courses: tuple[Course, ...] = ()
    classes: tuple[TrainingClass, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    people: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    travel: tuple[tuple[int, ...], ...] = ()
    buffer: int = 0
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    shares: Mapping[int, int] | None = None
    together: tuple[frozenset[int], ...] = ()
    apart: tuple[frozenset[int], ...] = ()


def within(season: Season, day: date) -> bool:
    """Say whether a day lies in a season."""
    start, end = season
    today = (day.month, day.day)
    return start <= today <= end if start <= end else (today >= start or today <= end)


def farm_days(problem: Problem) -> dict[int, int]:
    """Return for each class that has seasons of farm work the days in them, a bit for each."""
    calendar = problem.calendar
    return {
        index: sum(
            1 << day
            for day in range(len(calendar))
            if any(within(season, calendar.day(day)) for season in class_.farm_work)
        )
        for index, class_ in enumerate(problem.classes)
        if class_.farm_work
    }


def sits_exam(problem: Problem, meeting: Meeting) -> bool:
    """Say whether a meeting is an exam: of classes that meet jointly one that sits it suffices."""
    return any(problem.courses[part.course].is_exam for part in meeting.parts)


def stands_in(problem: Problem, part: Part, venue: int | None) -> bool:
    """Say whether a venue is the plan B of the site that a part was to be at."""
    site = part.instead_of
    return site is not None and venue is not None and problem.venues[site].plan_b == venue


def sittings_of(problem: Problem, placement: Placement) -> tuple[Sitting, ...]:
    """Return the sessions that a placement stands for, one for each part of its meeting."""
    length = problem.meetings[placement.meeting].length
    return tuple(
        Sitting(
            meeting=placement.meeting,
            part=part,
            day=placement.day,
            period=placement.period,
            venue=venue,
            teacher=placement.teacher,
            length=length,
        )
        for part, venue in enumerate(placement.venues)
    )
