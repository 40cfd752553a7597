"""What each meeting may choose for the core: its starts, its rooms and its teachers, with costs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from trainer.timetable.engine.insert import bits
from trainer.timetable.engine.obstacles import room_for_all
from trainer.timetable.engine.offices.form import NOWHERE
from trainer.timetable.engine.offices.lines import Lines
from trainer.timetable.engine.offices.tours import Tours
from trainer.timetable.engine.problem import Part
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_VENUE, Spot

MOST_ROWS: Final = 400
"""How many rooms, or sets of rooms for a broadcast, are offered to one meeting."""
UNLIMITED: Final = 2**31 - 1


class Choices:
    """The choices of meetings in the making, and ``at``, which of them each has now."""

    def __init__(self, state: State, movable: frozenset[int]) -> None:
        self.state = state
        self.tables = state.tables
        self.costs = state.costs
        self.problem = state.problem
        self.movable = movable
        self.starts, self.rows, self.who = Lines(3), Lines(4), Lines(2)
        self.row_venues: list[int] = []
        self.row_of: list[tuple[int, ...]] = []
        self.parts: list[tuple[int, int, int, int]] = []
        self.order: list[int] = []
        self.at: list[tuple[int, int, int]] = []
        self.tours = Tours(state)
        self._row_lines: dict[object, tuple[int, int]] = {}
        self._start_costs: dict[object, int] = {}

    def add(self, index: int) -> tuple[int, ...]:
        """Add a meeting's choices and where it is; return its line of ``Form.meeting``."""
        problem, tables, costs = self.problem, self.tables, self.costs
        facts = problem.meetings[index]
        spot = self.state.spots[index]
        rows = self._rows_of(index) if index in self.movable else []
        moves = bool(rows and tables.starts[index])
        first = len(self.parts)
        nowhere = Spot(0, (NO_VENUE,) * len(facts.parts))
        for part, (class_, entry) in zip(
            facts.parts, self.state.entries_of(index, nowhere), strict=True
        ):
            self.parts.append((index, class_, part.course, int(entry.counted)))
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
        row = self._rows_like(index, rows)
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
            len(self.parts),
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
        if key not in self._start_costs:
            self._start_costs[key] = self.costs.hours_cost(index, day, period)
        cost = self._start_costs[key] + self.costs.frailty_at(index, cell)
        cost += self.costs.away_cost(index, day, period)
        return cell, cost, int(self.costs.dark(day, period, length))

    def _rows_like(self, index: int, rows: list[tuple[int, ...]]) -> tuple[int, int]:
        """Return the lines of these rows; meetings with the same choice at like cost share them."""
        sizes = tuple(
            (part.course, self.problem.classes[part.class_].size, part.fixed_venue is None)
            for part in self.problem.meetings[index].parts
        )
        until = tuple(self.problem.classes[p.class_].accredited for p in self._parts(index))
        key = (tuple(rows), sizes, until)
        if key not in self._row_lines:
            self._row_lines[key] = self.rows.add(self._row(index, venues) for venues in rows)
        return self._row_lines[key]

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
