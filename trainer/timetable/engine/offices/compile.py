"""From a state of the exact bookkeeping to the core's form, and back again.

Everything is taken from ``Tables`` and ``Costs``, so that no rule is written here a second time:
starts, rooms, teachers and their costs are asked for, not derived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, product
from typing import Final

import numpy as np

from trainer.timetable.engine.check.soft import INDOOR
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.insert import bits
from trainer.timetable.engine.obstacles import room_for_all
from trainer.timetable.engine.offices.form import MOVABLE, NOWHERE, TRAVEL_MINUTES, Form, Ints
from trainer.timetable.engine.offices.tours import Tours
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
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables

MOST_ROWS: Final = 400
"""How many rooms, or sets of rooms for a broadcast, are offered to one meeting."""
MOST_PERIODS: Final = 30
"""Periods of a day that fit the core's sets."""
UNLIMITED: Final = 2**31 - 1
WEIGHTS: Final = (
    "compact",
    "spread",
    "one_room",
    "fair_load",
    "travel",
    "",
    "daylight",
    "theory_first",
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


class _Lines:
    """Lines of integers in the making, and how many there are."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[Sequence[int]] = []

    def add(self, lines: Iterable[Sequence[int]]) -> tuple[int, int]:
        """Append lines; return the first of them and the one after the last."""
        first = len(self.lines)
        self.lines.extend(lines)
        return first, len(self.lines)

    def array(self) -> Ints:
        """Return the lines as a matrix."""
        return np.array(self.lines, np.int64).reshape(-1, self.width)


def compile_state(state: State, movable: Collection[int]) -> Compiled:
    """Return a state in the core's form; raises NotSuited for what the form cannot hold."""
    return _Compiler(state, frozenset(movable)).run()


class _Compiler:
    def __init__(self, state: State, movable: frozenset[int]) -> None:
        self.state = state
        self.tables = state.tables
        self.costs = state.costs
        self.problem = state.problem
        self.movable = movable
        self.starts, self.rows, self.who = _Lines(3), _Lines(4), _Lines(2)
        self.row_venues: list[int] = []
        self.row_of: list[tuple[int, ...]] = []
        self.order: list[int] = []
        counts = (len(meeting.parts) for meeting in state.problem.meetings)
        self.first_parts = list(accumulate(counts, initial=0))
        self.row_lines: dict[object, tuple[int, int]] = {}
        self.start_costs: dict[object, int] = {}
        self.at: list[tuple[int, int, int]] = []
        self.tours = Tours(state)

    def run(self) -> Compiled:
        problem, tables = self.problem, self.tables
        if tables.width > MOST_PERIODS:
            raise NotSuited
        parts: list[tuple[int, int, int, int]] = []
        meetings = [self._meeting(index, parts) for index in range(len(problem.meetings))]
        self._one_start_each()
        weight = np.array([self.costs.weight.get(name, 0) for name in WEIGHTS], np.int64)
        weight[TRAVEL_MINUTES] = self.costs.params["travel"]["minutes"]
        listed: list[int] = []
        kin = _Lines(4)
        party = [self._class(index, listed, kin) for index in range(len(problem.classes))]
        party += [self._teacher(index, kin) for index in range(len(problem.teachers))]
        venue_kin: list[int] = []
        venues = [self._venue(index, venue_kin) for index in range(len(problem.venues))]
        travel = problem.travel or ((0,) * len(venues),) * len(venues)
        need = [[tables.need(a, b) for b in range(len(venues))] for a in range(len(venues))]
        form = Form(
            width=tables.width,
            classes=len(problem.classes),
            meeting=_matrix(meetings, 21),
            start=self.starts.array(),
            row=self.rows.array(),
            row_venue=np.array(self.row_venues or [NOWHERE], np.int64),
            tour=_matrix(self.tours.tours, 2),
            stay=_matrix(self.tours.stays, 2),
            who=self.who.array(),
            part=_matrix(parts, 4),
            listed=np.array(listed, np.int64),
            order=np.array(self.order, np.int64),
            party=_matrix(party, 9),
            kin=kin.array(),
            free=self._free(),
            venue=_matrix(venues, 4),
            open=self._by_day(tables.venue_starts(v, 1) for v in range(len(venues))),
            venue_kin=np.array(venue_kin, np.int64),
            need=_square(need, len(venues)),
            miles=_square(travel, len(venues)),
            clock=self._clock(),
            idle=np.array(self.costs.idle, np.int64).reshape(2, tables.width, tables.width),
            course=np.array(
                [t + 2 * p for t, p in zip(self.costs.theory, self.costs.practice, strict=True)],
                np.int64,
            ),
            day=self._days(),
            week=self._weeks(),
            weight=weight,
            movable=np.array([m for m, facts in enumerate(meetings) if facts[MOVABLE]], np.int64),
        )
        return Compiled(
            form,
            _matrix(self.at, 3),
            tuple(cell for cell, _, _ in self.starts.lines),
            tuple(self.row_of),
            tuple(teacher for teacher, _ in self.who.lines),
        )

    # -- meetings ------------------------------------------------------------------------------

    def _meeting(self, index: int, parts: list[tuple[int, int, int, int]]) -> tuple[int, ...]:
        problem, tables, costs = self.problem, self.tables, self.costs
        facts = problem.meetings[index]
        spot = self.state.spots[index]
        rows = self._rows_of(index) if index in self.movable else []
        moves = bool(rows and tables.starts[index])
        first = len(parts)
        nowhere = Spot(0, (NO_VENUE,) * len(facts.parts))
        for part, (class_, entry) in zip(
            facts.parts, self.state.entries_of(index, nowhere), strict=True
        ):
            parts.append((index, class_, part.course, int(entry.counted)))
        cells = bits(tables.starts[index]) if moves else []
        teachers = list(tables.teachers[index]) if moves else []
        home = costs.stored[index]
        for each in (spot, home if moves else None):
            if each is not None and (each is spot or each.start in cells):
                cells += [each.start] if each.start not in cells else []
                rows += [each.venues] if each.venues not in rows else []
                teachers += [each.teacher] if each.teacher not in teachers else []
        cells.sort()
        rows.sort()
        start = self.starts.add(self._start(index, cell) for cell in cells)
        row = self._row_lines(index, rows)
        who = self.who.add(self._who(index, teacher) for teacher in teachers)

        def line_of(each: Spot | None) -> tuple[int, int, int]:
            if each is None or each.start not in cells:
                return NOWHERE, NOWHERE, NOWHERE
            return (
                start[0] + cells.index(each.start),
                row[0] + rows.index(each.venues),
                who[0] + teachers.index(each.teacher),
            )

        self.at.append(line_of(spot))
        length = facts.length
        if not moves and spot is not None:
            length = min(length, tables.width - spot.start % tables.width)
        before = self._ordered(tables.before[index])
        after = self._ordered(tables.after[index])
        return (
            length,
            first,
            len(parts),
            *start,
            *row,
            *who,
            *before,
            *after,
            int(costs.choice[index]),
            int(moves),
            costs.unplaced[index],
            *line_of(home if moves else None),
            costs.change_cost(index) if moves else 0,
            self.tours.of_meeting(index, rows),
        )

    def _ordered(self, meetings: list[int]) -> tuple[int, int]:
        first = len(self.order)
        self.order.extend(meetings)
        return first, len(self.order)

    def _start(self, index: int, cell: int) -> tuple[int, int, int]:
        day, period = divmod(cell, self.tables.width)
        length = min(self.tables.lengths[index], self.tables.width - period)
        knowledge = tuple(self.problem.classes[p.class_].knowledge for p in self._parts(index))
        key = (knowledge, self.problem.calendar.working[day], period, length)
        if key not in self.start_costs:
            self.start_costs[key] = self.costs.hours_cost(index, day, period)
        cost = self.start_costs[key] + self.costs.frailty_at(index, cell)
        cost += self.costs.away_cost(index, day, period)
        return cell, cost, int(self.costs.dark(day, period, length))

    def _row_lines(self, index: int, rows: list[tuple[int, ...]]) -> tuple[int, int]:
        """Return the lines of these rows; meetings with the same choice at like cost share them."""
        sizes = tuple(
            (part.course, self.problem.classes[part.class_].size, part.fixed_venue is None)
            for part in self.problem.meetings[index].parts
        )
        until = tuple(self.problem.classes[p.class_].accredited for p in self._parts(index))
        key = (tuple(rows), sizes, until)
        if key not in self.row_lines:
            self.row_lines[key] = self.rows.add(self._row(index, venues) for venues in rows)
        return self.row_lines[key]

    def _parts(self, index: int) -> tuple[Part, ...]:
        return self.problem.meetings[index].parts

    def _row(self, index: int, venues: tuple[int, ...]) -> tuple[int, int, int, int]:
        first = len(self.row_venues)
        self.row_venues.extend(venues)
        self.row_of.append(venues)
        until = UNLIMITED
        for rooms, venue in zip(self.tables.rooms[index], venues, strict=True):
            cells = next((cells for room, cells in rooms if room == venue), None)
            if cells is not None and cells != self.tables.all_cells:
                until = min(until, (cells.bit_length() - 1) // self.tables.width)
        kinds = [self.problem.venues[venue].kind for venue in venues if venue != NO_VENUE]
        cost = self.costs.room_cost(index, venues)
        return first, until, cost, kinds.count("field_site")

    def _who(self, index: int, teacher: int) -> tuple[int, int]:
        return teacher, self.costs.teacher_cost(index, teacher)

    def _rows_of(self, index: int) -> list[tuple[int, ...]]:
        """Return the rooms that a meeting may take, for a joint one sets of them."""
        rooms = self.tables.rooms[index]
        if len(rooms) == 1:
            return [(venue,) for venue, _ in rooms[0]]
        choices = [[venue for venue, _ in those] for those in rooms]
        shared = set(choices[0]).intersection(*choices[1:])
        together = [
            (venue,) * len(rooms)
            for venue in sorted(shared)
            if room_for_all(self.state, index, (venue,) * len(rooms))
        ]
        if together:
            return together
        return list(self._broadcasts(index, choices))

    def _broadcasts(self, index: int, choices: list[list[int]]) -> Iterator[tuple[int, ...]]:
        found = 0
        for tried, venues in enumerate(product(*choices)):
            if room_for_all(self.state, index, venues):
                yield venues
                found += 1
            if found >= MOST_ROWS or tried >= 20 * MOST_ROWS:
                return

    # -- parties, venues, time -----------------------------------------------------------------

    def _class(
        self,
        index: int,
        listed: list[int],
        kin: _Lines,
    ) -> tuple[int, ...]:
        tables, class_ = self.tables, self.problem.classes[index]
        first = len(listed)
        for meeting in tables.of_class[index]:
            begin = self.first_parts[meeting]
            for place, part in enumerate(self.problem.meetings[meeting].parts):
                if part.class_ == index:
                    listed.append(begin + place)
        lines = [
            (friend, *run, 0)
            for friend, cells in tables.friends[index]
            for run in self._runs(cells)
        ]
        lines += [
            (len(self.problem.classes) + teacher, *run, 0)
            for teacher, cells in tables.teaching_members.get(index, ())
            for run in self._runs(cells)
        ]
        span = tables.span[index]
        return (
            first,
            len(listed),
            *kin.add(lines),
            0 if span is None else span[0],
            int(class_.knowledge),
            int(class_.max_days is not None),
            -1,
            0,
        )

    def _teacher(self, index: int, kin: _Lines) -> tuple[int, ...]:
        tables = self.tables
        classes = len(self.problem.classes)
        lines = [(classes + other, 0, tables.days, 1) for other in tables.selves.get(index, ())]
        lines += [
            (class_, *run, 0)
            for class_, cells in tables.seats.get(index, ())
            for run in self._runs(cells)
        ]
        limit = self.problem.teachers[index].max_per_week
        share = self.costs.shares.get(index, 0)
        return 0, 0, *kin.add(lines), 0, 0, 0, -1 if limit is None else limit, share

    def _runs(self, cells: int) -> Iterator[tuple[int, int]]:
        """Yield the runs of days, first and last, on which some cell is set."""
        days = sorted({cell // self.tables.width for cell in bits(cells)})
        first = None
        for place, day in enumerate(days):
            first = day if first is None else first
            if place + 1 == len(days) or days[place + 1] != day + 1:
                yield first, day
                first = None

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
        return _matrix([*lines, (0, 0, worked)], 3)

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


def _matrix(lines: Sequence[Sequence[int]], width: int) -> Ints:
    return np.array(lines, np.int64).reshape(-1, width)


def _square(lines: Sequence[Sequence[int]], size: int) -> Ints:
    return np.array(lines, np.int64).reshape(size, size)


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
