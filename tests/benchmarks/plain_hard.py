"""The plain model's variables and hard rules: one boolean for each meeting, start, venue, teacher.

It is built to be a fair opponent: only combinations that the facts allow get a boolean, what is
busy at once is one at-most-one for each resource and period, what several rules speak of (a class
in a room at a time) is named once, and everything is written straight into the solver's own form.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from typing import Any

import numpy as np

from trainer.timetable.engine.problem import Member, Problem
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Tables

Ints = np.ndarray[Any, np.dtype[np.int64]]
At = dict[tuple[int, int], dict[int, int]]
"""By who and cell: the literal of each venue."""


def grouped(keys: Sequence[Ints], values: Ints) -> Iterator[tuple[tuple[int, ...], list[int]]]:
    """Yield each combination of keys with its values, in the order of the keys."""
    if not len(values):
        return
    order = np.lexsort(tuple(reversed(keys)))
    columns = [key[order] for key in keys]
    change = np.zeros(len(order) - 1, bool)
    for column in columns:
        change |= column[1:] != column[:-1]
    cuts = [0, *(np.flatnonzero(change) + 1).tolist(), len(order)]
    heads = list(zip(*(column[cuts[:-1]].tolist() for column in columns), strict=True))
    found = values[order].tolist()
    for place, head in enumerate(heads):
        yield head, found[cuts[place] : cuts[place + 1]]


class Writer:
    """Writes into CP-SAT's own form; a literal is a variable's number, and ``~`` negates it."""

    def __init__(self) -> None:
        from ortools.sat.python import cp_model

        self.model: Any = cp_model.CpModel()
        self.proto: Any = self.model.proto
        self.count = 0
        self._aliases: dict[tuple[int, ...], int] = {}

    def booleans(self, count: int) -> Ints:
        """Return the numbers of new booleans."""
        for _ in range(count):
            self.proto.variables.add().domain.extend((0, 1))
        self.count += count
        return np.arange(self.count - count, self.count)

    def integer(self, low: int, high: int) -> int:
        """Return the number of a new integer variable."""
        self.proto.variables.add().domain.extend((low, high))
        self.count += 1
        return self.count - 1

    def at_most_one(self, literals: list[int]) -> None:
        """At most one of these is true."""
        if len(literals) > 1:
            self.proto.constraints.add().at_most_one.literals.extend(literals)

    def exactly_one(self, literals: list[int]) -> None:
        """Exactly one of these is true."""
        self.proto.constraints.add().exactly_one.literals.extend(literals)

    def any_of(self, literals: list[int]) -> None:
        """At least one of these is true."""
        self.proto.constraints.add().bool_or.literals.extend(literals)

    def linear(
        self, terms: Sequence[tuple[int, int]], low: int, high: int, only_if: Iterable[int] = ()
    ) -> None:
        """Hold a sum of (variable, factor) between two figures, where ``only_if`` are true."""
        constraint = self.proto.constraints.add()
        constraint.linear.vars.extend([variable for variable, _ in terms])
        constraint.linear.coeffs.extend([factor for _, factor in terms])
        constraint.linear.domain.extend((low, high))
        constraint.enforcement_literal.extend(list(only_if))

    def alias(self, literals: list[int]) -> int:
        """Return a literal that says whether one of these is true, of which at most one ever is."""
        if len(literals) == 1:
            return literals[0]
        key = tuple(literals)
        if key not in self._aliases:
            name = int(self.booleans(1)[0])
            self.exactly_one([*literals, ~name])
            self._aliases[key] = name
        return self._aliases[key]


@dataclass(slots=True)
class Columns:
    """Literals with what they stand for; a meeting of several classes stands there for each."""

    meeting: Ints
    start: Ints
    venue: Ints
    teacher: Ints
    literal: Ints

    def where(self, chosen: Ints) -> Columns:
        """Return some of the rows."""
        return Columns(
            self.meeting[chosen],
            self.start[chosen],
            self.venue[chosen],
            self.teacher[chosen],
            self.literal[chosen],
        )


def allowed(tables: Tables) -> Columns:
    """Return every combination of meeting, start, venue and teacher that the facts allow."""
    rows: list[tuple[Ints, int, int, int]] = []
    for meeting, length in enumerate(tables.lengths):
        for venue, accredited in _one_room(tables, meeting):
            open_ = tables.starts[meeting] & accredited
            if venue != NO_VENUE:
                open_ &= tables.venue_starts(venue, length)
            for teacher in tables.teachers[meeting]:
                starts = open_
                if teacher != NO_TEACHER:
                    starts &= tables.teacher_starts(teacher, length)
                rows.append((_ones(starts), meeting, venue, teacher))
    sizes = [len(starts) for starts, *_ in rows]
    start = np.concatenate([starts for starts, *_ in rows])
    each = [np.repeat(np.array([row[n] for row in rows], np.int64), sizes) for n in (1, 2, 3)]
    return Columns(each[0], start, each[1], each[2], np.arange(len(start)))


def _one_room(tables: Tables, meeting: int) -> Iterator[tuple[int, int]]:
    """Yield the rooms that hold a whole meeting; a broadcast to several is left aside."""
    problem = tables.problem
    parts = problem.meetings[meeting].parts
    size = sum(problem.classes[part.class_].size for part in parts)
    others = [dict(rooms) for rooms in tables.rooms[meeting][1:]]
    for venue, cells in tables.rooms[meeting][0]:
        capacity = None if venue == NO_VENUE else problem.venues[venue].capacity
        if (capacity is None or capacity >= size) and all(venue in rooms for rooms in others):
            yield venue, reduce(and_, (rooms[venue] for rooms in others), cells)


def _ones(mask: int) -> Ints:
    raw = np.frombuffer(mask.to_bytes((mask.bit_length() + 7) // 8, "little"), np.uint8)
    return np.flatnonzero(np.unpackbits(raw, bitorder="little")).astype(np.int64)


class Hard:
    """The hard rules over all combinations; what it names is there for the soft rules, too."""

    def __init__(self, tables: Tables) -> None:
        assert not tables.overlapping
        self.tables = tables
        self.problem: Problem = tables.problem
        self.writer = writer = Writer()
        self.all = allowed(tables)
        writer.booleans(len(self.all.literal))
        self.lengths = np.array(tables.lengths, np.int64)
        self.taught = self._taught()
        self.starts = self._starts()
        self.of_meeting = self._starts_of_meetings()
        self._clocks: dict[int, int] = {}
        #: by class and cell: whether a meeting starts there, ends there, and whether it is busy
        self.begins: dict[tuple[int, int], int] = {}
        self.ends: dict[tuple[int, int], int] = {}
        self.busy: dict[tuple[int, int], int] = {}
        self._one_place_each()
        self.comes, self.leaves = self._presence(*self.by_class(self.all))
        self._classes_and_people()
        self._venues()
        self._teachers()
        self._journeys(self.comes, self.leaves, self.begins)
        self._orders()
        self._spans()

    # -- names ---------------------------------------------------------------------------------

    def _taught(self) -> Columns:
        """Return a literal for each meeting, start and teacher."""
        keys = (self.all.meeting, self.all.start, self.all.teacher)
        heads, names = self._named(grouped(keys, self.all.literal))
        return Columns(heads[:, 0], heads[:, 1], heads[:, 0], heads[:, 2], names)

    def _starts(self) -> Columns:
        """Return a literal for each meeting and start."""
        keys = (self.taught.meeting, self.taught.start)
        heads, names = self._named(grouped(keys, self.taught.literal))
        return Columns(heads[:, 0], heads[:, 1], heads[:, 0], heads[:, 0], names)

    def _named(self, groups: Iterable[tuple[tuple[int, ...], list[int]]]) -> tuple[Ints, Ints]:
        heads, names = [], []
        for head, literals in groups:
            heads.append(head)
            names.append(self.writer.alias(literals))
        return np.array(heads, np.int64), np.array(names, np.int64)

    def by_class(self, columns: Columns) -> tuple[Columns, Ints]:
        """Return a row for each class of a meeting, with the classes beside them."""
        meetings = self.problem.meetings
        most = max(len(meeting.parts) for meeting in meetings)
        rows, classes = [], []
        for part in range(most):
            class_ = np.array(
                [m.parts[part].class_ if part < len(m.parts) else -1 for m in meetings], np.int64
            )
            chosen = np.flatnonzero(class_[columns.meeting] >= 0)
            rows.append(chosen)
            classes.append(class_[columns.meeting[chosen]])
        return columns.where(np.concatenate(rows)), np.concatenate(classes)

    def _presence(self, columns: Columns, who: Ints) -> tuple[At, At]:
        """Return by who and cell where they come to, and where they leave from."""
        comes: At = defaultdict(dict)
        leaves: At = defaultdict(dict)
        ends = columns.start + self.lengths[columns.meeting] - 1
        for at, cells in ((comes, columns.start), (leaves, ends)):
            for (one, cell, venue), literals in grouped(
                (who, cells, columns.venue), columns.literal
            ):
                at[one, cell][venue] = self.writer.alias(literals)
        return comes, leaves

    def _cells(self, columns: Columns, *others: Ints) -> tuple[list[Ints], Ints, Ints]:
        """Return rows for every cell that a literal makes busy: other keys, cell, literal."""
        rows, cells = [], []
        for step in range(int(self.lengths.max())):
            chosen = np.flatnonzero(self.lengths[columns.meeting] > step)
            rows.append(chosen)
            cells.append(columns.start[chosen] + step)
        row = np.concatenate(rows)
        return [other[row] for other in others], np.concatenate(cells), columns.literal[row]

    # -- rules ---------------------------------------------------------------------------------

    def _one_place_each(self) -> None:
        for _, literals in grouped((self.starts.meeting,), self.starts.literal):
            self.writer.exactly_one(literals)

    def _classes_and_people(self) -> None:
        columns, own = self.by_class(self.starts)
        for (class_, cell), literals in grouped((own, columns.start), columns.literal):
            self.begins[class_, cell] = self.writer.alias(literals)
        ends = columns.start + self.lengths[columns.meeting] - 1
        for (class_, cell), literals in grouped((own, ends), columns.literal):
            self.ends[class_, cell] = self.writer.alias(literals)
        (classes,), cells, literal = self._cells(columns, own)
        for (class_, cell), literals in grouped((classes, cells), literal):
            self.writer.at_most_one(literals)
            self.busy[class_, cell] = self.writer.alias(literals)
        of_cell: dict[int, dict[int, int]] = defaultdict(dict)
        for (class_, cell), name in self.busy.items():
            of_cell[cell][class_] = name
        for cell, names in of_cell.items():
            for group in self._sharing(cell, names):
                self.writer.at_most_one([names[class_] for class_ in group])

    def _sharing(self, cell: int, names: dict[int, int]) -> Iterator[tuple[int, ...]]:
        """Yield sets of classes that share somebody then, none within another."""
        people: dict[int, set[int]] = defaultdict(set)
        for class_ in names:
            for member, cells in self._members[class_]:
                if cells >> cell & 1:
                    people[member].add(class_)
        sets = sorted({frozenset(s) for s in people.values() if len(s) > 1}, key=len, reverse=True)
        kept: list[frozenset[int]] = []
        for group in sets:
            if not any(group < other for other in kept):
                kept.append(group)
                yield tuple(sorted(group))

    @cached_property
    def _members(self) -> list[list[tuple[int, int]]]:
        """Return for each class its people who are in several, and in which cells."""
        tables, calendar, classes = self.tables, self.problem.calendar, self.problem.classes
        counts = Counter(member.person for class_ in classes for member in class_.members)

        def cells(member: Member) -> int:
            first = 0 if member.first is None else calendar.index(member.first)
            last = tables.days if member.last is None else calendar.index(member.last)
            return tables.bits_of_days(first, last)

        return [
            [(each.person, cells(each)) for each in class_.members if counts[each.person] > 1]
            for class_ in classes
        ]

    def _venues(self) -> None:
        used = self.all.where(np.flatnonzero(self.all.venue != NO_VENUE))
        (venues,), cells, literal = self._cells(used, used.venue)
        for (venue, _), literals in grouped((venues, cells), literal):
            room = self.problem.venues[venue].parallel
            if room == 1:
                self.writer.at_most_one(literals)
            elif len(literals) > room:
                self.writer.linear([(each, 1) for each in literals], 0, room)

    def _teachers(self) -> None:
        taught = self.taught.where(np.flatnonzero(self.taught.teacher != NO_TEACHER))
        (teachers,), cells, literal = self._cells(taught, taught.teacher)
        for _, literals in grouped((teachers, cells), literal):
            self.writer.at_most_one(literals)
        weeks = np.array(self.tables.weeks, np.int64)[taught.start // self.tables.width]
        for (teacher, _), literals in grouped((taught.teacher, weeks), taught.literal):
            most = self.problem.teachers[teacher].max_per_week
            if most is not None and len(literals) > most:
                self.writer.linear([(each, 1) for each in literals], 0, most)
        days = taught.start // self.tables.width
        several = {
            head
            for head, meetings in grouped((taught.teacher, days), taught.meeting)
            if len(set(meetings)) > 1
        }
        days = self.all.start // self.tables.width
        pairs = zip(self.all.teacher.tolist(), days.tolist(), strict=True)
        contested = self.all.where(np.flatnonzero([pair in several for pair in pairs]))
        comes, leaves = self._presence(contested, contested.teacher)
        begins = {
            (teacher, cell): self.writer.alias(literals)
            for (teacher, cell), literals in grouped((taught.teacher, taught.start), taught.literal)
        }
        self._journeys(comes, leaves, begins)

    def _journeys(self, comes: At, leaves: At, begins: dict[tuple[int, int], int]) -> None:
        """Nobody leaves one place and begins at another too soon after it."""
        tables, periods = self.tables, self.problem.periods
        for (who, cell), places in leaves.items():
            day, period = divmod(cell, tables.width)
            for later in range(period + 1, tables.width):
                there = comes.get((who, day * tables.width + later))
                if not there:
                    continue
                minutes = periods[later].start - periods[period].end
                for venue, literal in places.items():
                    far = [w for w in there if w != venue and tables.need(venue, w) > minutes]
                    if not far:
                        continue
                    if len(far) == len(there) - (venue in there):
                        stays = [there[venue]] if venue in there else []
                        starts = begins[who, day * tables.width + later]
                        self.writer.any_of([~literal, ~starts, *stays])
                    else:
                        self.writer.at_most_one([literal, *(there[w] for w in far)])

    def clock(self, meeting: int) -> int:
        """Return the variable that says at which cell a meeting starts."""
        if meeting not in self._clocks:
            variable = self.writer.integer(0, self.tables.days * self.tables.width)
            terms = [(name, start) for start, name in self.of_meeting[meeting]]
            self.writer.linear([*terms, (variable, -1)], 0, 0)
            self._clocks[meeting] = variable
        return self._clocks[meeting]

    def _orders(self) -> None:
        latest = self.tables.days * self.tables.width
        for meeting, earlier in enumerate(self.tables.before):
            for other in earlier:
                self.writer.linear([(self.clock(meeting), 1), (self.clock(other), -1)], 1, latest)

    def _starts_of_meetings(self) -> list[list[tuple[int, int]]]:
        """Return for each meeting its starts with their literals."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.problem.meetings]
        rows = (self.starts.meeting.tolist(), self.starts.start.tolist())
        for meeting, start, name in zip(*rows, self.starts.literal.tolist(), strict=True):
            found[meeting].append((start, name))
        return found

    def _spans(self) -> None:
        tables = self.tables
        for class_, meetings in enumerate(tables.of_class):
            span = tables.span[class_]
            if span is None:
                continue
            first = self.writer.integer(0, tables.days)
            for meeting in meetings:
                days = [(name, start // tables.width) for start, name in self.of_meeting[meeting]]
                self.writer.linear([*days, (first, -1)], 0, span[0] - 1)
