"""Soft rules: what a timetable costs, by rule, with the sessions that cause it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.engine.check.clashes import travel_minutes
from trainer.timetable.engine.check.single import away, in_season, open_at, venue_faults
from trainer.timetable.engine.check.view import Seen, View, length_of, once_per_meeting
from trainer.timetable.engine.problem import Period, Problem
from trainer.timetable.engine.rules import Rule
from trainer.timetable.engine.solution import Finding

INDOOR: Final = frozenset({"classroom", "activity_room"})
"""Kinds of place of which a class should keep to one."""

IDLE_PERIODS = mark("{class_} has {count} idle periods between its meetings on {date}")
IDLE_DAYS = mark("{class_} has {count} idle working days between its first and last day")
TWICE_A_DAY = mark("{class_} has {course} more than once on {date}")
MANY_ROOMS = mark("{class_} uses {count} different rooms")
NOT_PREFERRED = mark("the teacher or place is not the first choice: {one}")
OVERLOADED = mark("{teacher} has {count} meetings, a fair share would be {share}")
MUCH_TRAVEL = mark("{class_} travels {minutes} minutes on {date}")
CUT = mark("{one} is cut by a break of {minutes} minutes")
IN_EVENING = mark("{one} is in the evening")
IN_WORKING_TIME = mark("{one} takes working time")
IN_THE_DARK = mark("{one} is not in daylight")
TOO_LARGE = mark("{venue} has {capacity} seats for {size} people, far more than needed: {one}")
PRACTICE_FIRST = mark("{one} comes before any theory")
NO_STAND_IN = mark("nobody else could teach then: {one}")
NO_OTHER_ROOM = mark("no other place would do then: {one}")
CHANGED = mark("{one} is not where it was stored")
CHANGED_PUBLISHED = mark("{one} is not where it was published")
NOT_PLACED = mark("meetings of {class_} that have no place yet: {count}")


def soft_findings(view: View, rules: dict[str, Rule], *, whole: bool = True) -> Iterator[Finding]:
    """Yield the findings of every soft rule that is not switched off.

    Where the view is not of the ``whole`` timetable, meetings that it lacks may well have a place.
    """
    for name, find in _FINDERS.items():
        rule = rules[name]
        if rule.level != "off":
            for touches, cost, message in find(view, rule):
                yield Finding(
                    rule=name,
                    hard=rule.level == "hard",
                    touches=tuple(dict.fromkeys(seen.touch for seen in touches)),
                    cost=cost,
                    message=message,
                )
    if whole:
        missing = (m for m in range(len(view.problem.meetings)) if m not in view.by_meeting)
        yield from unplaced_findings(view.problem, missing, rules["unplaced"])


_Raw = Iterator[tuple[Iterable[Seen], int, Phrase]]


def _days(seens: Iterable[Seen]) -> dict[int, list[Seen]]:
    days: dict[int, list[Seen]] = defaultdict(list)
    for seen in seens:
        if seen.timed:
            days[seen.day].append(seen)
    return days


def idle_periods(problem: Problem, *, knowledge: bool, end: int, start: int) -> int:
    """Return how many of the office's periods lie between two clock times (working ones)."""
    return sum(
        end <= period.start and period.end <= start and (knowledge or period.work)
        for period in problem.periods
    )


def _compact(view: View, _rule: Rule) -> _Raw:
    problem = view.problem
    for index, seens in view.by_class.items():
        class_ = problem.classes[index]
        for those in _days(seens).values():
            idle = sum(
                idle_periods(
                    problem, knowledge=class_.knowledge, end=one.clock[1], start=other.clock[0]
                )
                for one, other in pairwise(those)
            )
            if idle:
                date = those[0].sitting.day.isoformat()
                yield those, idle, phrase(IDLE_PERIODS, class_=class_.title, count=idle, date=date)
        if class_.max_days is not None:
            idle = _idle_days(problem, {seen.day for seen in seens})
            if idle:
                yield seens, idle, phrase(IDLE_DAYS, class_=class_.title, count=idle)


def _idle_days(problem: Problem, used: set[int]) -> int:
    inside = range(max(min(used), 0), min(max(used) + 1, len(problem.calendar)))
    return sum(problem.calendar.working[day] and day not in used for day in inside)


def _spread(view: View, _rule: Rule) -> _Raw:
    for index, seens in view.by_class.items():
        groups: dict[tuple[int, int], list[Seen]] = defaultdict(list)
        for seen in seens:
            groups[seen.day, seen.part.course].append(seen)
        for those in groups.values():
            if len(those) > 1:
                message = phrase(
                    TWICE_A_DAY,
                    class_=view.problem.classes[index].title,
                    course=those[0].course.title,
                    date=those[0].sitting.day.isoformat(),
                )
                yield those, len(those) - 1, message


def _one_room(view: View, _rule: Rule) -> _Raw:
    problem = view.problem
    for index, seens in view.by_class.items():
        kinds: dict[str, list[Seen]] = defaultdict(list)
        for seen in seens:
            venue = seen.sitting.venue
            if venue is not None and problem.venues[venue].kind in INDOOR:
                kinds[problem.venues[venue].kind].append(seen)
        for those in kinds.values():
            count = len({seen.sitting.venue for seen in those})
            if count > 1:
                title = problem.classes[index].title
                yield those, count - 1, phrase(MANY_ROOMS, class_=title, count=count)


def _preference(view: View, _rule: Rule) -> _Raw:
    problem = view.problem
    for seen in once_per_meeting(view.all):
        course = problem.courses[seen.meeting.parts[0].course]
        cost = _listed(course.teachers, course.teacher_costs, seen.sitting.teacher)
        if cost and seen.meeting.fixed_teacher is None:
            yield (seen,), cost, phrase(NOT_PREFERRED, one=seen.name(problem))
    for seen in view.all:
        cost = _listed(seen.course.venues, seen.course.venue_costs, seen.sitting.venue)
        if cost and seen.part.fixed_venue is None:
            yield (seen,), cost, phrase(NOT_PREFERRED, one=seen.name(problem))


def _listed(items: tuple[int, ...], costs: tuple[int, ...], item: int | None) -> int:
    if item is None or item not in items:
        return 0
    place = items.index(item)
    return costs[place] if place < len(costs) else 0


def _fair_load(view: View, _rule: Rule) -> _Raw:
    problem = view.problem
    shares = view.facts.fair_shares
    for teacher, seens in view.by_teacher.items():
        chosen = [
            seen
            for seen in once_per_meeting(seens)
            if seen.meeting.fixed_teacher is None
            and len(problem.courses[seen.meeting.parts[0].course].teachers) > 1
            and teacher in problem.courses[seen.meeting.parts[0].course].teachers
        ]
        share = shares.get(teacher, 0)
        if len(chosen) > share:
            name = problem.teachers[teacher].name
            message = phrase(OVERLOADED, teacher=name, count=len(chosen), share=share)
            yield chosen, len(chosen) - share, message


def _travel(view: View, rule: Rule) -> _Raw:
    problem = view.problem
    for index, seens in view.by_class.items():
        for those in _days(seens).values():
            places = [seen.sitting.venue for seen in those if seen.sitting.venue is not None]
            minutes = sum(
                travel_minutes(problem, a, b) if a != b else 0 for a, b in pairwise(places)
            )
            if minutes:
                message = phrase(
                    MUCH_TRAVEL,
                    class_=problem.classes[index].title,
                    minutes=minutes,
                    date=those[0].sitting.day.isoformat(),
                )
                yield those, -(-minutes // rule.params["minutes"]), message


def _evening(view: View, _rule: Rule) -> _Raw:
    for seen in view.all:
        if not seen.class_.knowledge and any(p.part == "EVE" for p in _periods(view.problem, seen)):
            yield (seen,), 1, phrase(IN_EVENING, one=seen.name(view.problem))


def _unbroken(view: View, rule: Rule) -> _Raw:
    problem, least = view.problem, rule.params["minutes"]
    for seen in view.all:
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


def _working_time(view: View, _rule: Rule) -> _Raw:
    working = view.problem.calendar.working
    for seen in view.all:
        if (
            seen.class_.knowledge
            and 0 <= seen.day < len(working)
            and working[seen.day]
            and any(period.work for period in _periods(view.problem, seen))
        ):
            yield (seen,), 1, phrase(IN_WORKING_TIME, one=seen.name(view.problem))


def _periods(problem: Problem, seen: Seen) -> tuple[Period, ...]:
    start = seen.sitting.period
    return () if start is None else problem.periods[max(start, 0) : start + length_of(seen)]


def _daylight(view: View, _rule: Rule) -> _Raw:
    problem = view.problem
    light = problem.calendar.daylight
    for seen in view.all:
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


def _room_fits(view: View, rule: Rule) -> _Raw:
    problem = view.problem
    factor, slack, seats = (rule.params[name] for name in ("factor", "slack", "seats"))
    rooms: dict[tuple[int, int, int], list[Seen]] = defaultdict(list)
    for venue, seens in view.by_venue.items():
        for seen in seens:
            rooms[venue, seen.sitting.meeting, seen.start].append(seen)
    for (index, _, _), those in rooms.items():
        venue_ = problem.venues[index]
        size = sum(seen.class_.size for seen in those)
        excess = 0 if venue_.capacity is None else venue_.capacity - factor * size - slack
        if excess > 0 and venue_.kind in INDOOR:
            message = phrase(
                TOO_LARGE,
                venue=venue_.name,
                capacity=venue_.capacity,
                size=size,
                one=those[0].name(problem),
            )
            yield those, -(-excess // seats), message


def is_practice(seen_strand: str, seen_form: str) -> bool:
    """Say whether a course is practice or field work, which theory should precede."""
    return seen_strand == "practice" or seen_form == "field"


def is_theory(seen_strand: str, seen_form: str) -> bool:
    """Say whether a course is theory."""
    return seen_strand == "theory" and seen_form != "field"


def _theory_first(view: View, _rule: Rule) -> _Raw:
    for seens in view.by_class.values():
        theory = [s.start for s in seens if is_theory(s.course.strand, s.course.form)]
        if not theory:
            continue
        for seen in seens:
            practice = is_practice(seen.course.strand, seen.course.form)
            if practice and seen.start < min(theory):
                yield (seen,), 1, phrase(PRACTICE_FIRST, one=seen.name(view.problem))


def _sturdy(view: View, _rule: Rule) -> _Raw:
    problem = view.problem
    for seens in view.by_meeting.values():
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
            and (venue.capacity is None or venue.capacity >= seen.class_.size)
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


def _changes(view: View, rule: Rule) -> _Raw:
    for seens in view.by_meeting.values():
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


def unplaced_findings(problem: Problem, meetings: Iterable[int], rule: Rule) -> Iterator[Finding]:
    """Yield a finding for each class that some of these meetings, which lack a place, are of."""
    missing: dict[int, list[tuple[int, int]]] = defaultdict(list)
    costs: Counter[int] = Counter()
    if rule.level == "off":
        return
    for index in meetings:
        class_ = problem.meetings[index].parts[0].class_
        missing[class_].append((index, 0))
        costs[class_] += meeting_priority(problem, index)
    for class_, touches in missing.items():
        title = problem.classes[class_].title
        yield Finding(
            rule="unplaced",
            hard=rule.level == "hard",
            touches=tuple(touches),
            cost=costs[class_],
            message=phrase(NOT_PLACED, class_=title, count=len(touches)),
        )


def meeting_priority(problem: Problem, meeting: int) -> int:
    """Return the highest priority of the classes that a meeting serves, at least 1."""
    return max(1, *(problem.classes[p.class_].priority for p in problem.meetings[meeting].parts))


_FINDERS: Final[dict[str, Callable[[View, Rule], _Raw]]] = {
    "compact": _compact,
    "spread": _spread,
    "one_room": _one_room,
    "preference": _preference,
    "fair_load": _fair_load,
    "travel": _travel,
    "evening": _evening,
    "unbroken": _unbroken,
    "working_time": _working_time,
    "daylight": _daylight,
    "room_fits": _room_fits,
    "theory_first": _theory_first,
    "sturdy": _sturdy,
    "changes": _changes,
}
