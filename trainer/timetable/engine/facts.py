"""Facts of a problem one by one: each can be named in a sentence, and taken away to see what helps.

An explanation of why something cannot be placed is a set of such facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.relations import same_people, seats_of_teachers, wholes_of
from trainer.timetable.engine.rules import SOFT_IDS, made_hard, rules_in_force
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Tables

FEW: Final = 3
"""Up to how many venues each have a fact of their own, instead of one for all together."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its kind (a key of ``relax.COSTS``), and the positions of what it is about."""

    kind: str
    key: tuple[int, ...] = ()


def facts_about(problem: Problem) -> list[Fact]:
    """Return the facts that touch a problem's meetings, those that people can change first.

    Where several sets of facts explain the same, the one is told that has the earlier facts.
    """
    tables = Tables(problem)
    classes = sorted({p.class_ for m in problem.meetings for p in m.parts})
    courses = sorted({p.course for m in problem.meetings for p in m.parts})
    venues = sorted(
        {v for rooms in tables.rooms for part in rooms for v, _ in part if v != NO_VENUE}
        | {p.fixed_venue for m in problem.meetings for p in m.parts if p.fixed_venue is not None}
        | _named_venues(problem, classes, courses)
        | {stop for c in courses for stop in problem.courses[c].stops}
    )
    teachers = sorted(
        {t for those in tables.teachers for t in those}.union(
            *(problem.courses[c].teachers for c in courses)
        ).difference({NO_TEACHER})
    )
    hard = made_hard(rules_in_force(problem.rules))
    found = list(_of_absences(problem, classes, venues, teachers, trainees="trainees" in hard))
    found += _of_rules(problem, hard)
    found += _of_meetings(problem)
    found += _of_time(problem, classes, teachers, _upset(problem, classes, hard))
    found += _of_people(problem, classes)
    found += _of_selves(problem, teachers)
    found += _of_courses(problem, courses)
    found += _of_places(problem, classes, courses, venues)
    return found


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
    yield from (Fact("size", (index,)) for index in classes if problem.classes[index].size)
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
    if problem.buffer:
        yield Fact("buffer")
    yield from _grouped("parallel", venues)
    yield from _of_halls(problem, venues)
    for index in classes:
        class_ = problem.classes[index]
        yield from _where(index, rooms=bool(class_.venues), accredited=class_.accredited)
    for index in courses:
        course = problem.courses[index]
        yield from _where(
            index,
            places=bool(course.venues),
            equipment=bool(course.equipment),
            kinds=bool(course.kinds),
        )
    facts = {index: problem.venues[index] for index in venues}
    yield from _grouped("season", (i for i, v in facts.items() if v.season is not None))
    yield from _grouped("weekdays", (i for i, v in facts.items() if v.closed_weekdays))
    yield from _grouped(
        "hours", (i for i, v in facts.items() if (v.open_from, v.open_to) != (None, None))
    )
    yield from _grouped("shared", (i for i, v in facts.items() if v.shared is not None))


def _of_halls(problem: Problem, venues: list[int]) -> Iterator[Fact]:
    """Yield that one venue is a part of another, for those and what lies between them."""
    links = {
        part: whole
        for venue in venues
        for part, whole in pairwise([venue, *wholes_of(problem, venue)])
    }
    yield from (Fact("part_of", link) for link in sorted(links.items()))


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


def _of_rules(problem: Problem, hard: Collection[str]) -> Iterator[Fact]:
    """Yield the soft rules that the office made hard, by their place in the registry."""
    stays = rules_in_force(problem.rules)["changes"].level == "hard" and any(
        meeting.stored is not None for meeting in problem.meetings
    )
    for place, name in enumerate(SOFT_IDS):
        if name in hard or (name == "changes" and stays):
            yield Fact("rule", (place,))


def _upset(problem: Problem, classes: list[int], hard: Collection[str]) -> set[str]:
    """Return the facts that cannot be taken away without making a rule harder to keep.

    Were every day and hour working time, knowledge classes had none to keep to, and others' days
    more to be idle in.
    """
    knowledge = any(problem.classes[c].knowledge for c in classes)
    if "compact" in hard or ("working_time" in hard and knowledge):
        return {"workdays", "workperiods"}
    return set()


def _of_time(
    problem: Problem, classes: list[int], teachers: list[int], upset: Collection[str]
) -> Iterator[Fact]:
    for index in classes:
        yield from _of_window(problem, index)
    for index in classes:
        if problem.classes[index].max_days is not None:
            yield Fact("max_days", (index,))
    for index in teachers:
        if problem.teachers[index].max_per_week is not None:
            yield Fact("week", (index,))
    yield Fact("periods")
    if not all(problem.calendar.working) and "workdays" not in upset:
        yield Fact("workdays")
    if not all(period.work for period in problem.periods) and "workperiods" not in upset:
        yield Fact("workperiods")


def _of_window(problem: Problem, index: int) -> Iterator[Fact]:
    class_ = problem.classes[index]
    if class_.earliest is not None and class_.latest is not None:
        yield Fact("window", (index,))
    elif class_.earliest is not None:
        yield Fact("earliest", (index,))
    elif class_.latest is not None:
        yield Fact("latest", (index,))


def _of_people(problem: Problem, classes: list[int]) -> Iterator[Fact]:
    people = {c: {member.person for member in problem.classes[c].members} for c in classes}
    for a, b in combinations(classes, 2):
        if people[a] & people[b]:
            yield Fact("people", (a, b))


def _of_selves(problem: Problem, teachers: list[int]) -> Iterator[Fact]:
    same, seats = same_people(problem), seats_of_teachers(problem)
    yield from (Fact("selves", (index,)) for index in teachers if index in same)
    yield from (Fact("trainee", (index,)) for index in teachers if index in seats)


def _of_courses(problem: Problem, courses: list[int]) -> Iterator[Fact]:
    for index in courses:
        for other in sorted(problem.courses[index].after & set(courses)):
            yield Fact("order", (index, other))
    yield from (Fact("staff", (index,)) for index in courses if problem.courses[index].teachers)
    yield from (Fact("stops", (index,)) for index in courses if problem.courses[index].stops)


def _of_meetings(problem: Problem) -> Iterator[Fact]:
    for index, meeting in enumerate(problem.meetings):
        yield from _where(
            index,
            lock=meeting.locked and meeting.stored is not None,
            day=meeting.fixed_day is not None,
            period=meeting.fixed_period is not None,
            teacher=meeting.fixed_teacher is not None,
        )
        for place, part in enumerate(meeting.parts):
            yield from _where(index, place, venue=part.fixed_venue is not None)
            if part.position:
                yield Fact(part.position, (index, place))


def _of_absences(
    problem: Problem,
    classes: list[int],
    venues: list[int],
    teachers: list[int],
    *,
    trainees: bool,
) -> Iterator[Fact]:
    for index, absence in enumerate(problem.absences):
        if (
            set(absence.teachers) & set(teachers)
            or set(absence.venues) & set(venues)
            or set(absence.classes) & set(classes)
            or (trainees and set(absence.trainees) & set(classes))
        ):
            yield Fact("absence", (index,))
