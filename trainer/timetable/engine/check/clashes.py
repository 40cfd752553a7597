"""Hard rules between sessions: one place at a time, journeys, order, weekly limits.

H1, H3, H7, H8 (order) and H11 of the contract.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.view import Seen, View, once_per_meeting
from trainer.timetable.engine.problem import Member, Problem
from trainer.timetable.engine.solution import Finding

TEACHER_CLASH = mark("{teacher} is to teach two meetings at once: {one} and {other}")
SAME_PERSON_CLASH = mark(
    "{teacher} and {name} are one person, who is to teach two meetings at once: {one} and {other}"
)
TRAINEE_CLASH = mark(
    "{teacher} is to teach while sitting as a trainee in {class_}: {one} and {other}"
)
CLASS_CLASH = mark("{class_} has two meetings at once: {one} and {other}")
PERSON_CLASH = mark(
    "{count} people are to be in two places at once, such as {person}: {one} and {other}"
)
CLASS_JOURNEY = mark(
    "{class_} has {gap} minutes to go from {from_} to {to}, but needs {need}: {one} and {other}"
)
TEACHER_JOURNEY = mark(
    "{teacher} has {gap} minutes to go from {from_} to {to}, but needs {need}: {one} and {other}"
)
NOT_FIRST = mark("{one} should come first in its class, but {other} is earlier")
NOT_LAST = mark("{one} should come last in its class, but {other} is later")
NOT_AFTER = mark("{one} should come after {other}")
WEEK_FULL = mark(
    "{teacher} teaches {count} meetings in the week of {monday}, at most {limit} are allowed"
)


def clashes(view: View) -> Iterator[Finding]:
    """Yield every finding that takes more than one session to see."""
    yield from _teacher_clashes(view)
    yield from _same_person_clashes(view)
    yield from _trainee_clashes(view)
    yield from _class_clashes(view)
    yield from _person_clashes(view)
    yield from _journeys(view)
    yield from _positions(view)
    yield from _orders(view)
    yield from _weeks(view)


def hard(rule: str, seens: Iterable[Seen], message: Phrase) -> Finding:
    """Return a hard finding that touches these sessions."""
    touches = tuple(dict.fromkeys(seen.touch for seen in seens))
    return Finding(rule=rule, hard=True, touches=touches, cost=0, message=message)


def overlapping(seens: Iterable[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Yield each pair of sittings that run at the same time, the earlier one first."""
    active: list[Seen] = []
    for seen in sorted(
        (seen for seen in seens if seen.timed), key=lambda seen: (seen.start, seen.touch)
    ):
        active = [other for other in active if other.end > seen.start]
        for other in active:
            if other.overlaps(seen):
                yield other, seen
        active.append(seen)


def _teacher_clashes(view: View) -> Iterator[Finding]:
    problem = view.problem
    for teacher, seens in view.by_teacher.items():
        for one, other in overlapping(once_per_meeting(seens)):
            message = phrase(
                TEACHER_CLASH,
                teacher=problem.teachers[teacher].name,
                one=one.name(problem),
                other=other.name(problem),
            )
            yield hard("H1", (one, other), message)


def _same_person_clashes(view: View) -> Iterator[Finding]:
    problem = view.problem
    for teacher, others in view.facts.same_people.items():
        for name in others:
            if teacher < name:
                for one, other in _between(view, teacher, name):
                    message = phrase(
                        SAME_PERSON_CLASH,
                        teacher=problem.teachers[teacher].name,
                        name=problem.teachers[name].name,
                        one=one.name(problem),
                        other=other.name(problem),
                    )
                    yield hard("H1", (one, other), message)


def _between(view: View, teacher: int, name: int) -> Iterator[tuple[Seen, Seen]]:
    """Yield what two teachers hold at the same time, unless it is one meeting."""
    both = once_per_meeting([*view.by_teacher.get(teacher, ()), *view.by_teacher.get(name, ())])
    for one, other in overlapping(both):
        if one.sitting.teacher != other.sitting.teacher:
            yield one, other


def _trainee_clashes(view: View) -> Iterator[Finding]:
    problem = view.problem
    for teacher, seats in view.facts.seats_of_teachers.items():
        held = once_per_meeting(view.by_teacher.get(teacher, ()))
        for class_, member in seats:
            taught = [s for s in held if all(part.class_ != class_ for part in s.meeting.parts)]
            meetings = {seen.sitting.meeting for seen in taught}
            for one, other in overlapping(
                [*taught, *view.by_class.get(class_, ())] if taught else ()
            ):
                crossed = (one.sitting.meeting in meetings) != (other.sitting.meeting in meetings)
                if crossed and _belongs(member, one.sitting.day):
                    message = phrase(
                        TRAINEE_CLASH,
                        teacher=problem.teachers[teacher].name,
                        class_=problem.classes[class_].title,
                        one=one.name(problem),
                        other=other.name(problem),
                    )
                    yield hard("H1", (one, other), message)


def _class_clashes(view: View) -> Iterator[Finding]:
    problem = view.problem
    for class_, seens in view.by_class.items():
        for one, other in overlapping(seens):
            message = phrase(
                CLASS_CLASH,
                class_=problem.classes[class_].title,
                one=one.name(problem),
                other=other.name(problem),
            )
            yield hard("H3", (one, other), message)


def _person_clashes(view: View) -> Iterator[Finding]:
    problem = view.problem
    for one, other in overlapping(view.all):
        first, second = sorted((one.part.class_, other.part.class_))
        if first == second or one.sitting.meeting == other.sitting.meeting:
            continue
        people = [
            a.person
            for a, b in view.facts.shared_people(first, second)
            if (_belongs(a, one.sitting.day) and _belongs(b, one.sitting.day))
        ]
        if people:
            message = phrase(
                PERSON_CLASH,
                count=len(people),
                person=problem.people[people[0]],
                one=one.name(problem),
                other=other.name(problem),
            )
            yield hard("H3", (one, other), message)


def _belongs(member: Member, day: date) -> bool:
    return (member.first is None or member.first <= day) and (
        member.last is None or day <= member.last
    )


def _journeys(view: View) -> Iterator[Finding]:
    problem = view.problem
    for class_, seens in view.by_class.items():
        name = problem.classes[class_].title
        for one, other, gap, need in _too_tight(problem, seens):
            message = phrase(
                CLASS_JOURNEY, class_=name, gap=gap, need=need, **_ends(problem, one, other)
            )
            yield hard("H7", (one, other), message)
    for teacher, seens in _travellers(view):
        name = problem.teachers[teacher].name
        for one, other, gap, need in _too_tight(problem, once_per_meeting(seens)):
            message = phrase(
                TEACHER_JOURNEY, teacher=name, gap=gap, need=need, **_ends(problem, one, other)
            )
            yield hard("H7", (one, other), message)


def _travellers(view: View) -> Iterator[tuple[int, list[Seen]]]:
    """Yield teachers with their sessions; who is one person under two names comes once."""
    same = view.facts.same_people
    for teacher, seens in view.by_teacher.items():
        others = [other for other in same.get(teacher, ()) if other in view.by_teacher]
        if all(teacher < other for other in others):
            yield teacher, [*seens, *(seen for o in others for seen in view.by_teacher[o])]


def _ends(problem: Problem, one: Seen, other: Seen) -> dict[str, object]:
    assert one.sitting.venue is not None
    assert other.sitting.venue is not None
    return {
        "from_": problem.venues[one.sitting.venue].name,
        "to": problem.venues[other.sitting.venue].name,
        "one": one.name(problem),
        "other": other.name(problem),
    }


def _too_tight(problem: Problem, seens: Iterable[Seen]) -> Iterator[tuple[Seen, Seen, int, int]]:
    days: dict[int, list[Seen]] = defaultdict(list)
    for seen in seens:
        if seen.timed and seen.sitting.venue is not None:
            days[seen.day].append(seen)
    for those in days.values():
        for one, other in combinations(sorted(those, key=lambda seen: seen.start), 2):
            a, b = one.sitting.venue, other.sitting.venue
            if a is None or b is None or a == b or one.overlaps(other):
                continue
            need = travel_minutes(problem, a, b) + problem.buffer
            gap = other.start - one.end
            if gap < need:
                yield one, other, gap, need


def travel_minutes(problem: Problem, a: int, b: int) -> int:
    """Return the minutes from one venue to another, 0 where no matrix is given."""
    return problem.travel[a][b] if problem.travel else 0


def _positions(view: View) -> Iterator[Finding]:
    problem = view.problem
    for seens in view.by_class.values():
        timed = [seen for seen in seens if seen.timed]
        for seen in timed:
            if seen.part.position == "first":
                earlier = [o for o in timed if o.part.position != "first" and o.start < seen.start]
                if earlier:
                    names = {"one": seen.name(problem), "other": earlier[0].name(problem)}
                    yield hard("H8", (seen, *earlier), phrase(NOT_FIRST, **names))
            elif seen.part.position == "last":
                later = [o for o in timed if o.part.position != "last" and o.start > seen.start]
                if later:
                    names = {"one": seen.name(problem), "other": later[-1].name(problem)}
                    yield hard("H8", (seen, *later), phrase(NOT_LAST, **names))


def _orders(view: View) -> Iterator[Finding]:
    problem = view.problem
    for seens in view.by_class.values():
        timed = [seen for seen in seens if seen.timed]
        for seen in timed:
            for other in timed:
                before = other.part.course in seen.course.after
                if before and other.part.course != seen.part.course and other.start >= seen.start:
                    names = {"one": seen.name(problem), "other": other.name(problem)}
                    yield hard("H8", (seen, other), phrase(NOT_AFTER, **names))


def _weeks(view: View) -> Iterator[Finding]:
    problem = view.problem
    for teacher, seens in view.by_teacher.items():
        limit = problem.teachers[teacher].max_per_week
        if limit is None:
            continue
        weeks: dict[tuple[int, int], list[Seen]] = defaultdict(list)
        for seen in seens:
            iso = seen.sitting.day.isocalendar()
            weeks[iso.year, iso.week].append(seen)
        for (year, week), those in weeks.items():
            count = len({seen.sitting.meeting for seen in those})
            if count > limit:
                message = phrase(
                    WEEK_FULL,
                    teacher=problem.teachers[teacher].name,
                    count=count,
                    limit=limit,
                    monday=date.fromisocalendar(year, week, 1).isoformat(),
                )
                yield hard("H11", those, message)
