"""Classes and teachers for the core: what each takes part in, and who cannot be busy with whom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.days import NO_LIMIT
from trainer.timetable.engine.insert import bits
from trainer.timetable.engine.offices.lines import Lines
from trainer.timetable.engine.tables import Tables


class Parties:
    """The lines of ``Form.listed`` and ``Form.kin`` in the making."""

    def __init__(self, tables: Tables, costs: Costs) -> None:
        self.tables = tables
        self.costs = costs
        self.problem = tables.problem
        self.listed: list[int] = []
        self.kin = Lines(4)
        counts = (len(meeting.parts) for meeting in self.problem.meetings)
        self._first_parts = list(accumulate(counts, initial=0))

    def of_class(self, index: int) -> tuple[int, ...]:
        """Add a class; return its line of ``Form.party``."""
        tables, class_, days = self.tables, self.problem.classes[index], self.costs.days
        first = len(self.listed)
        for meeting in tables.of_class[index]:
            begin = self._first_parts[meeting]
            for place, part in enumerate(self.problem.meetings[meeting].parts):
                if part.class_ == index:
                    self.listed.append(begin + place)
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
            len(self.listed),
            *self.kin.add(lines),
            0 if span is None else span[0],
            int(class_.knowledge),
            int(class_.max_days is not None),
            -1,
            0,
            days.met[index] if days.met else NO_LIMIT,
        )

    def of_teacher(self, index: int) -> tuple[int, ...]:
        """Add a teacher; return the line of ``Form.party``."""
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
        taught = self.costs.days.taught
        a_day = taught[index] if taught else NO_LIMIT
        return 0, 0, *self.kin.add(lines), 0, 0, 0, -1 if limit is None else limit, share, a_day

    def _runs(self, cells: int) -> Iterator[tuple[int, int]]:
        """Yield the runs of days, first and last, on which some cell is set."""
        days = sorted({cell // self.tables.width for cell in bits(cells)})
        first = None
        for place, day in enumerate(days):
            first = day if first is None else first
            if place + 1 == len(days) or days[place + 1] != day + 1:
                yield first, day
                first = None
