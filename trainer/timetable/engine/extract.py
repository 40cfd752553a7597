"""Looking at a part of a problem: a few meetings alone, and days beyond their windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from trainer.timetable.engine.check.standing import fair_shares, span_limit
from trainer.timetable.engine.check.standing import fixed_days as fixed_days_of
from trainer.timetable.engine.problem import Calendar, Problem
from trainer.timetable.engine.rules import made_hard, rules_in_force

MARGIN_DAYS: Final = 35
"""How many days beyond the classes' windows are looked at when a window is taken away."""
WEEKEND: Final = 6
"""The first weekday that is taken for a day off beyond the calendar that is known."""


def widened(
    problem: Problem, *, calendar: Calendar | None = None, margin: int = MARGIN_DAYS
) -> Problem:
    """Return the problem with days to spare around its windows, so that windows are what limits.

    A class whose window is open keeps to the days of the problem's own calendar. ``calendar`` is
    a longer one where it is known; days beyond it count as working days from Monday to Friday.
    """
    known = problem.calendar
    if not len(known):
        return problem
    begin, end = known.first, known.day(len(known) - 1)
    classes = tuple(
        replace(
            class_,
            earliest=class_.earliest or min(begin, class_.latest or begin),
            latest=class_.latest or max(end, class_.earliest or end),
        )
        for class_ in problem.classes
    )
    windows = [day for c in classes for day in (c.earliest, c.latest) if day is not None]
    first = min([begin, *(day - timedelta(days=margin) for day in windows)])
    last = max([end, *(day + timedelta(days=margin) for day in windows)])
    longer = _stretched(known if calendar is None else calendar, first, last)
    return replace(problem, calendar=longer, classes=classes)


def _stretched(calendar: Calendar, first: date, last: date) -> Calendar:
    """Return a calendar that reaches from ``first`` to ``last`` at least."""
    before = max(calendar.index(calendar.first) - calendar.index(first), 0)
    after = max(calendar.index(last) - len(calendar) + 1, 0)
    if not before and not after:
        return calendar

    def works(index: int) -> bool:
        return calendar.day(index).isoweekday() < WEEKEND

    light = calendar.daylight
    return Calendar(
        calendar.day(-before),
        (
            *map(works, range(-before, 0)),
            *calendar.working,
            *map(works, range(len(calendar), len(calendar) + after)),
        ),
        (*light[:1] * before, *light, *light[-1:] * after),
    )


def restrict(problem: Problem, meetings: Iterable[int]) -> Problem:
    """Return the problem with these meetings alone; how long a class may last does not change."""
    meetings = list(meetings)
    fixed = fixed_days_of(problem)
    kept = [problem.meetings[m] for m in meetings]
    meeting = {part.class_ for each in kept for part in each.parts}
    classes = tuple(
        replace(class_, max_days=span_limit(class_, fixed.get(index, [])))
        if index in meeting
        # nobody is busy in a class that does not meet
        else replace(class_, members=())
        for index, class_ in enumerate(problem.classes)
    )
    renumbered = tuple(
        m if m.stored is None else replace(m, stored=replace(m.stored, meeting=n))
        for n, m in enumerate(kept)
    )
    small = replace(problem, classes=classes, meetings=renumbered)
    return _cropped(_in_part(problem, small, set(meetings)))


def _in_part(problem: Problem, small: Problem, kept: set[int]) -> Problem:
    """Return a restricted problem that knows what it lacks, where an office's rules ask for it."""
    hard = set(made_hard(rules_in_force(problem.rules)))
    if hard & {"compact", "theory_first"}:
        gone = {
            part.class_
            for number, meeting in enumerate(problem.meetings)
            if number not in kept
            for part in meeting.parts
        }
        classes = tuple(
            replace(class_, partial=class_.partial or index in gone)
            for index, class_ in enumerate(small.classes)
        )
        small = replace(small, classes=classes)
    return replace(small, shares=fair_shares(problem)) if "fair_load" in hard else small


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
