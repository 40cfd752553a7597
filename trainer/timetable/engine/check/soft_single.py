"""Soft rules that one session suffices to see: what each costs by itself, wherever others are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.single import away, in_season, open_at, venue_faults
from trainer.timetable.engine.check.view import Seen, View, length_of, once_per_meeting
from trainer.timetable.engine.problem import Period, Problem, within
from trainer.timetable.engine.rules import Rule
from trainer.timetable.engine.weather import plan_b_fault

NOT_PREFERRED = mark("the teacher or place is not the first choice: {one}")
CUT = mark("{one} is cut by a break of {minutes} minutes")
IN_EVENING = mark("{one} is in the evening")
IN_WORKING_TIME = mark("{one} takes working time")
TRAINEES_AWAY = mark("{count} trainees are away, such as {name}: {one}")
IN_FARM_WORK = mark("{one} is in the season of farm work")
IN_THE_DARK = mark("{one} is not in daylight")
NO_STAND_IN = mark("nobody else could teach then: {one}")
NO_OTHER_ROOM = mark("no other place would do then: {one}")
CHANGED = mark("{one} is not where it was stored")
CHANGED_PUBLISHED = mark("{one} is not where it was published")

Raw = Iterator[tuple[Iterable[Seen], int, Phrase]]
"""What a rule finds: the sessions that cause it, its cost and how to say it."""


def _preference(view: View, _rule: Rule) -> Raw:
    problem = view.problem
    for seen in once_per_meeting(view.judged):
        course = problem.courses[seen.meeting.parts[0].course]
        cost = _listed(course.teachers, course.teacher_costs, seen.sitting.teacher)
        if cost and seen.meeting.fixed_teacher is None:
            yield (seen,), cost, phrase(NOT_PREFERRED, one=seen.name(problem))
    for seen in view.judged:
        cost = _listed(seen.course.venues, seen.course.venue_costs, seen.sitting.venue)
        if cost and seen.part.fixed_venue is None:
            yield (seen,), cost, phrase(NOT_PREFERRED, one=seen.name(problem))


def _listed(items: tuple[int, ...], costs: tuple[int, ...], item: int | None) -> int:
    if item is None or item not in items:
        return 0
    place = items.index(item)
    return costs[place] if place < len(costs) else 0


def _evening(view: View, _rule: Rule) -> Raw:
    for seen in view.judged:
        if not seen.class_.knowledge and any(p.part == "EVE" for p in _periods(view.problem, seen)):
            yield (seen,), 1, phrase(IN_EVENING, one=seen.name(view.problem))


def _unbroken(view: View, rule: Rule) -> Raw:
    problem, least = view.problem, rule.params["minutes"]
    for seen in view.judged:
        taken = _periods(problem, seen)
        if taken and fits_unbroken(problem.periods, len(taken), least):
            for gap in long_breaks(taken, least):
                yield (seen,), 1, phrase(CUT, one=seen.name(problem), minutes=gap)


def long_breaks(taken: Sequence[Period], least: int) -> list[int]:
    """Return the breaks of at least ``least`` minutes between neighbouring periods, in minutes."""
    gaps = (after.start - before.end for before, after in pairwise(taken))
    return [gap for gap in gaps if gap >= least]


def fits_unbroken(periods: Sequence[Period], length: int, least: int) -> bool:
    """Tell whether some ``length`` neighbouring periods of the day have no long break in them."""
    return any(
        not long_breaks(periods[first : first + length], least)
        for first in range(len(periods) - length + 1)
    )


def _working_time(view: View, _rule: Rule) -> Raw:
    working = view.problem.calendar.working
    for seen in view.judged:
        if (
            seen.class_.knowledge
            and 0 <= seen.day < len(working)
            and working[seen.day]
            and any(period.work for period in _periods(view.problem, seen))
        ):
            yield (seen,), 1, phrase(IN_WORKING_TIME, one=seen.name(view.problem))


def _trainees(view: View, _rule: Rule) -> Raw:
    for seen in view.judged:
        missing = away(view, ("trainees", seen.part.class_), seen)
        names = {absence.code: absence.name for absence in missing}
        if names:
            values = {"count": len(names), "name": next(iter(names.values()))}
            yield (seen,), len(names), phrase(TRAINEES_AWAY, one=seen.name(view.problem), **values)


def _farm_work(view: View, _rule: Rule) -> Raw:
    for seen in view.judged:
        if any(within(season, seen.sitting.day) for season in seen.class_.farm_work):
            yield (seen,), 1, phrase(IN_FARM_WORK, one=seen.name(view.problem))


def _periods(problem: Problem, seen: Seen) -> tuple[Period, ...]:
    start = seen.sitting.period
    return () if start is None else problem.periods[max(start, 0) : start + length_of(seen)]


def _daylight(view: View, _rule: Rule) -> Raw:
    problem = view.problem
    light = problem.calendar.daylight
    for seen in view.judged:
        venue = seen.sitting.venue
        if (
            venue is None
            or problem.venues[venue].kind != "field_site"
            or not seen.timed
            or not 0 <= seen.day < len(light)
        ):
            continue
        start, end = seen.clock
        sunrise, sunset = light[seen.day]
        if start < sunrise or end > sunset:
            yield (seen,), 1, phrase(IN_THE_DARK, one=seen.name(problem))


def _sturdy(view: View, _rule: Rule) -> Raw:
    problem = view.problem
    for seens in _judged_meetings(view):
        for seen in once_per_meeting(seens):
            if not seen.timed or not 0 <= seen.day < len(problem.calendar):
                continue
            one = seen.name(problem)
            if seen.sitting.teacher is not None and not _stand_in(view, seen):
                yield (seen,), 1, phrase(NO_STAND_IN, one=one)
        for seen in seens:
            inside = seen.timed and 0 <= seen.day < len(problem.calendar)
            if inside and seen.sitting.venue is not None and not _other_room(view, seen):
                yield (seen,), 1, phrase(NO_OTHER_ROOM, one=seen.name(problem))


def _stand_in(view: View, seen: Seen) -> bool:
    """Say whether another teacher of the course is there at that time, whatever else is planned."""
    able = view.problem.courses[seen.meeting.parts[0].course].teachers
    return any(
        teacher != seen.sitting.teacher
        and view.problem.teachers[teacher].max_per_week != 0
        and not away(view, ("teachers", teacher), seen)
        for teacher in able
    )


def _other_room(view: View, seen: Seen) -> bool:
    """Say whether another place suits the class and is open then, whatever else is planned."""
    problem = view.problem
    if not seen.course.needs_venue:
        return True
    for index, venue in enumerate(problem.venues):
        if (
            index != seen.sitting.venue
            and venue.holds(seen.class_.size, exam=seen.course.is_exam)
            and open_at(venue, *seen.clock)
            and seen.sitting.day.isoweekday() not in venue.closed_weekdays
            and in_season(venue, seen.sitting.day)
            and not venue_faults(
                problem, seen.part.class_, seen.part.course, index, seen.sitting.day
            )
            and not away(view, ("venues", index), seen)
        ):
            return True
    return False


def _changes(view: View, rule: Rule) -> Raw:
    for seens in _judged_meetings(view):
        meeting = seens[0].meeting
        stored = meeting.stored
        if stored is None:
            continue
        moved = [
            seen
            for seen in seens
            if (seen.sitting.day, seen.sitting.period, seen.sitting.venue, seen.sitting.teacher)
            != (stored.day, stored.period, stored.venues[seen.sitting.part], stored.teacher)
        ]
        if moved:
            template = CHANGED_PUBLISHED if meeting.published else CHANGED
            cost = rule.params["published"] if meeting.published else 1
            yield moved, cost, phrase(template, one=moved[0].name(view.problem))


def _plan_b(view: View, _rule: Rule) -> Raw:
    problem = view.problem
    for seens in _judged_meetings(view):
        there: dict[int | None, list[Seen]] = defaultdict(list)
        for seen in seens:
            there[seen.sitting.venue].append(seen)
        for venue, those in there.items():
            fault = plan_b_fault(problem, [seen.part for seen in those], venue)
            if fault is not None:
                template, values = fault
                yield those, len(those), phrase(template, **values, one=those[0].name(problem))


def _judged_meetings(view: View) -> Iterable[list[Seen]]:
    meetings: dict[int, list[Seen]] = defaultdict(list)
    for seen in view.judged:
        meetings[seen.sitting.meeting].append(seen)
    return meetings.values()


SINGLE_FINDERS: Final[dict[str, Callable[[View, Rule], Raw]]] = {
    "preference": _preference,
    "evening": _evening,
    "unbroken": _unbroken,
    "working_time": _working_time,
    "trainees": _trainees,
    "farm_work": _farm_work,
    "daylight": _daylight,
    "sturdy": _sturdy,
    "plan_b": _plan_b,
    "changes": _changes,
}
