"""Changes that an office could make to a fact, in words, and the problem as it would then be.

For every fact there are a few *ladders*: changes of growing size, of which the first that helps is
enough. Some changes can only be told when it is known where the meeting goes; they first take the
fact away whole, and say then what of it has to change for that place (``narrowed``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.change import DROP, Change, of_course, of_meeting, put
from trainer.timetable.engine.facts import Fact
from trainer.timetable.engine.lifting import without
from trainer.timetable.engine.narrowing import FIXED, NARROWED, like_places, out_of_hours
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.rules import RULES, SOFT_IDS
from trainer.timetable.engine.seats import could_serve, too_small
from trainer.timetable.engine.telling import listed, tell

DAYS: Final = (1, 2, 3, 5, 7, 14, 21, 35)
"""By how many days a window or a span is stretched, from try to try."""
VENUES_TRIED: Final = 5
WAYS_TRIED: Final = 8
STAYS: Final = (90, 75, 60, 45, 30, 20, 15)
"""To how many minutes the stay at each stop of a round is shortened, from try to try."""

LATER = mark("let {class_} end on {date} instead of {old}")
EARLIER = mark("let {class_} begin on {date} instead of {old}")
LONGER = mark("let {class_} last {days} days")
MORE_A_WEEK = mark("let {teacher} teach {count} meetings in a week")
SEATS = mark("make room for {size} people in {venue}")
EXAM_SEATS = mark("make room for {size} people at an exam in {venue}")
FASTER = mark("bring the way from {venue} to {other} down to {minutes} minutes")
UNORDERED = mark("no longer ask that {course} comes after {other}")
NOT_AT_ITS_END: Final = {
    "first": mark("no longer ask that {course} comes first in {class_}"),
    "last": mark("no longer ask that {course} comes last in {class_}"),
}
SHORTER_STAY = mark("let {course} stay {minutes} minutes at each of its stops")
WITHOUT_STOP = mark("leave {venue} out of {course}")
UNLOCK = mark("unlock {course} of {class_} on {date}")
SECOND_TEACHER = mark("let {teacher} teach {course} as well")
NEW_TEACHER = mark("find one more teacher for {course}")
PARALLEL = mark("let {venue} hold {count} meetings at once")
EXCUSE_TEACHER = mark("excuse {teacher} from the class in which he is a trainee while he teaches")
LOWER = mark('make “{title}” a wish again: write {rule} = "warn" under [levels] in office.toml')
EXCUSE = mark("excuse {people} from {class_} or from {other} while both meet")


def ladders(problem: Problem, fact: Fact, meeting: int) -> Iterator[Iterator[Change]]:
    """Yield the ways to change a fact of the whole problem so that a meeting may get in."""
    index = fact.key[0] if fact.key else 0
    if fact.kind in {"window", "latest"}:
        yield _later(problem, index)
    if fact.kind in {"window", "earliest"}:
        yield _earlier(problem, index)
    if fact.kind == "stops":
        yield _shorter_stay(problem, index)
        yield _fewer_stops(problem, index)
    elif fact.kind in _LADDERS:
        yield _LADDERS[fact.kind](problem, *fact.key)
    elif fact.kind in NARROWED:
        yield _narrowing(problem, fact, meeting)
    elif fact.kind == "staff":
        yield _second_teacher(problem, fact, index)
        yield iter([Change(of_course(problem, NEW_TEACHER, index), 2, without(problem, [fact]))])
    elif fact.kind not in {"window", "latest", "earliest", "periods", "part_of", "selves"}:
        yield iter([Change(_drop_words(problem, fact), 0, without(problem, [fact]))])


def _drop_words(problem: Problem, fact: Fact) -> Phrase:
    if fact.kind == "rule":
        name = SOFT_IDS[fact.key[0]]
        return phrase(LOWER, title=phrase(RULES[name].title), rule=name)
    if fact.kind == "lock":
        stored = problem.meetings[fact.key[0]].stored
        assert stored is not None
        return of_meeting(problem, UNLOCK, fact.key[0], values={"date": stored.day.isoformat()})
    if fact.kind == "trainee":
        return phrase(EXCUSE_TEACHER, teacher=problem.teachers[fact.key[0]].name)
    if fact.kind == "people":
        one, other = (problem.classes[c] for c in fact.key)
        shared = {m.person for m in one.members} & {m.person for m in other.members}
        names = listed([problem.people[person] for person in sorted(shared)])
        return phrase(EXCUSE, people=names, class_=one.title, other=other.title)
    if fact.kind == "order":
        later, earlier = (problem.courses[course].title for course in fact.key)
        return phrase(UNORDERED, course=later, other=earlier)
    if fact.kind in NOT_AT_ITS_END:
        meeting, part = fact.key
        return of_meeting(problem, NOT_AT_ITS_END[fact.kind], meeting, part)
    return phrase(DROP, fact=tell(problem, fact))


def _narrowing(problem: Problem, fact: Fact, meeting: int) -> Iterator[Change]:
    """Yield taking a fact away, narrowed to where the meeting goes; first with like places alone.

    Who asks for a classroom is not sent to a field site while another classroom would do.
    """
    words, narrow = phrase(DROP, fact=tell(problem, fact)), NARROWED[fact.kind]

    def narrowed(places: Sequence[Placement]) -> Iterator[Change]:
        fixed = [place for place in places if fact.kind in FIXED and place.meeting == fact.key[0]]
        for there in fixed or places:
            change = narrow(problem, fact, there.meeting, there)
            if change is not None:
                yield change

    nearer = () if fact.kind == "venue" and fact.key[0] != meeting else like_places(problem, fact)
    farther = out_of_hours(problem, fact)
    for gone in (*nearer, without(problem, [fact]), *farther):
        yield Change(words, 0, gone, narrowed)


# -- growing changes ---------------------------------------------------------------------------


def _later(problem: Problem, index: int) -> Iterator[Change]:
    class_ = problem.classes[index]
    if class_.latest is None:
        return
    for days in DAYS:
        day = class_.latest + timedelta(days=days)
        words = _window_words(LATER, class_.title, class_.latest, day)
        classes = put(problem.classes, index, latest=day)
        yield Change(words, days - 1, replace(problem, classes=classes))


def _earlier(problem: Problem, index: int) -> Iterator[Change]:
    class_ = problem.classes[index]
    if class_.earliest is None:
        return
    for days in DAYS:
        day = class_.earliest - timedelta(days=days)
        words = _window_words(EARLIER, class_.title, class_.earliest, day)
        classes = put(problem.classes, index, earliest=day)
        # people were told a first day: beginning earlier is the harder of the two
        yield Change(words, days, replace(problem, classes=classes))


def _window_words(template: str, title: str, old: date, new: date) -> Phrase:
    return phrase(template, class_=title, date=new.isoformat(), old=old.isoformat())


def _longer(problem: Problem, index: int) -> Iterator[Change]:
    class_ = problem.classes[index]
    for days in DAYS:
        limit = (class_.max_days or 0) + days
        classes = put(problem.classes, index, max_days=limit)
        words = phrase(LONGER, class_=class_.title, days=limit)
        yield Change(words, days - 1, replace(problem, classes=classes))


def _more_a_week(problem: Problem, index: int) -> Iterator[Change]:
    teacher = problem.teachers[index]
    for more in (1, 2, 3):
        limit = (teacher.max_per_week or 0) + more
        teachers = put(problem.teachers, index, max_per_week=limit)
        words = phrase(MORE_A_WEEK, teacher=teacher.name, count=limit)
        yield Change(words, more - 1, replace(problem, teachers=teachers))


def _larger_rooms(problem: Problem, index: int) -> Iterator[Change]:
    """Yield venues made large enough for a class, those that lack the fewest seats first."""
    small = [
        (size - seats, place, size, exam)
        for seats, _, exam, place, size in too_small(problem, index)
        if could_serve(problem, index, place)
    ]
    for lacking, place, size, exam in sorted(small)[:VENUES_TRIED]:
        venues = put(problem.venues, place, **{"exam_capacity" if exam else "capacity": size})
        words = phrase(EXAM_SEATS if exam else SEATS, size=size, venue=problem.venues[place].name)
        yield Change(words, lacking // 10, replace(problem, venues=venues))


def _more_at_once(problem: Problem, *those: int) -> Iterator[Change]:
    for place in those[:VENUES_TRIED]:
        count = problem.venues[place].parallel + 1
        venues = put(problem.venues, place, parallel=count)
        words = phrase(PARALLEL, venue=problem.venues[place].name, count=count)
        yield Change(words, 0, replace(problem, venues=venues))


def _faster(problem: Problem, one: int, other: int) -> Iterator[Change]:
    """Yield a shorter way that fits between two periods, the slowest first."""
    now = max(problem.travel[one][other], problem.travel[other][one])
    gaps = {b.start - a.end - problem.buffer for a in problem.periods for b in problem.periods}
    for minutes in sorted({gap for gap in gaps if 0 <= gap < now}, reverse=True):
        rows = [list(row) for row in problem.travel]
        rows[one][other] = min(rows[one][other], minutes)
        rows[other][one] = min(rows[other][one], minutes)
        words = phrase(
            FASTER,
            venue=problem.venues[one].name,
            other=problem.venues[other].name,
            minutes=minutes,
        )
        travel = tuple(tuple(row) for row in rows)
        yield Change(words, (now - minutes) // 10, replace(problem, travel=travel))


def _one_faster(problem: Problem, *pairs: int) -> Iterator[Change]:
    """Yield a shorter way between two of several places, those nearest to each other first."""
    ways = zip(pairs[::2], pairs[1::2], strict=True)
    nearest = sorted(ways, key=lambda way: problem.travel[way[0]][way[1]])
    shorter = (changes for way in nearest if (changes := list(_faster(problem, *way))))
    for changes in islice(shorter, WAYS_TRIED):
        yield from changes


def _shorter_stay(problem: Problem, index: int) -> Iterator[Change]:
    now = problem.courses[index].stay or 0
    for minutes in STAYS:
        if minutes < now:
            words = of_course(problem, SHORTER_STAY, index, minutes=minutes)
            courses = put(problem.courses, index, stay=minutes)
            yield Change(words, (now - minutes) // 15, replace(problem, courses=courses))


def _fewer_stops(problem: Problem, index: int) -> Iterator[Change]:
    """Yield a round without one of its stops, the one farthest from the others first."""
    stops = problem.courses[index].stops

    def far(stop: int) -> int:
        return sum(problem.travel[stop][other] for other in stops) if problem.travel else 0

    for stop in sorted(stops, key=far, reverse=True) if len(stops) > 1 else ():
        words = of_course(problem, WITHOUT_STOP, index, venue=problem.venues[stop].name)
        courses = put(problem.courses, index, stops=tuple(s for s in stops if s != stop))
        yield Change(words, 2, replace(problem, courses=courses))


def _second_teacher(problem: Problem, fact: Fact, course: int) -> Iterator[Change]:
    """Yield letting anybody teach a course, narrowed to the one who would."""
    able = problem.courses[course].teachers
    everybody = tuple(range(len(problem.teachers)))

    def allowing(teachers: tuple[int, ...]) -> Problem:
        costs = problem.courses[course].teacher_costs or (0,) * len(able)
        added = (1,) * (len(teachers) - len(able))
        courses = put(problem.courses, course, teachers=teachers, teacher_costs=costs + added)
        return replace(problem, courses=courses)

    def narrowed(places: Sequence[Placement]) -> Iterator[Change]:
        taught = [
            p.teacher for p in places if problem.meetings[p.meeting].parts[0].course == course
        ]
        for teacher in taught:
            if teacher is not None and teacher not in able:
                name = problem.teachers[teacher].name
                words = of_course(problem, SECOND_TEACHER, course, teacher=name)
                yield Change(words, 0, allowing((*able, teacher)))

    others = tuple(t for t in everybody if t not in able)
    if others:
        words = phrase(DROP, fact=tell(problem, fact))
        yield Change(words, 0, allowing((*able, *others)), narrowed)


_LADDERS: Final[dict[str, Callable[..., Iterator[Change]]]] = {
    "max_days": _longer,
    "week": _more_a_week,
    "size": _larger_rooms,
    "parallel": _more_at_once,
    "travel": _faster,
    "travels": _one_faster,
}
