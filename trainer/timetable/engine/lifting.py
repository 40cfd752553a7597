"""Taking facts away: the problem as it would be if some of its facts did not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any, Final

from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.check.standing import counts_in_span
from trainer.timetable.engine.facts import Fact
from trainer.timetable.engine.problem import Period, Problem
from trainer.timetable.engine.rules import SOFT_IDS

MOST_ADDED: Final = 24
"""How many periods a day gets at most when it is no longer the periods that are scarce."""
MOST_OUTSIDE: Final = 3
"""For how many facts that fix a meeting outside both ways of taking them away are looked at."""
HOUR: Final = 60


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


def ways_without(problem: Problem, facts: Iterable[Fact]) -> Iterator[Problem]:
    """Yield the problems of which one at least is possible if these facts need not hold.

    What is fixed outside its class's window or working hours, or locked against a rule, may be
    there for that reason alone: when it need not be it may still, or anywhere that is allowed.
    """
    facts = list(facts)
    astray = _astray(problem) if any(fact.kind == "lock" for fact in facts) else frozenset()
    outside = [
        fact
        for fact in facts
        if _is_outside(problem, fact) or (fact.kind == "lock" and fact.key[0] in astray)
    ][:MOST_OUTSIDE]
    for count in range(len(outside) + 1):
        for kept in combinations(outside, count):
            yield without(problem, [fact for fact in facts if fact not in kept])


def _astray(problem: Problem) -> frozenset[int]:
    """Return the meetings that break a rule where they are locked."""
    locked = [meeting.stored for meeting in problem.meetings if meeting.locked]
    found = check_placements(problem, locked)
    return frozenset(meeting for each in found if each.hard for meeting, _ in each.touches)


def _is_outside(problem: Problem, fact: Fact) -> bool:
    """Say whether a fact fixes a meeting where its class could not have it otherwise."""
    if fact.kind not in {"day", "period"}:
        return False
    meeting = problem.meetings[fact.key[0]]
    classes = [problem.classes[part.class_] for part in meeting.parts]
    day, period = meeting.fixed_day, meeting.fixed_period
    if fact.kind == "day" and day is not None:
        place = problem.calendar.index(day)
        works = 0 <= place < len(problem.calendar) and problem.calendar.working[place]
        return not all(counts_in_span(c, day) and (works or c.knowledge) for c in classes)
    taken = problem.periods[period : period + meeting.length] if period is not None else ()
    return not all(c.knowledge or all(each.work for each in taken) for c in classes)


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


def _stand_alone(problem: Problem, venue: int, _whole: int) -> Problem:
    return replace(problem, venues=_at(problem.venues, venue, part_of=None))


def _somebody_else(problem: Problem, teacher: int) -> Problem:
    """Take a teacher's other names for other people's; as a trainee he stays who he is."""
    person = problem.teachers[teacher].person
    seats = [m.person for class_ in problem.classes for m in class_.members]
    others = [
        place
        for place, each in enumerate(problem.teachers)
        if each.person == person and place != teacher
    ]
    # whoever sits in a class keeps the name, the others lose theirs
    gone = others if person in seats else [teacher]
    teachers = problem.teachers
    for place in gone:
        teachers = _at(teachers, place, person=None)
    return replace(problem, teachers=teachers)


def _no_trainee(problem: Problem, teacher: int) -> Problem:
    person = problem.teachers[teacher].person
    classes = tuple(
        replace(class_, members=tuple(m for m in class_.members if m.person != person))
        for class_ in problem.classes
    )
    return replace(problem, classes=classes)


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


def _wished(problem: Problem, place: int) -> Problem:
    """Make a rule soft again that the office made hard."""
    name = SOFT_IDS[place]
    rules = {**problem.rules, name: replace(problem.rules[name], level="soft")}
    return replace(problem, rules=rules)


def _any_teacher(problem: Problem, meeting: int) -> Problem:
    """Take away who teaches a meeting: whoever does so instead is not to have too many for it."""
    facts = problem.meetings[meeting]
    shares = problem.shares
    if shares is not None:
        able = problem.courses[facts.parts[0].course].teachers
        shares = {**shares, **{each: shares.get(each, 0) + 1 for each in able}}
    meetings = _at(problem.meetings, meeting, fixed_teacher=None)
    return replace(problem, meetings=meetings, shares=shares)


def _unbuffered(problem: Problem) -> Problem:
    return replace(problem, buffer=0)


def _every_day_works(problem: Problem) -> Problem:
    days = problem.calendar
    return replace(problem, calendar=replace(days, working=(True,) * len(days)))


def _every_period_works(problem: Problem) -> Problem:
    return replace(problem, periods=tuple(replace(p, work=True) for p in problem.periods))


def _longer_days(problem: Problem) -> Problem:
    """Append periods to every day, enough for all meetings and far enough apart for any journey."""
    needed = sum(meeting.length for meeting in problem.meetings)
    gap = problem.buffer + max((max(row) for row in problem.travel), default=0)
    start = max(period.end for period in problem.periods) + gap
    added = tuple(
        Period(f"+{n}", "", start + n * (HOUR + gap), start + n * (HOUR + gap) + HOUR)
        for n in range(min(needed, MOST_ADDED))
    )
    return replace(problem, periods=(*problem.periods, *added))


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
    "window": _class(earliest=None, latest=None),
    "workdays": _every_day_works,
    "workperiods": _every_period_works,
    "periods": _longer_days,
    "people": _strangers,
    "part_of": _stand_alone,
    "selves": _somebody_else,
    "trainee": _no_trainee,
    "first": _part(position=""),
    "last": _part(position=""),
    "order": _unordered,
    "day": _meeting(fixed_day=None),
    "period": _meeting(fixed_period=None),
    "teacher": _any_teacher,
    "venue": _part(fixed_venue=None),
    "lock": _meeting(locked=False),
    "staff": _course(teachers=()),
    "stops": _course(stops=()),
    "week": _unlimited,
    "travel": _at_hand,
    "travels": _at_hand,
    "buffer": _unbuffered,
    "rule": _wished,
}
