"""Timetable problems for tests and benchmarks: tiny random ones, and years of any size."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final, Literal

from tests.factories.rehearsal import Rehearsal, rehearse
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Member,
    Part,
    Period,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)

PERIODS = (
    Period("A1", "上午一", 510, 590, "AM"),
    Period("A2", "上午二", 600, 680, "AM"),
    Period("P1", "下午一", 840, 920, "PM"),
    Period("P2", "下午二", 930, 1010, "PM"),
    Period("E1", "晚上", 1140, 1230, "EVE", work=False),
)


Position = Literal["", "first", "last"]


#: Days in the field that a class of a week has room for.
FIELD_DAYS: Final = 3
#: How often each teacher of a made-up year is away.
ABSENCES: Final = 3


def office_year(scale: float = 1, seed: int = 1) -> Problem:
    """Return a year of ``80 * scale`` classes with eight meetings each, like the model office's.

    Everything in it can be placed: see ``rehearsal``.
    """
    rng = Random(seed)
    first = date(2023, 1, 1)
    working = tuple((first + timedelta(days=d)).isoweekday() <= 5 for d in range(365))
    venues = _venues(rng, scale)
    fields = [i for i, venue in enumerate(venues) if venue.kind == "field_site"]
    teachers = tuple(
        Teacher(f"T{i}", f"教师{i}", rng.choice((None, None, 4, 6)))
        for i in range(max(4, round(60 * scale)))
    )
    courses = _courses(rng, len(teachers), scale)
    classes: list[TrainingClass] = []
    meetings: list[Meeting] = []
    people = max(500, round(2300 * scale))
    for number in range(round(80 * scale)):
        knowledge = number % 8 == 0
        start = first + timedelta(days=rng.randrange(10, 330))
        size = rng.randint(15, 50) if number % 10 != 1 else rng.randint(80, 150)
        home = rng.randrange(people)
        members = tuple(
            Member(p) for p in sorted({(home + rng.randrange(400)) % people for _ in range(size)})
        )
        window = rng.choice((14, 21, 28)) if not knowledge else 40
        max_days = None if knowledge else rng.choice((7, 9, 14))
        syllabus = _syllabus(rng, number, courses)
        if max_days and sum(meeting.length > 1 for meeting in syllabus) > FIELD_DAYS:
            # a place in the field takes one visit of a class a day, and is closed on Mondays
            max_days = 14
        classes.append(
            TrainingClass(
                code=f"C{number}",
                title=f"班次{number}",
                size=size,
                members=members,
                earliest=start,
                latest=min(start + timedelta(days=window), first + timedelta(days=364)),
                max_days=max_days,
                knowledge=knowledge,
            )
        )
        meetings.extend(syllabus)
    size = len(venues)
    spots = [
        (rng.random() * 5, rng.random() * 5)
        if i not in fields
        else (rng.random() * 60, rng.random() * 60)
        for i in range(size)
    ]
    travel = tuple(tuple(round(abs(a[0] - b[0]) + abs(a[1] - b[1])) for b in spots) for a in spots)
    problem = Problem(
        calendar=Calendar(first, working, tuple((400, 1120) for _ in working)),
        periods=PERIODS,
        venues=venues,
        teachers=teachers,
        courses=courses,
        classes=tuple(classes),
        meetings=tuple(meetings),
        people=tuple(f"学员{p}" for p in range(people)),
        travel=travel,
        buffer=15,
    )
    problem, rehearsal, _ = rehearse(problem)
    return replace(problem, absences=_absences(rng, problem, rehearsal))


def _absences(rng: Random, problem: Problem, rehearsal: Rehearsal) -> tuple[Absence, ...]:
    """Return three absences of each teacher, none of them on a day of the rehearsed plan."""
    found = []
    for number, teacher in enumerate(problem.teachers):
        for _ in range(ABSENCES):
            first = problem.calendar.first + timedelta(days=rng.randrange(360))
            last = first + timedelta(days=rng.randint(0, 9))
            while any(first <= day <= last for day in rehearsal.days[number]):
                first = problem.calendar.first + timedelta(days=rng.randrange(360))
                last = first + timedelta(days=rng.randint(0, 9))
            found.append(
                Absence(
                    "teacher",
                    teacher.code,
                    teacher.name,
                    first,
                    last,
                    None,
                    "出差",
                    teachers=(number,),
                )
            )
    return tuple(found)


def _venues(rng: Random, scale: float) -> tuple[Venue, ...]:
    rooms = [
        Venue(
            f"R{i}",
            f"教室{i}",
            "classroom",
            rng.choice((40, 60, 60, 200)),
            1,
            frozenset({"projector"}),
        )
        for i in range(max(3, round(12 * scale)))
    ]
    halls = [
        Venue(f"H{i}", f"报告厅{i}", "classroom", 300, 1, frozenset({"projector"}))
        for i in range(max(2, round(2 * scale)))
    ]
    fields = [
        Venue(
            f"F{i}",
            f"现场教学点{i}",
            "field_site",
            160,
            2,
            frozenset(),
            540,
            1020,
            None,
            frozenset({1}),
        )
        for i in range(max(2, round(10 * scale)))
    ]
    return tuple(rooms + halls + fields)


def _courses(rng: Random, teachers: int, scale: float) -> tuple[Course, ...]:
    courses = []
    for number in range(max(12, round(50 * scale))):
        kind = number % 5
        courses.append(
            Course(
                code=f"K{number}",
                title=f"课程{number}",
                strand=("theory", "theory", "red", "practice", "practice")[kind],
                form="field" if kind == 4 else "lecture",
                kinds=frozenset({"field_site"}) if kind == 4 else frozenset({"classroom"}),
                equipment=frozenset() if kind == 4 else frozenset({"projector"}),
                teachers=tuple(sorted(rng.sample(range(teachers), rng.choice((1, 2, 3)))))
                if kind != 4
                else (),
            )
        )
    return tuple(courses)


def _syllabus(rng: Random, number: int, courses: tuple[Course, ...]) -> list[Meeting]:
    chosen = rng.sample(range(len(courses)), 6)
    counts = [1, 1, 1, 1, 2, 2]
    meetings = []
    for place, (course, count) in enumerate(zip(chosen, counts, strict=True)):
        for seq in range(1, count + 1):
            position: Position = "first" if place == 0 else "last" if place == 1 else ""
            length = 2 if courses[course].form == "field" else 1
            part = Part(number, course, seq, position=position, uid=f"{number}-{course}-{seq}")
            meetings.append(Meeting((part,), length))
    return meetings


def tiny_problem(seed: int, meetings: int = 3) -> Problem:
    """Return a random problem of a few days, rooms and meetings, often just too tight."""
    rng = Random(seed)
    first = date(2023, 5, 4)  # a Thursday: weeks and working days change inside
    days = rng.randint(2, 5)
    periods = PERIODS[: rng.randint(2, 3)] + (PERIODS[4:] if rng.random() < 0.4 else ())
    venues = tuple(_tiny_venue(rng, i) for i in range(rng.randint(1, 3)))
    teachers = tuple(
        Teacher(f"T{i}", f"教师{i}", rng.choice((None, None, 1, 2)))
        for i in range(rng.randint(1, 2))
    )
    courses = tuple(_tiny_course(rng, i, len(venues), len(teachers)) for i in range(3))
    classes = tuple(_tiny_class(rng, i, first, days) for i in range(rng.randint(1, 3)))
    found: list[Meeting] = []
    for number in range(meetings):
        group = [rng.randrange(len(classes))]
        if len(classes) > 1 and rng.random() < 0.3:
            group = sorted({*group, rng.randrange(len(classes))})
        course = rng.randrange(len(courses))
        parts = tuple(
            Part(
                class_,
                course,
                number + 1,
                fixed_venue=rng.randrange(len(venues)) if rng.random() < 0.1 else None,
                position=rng.choice(("", "", "", "first", "last")),
                uid=f"{number}-{class_}",
            )
            for class_ in group
        )
        found.append(
            Meeting(
                parts,
                length=rng.choice((1, 1, 2)),
                fixed_day=first + timedelta(days=rng.randrange(days))
                if rng.random() < 0.15
                else None,
                fixed_period=rng.randrange(len(periods)) if rng.random() < 0.1 else None,
                fixed_teacher=rng.randrange(len(teachers)) if rng.random() < 0.1 else None,
            )
        )
    size = len(venues)
    venues, teachers = _related(Random(-seed - 1), venues, teachers)
    return Problem(
        calendar=Calendar(
            first,
            tuple(
                (first + timedelta(days=d)).isoweekday() != 7 or rng.random() < 0.2
                for d in range(days)
            ),
            tuple((400, 1120) for _ in range(days)),
        ),
        periods=periods,
        venues=venues,
        teachers=teachers,
        courses=courses,
        classes=classes,
        meetings=tuple(found),
        people=("甲", "乙", "丙", "丁"),
        absences=(
            *(
                _tiny_absence(rng, first, days, periods, teachers, venues, classes)
                for _ in range(rng.randint(0, 3))
            ),
            *_trainees_away(Random(-seed - 2), first, days, len(periods), len(classes)),
        ),
        travel=tuple(
            tuple(0 if a == b else rng.choice((0, 5, 100, 260)) for b in range(size))
            for a in range(size)
        ),
        buffer=rng.choice((0, 10, 15)),
    )


def _trainees_away(
    rng: Random, first: date, days: int, periods: int, classes: int
) -> Iterator[Absence]:
    """Yield when some trainees are away, now and then the same one by two rows of one day."""
    for _ in range(rng.randint(0, 3)):
        day = first + timedelta(days=rng.randrange(days))
        person = rng.choice("甲乙")
        last = day + timedelta(days=rng.randrange(2))
        period = rng.choice((None, rng.randrange(periods)))
        where = tuple(sorted(rng.sample(range(classes), rng.randint(1, classes))))
        yield Absence("person", person, person, day, last, period, trainees=where)


def _related(
    rng: Random, venues: tuple[Venue, ...], teachers: tuple[Teacher, ...]
) -> tuple[tuple[Venue, ...], tuple[Teacher, ...]]:
    """Make some rooms parts of the one before, and some teachers people who sit in classes."""
    halls = tuple(
        replace(venue, part_of=place - 1) if place and rng.random() < 0.3 else venue
        for place, venue in enumerate(venues)
    )
    people = tuple(
        replace(teacher, person=rng.randrange(2)) if rng.random() < 0.3 else teacher
        for teacher in teachers
    )
    return halls, people


def _tiny_venue(rng: Random, number: int) -> Venue:
    return Venue(
        code=f"R{number}",
        name=f"教室{number}",
        kind=rng.choice(("classroom", "classroom", "field_site")),
        capacity=rng.choice((None, 20, 30, 60)),
        parallel=rng.choice((1, 1, 2)),
        equipment=frozenset({"projector"}) if rng.random() < 0.7 else frozenset(),
        open_from=rng.choice((None, None, 540)),
        open_to=rng.choice((None, None, 1000)),
        season=rng.choice((None, None, ((5, 5), (9, 30)), ((10, 1), (5, 6)))),
        closed_weekdays=frozenset({rng.randint(1, 7)}) if rng.random() < 0.3 else frozenset(),
        shared=frozenset({0, 1}) if rng.random() < 0.1 else None,
        accredited=rng.random() < 0.8,
        accredited_until=date(2023, 5, 6) if rng.random() < 0.2 else None,
    )


def _tiny_course(rng: Random, number: int, venues: int, teachers: int) -> Course:
    who = tuple(range(teachers)) if rng.random() < 0.6 else (0,) if rng.random() < 0.5 else ()
    return Course(
        code=f"K{number}",
        title=f"课程{number}",
        strand=rng.choice(("red", "theory", "practice")),
        form=rng.choice(("lecture", "field")),
        kinds=frozenset({"classroom"}) if rng.random() < 0.3 else frozenset(),
        venues=(rng.randrange(venues),) if rng.random() < 0.15 else (),
        venue_costs=(2,),
        equipment=frozenset({"projector"}) if rng.random() < 0.2 else frozenset(),
        teachers=who,
        teacher_costs=(0, 2)[: len(who)],
        after=frozenset({number - 1}) if number and rng.random() < 0.3 else frozenset(),
        needs_venue=rng.random() < 0.9,
    )


def _tiny_class(rng: Random, number: int, first: date, days: int) -> TrainingClass:
    members = tuple(
        Member(
            person,
            first + timedelta(days=1) if rng.random() < 0.2 else None,
            first + timedelta(days=2) if rng.random() < 0.2 else None,
        )
        for person in range(4)
        if rng.random() < 0.25
    )
    return TrainingClass(
        code=f"C{number}",
        title=f"班次{number}",
        size=rng.choice((10, 20, 25)),
        members=members,
        earliest=first + timedelta(days=1) if rng.random() < 0.3 else None,
        latest=first + timedelta(days=days - 1) if rng.random() < 0.5 else None,
        max_days=rng.choice((None, None, 1, 2, 3)),
        knowledge=rng.random() < 0.2,
        accredited=rng.random() < 0.2,
        venues=(0,) if rng.random() < 0.2 else (),
        priority=rng.choice((1, 1, 2)),
    )


def _tiny_absence(rng: Random, first: date, days: int, *who: tuple[object, ...]) -> Absence:
    periods, teachers, venues, classes = who
    start = first + timedelta(days=rng.randrange(days))
    kind = rng.choice(("teacher", "venue", "class"))
    return Absence(
        kind=kind,
        code="x",
        name="某",
        first=start,
        last=start + timedelta(days=rng.randint(0, 1)),
        period=rng.randrange(len(periods)) if rng.random() < 0.5 else None,
        reason=rng.choice(("", "出差")),
        teachers=(rng.randrange(len(teachers)),) if kind == "teacher" else (),
        venues=(rng.randrange(len(venues)),) if kind == "venue" else (),
        classes=(rng.randrange(len(classes)),) if kind == "class" else (),
    )
