"""What stands in the way of putting one meeting at one place and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.effect import LiveTimetable
from trainer.timetable.engine.problem import Placement, Problem, Sitting, sittings_of
from trainer.timetable.engine.rooms_at import rooms_at
from trainer.timetable.engine.solution import Finding


def why(
    problem: Problem,
    placements: Sequence[Placement | None],
    meeting: int,
    day: date,
    period: int,
    venue: int | None = None,
    *,
    checker: Checker | None = None,
) -> tuple[Finding, ...]:
    """Return the hard rules that a meeting would break on this day, period and venue.

    Soft rules that the office made hard are among them, also where what is left behind breaks one.
    Without a venue, or where several teachers could come, the best choice is taken. A ``checker``
    of the same problem, kept from call to call, saves time.
    """
    return look(problem, placements, meeting, day, period, venue, checker=checker)[0]


def look(
    problem: Problem,
    placements: Sequence[Placement | None],
    meeting: int,
    day: date,
    period: int,
    venue: int | None = None,
    *,
    part: int = 0,
    checker: Checker | None = None,
) -> tuple[tuple[Finding, ...], Placement]:
    """Return the same with the place that was looked at: which rooms, and who teaches.

    Of a joint meeting it is the class of ``part`` that asks for the venue.
    """
    judge = _judge(checker or Checker(problem), placements, meeting, day)
    first, *rest = _teachers(problem, placements, meeting)
    there = Placement(meeting, day, period, (), first)
    own, *rooms = rooms_at(problem, placements, there, venue, part)
    there = replace(there, venues=own)
    best = judge(there), there
    for places in rooms:
        if not best[0]:
            break
        there = replace(there, venues=places)
        best = min(best, (judge(there), there), key=_many)
    # where a venue is asked for there are few choices: then all are looked at
    choices = [best[1].venues] if venue is None else [own, *rooms]
    for teacher, places in product(rest, choices):
        if not best[0]:
            break
        there = replace(there, teacher=teacher, venues=places)
        best = min(best, (judge(there), there), key=_many)
    return best


def _judge(
    checker: Checker, placements: Sequence[Placement | None], meeting: int, day: date
) -> Callable[[Placement], tuple[Finding, ...]]:
    """Return what finds the rules that a meeting breaks at a place of this day."""
    if checker.made_hard:
        # these look at a class's whole timetable, and at what is left behind
        live = LiveTimetable(checker.problem, placements)
        return lambda there: live.blocking((there,))
    others = _relevant(checker.problem, placements, meeting, day)
    return lambda there: _findings(checker, others, there)


def _many(judged: tuple[tuple[Finding, ...], Placement]) -> int:
    return len(judged[0])


def _findings(checker: Checker, others: list[Sitting], placement: Placement) -> tuple[Finding, ...]:
    near = [
        other
        for other in others
        if other.day == placement.day
        or other.teacher == placement.teacher
        or _classes(checker.problem, other.meeting) & _classes(checker.problem, placement.meeting)
    ]
    own = sittings_of(checker.problem, placement)
    return checker.hard_about(placement.meeting, [*near, *own])


def _classes(problem: Problem, meeting: int) -> set[int]:
    return {part.class_ for part in problem.meetings[meeting].parts}


def _relevant(
    problem: Problem, placements: Sequence[Placement | None], meeting: int, day: date
) -> list[Sitting]:
    """Return the sessions that could matter: of that week, and of the same classes."""
    classes = _classes(problem, meeting)
    week = day.isocalendar()[:2]
    sittings: list[Sitting] = []
    for placement in placements:
        if placement is None or placement.meeting == meeting:
            continue
        if placement.day.isocalendar()[:2] == week or classes & _classes(
            problem, placement.meeting
        ):
            sittings.extend(sittings_of(problem, placement))
    return sittings


def _teachers(
    problem: Problem, placements: Sequence[Placement | None], meeting: int
) -> list[int | None]:
    facts = problem.meetings[meeting]
    if facts.fixed_teacher is not None:
        return [facts.fixed_teacher]
    allowed = problem.courses[facts.parts[0].course].teachers
    now = placements[meeting]
    first = [] if now is None or now.teacher is None else [now.teacher]
    return [*first, *(t for t in allowed if t not in first)] or [None]
