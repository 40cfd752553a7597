"""Facts of a problem in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.facts import FEW, Fact
from trainer.timetable.engine.problem import Problem

TITLES: Final = {
    "absence": mark("{name} is not available from {first} to {last} ({reason})"),
    "absence_plain": mark("{name} is not available from {first} to {last}"),
    "absence_period": mark("{name} is not available from {first} to {last}, “{period}”"),
    "hours": mark("{venue} is open only at certain hours"),
    "season": mark("{venue} is open only in its season"),
    "weekdays": mark("{venue} is closed on certain days of the week"),
    "parallel": mark("{venue} holds only {count} at once"),
    "shared": mark("{venue} is not shared with every class"),
    "size": mark("{class_} has {size} people"),
    "kinds": mark("{course} needs a certain kind of place"),
    "equipment": mark("{course} needs {equipment}"),
    "places": mark("{course} is held only in certain places"),
    "rooms": mark("{class_} is held only in certain places"),
    "accredited": mark("{class_} wants accredited places"),
    "earliest": mark("{class_} begins on {date} at the earliest"),
    "latest": mark("{class_} ends on {date} at the latest"),
    "max_days": mark("{class_} lasts at most {count} days"),
    "workdays": mark("{class_} meets only in working periods of working days"),
    "people": mark("{class_} and {other} share {count} people, such as {person}"),
    "first": mark("{course} comes first in {class_}"),
    "last": mark("{course} comes last in {class_}"),
    "order": mark("{course} comes after {other}"),
    "day": mark("{course} of {class_} is fixed on {date}"),
    "period": mark("{course} of {class_} is fixed in “{period}”"),
    "teacher": mark("{course} of {class_} is fixed to be taught by {teacher}"),
    "venue": mark("{course} of {class_} is fixed in {venue}"),
    "lock": mark("{course} of {class_} is locked on {date}, “{period}”"),
    "staff": mark("{course} can be taught only by {teachers}"),
    "week": mark("{teacher} teaches at most {count} meetings a week"),
    "travel": mark("the way from {venue} to {other} takes {minutes} minutes"),
    "travels": mark("the ways between the places take up to {minutes} minutes"),
    "buffer": mark("{minutes} minutes are added to every journey"),
}


def tell(problem: Problem, fact: Fact) -> Phrase:
    """Return a fact as a sentence."""
    title, values = _VALUES[fact.kind](problem, *fact.key)
    return phrase(TITLES[title], **values)


_Said = tuple[str, dict[str, object]]


def _say_absence(problem: Problem, index: int) -> _Said:
    absence = problem.absences[index]
    values: dict[str, object] = {
        "name": absence.name,
        "first": absence.first.isoformat(),
        "last": absence.last.isoformat(),
    }
    if absence.period is not None:
        return "absence_period", {**values, "period": problem.periods[absence.period].label}
    if absence.reason:
        return "absence", {**values, "reason": absence.reason}
    return "absence_plain", values


def _say_venue(kind: str) -> Callable[..., _Said]:
    def say(problem: Problem, *those: int) -> _Said:
        names = ", ".join(problem.venues[v].name for v in those[:FEW])
        more = ", …" if len(those) > FEW else ""
        count = max(problem.venues[v].parallel for v in those)
        return kind, {"venue": names + more, "count": count}

    return say


def _say_course(kind: str) -> Callable[[Problem, int], _Said]:
    def say(problem: Problem, course: int) -> _Said:
        facts = problem.courses[course]
        return kind, {
            "course": facts.title,
            "equipment": ", ".join(sorted(facts.equipment)),
            "teachers": ", ".join(problem.teachers[t].name for t in facts.teachers),
        }

    return say


def _say_class(kind: str) -> Callable[[Problem, int], _Said]:
    def say(problem: Problem, index: int) -> _Said:
        class_ = problem.classes[index]
        day = class_.earliest if kind == "earliest" else class_.latest
        return kind, {
            "class_": class_.title,
            "size": class_.size,
            "count": class_.max_days,
            "date": "" if day is None else day.isoformat(),
        }

    return say


def _say_people(problem: Problem, one: int, other: int) -> _Said:
    shared = sorted(
        {m.person for m in problem.classes[one].members}
        & {m.person for m in problem.classes[other].members}
    )
    return "people", {
        "class_": problem.classes[one].title,
        "other": problem.classes[other].title,
        "count": len(shared),
        "person": problem.people[shared[0]],
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
    return "week", {"teacher": facts.name, "count": facts.max_per_week}


def _say_travel(problem: Problem, one: int, other: int) -> _Said:
    return "travel", {
        "venue": problem.venues[one].name,
        "other": problem.venues[other].name,
        "minutes": max(problem.travel[one][other], problem.travel[other][one]),
    }


def _say_travels(problem: Problem, *pairs: int) -> _Said:
    pairwise = zip(pairs[::2], pairs[1::2], strict=True)
    return "travels", {"minutes": max(problem.travel[a][b] for a, b in pairwise)}


def _say_buffer(problem: Problem) -> _Said:
    return "buffer", {"minutes": problem.buffer}


_VALUES: Final[dict[str, Callable[..., _Said]]] = {
    "absence": _say_absence,
    **{k: _say_venue(k) for k in ("hours", "season", "weekdays", "parallel", "shared")},
    **{k: _say_course(k) for k in ("kinds", "equipment", "places", "staff")},
    **{
        k: _say_class(k)
        for k in ("size", "rooms", "accredited", "earliest", "latest", "max_days", "workdays")
    },
    "people": _say_people,
    **{k: _say_meeting(k) for k in ("first", "last", "day", "period", "teacher", "venue", "lock")},
    "order": _say_order,
    "week": _say_week,
    "travel": _say_travel,
    "travels": _say_travels,
    "buffer": _say_buffer,
}
