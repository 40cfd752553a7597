"""Facts of a problem in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.facts import FEW, Fact
from trainer.timetable.engine.problem import Absence, Period, Problem
from trainer.timetable.engine.relations import same_people, seats_of_teachers
from trainer.timetable.engine.rules import RULES, SOFT_IDS
from trainer.timetable.engine.seats import too_small
from trainer.timetable.engine.titles import TITLES

LISTED: Final = mark("{first}, {rest}")
AND_MORE: Final = mark("{listed} and others")
PERIOD: Final = mark("“{label}” {start}–{end}")
PLACE_SEATS: Final = mark("{venue} ({capacity} seats)")
PLACE_EXAM_SEATS: Final = mark("{venue} ({capacity} seats at an exam)")
PLACE_UNTIL: Final = mark("{venue} ({date})")
MONTH_DAY: Final = mark("{month}/{day}")
WEEKDAYS: Final = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip
KINDS: Final = {
    "classroom": mark("classroom"),
    "field_site": mark("field teaching site"),
    "activity_room": mark("activity room"),
    "external": mark("external place"),
    "online": mark("online room"),
}
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
"""A date of the one or the other stands for none, as in datasets."""
DAYS_LISTED: Final = 5
PERIODS_LISTED: Final = 12

_Said = tuple[str, dict[str, object]]


def tell(problem: Problem, fact: Fact) -> Phrase:
    """Return a fact as a sentence."""
    title, values = _VALUES[fact.kind](problem, *fact.key)
    return phrase(TITLES[title], **values)


def listed(items: Sequence[Phrase | str], most: int = FEW) -> Phrase | str:
    """Return a list in words, at most ``most`` items of it."""
    said: Phrase | str = ""
    for item in reversed(items[:most]):
        said = phrase(LISTED, first=item, rest=said) if said else item
    return phrase(AND_MORE, listed=said) if len(items) > most else said


def clock(minutes: int) -> str:
    """Return minutes after midnight as a time of the day."""
    hours, rest = divmod(minutes, 60)
    return f"{hours % 24:02}:{rest:02}"


def _venues(problem: Problem, those: Iterable[int]) -> Phrase | str:
    return listed([problem.venues[v].name for v in those])


def _say_absence(problem: Problem, index: int) -> _Said:
    absence = problem.absences[index]
    values: dict[str, object] = {
        "name": absence.name,
        "first": absence.first.isoformat(),
        "last": absence.last.isoformat(),
    }
    kind = _span(absence)
    if absence.period is not None:
        return f"{kind}_period", {**values, "period": problem.periods[absence.period].label}
    if absence.reason:
        return kind, {**values, "reason": absence.reason}
    return f"{kind}_plain", values


def _span(absence: Absence) -> str:
    """Return how an absence's days are told; far off years stand for no limit."""
    begins, ends = absence.first.year > FIRST_YEAR, absence.last.year < LAST_YEAR
    if begins and ends:
        return "absence_day" if absence.first == absence.last else "absence"
    if begins:
        return "absence_since"
    return "absence_until" if ends else "absence_ever"


def _say_venue(kind: str) -> Callable[..., _Said]:
    def say(problem: Problem, *those: int) -> _Said:
        venue = problem.venues[those[0]]
        values: dict[str, object] = {"venue": _venues(problem, those)}
        if len(those) > 1:
            return f"{kind}_many", values
        if kind == "hours":
            values["opens"] = clock(venue.open_from or 0)
            values["closes"] = "24:00" if venue.open_to is None else clock(venue.open_to)
        elif kind == "season" and venue.season is not None:
            (month, day), (last_month, last_day) = venue.season
            values["opens"] = phrase(MONTH_DAY, month=month, day=day)
            values["closes"] = phrase(MONTH_DAY, month=last_month, day=last_day)
        elif kind == "weekdays":
            names = [phrase(WEEKDAYS[iso - 1]) for iso in sorted(venue.closed_weekdays)]
            values["weekdays"] = listed(names, len(WEEKDAYS))
        return kind, values

    return say


def _say_parallel(problem: Problem, *those: int) -> _Said:
    count = max(problem.venues[v].parallel for v in those)
    kind = "parallel_one" if count == 1 else "parallel"
    kind = f"{kind}_many" if len(those) > 1 else kind
    return kind, {"venue": _venues(problem, those), "count": count}


def _say_course(kind: str) -> Callable[[Problem, int], _Said]:
    def say(problem: Problem, course: int) -> _Said:
        facts = problem.courses[course]
        return kind, {
            "course": facts.title,
            "kinds": listed([phrase(KINDS[k]) if k in KINDS else k for k in sorted(facts.kinds)]),
            "equipment": listed(sorted(facts.equipment)),
            "teachers": listed([problem.teachers[t].name for t in facts.teachers]),
            "venues": _venues(problem, facts.venues),
        }

    return say


def _say_class(kind: str) -> Callable[[Problem, int], _Said]:
    def say(problem: Problem, index: int) -> _Said:
        class_ = problem.classes[index]
        values: dict[str, object] = {
            "class_": class_.title,
            "count": class_.max_days,
            "earliest": "" if class_.earliest is None else class_.earliest.isoformat(),
            "latest": "" if class_.latest is None else class_.latest.isoformat(),
            "venues": _venues(problem, class_.venues),
        }
        if kind == "window" and class_.earliest == class_.latest:
            return "window_day", values
        if kind == "max_days" and class_.max_days == 1:
            return "max_days_one", values
        return kind, values

    return say


def _say_accredited(problem: Problem, index: int) -> _Said:
    class_ = problem.classes[index]
    expired = [
        phrase(PLACE_UNTIL, venue=venue.name, date=venue.accredited_until.isoformat())
        for venue in problem.venues
        if venue.accredited
        and venue.accredited_until is not None
        and (class_.latest is None or venue.accredited_until < class_.latest)
    ]
    kind = "accredited_until" if expired else "accredited"
    return kind, {"class_": class_.title, "venues": listed(expired)}


def _say_size(problem: Problem, index: int) -> _Said:
    class_ = problem.classes[index]
    small = too_small(problem, index)
    people = max((each[4] for each in small), default=class_.size)
    names = [
        phrase(
            PLACE_EXAM_SEATS if exam else PLACE_SEATS,
            venue=problem.venues[place].name,
            capacity=seats,
        )
        for seats, _, exam, place, _ in small
    ]
    values: dict[str, object] = {"class_": class_.title, "size": class_.size}
    if people > class_.size:
        return "size_together", {**values, "all": people, "venues": listed(names)}
    return "size_rooms" if small else "size", {**values, "venues": listed(names)}


def _say_workdays(problem: Problem) -> _Said:
    first, last = window_of(problem)
    calendar = problem.calendar
    days = [
        calendar.day(day).isoformat()
        for day in range(calendar.index(first), calendar.index(last) + 1)
        if 0 <= day < len(calendar) and calendar.working[day]
    ]
    kind = "workdays_many" if len(days) > DAYS_LISTED else "workdays" if days else "workdays_none"
    return kind, {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "days": listed(days, DAYS_LISTED),
        "count": len(days),
    }


def window_of(problem: Problem) -> tuple[date, date]:
    """Return the first and the last day that any class with a meeting may use."""
    classes = [problem.classes[part.class_] for m in problem.meetings for part in m.parts]
    calendar = problem.calendar
    begin, end = calendar.first, calendar.day(len(calendar) - 1)
    return (
        min((c.earliest or begin for c in classes), default=begin),
        max((c.latest or end for c in classes), default=end),
    )


def _say_periods(kind: str) -> Callable[[Problem], _Said]:
    def say(problem: Problem) -> _Said:
        told = [p for p in problem.periods if kind == "periods" or not p.work]
        return kind, {"periods": listed([_period(p) for p in told], PERIODS_LISTED)}

    return say


def _period(period: Period) -> Phrase:
    start, end = clock(period.start), clock(period.end)
    return phrase(PERIOD, label=period.label, start=start, end=end)


def _say_people(problem: Problem, one: int, other: int) -> _Said:
    shared = sorted(
        {m.person for m in problem.classes[one].members}
        & {m.person for m in problem.classes[other].members}
    )
    return "people" if len(shared) <= FEW else "people_many", {
        "class_": problem.classes[one].title,
        "other": problem.classes[other].title,
        "count": len(shared),
        "people": listed([problem.people[person] for person in shared[:FEW]]),
    }


def _say_meeting(kind: str) -> Callable[..., _Said]:
    def say(problem: Problem, index: int, place: int = 0) -> _Said:
        meeting = problem.meetings[index]
        part = meeting.parts[place]
        values: dict[str, object] = {
            "course": problem.courses[part.course].title,
            "class_": problem.classes[part.class_].title,
        }
        day, period = meeting.fixed_day, meeting.fixed_period
        if kind == "lock" and meeting.stored is not None:
            day, period = meeting.stored.day, meeting.stored.period
        if day is not None:
            values["date"] = day.isoformat()
        if period is not None:
            values["period"] = problem.periods[period].label
        if meeting.fixed_teacher is not None:
            values["teacher"] = problem.teachers[meeting.fixed_teacher].name
        if part.fixed_venue is not None:
            values["venue"] = problem.venues[part.fixed_venue].name
        return kind, values

    return say


def _say_order(problem: Problem, course: int, other: int) -> _Said:
    return "order", {
        "course": problem.courses[course].title,
        "other": problem.courses[other].title,
    }


def _say_week(problem: Problem, teacher: int) -> _Said:
    facts = problem.teachers[teacher]
    kind = "week_one" if facts.max_per_week == 1 else "week"
    return kind, {"teacher": facts.name, "count": facts.max_per_week}


def _say_travel(problem: Problem, one: int, other: int) -> _Said:
    return "travel", {
        "venue": problem.venues[one].name,
        "other": problem.venues[other].name,
        "minutes": _way(problem, one, other),
    }


def _way(problem: Problem, one: int, other: int) -> int:
    return max(problem.travel[one][other], problem.travel[other][one])


def _say_travels(problem: Problem, *pairs: int) -> _Said:
    pairwise = zip(pairs[::2], pairs[1::2], strict=True)
    longest = max(pairwise, key=lambda pair: _way(problem, *pair))
    return "travels", _say_travel(problem, *longest)[1]


def _say_stops(problem: Problem, course: int) -> _Said:
    facts = problem.courses[course]
    names = [problem.venues[stop].name for stop in facts.stops]
    values: dict[str, object] = {"course": facts.title, "venues": listed(names, len(names))}
    if facts.stay is None:
        return "stops", values
    return "stops_stay", {**values, "minutes": facts.stay}


def _say_buffer(problem: Problem) -> _Said:
    return "buffer", {"minutes": problem.buffer}


def _say_part(problem: Problem, venue: int, whole: int) -> _Said:
    return "part_of", {"venue": problem.venues[venue].name, "whole": problem.venues[whole].name}


def _say_selves(problem: Problem, teacher: int) -> _Said:
    others = [problem.teachers[other].name for other in same_people(problem)[teacher]]
    return "selves", {"teacher": problem.teachers[teacher].name, "other": listed(others)}


def _say_trainee(problem: Problem, teacher: int) -> _Said:
    classes = [problem.classes[c].title for c, _ in seats_of_teachers(problem)[teacher]]
    return "trainee", {
        "teacher": problem.teachers[teacher].name,
        "class_": listed(list(dict.fromkeys(classes))),
    }


def _say_rule(_problem: Problem, place: int) -> _Said:
    return "rule", {"rule": phrase(RULES[SOFT_IDS[place]].title)}


_VALUES: Final[dict[str, Callable[..., _Said]]] = {
    "absence": _say_absence,
    **{k: _say_venue(k) for k in ("hours", "season", "weekdays", "shared")},
    "parallel": _say_parallel,
    **{k: _say_course(k) for k in ("kinds", "equipment", "places", "staff")},
    **{k: _say_class(k) for k in ("rooms", "earliest", "latest", "window", "max_days")},
    "accredited": _say_accredited,
    "size": _say_size,
    "workdays": _say_workdays,
    "workperiods": _say_periods("workperiods"),
    "periods": _say_periods("periods"),
    "people": _say_people,
    "part_of": _say_part,
    "selves": _say_selves,
    "trainee": _say_trainee,
    **{k: _say_meeting(k) for k in ("first", "last", "day", "period", "teacher", "venue", "lock")},
    "order": _say_order,
    "week": _say_week,
    "travel": _say_travel,
    "travels": _say_travels,
    "stops": _say_stops,
    "buffer": _say_buffer,
    "rule": _say_rule,
}
