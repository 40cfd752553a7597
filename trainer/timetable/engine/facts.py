"""Facts of a problem one by one: each can be named in a sentence, and taken away to see what helps.

An explanation of why something cannot be placed is a set of such facts. ``without`` returns the
problem as it would be if a fact did not hold; nothing else about it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any, Final

from trainer.timetable.engine.check.single import fixed_days as fixed_days_of
from trainer.timetable.engine.check.single import span_limit
from trainer.timetable.engine.problem import Calendar, Problem
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Tables

FEW: Final = 3
"""Up to how many venues each have a fact of their own, instead of one for all together."""
MARGIN_DAYS: Final = 35
"""How many days beyond the classes' windows are looked at when a window is taken away."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its kind (a key of ``telling.TITLES``), and the positions of what it is about."""

    kind: str
    key: tuple[int, ...] = ()


def facts_about(problem: Problem) -> list[Fact]:
    """Return the facts that touch a problem's meetings, the least telling ones first.

    An explanation drops facts in this order as long as it stays true, so what comes last is kept.
    """
    tables = Tables(problem)
    classes = sorted({p.class_ for m in problem.meetings for p in m.parts})
    courses = sorted({p.course for m in problem.meetings for p in m.parts})
    venues = sorted(
        {v for rooms in tables.rooms for part in rooms for v, _ in part if v != NO_VENUE}
        | {p.fixed_venue for m in problem.meetings for p in m.parts if p.fixed_venue is not None}
        | _named_venues(problem, classes, courses)
    )
    teachers = sorted({t for those in tables.teachers for t in those} - {NO_TEACHER})
    found = list(_of_places(problem, classes, courses, venues))
    found += _of_time(problem, classes, teachers)
    found += _of_people(problem, classes)
    found += _of_syllabus(problem, courses)
    found += _of_absences(problem, classes, venues, teachers)
    return found


def without(problem: Problem, facts: Iterable[Fact]) -> Problem:
    """Return the problem as if these facts did not hold."""
    facts = list(facts)
    for fact in facts:
        if fact.kind != "absence":
            problem = _WITHOUT[fact.kind](problem, *fact.key)
    gone = {fact.key[0] for fact in facts if fact.kind == "absence"}
    if gone:
        left = tuple(a for place, a in enumerate(problem.absences) if place not in gone)
        problem = replace(problem, absences=left)
    return problem


def restrict(problem: Problem, meetings: Iterable[int]) -> Problem:
    """Return the problem with these meetings alone; how long a class may last does not change."""
    fixed = fixed_days_of(problem)
    classes = tuple(
        replace(class_, max_days=span_limit(class_, fixed.get(index, [])))
        for index, class_ in enumerate(problem.classes)
    )
    kept = [problem.meetings[m] for m in meetings]
    renumbered = tuple(
        m if m.stored is None else replace(m, stored=replace(m.stored, meeting=n))
        for n, m in enumerate(kept)
    )
    return _cropped(replace(problem, classes=classes, meetings=renumbered))


def _cropped(problem: Problem) -> Problem:
    """Return a problem with its calendar cut to what its meetings' windows need, and a margin."""
    days: list[date] = []
    for meeting in problem.meetings:
        days += [day for day in (meeting.fixed_day, meeting.stored and meeting.stored.day) if day]
        for part in meeting.parts:
            class_ = problem.classes[part.class_]
            if class_.earliest is None or class_.latest is None:
                return problem
            days += [class_.earliest, class_.latest]
    if not days:
        return problem
    calendar = problem.calendar
    first = max(calendar.index(min(days)) - MARGIN_DAYS, 0)
    last = min(calendar.index(max(days)) + MARGIN_DAYS + 1, len(calendar))
    if first >= last:
        return problem
    return replace(
        problem,
        calendar=Calendar(
            calendar.day(first), calendar.working[first:last], calendar.daylight[first:last]
        ),
    )


def _named_venues(problem: Problem, classes: list[int], courses: list[int]) -> set[int]:
    kinds = set().union(*(problem.courses[c].kinds for c in courses)) if courses else set()
    named = {v for c in courses for v in problem.courses[c].venues}
    named |= {v for c in classes for v in problem.classes[c].venues}
    if any(not problem.courses[c].kinds and not problem.courses[c].venues for c in courses):
        return set(range(len(problem.venues)))
    return named | {i for i, venue in enumerate(problem.venues) if venue.kind in kinds}


def _of_places(
    problem: Problem, classes: list[int], courses: list[int], venues: list[int]
) -> Iterator[Fact]:
    facts = {index: problem.venues[index] for index in venues}
    yield from _grouped(
        "hours", (i for i, v in facts.items() if (v.open_from, v.open_to) != (None, None))
    )
    yield from _grouped("weekdays", (i for i, v in facts.items() if v.closed_weekdays))
    yield from _grouped("season", (i for i, v in facts.items() if v.season is not None))
    yield from _grouped("shared", (i for i, v in facts.items() if v.shared is not None))
    for index in courses:
        course = problem.courses[index]
        yield from _where(
            index,
            kinds=bool(course.kinds),
            equipment=bool(course.equipment),
            places=bool(course.venues),
        )
    for index in classes:
        class_ = problem.classes[index]
        yield from _where(index, accredited=class_.accredited, rooms=bool(class_.venues))
    yield from _grouped("parallel", venues)
    yield from (Fact("size", (index,)) for index in classes if problem.classes[index].size)
    if problem.buffer:
        yield Fact("buffer")
    pairs = [
        pair
        for a, b in combinations(venues, 2)
        if problem.travel and (problem.travel[a][b] or problem.travel[b][a])
        for pair in (a, b)
    ]
    if len(pairs) > 2 * FEW:
        yield Fact("travels", tuple(pairs))
    else:
        yield from (Fact("travel", (a, b)) for a, b in zip(pairs[::2], pairs[1::2], strict=True))


def _grouped(kind: str, venues: Iterable[int]) -> Iterator[Fact]:
    """Yield one fact for each of a few venues, or one for all of many."""
    indices = tuple(venues)
    if len(indices) > FEW:
        yield Fact(kind, indices)
    else:
        yield from (Fact(kind, (index,)) for index in indices)


def _where(*key: int, **holds: bool) -> Iterator[Fact]:
    """Yield a fact of each kind that holds."""
    return (Fact(kind, key) for kind, held in holds.items() if held)


def _of_time(problem: Problem, classes: list[int], teachers: list[int]) -> Iterator[Fact]:
    for index in classes:
        if not problem.classes[index].knowledge:
            yield Fact("workdays", (index,))
    for index in teachers:
        if problem.teachers[index].max_per_week is not None:
            yield Fact("week", (index,))
    for index in classes:
        class_ = problem.classes[index]
        if class_.max_days is not None:
            yield Fact("max_days", (index,))
        if class_.earliest is not None:
            yield Fact("earliest", (index,))
        if class_.latest is not None:
            yield Fact("latest", (index,))


def _of_people(problem: Problem, classes: list[int]) -> Iterator[Fact]:
    people = {c: {member.person for member in problem.classes[c].members} for c in classes}
    for a, b in combinations(classes, 2):
        if people[a] & people[b]:
            yield Fact("people", (a, b))


def _of_syllabus(problem: Problem, courses: list[int]) -> Iterator[Fact]:
    for index in courses:
        if problem.courses[index].teachers:
            yield Fact("staff", (index,))
        for other in sorted(problem.courses[index].after & set(courses)):
            yield Fact("order", (index, other))
    for index, meeting in enumerate(problem.meetings):
        for place, part in enumerate(meeting.parts):
            if part.position:
                yield Fact(part.position, (index, place))
            yield from _where(index, place, venue=part.fixed_venue is not None)
        yield from _where(
            index,
            teacher=meeting.fixed_teacher is not None,
            period=meeting.fixed_period is not None,
            day=meeting.fixed_day is not None,
            lock=meeting.locked and meeting.stored is not None,
        )


def _of_absences(
    problem: Problem, classes: list[int], venues: list[int], teachers: list[int]
) -> Iterator[Fact]:
    for index, absence in enumerate(problem.absences):
        if (
            set(absence.teachers) & set(teachers)
            or set(absence.venues) & set(venues)
            or set(absence.classes) & set(classes)
        ):
            yield Fact("absence", (index,))


# -- taking a fact away ------------------------------------------------------------------------


def _at(items: tuple[Any, ...], place: int, **changes: Any) -> tuple[Any, ...]:
    return (*items[:place], replace(items[place], **changes), *items[place + 1 :])


def _venue(**changes: Any) -> Callable[..., Problem]:
    def changed(problem: Problem, *those: int) -> Problem:
        venues = problem.venues
        for index in those:
            venues = _at(venues, index, **changes)
        return replace(problem, venues=venues)

    return changed


def _course(**changes: Any) -> Callable[[Problem, int], Problem]:
    return lambda problem, c: replace(problem, courses=_at(problem.courses, c, **changes))


def _class(**changes: Any) -> Callable[[Problem, int], Problem]:
    return lambda problem, c: replace(problem, classes=_at(problem.classes, c, **changes))


def _meeting(**changes: Any) -> Callable[[Problem, int], Problem]:
    return lambda problem, m: replace(problem, meetings=_at(problem.meetings, m, **changes))


def _part(**changes: Any) -> Callable[[Problem, int, int], Problem]:
    def changed(problem: Problem, meeting: int, part: int) -> Problem:
        parts = _at(problem.meetings[meeting].parts, part, **changes)
        return replace(problem, meetings=_at(problem.meetings, meeting, parts=parts))

    return changed


def _strangers(problem: Problem, one: int, other: int) -> Problem:
    """Take those whom two classes share out of the second."""
    shared = {member.person for member in problem.classes[one].members}
    left = tuple(m for m in problem.classes[other].members if m.person not in shared)
    return replace(problem, classes=_at(problem.classes, other, members=left))


def _unordered(problem: Problem, course: int, other: int) -> Problem:
    after = problem.courses[course].after - {other}
    return replace(problem, courses=_at(problem.courses, course, after=after))


def _unlimited(problem: Problem, teacher: int) -> Problem:
    return replace(problem, teachers=_at(problem.teachers, teacher, max_per_week=None))


def _at_hand(problem: Problem, *pairs: int) -> Problem:
    rows = [list(row) for row in problem.travel]
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        rows[one][other] = rows[other][one] = 0
    return replace(problem, travel=tuple(tuple(row) for row in rows))


def _unbuffered(problem: Problem) -> Problem:
    return replace(problem, buffer=0)


_WITHOUT: Final[dict[str, Callable[..., Problem]]] = {
    "hours": _venue(open_from=None, open_to=None),
    "season": _venue(season=None),
    "weekdays": _venue(closed_weekdays=frozenset()),
    "parallel": _venue(parallel=1_000_000),
    "shared": _venue(shared=None),
    "size": _class(size=0),
    "kinds": _course(kinds=frozenset()),
    "equipment": _course(equipment=frozenset()),
    "places": _course(venues=()),
    "rooms": _class(venues=()),
    "accredited": _class(accredited=False),
    "earliest": _class(earliest=None),
    "latest": _class(latest=None),
    "max_days": _class(max_days=None),
    "workdays": _class(knowledge=True),
    "people": _strangers,
    "first": _part(position=""),
    "last": _part(position=""),
    "order": _unordered,
    "day": _meeting(fixed_day=None),
    "period": _meeting(fixed_period=None),
    "teacher": _meeting(fixed_teacher=None),
    "venue": _part(fixed_venue=None),
    "lock": _meeting(locked=False),
    "staff": _course(teachers=()),
    "week": _unlimited,
    "travel": _at_hand,
    "travels": _at_hand,
    "buffer": _unbuffered,
}
