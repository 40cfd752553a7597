"""Soft rules about what a day holds: periods of classes and teachers, courses together or apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.soft_single import Raw
from trainer.timetable.engine.check.view import Seen, View, length_of, once_per_meeting
from trainer.timetable.engine.rules import Rule
from trainer.timetable.engine.telling import listed

FULL_DAY = mark("{name} has {count} periods on {date}, more than {limit}")
NOT_TOGETHER = mark("{class_} has {courses}, which belong together, on {count} days")
NOT_APART = mark("{class_} has {courses}, which are to be apart, on {date}")


def by_day(seens: Iterable[Seen]) -> dict[int, list[Seen]]:
    """Return the sittings of each day of which the time is known."""
    days: dict[int, list[Seen]] = defaultdict(list)
    for seen in seens:
        if seen.timed:
            days[seen.day].append(seen)
    return days


def _class_day(view: View, _rule: Rule) -> Raw:
    for index, seens in view.by_class.items():
        class_ = view.problem.classes[index]
        yield from _full_days(class_.title, class_.periods_a_day, seens)


def _teacher_day(view: View, _rule: Rule) -> Raw:
    for index, seens in view.by_teacher.items():
        teacher = view.problem.teachers[index]
        yield from _full_days(teacher.name, teacher.periods_a_day, once_per_meeting(seens))


def _full_days(name: str, limit: int | None, seens: Iterable[Seen]) -> Raw:
    if limit is None:
        return
    for those in by_day(seens).values():
        count = sum(length_of(seen) for seen in those)
        if count > limit:
            date = those[0].sitting.day.isoformat()
            message = phrase(FULL_DAY, name=name, count=count, date=date, limit=limit)
            yield those, count - limit, message


def _together(view: View, _rule: Rule) -> Raw:
    for index, seens in _of_groups(view, view.problem.together):
        days = by_day(seens)
        if len(days) > 1:
            message = phrase(
                NOT_TOGETHER,
                class_=view.problem.classes[index].title,
                courses=_titles(view, seens),
                count=len(days),
            )
            yield [seen for those in days.values() for seen in those], len(days) - 1, message


def _apart(view: View, _rule: Rule) -> Raw:
    for index, seens in _of_groups(view, view.problem.apart):
        for those in by_day(seens).values():
            courses = {seen.part.course for seen in those}
            if len(courses) > 1:
                message = phrase(
                    NOT_APART,
                    class_=view.problem.classes[index].title,
                    courses=_titles(view, those),
                    date=those[0].sitting.day.isoformat(),
                )
                yield those, len(courses) - 1, message


def _of_groups(view: View, groups: Sequence[frozenset[int]]) -> Iterator[tuple[int, list[Seen]]]:
    """Yield for each group of courses each class that has some of it, and its sittings of it."""
    for group in groups:
        for index, seens in view.by_class.items():
            those = [seen for seen in seens if seen.part.course in group]
            if those:
                yield index, those


def _titles(view: View, seens: Iterable[Seen]) -> Phrase | str:
    """Return the courses of these sittings, which need not be all of a group."""
    courses = sorted({seen.part.course for seen in seens if seen.timed})
    return listed([view.problem.courses[each].title for each in courses])


DAY_FINDERS: Final[dict[str, Callable[[View, Rule], Raw]]] = {
    "class_day": _class_day,
    "teacher_day": _teacher_day,
    "together": _together,
    "apart": _apart,
}
