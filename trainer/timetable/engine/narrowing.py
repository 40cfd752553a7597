"""Changes narrowed to what one place of a meeting needs, once it is known where it would go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.change import DROP, Change, of_meeting, put
from trainer.timetable.engine.check.soft import INDOOR
from trainer.timetable.engine.facts import Fact
from trainer.timetable.engine.lifting import without
from trainer.timetable.engine.problem import Absence, Placement, Problem
from trainer.timetable.engine.seats import suits
from trainer.timetable.engine.telling import listed, tell

ROOMS_TRIED: Final = 4
"""How many rooms are tried one by one instead of the one that the syllabus fixes."""

MAKE_UP = mark("make {date} a working day (a make-up day)")
EVENING = mark("let {course} of {class_} take place in “{period}”, outside working hours")
INTO_EVENING = mark("let {course} of {class_} reach into “{period}”, outside working hours")
OTHER_DAY = mark("hold {course} of {class_} on {date} instead of {old}")
OTHER_PERIOD = mark("hold {course} of {class_} in “{period}” instead of “{old}”")
OTHER_TEACHER = mark("let {teacher} teach {course} of {class_} instead of {old}")
OTHER_VENUE = mark("hold {course} of {class_} in {venue} instead of {old}")
BE_THERE = mark("have {name} available on {date} after all")
ALSO_AT = mark("allow {venue} for {course}")
ALSO_CLASS_AT = mark("allow {venue} for {class_}")
EQUIP = mark("bring {equipment} to {venue}")
UNACCREDITED = mark("let {class_} use {venue} although it is not accredited then")
OPEN = mark("have {venue} opened on {date}, “{period}”")
SHARE = mark("let {class_} use {venue}, which is not shared with it")


def _other_fixed(template: str, field: str) -> Callable[..., Change | None]:
    """Return what fixes a meeting to something else than what is fixed now."""

    def narrowed(problem: Problem, fact: Fact, meeting: int, there: Placement) -> Change | None:
        if fact.key[0] != meeting:
            words = phrase(DROP, fact=tell(problem, fact))
            return Change(words, 0, without(problem, [fact]))
        facts = problem.meetings[meeting]
        value: Any = getattr(there, field)
        old: Any = getattr(facts, f"fixed_{field}")
        if value is None or value == old:
            return None
        name, new = _said(problem, field, value)
        before = _said(problem, field, old)[1]
        values: dict[str, object] = {name: new, "old": before}
        words = of_meeting(problem, template, meeting, 0, values)
        meetings = put(problem.meetings, meeting, **{f"fixed_{field}": value})
        return Change(words, 0, replace(problem, meetings=meetings))

    return narrowed


def _said(problem: Problem, field: str, value: Any) -> tuple[str, str]:
    """Return the name in a sentence, and the words, of a day, a period or a teacher."""
    if field == "day":
        return "date", value.isoformat()
    if field == "period":
        return field, problem.periods[value].label
    return field, problem.teachers[value].name


def _other_venue(problem: Problem, fact: Fact, meeting: int, there: Placement) -> Change | None:
    one, place = fact.key
    if one != meeting:
        return Change(phrase(DROP, fact=tell(problem, fact)), 0, without(problem, [fact]))
    facts = problem.meetings[meeting]
    venue, old = there.venues[place], facts.parts[place].fixed_venue
    if venue is None or old is None or venue == old:
        return None
    names = {"venue": problem.venues[venue].name, "old": problem.venues[old].name}
    parts = put(facts.parts, place, fixed_venue=venue)
    meetings = put(problem.meetings, meeting, parts=parts)
    words = of_meeting(problem, OTHER_VENUE, meeting, place, names)
    return Change(words, 0, replace(problem, meetings=meetings))


def _be_there(problem: Problem, fact: Fact, _meeting: int, there: Placement) -> Change | None:
    """Take the one day out of an absence."""
    absence = problem.absences[fact.key[0]]
    if not absence.first <= there.day <= absence.last:
        return None
    day = timedelta(days=1)
    rests: list[Absence] = []
    if absence.first < there.day:
        rests.append(replace(absence, last=there.day - day))
    if there.day < absence.last:
        rests.append(replace(absence, first=there.day + day))
    others = problem.absences
    absences = (*others[: fact.key[0]], *rests, *others[fact.key[0] + 1 :])
    words = phrase(BE_THERE, name=absence.name, date=there.day.isoformat())
    return Change(words, 0, replace(problem, absences=absences))


def _evening(problem: Problem, _fact: Fact, meeting: int, there: Placement) -> Change | None:
    taken = range(there.period, there.period + problem.meetings[meeting].length)
    late = [problem.periods[period] for period in taken if not problem.periods[period].work]
    if not late:
        return None
    template = EVENING if len(late) == len(taken) else INTO_EVENING
    meetings = put(problem.meetings, meeting, fixed_period=there.period)
    words = of_meeting(problem, template, meeting, values={"period": late[0].label})
    return Change(words, 0, replace(problem, meetings=meetings))


def _make_up_day(problem: Problem, _fact: Fact, _meeting: int, there: Placement) -> Change | None:
    calendar = problem.calendar
    day = calendar.index(there.day)
    if calendar.working[day]:
        return None
    works = (*calendar.working[:day], True, *calendar.working[day + 1 :])
    words = phrase(MAKE_UP, date=there.day.isoformat())
    return Change(words, 0, replace(problem, calendar=replace(calendar, working=works)))


def _at_venue(problem: Problem, fact: Fact, meeting: int, there: Placement) -> Change | None:
    """Change what the facts say of the venue that a meeting takes, and of no other."""
    part, venue = 0, there.venues[0]
    if fact.kind in {"rooms", "accredited"}:
        classes = [p.class_ for p in problem.meetings[meeting].parts]
        part = classes.index(fact.key[0]) if fact.key[0] in classes else 0
        venue = there.venues[part]
    if venue is None:
        return None
    facts = problem.meetings[meeting].parts[part]
    place, course = problem.venues[venue], problem.courses[facts.course]
    class_ = problem.classes[facts.class_]
    changed: dict[str, Any]
    values: dict[str, object] = {
        "venue": place.name,
        "course": course.title,
        "class_": class_.title,
        "date": there.day.isoformat(),
        "period": problem.periods[there.period].label,
    }
    if fact.kind == "equipment":
        lacking = course.equipment - place.equipment
        values["equipment"] = listed(sorted(lacking))
        template, changed = EQUIP, {"equipment": place.equipment | lacking}
    elif fact.kind == "shared":
        template, changed = SHARE, {"shared": (place.shared or frozenset()) | {facts.class_}}
    elif fact.kind == "accredited":
        template, changed = UNACCREDITED, {"accredited": True, "accredited_until": None}
    else:
        template = OPEN
        changed = {"open_from": None, "open_to": None}
        if fact.kind == "season":
            changed = {"season": None}
        elif fact.kind == "weekdays":
            changed = {"closed_weekdays": place.closed_weekdays - {there.day.isoweekday()}}
    venues = put(problem.venues, venue, **changed)
    return Change(phrase(template, **values), 0, replace(problem, venues=venues))


def _also_at(problem: Problem, fact: Fact, meeting: int, there: Placement) -> Change | None:
    """Allow the venues that a meeting takes, for its course or its class."""
    index = fact.key[0]
    venues = [
        venue
        for part, venue in zip(problem.meetings[meeting].parts, there.venues, strict=True)
        if venue is not None and index == (part.class_ if fact.kind == "rooms" else part.course)
    ]
    if fact.kind == "rooms":
        class_ = problem.classes[index]
        more = [venue for venue in dict.fromkeys(venues) if venue not in class_.venues]
        classes = put(problem.classes, index, venues=(*class_.venues, *more))
        values: dict[str, object] = {"venue": _names(problem, more), "class_": class_.title}
        change = Change(phrase(ALSO_CLASS_AT, **values), 0, replace(problem, classes=classes))
        return change if more else None
    course = problem.courses[index]
    changed: dict[str, Any]
    if fact.kind == "kinds":
        kinds = {v: problem.venues[v].kind for v in venues}
        more = [v for v, kind in kinds.items() if kind not in course.kinds]
        changed = {"kinds": course.kinds.union(kinds.values())}
    else:
        more = [venue for venue in dict.fromkeys(venues) if venue not in course.venues]
        changed = {"venues": (*course.venues, *more)}
        if course.venue_costs:
            changed["venue_costs"] = (*course.venue_costs, *(1 for _ in more))
    words = phrase(ALSO_AT, venue=_names(problem, more), course=course.title)
    courses = put(problem.courses, index, **changed)
    return Change(words, 0, replace(problem, courses=courses)) if more else None


def _names(problem: Problem, venues: Sequence[int]) -> Phrase | str:
    return listed([problem.venues[venue].name for venue in venues], len(venues))


def like_places(problem: Problem, fact: Fact) -> Iterator[Problem]:
    """Yield the problem with more places, of the kinds that a fact names places of, or like them.

    Nothing is yielded where there are no more, or where the fact is not about places.
    """
    index = fact.key[0] if fact.key else 0
    if fact.kind == "kinds":
        kinds = problem.courses[index].kinds
        if "field_site" not in kinds and not kinds >= INDOOR:
            courses = put(problem.courses, index, kinds=kinds | INDOOR)
            yield replace(problem, courses=courses)
    elif fact.kind == "rooms":
        named = problem.classes[index].venues
        if more := _like(problem, named):
            yield replace(problem, classes=put(problem.classes, index, venues=(*named, *more)))
    elif fact.kind == "places":
        course = problem.courses[index]
        if more := _like(problem, course.venues):
            costs = (*course.venue_costs, *(max(course.venue_costs, default=0) + 1 for _ in more))
            changed = {"venues": (*course.venues, *more), "venue_costs": costs}
            if not course.venue_costs:
                del changed["venue_costs"]
            yield replace(problem, courses=put(problem.courses, index, **changed))
    elif fact.kind == "venue":
        yield from _other_rooms(problem, *fact.key)


def _like(problem: Problem, named: Sequence[int]) -> list[int]:
    """Return the other venues of the kinds of these."""
    kinds = {problem.venues[venue].kind for venue in named}
    return [v for v, venue in enumerate(problem.venues) if venue.kind in kinds and v not in named]


def _other_rooms(problem: Problem, meeting: int, place: int) -> Iterator[Problem]:
    """Yield the problem with a part fixed in another venue of the same kind, the smallest first."""
    parts = problem.meetings[meeting].parts
    fixed = parts[place].fixed_venue
    if fixed is None:
        return
    others = [v for v in _like(problem, [fixed]) if suits(problem, parts[place], v)]
    others.sort(key=lambda v: (problem.venues[v].capacity is None, problem.venues[v].capacity))
    for venue in others[:ROOMS_TRIED]:
        changed = put(parts, place, fixed_venue=venue)
        yield replace(problem, meetings=put(problem.meetings, meeting, parts=changed))


def out_of_hours(problem: Problem, fact: Fact) -> Iterator[Problem]:
    """Yield a meeting fixed in a period outside working hours, where it only may be if fixed."""
    if fact.kind == "period":
        for place, period in enumerate(problem.periods):
            if not period.work:
                meetings = put(problem.meetings, fact.key[0], fixed_period=place)
                yield replace(problem, meetings=meetings)


FIXED: Final = frozenset({"day", "period", "teacher", "venue"})
"""Kinds of facts that fix one meeting."""
NARROWED: Final[dict[str, Callable[..., Change | None]]] = {
    "day": _other_fixed(OTHER_DAY, "day"),
    "period": _other_fixed(OTHER_PERIOD, "period"),
    "teacher": _other_fixed(OTHER_TEACHER, "teacher"),
    "venue": _other_venue,
    "absence": _be_there,
    "workperiods": _evening,
    "workdays": _make_up_day,
    **dict.fromkeys(("equipment", "shared", "accredited"), _at_venue),
    **dict.fromkeys(("season", "weekdays", "hours"), _at_venue),
    **dict.fromkeys(("rooms", "places", "kinds"), _also_at),
}
"""How to narrow a change of each kind of fact: problem, fact, meeting, and where it would go."""
