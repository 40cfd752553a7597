"""Soft rules: what a timetable costs, by rule, with the sessions that cause it.

Those that one session suffices to see are in ``soft_single``, those of what a day holds in
``days``; here are the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from trainer.phrases import mark, phrase
from trainer.timetable.engine.check.clashes import travel_minutes
from trainer.timetable.engine.check.days import DAY_FINDERS, by_day
from trainer.timetable.engine.check.soft_single import SINGLE_FINDERS, Raw
from trainer.timetable.engine.check.view import Seen, View, once_per_meeting
from trainer.timetable.engine.problem import Problem, sits_exam
from trainer.timetable.engine.rules import SOFT_IDS, Rule
from trainer.timetable.engine.solution import Finding

INDOOR: Final = frozenset({"classroom", "activity_room"})
"""Kinds of place of which a class should keep to one."""

IDLE_PERIODS = mark("{class_} has {count} idle periods between its meetings on {date}")
IDLE_DAYS = mark("{class_} has {count} idle working days between its first and last day")
TWICE_A_DAY = mark("{class_} has {course} more than once on {date}")
MANY_ROOMS = mark("{class_} uses {count} different rooms")
OVERLOADED = mark("{teacher} has {count} meetings, a fair share would be {share}")
MUCH_TRAVEL = mark("{class_} travels {minutes} minutes on {date}")
TOO_LARGE = mark("{venue} has {capacity} seats for {size} people, far more than needed: {one}")
PRACTICE_FIRST = mark("{one} comes before any theory")
NOT_PLACED = mark("meetings of {class_} that have no place yet: {count}")


def soft_findings(view: View, rules: dict[str, Rule], *, whole: bool = True) -> Iterator[Finding]:
    """Yield the findings of every soft rule that is not switched off.

    Where the view is not of the ``whole`` timetable, meetings that it lacks may well have a place.
    """
    for name in _FINDERS:
        if rules[name].level != "off":
            yield from _findings(view, rules[name])
    if whole:
        missing = (m for m in range(len(view.problem.meetings)) if m not in view.by_meeting)
        yield from unplaced_findings(view.problem, missing, rules["unplaced"])


def hard_wishes(view: View) -> Iterator[Finding]:
    """Yield the findings of the soft rules that the office made hard."""
    for name in view.facts.made_hard:
        yield from _findings(view, view.facts.rules[name])


def _findings(view: View, rule: Rule) -> Iterator[Finding]:
    for touches, cost, message in _FINDERS[rule.id](view, rule):
        yield Finding(
            rule=rule.id,
            hard=rule.level == "hard",
            touches=tuple(dict.fromkeys(seen.touch for seen in touches)),
            cost=cost,
            message=message,
        )


def idle_periods(problem: Problem, *, knowledge: bool, end: int, start: int) -> int:
    """Return how many of the office's periods lie between two clock times (working ones)."""
    return sum(
        end <= period.start and period.end <= start and (knowledge or period.work)
        for period in problem.periods
    )


def _compact(view: View, _rule: Rule) -> Raw:
    problem = view.problem
    for index, seens in view.by_class.items():
        class_ = problem.classes[index]
        for those in by_day(seens).values():
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


def _spread(view: View, _rule: Rule) -> Raw:
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


def _one_room(view: View, _rule: Rule) -> Raw:
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


def _fair_load(view: View, _rule: Rule) -> Raw:
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


def _travel(view: View, rule: Rule) -> Raw:
    problem = view.problem
    for index, seens in view.by_class.items():
        for those in by_day(seens).values():
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


def _room_fits(view: View, rule: Rule) -> Raw:
    problem = view.problem
    factor, slack, seats = (rule.params[name] for name in ("factor", "slack", "seats"))
    rooms: dict[tuple[int, int, int], list[Seen]] = defaultdict(list)
    for venue, seens in view.by_venue.items():
        for seen in seens:
            rooms[venue, seen.sitting.meeting, seen.start].append(seen)
    for (index, _, _), those in rooms.items():
        venue_ = problem.venues[index]
        size = sum(seen.class_.size for seen in those)
        capacity = venue_.seats(exam=sits_exam(problem, those[0].meeting))
        # of a class of unknown size no room is too large
        excess = 0 if capacity is None or not size else capacity - factor * size - slack
        if excess > 0 and venue_.kind in INDOOR:
            message = phrase(
                TOO_LARGE,
                venue=venue_.name,
                capacity=capacity,
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


def _theory_first(view: View, _rule: Rule) -> Raw:
    for seens in view.by_class.values():
        theory = [s.start for s in seens if is_theory(s.course.strand, s.course.form)]
        if not theory:
            continue
        for seen in seens:
            practice = is_practice(seen.course.strand, seen.course.form)
            if practice and seen.start < min(theory):
                yield (seen,), 1, phrase(PRACTICE_FIRST, one=seen.name(view.problem))


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


_PATTERN_FINDERS: Final[dict[str, Callable[[View, Rule], Raw]]] = {
    "compact": _compact,
    "spread": _spread,
    "one_room": _one_room,
    "fair_load": _fair_load,
    "travel": _travel,
    "room_fits": _room_fits,
    "theory_first": _theory_first,
}
_FINDERS: Final = {
    name: finder
    for name in SOFT_IDS
    if (finder := (_PATTERN_FINDERS | DAY_FINDERS | SINGLE_FINDERS).get(name)) is not None
}
