"""Mending a timetable after something happened, with the fewest changes.

What happened is told as absences (a teacher away, a venue closed, a unit suspended), as meetings
that are new or became longer, or by facts that the stored places no longer agree with. Meetings
before ``today`` and locked ones stay. Changes are counted by weight (a published session's more,
the more the sooner it is and the more people it has), proved minimal where time allows: the
meetings around what is broken are solved exactly twice, once with everything else in its place,
which gives a plan, and once without anything else, which gives a bound; the circle grows until the
two meet. Where it is proved that not all can be kept, the same is done for what is left out, by
priority, before what is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.mended import Mended, News
from trainer.timetable.engine.mender import Mender
from trainer.timetable.engine.problem import Absence, Problem, sittings_of
from trainer.timetable.engine.rules import when_moved
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.solution import Limits, ShouldStop
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot, Tables

NO_NEWS: Final = News()
PUBLISHED_WEIGHT: Final = 4
"""How many changes of unpublished meetings one change of a published one is worth."""
SOON_DAYS: Final = 7
"""Within how many days from today a published change counts once more."""
PEOPLE_STEP: Final = 50
"""For how many people a published change counts once more."""


def replan(
    problem: Problem,
    absences: Sequence[Absence],
    today: date,
    *,
    most_moves: int | None = None,
    news: News = NO_NEWS,
    alternatives: int = 0,
    limits: Limits | None = None,
    should_stop: ShouldStop | None = None,
) -> Mended:
    """Mend the stored timetable of a problem after these absences came up.

    Meetings whose ``stored`` is None stay without a place, but for those of the ``news``. So many
    ``alternatives`` are given for each move.
    """
    budget = Budget(limits or Limits(seconds=20), should_stop)
    changed = _changed(problem, absences, today)
    tables = Tables(changed)
    costs = Costs(tables)
    free = {
        m
        for m, meeting in enumerate(changed.meetings)
        if meeting.stored is not None and not meeting.locked
    }
    new = {m for m in news.new if changed.meetings[m].stored is None}
    broken = sorted({*_broken(changed, free), *new})
    free |= new
    anyway = {m: move_weight(problem, m, today) for m in free.intersection(news.changed)}
    home = {
        m: (spot, 0 if m in anyway else move_weight(problem, m, today))
        for m, spot in _spots(tables, free).items()
    }
    mender = Mender(State(tables, costs), free, broken, home, budget, most_moves)
    if broken:
        mender.mend()
    return mender.result(problem, anyway, new, alternatives)


def move_weight(problem: Problem, meeting: int, today: date) -> int:
    """Return what changing a meeting weighs: more when published, and when it is soon or large."""
    facts = problem.meetings[meeting]
    if not facts.published:
        # nobody has been told of it
        return 1
    soon = facts.stored is not None and facts.stored.day < today + timedelta(days=SOON_DAYS)
    people = sum(problem.classes[part.class_].size for part in facts.parts)
    return PUBLISHED_WEIGHT + (1 if soon else 0) + people // PEOPLE_STEP


def _changed(problem: Problem, absences: Sequence[Absence], today: date) -> Problem:
    """Return the problem with the absences, the past locked and closed to what moves."""
    past = Absence(
        kind="class",
        code="",
        name="",
        first=problem.calendar.first,
        last=today - timedelta(days=1),
        classes=tuple(range(len(problem.classes))),
    )
    meetings = tuple(
        replace(m, locked=True) if m.stored is not None and m.stored.day < today else m
        for m in problem.meetings
    )
    closed = (*problem.absences, *absences, *((past,) if past.first <= past.last else ()))
    return replace(problem, absences=closed, meetings=meetings, rules=when_moved(problem.rules))


def _broken(problem: Problem, free: set[int]) -> list[int]:
    """Return the movable meetings whose stored place breaks a hard rule, or one made hard."""
    sittings = [
        sitting
        for meeting in problem.meetings
        if meeting.stored is not None
        for sitting in sittings_of(problem, meeting.stored)
    ]
    found = Checker(problem).hard(sittings)
    return sorted({m for finding in found for m, _ in finding.touches if m in free})


def _spots(tables: Tables, free: set[int]) -> dict[int, Spot]:
    spots = {}
    for meeting in sorted(free):
        stored = tables.problem.meetings[meeting].stored
        spot = None if stored is None else tables.spot_of(stored)
        if spot is not None:
            spots[meeting] = spot
    return spots
