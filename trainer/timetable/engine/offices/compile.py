"""From a state of the exact bookkeeping to the core's form, and back again.

Everything is taken from ``Tables`` and ``Costs``, so that no rule is written here a second time:
starts, rooms, teachers and their costs are asked for, not derived. ``choices`` does that for
meetings, ``parties`` for classes and teachers; places and time are here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from trainer.timetable.engine.check.soft import INDOOR
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.offices.choices import Choices
from trainer.timetable.engine.offices.form import (
    APART_GROUPS,
    FIRST_GROUP,
    MOVABLE,
    NOWHERE,
    PRACTICE,
    THEORY,
    TOGETHER_GROUPS,
    TRAVEL_MINUTES,
    Form,
    Ints,
)
from trainer.timetable.engine.offices.lines import matrix, square
from trainer.timetable.engine.offices.parties import Parties
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Period,
    Problem,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, Spot, Tables

MOST_PERIODS: Final = 62
"""Periods of a day that fit the core's sets, the bits of a number without its sign."""
MOST_GROUPS: Final = MOST_PERIODS - FIRST_GROUP
"""Groups of courses that fit beside a course's other bits."""
WEIGHTS: Final = (
    "compact",
    "spread",
    "one_room",
    "fair_load",
    "travel",
    "",
    "daylight",
    "theory_first",
    "class_day",
    "teacher_day",
    "together",
    "apart",
    "",
    "",
)


class NotSuited(Exception):  # noqa: N818 - not an error: the search in Python does the work
    """The problem has something that the core's arrays cannot hold."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form, where its meetings are, and what its lines stand for."""

    form: Form
    at: Ints
    starts: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    teachers: tuple[int, ...]

    def spots(self, at: Ints) -> list[Spot | None]:
        """Return a timetable of the core as spots."""
        return [
            None if start < 0 else Spot(self.starts[start], self.rows[row], self.teachers[who])
            for start, row, who in at.tolist()
        ]


def compile_state(state: State, movable: Collection[int]) -> Compiled:
    """Return a state in the core's form; raises NotSuited for what the form cannot hold."""
    return _Compiler(state, frozenset(movable)).run()


class _Compiler:
    def __init__(self, state: State, movable: frozenset[int]) -> None:
        self.state = state
        self.tables = state.tables
        self.costs = state.costs
        self.problem = state.problem
        self.choices = Choices(state, movable)
        self.parties = Parties(state.tables, state.costs)

    def run(self) -> Compiled:
        problem, tables = self.problem, self.tables
        groups = self.costs.days.groups
        if tables.width > MOST_PERIODS or (groups.together | groups.apart) >> MOST_GROUPS:
            raise NotSuited
        choices, parties = self.choices, self.parties
        meetings = [choices.add(index) for index in range(len(problem.meetings))]
        self._one_start_each()
        weight = np.array([self.costs.weight.get(name, 0) for name in WEIGHTS], np.int64)
        weight[TRAVEL_MINUTES] = self.costs.params["travel"]["minutes"]
        weight[TOGETHER_GROUPS] = groups.together if self.costs.weight["together"] else 0
        weight[APART_GROUPS] = groups.apart if self.costs.weight["apart"] else 0
        party = [parties.of_class(index) for index in range(len(problem.classes))]
        party += [parties.of_teacher(index) for index in range(len(problem.teachers))]
        venue_kin: list[int] = []
        venues = [self._venue(index, venue_kin) for index in range(len(problem.venues))]
        travel = problem.travel or ((0,) * len(venues),) * len(venues)
        need = [[tables.need(a, b) for b in range(len(venues))] for a in range(len(venues))]
        form = Form(
            width=tables.width,
            classes=len(problem.classes),
            meeting=matrix(meetings, 21),
            start=choices.starts.array(),
            row=choices.rows.array(),
            row_venue=np.array(choices.row_venues or [NOWHERE], np.int64),
            tour=matrix(choices.tours.tours, 2),
            stay=matrix(choices.tours.stays, 2),
            who=choices.who.array(),
            part=matrix(choices.parts, 4),
            listed=np.array(parties.listed, np.int64),
            order=np.array(choices.order, np.int64),
            party=matrix(party, 10),
            kin=parties.kin.array(),
            free=self._free(),
            venue=matrix(venues, 4),
            open=self._by_day(tables.venue_starts(v, 1) for v in range(len(venues))),
            venue_kin=np.array(venue_kin, np.int64),
            need=square(need, len(venues)),
            miles=square(travel, len(venues)),
            clock=self._clock(),
            idle=np.array(self.costs.idle, np.int64).reshape(2, tables.width, tables.width),
            course=self._courses(),
            day=self._days(),
            week=self._weeks(),
            weight=weight,
            movable=np.array([m for m, facts in enumerate(meetings) if facts[MOVABLE]], np.int64),
        )
        return Compiled(
            form,
            matrix(choices.at, 3),
            tuple(cell for cell, _, _ in choices.starts.lines),
            tuple(choices.row_of),
            tuple(teacher for teacher, _ in choices.who.lines),
        )

    def _courses(self) -> Ints:
        costs = self.costs
        facts = zip(costs.theory, costs.practice, costs.days.groups.of_course, strict=True)
        return np.array(
            [THEORY * t + PRACTICE * p + (groups << FIRST_GROUP) for t, p, groups in facts],
            np.int64,
        )

    def _venue(self, index: int, venue_kin: list[int]) -> tuple[int, int, int, int]:
        venue = self.problem.venues[index]
        first = len(venue_kin)
        venue_kin.extend(self.tables.kin.get(index, ()))
        kind = 1 << sorted(INDOOR).index(venue.kind) if venue.kind in INDOOR else 0
        return venue.parallel, kind, first, len(venue_kin)

    def _free(self) -> Ints:
        tables = self.tables
        everything = [tables.all_cells] * len(self.problem.classes)
        return self._by_day(
            [*everything, *(tables.teacher_starts(t, 1) for t in range(len(self.problem.teachers)))]
        )

    def _by_day(self, sets: Iterable[int]) -> Ints:
        width, days = self.tables.width, self.tables.days
        mask = (1 << width) - 1
        rows = [[cells >> (day * width) & mask for day in range(days)] for cells in sets]
        return np.array(rows, np.int64).reshape(-1, days)

    def _clock(self) -> Ints:
        tables = self.tables
        longest = max([1, *tables.lengths])
        clock = np.zeros((tables.width, longest + 1, 3), np.int64)
        for period in range(tables.width):
            for length in range(1, min(longest, tables.width - period) + 1):
                clock[period, length] = (
                    *tables.clock(period, length),
                    tables.taken[period][length],
                )
        return clock

    def _days(self) -> Ints:
        works = self.problem.calendar.working
        lines, worked = [], 0
        for day, working in enumerate(works):
            lines.append((self.tables.weeks[day], int(working), worked))
            worked += working
        return matrix([*lines, (0, 0, worked)], 3)

    def _weeks(self) -> Ints:
        weeks = self.tables.weeks
        firsts = [day for day in range(len(weeks)) if day == 0 or weeks[day] != weeks[day - 1]]
        return np.array([*firsts, len(weeks)], np.int64)

    def _one_start_each(self) -> None:
        """Refuse what is frozen at one moment with a class or teacher twice."""
        seen: set[tuple[str, int, int]] = set()
        for meeting, spot in enumerate(self.state.spots):
            if spot is None:
                continue
            keys = [
                ("class", part.class_, spot.start) for part in self.problem.meetings[meeting].parts
            ]
            if spot.teacher != NO_TEACHER:
                keys.append(("teacher", spot.teacher, spot.start))
            for key in keys:
                if key in seen:
                    raise NotSuited
                seen.add(key)


def smallest_form() -> Form:
    """Return a form with one meeting: enough to compile everything for."""
    problem = Problem(
        Calendar(date(2024, 1, 1), (True,)),
        (Period("A", "A", 0, 60),),
        venues=(Venue("R", "R"),),
        courses=(Course("K", "K"),),
        classes=(TrainingClass("C", "C"),),
        meetings=(Meeting((Part(0, 0),)),),
    )
    tables = Tables(problem)
    return compile_state(State(tables, Costs(tables)), [0]).form
