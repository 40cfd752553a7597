"""When a problem's calendar, classes, venues and teachers are open, as sets of cells.

A *cell* is one period of one day, numbered ``day * periods + period``; a set of cells or of starts
is one Python integer with a bit for each. A meeting of length L that starts at a cell takes L cells
of that day.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from trainer.timetable.engine.check.single import in_season, open_at
from trainer.timetable.engine.clock import Clock
from trainer.timetable.engine.problem import Problem


class Openings(Clock):
    """Which cells and starts the facts about one class, venue or teacher leave open."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.days = len(problem.calendar)
        self.all_cells = (1 << (self.width * self.days)) - 1
        self._weekdays = [problem.calendar.day(d).isoweekday() for d in range(self.days)]
        self._starts: dict[tuple[str, int, int], int] = {}

    def bits_of_days(self, first: int, last: int) -> int:
        """Return the cells of the days from ``first`` to ``last``, both included."""
        first, last = max(first, 0), min(last, self.days - 1)
        if last < first:
            return 0
        width = self.width
        return ((1 << ((last - first + 1) * width)) - 1) << (first * width)

    def blocked(self, busy: int, length: int) -> int:
        """Return the starts at which a meeting of this length would touch a busy cell."""
        blocked = busy
        for step in range(1, length):
            blocked |= busy >> step
        return blocked

    def fitting(self, cells: int, length: int) -> int:
        """Return the starts at which a meeting of this length lies within these cells."""
        return cells & ~self.blocked(self.all_cells & ~cells, length) & self.within_day(length)

    def venue_starts(self, venue: int, length: int) -> int:
        """Return the starts at which a venue is open and available throughout."""
        key = ("venue", venue, length)
        if key not in self._starts:
            self._starts[key] = self.fitting(self._open_cells(venue), length)
        return self._starts[key]

    def teacher_starts(self, teacher: int, length: int) -> int:
        """Return the starts at which a teacher is available throughout."""
        key = ("teacher", teacher, length)
        if key not in self._starts:
            cells = self._free_cells("teachers", teacher)
            # whoever may teach no meeting a week is never available
            never = self.problem.teachers[teacher].max_per_week == 0
            self._starts[key] = 0 if never else self.fitting(cells, length)
        return self._starts[key]

    def class_starts(self, index: int, length: int, *, any_day: bool, any_period: bool) -> int:
        """Return the starts that a class's window, absences and working time leave open."""
        class_ = self.problem.classes[index]
        calendar = self.problem.calendar
        cells = self._free_cells("classes", index)
        if not any_day:
            first = 0 if class_.earliest is None else calendar.index(class_.earliest)
            last = self.days if class_.latest is None else calendar.index(class_.latest)
            cells &= self.bits_of_days(first, last)
            if not class_.knowledge:
                cells &= self._working_days
        if not any_period and not class_.knowledge:
            cells &= self._working_periods
        return self.fitting(cells, length)

    def accredited_days(self, venue: int) -> int:
        """Return the cells of the days on which a venue is accredited."""
        until = self.problem.venues[venue].accredited_until
        if not self.problem.venues[venue].accredited:
            return 0
        return (
            self.all_cells
            if until is None
            else self.bits_of_days(0, self.problem.calendar.index(until))
        )

    def trainees_away(self, index: int) -> int:
        """Return the cells in which some trainee of a class is away."""
        return self._absent.get(("trainees", index), 0)

    def _open_cells(self, index: int) -> int:
        venue = self.problem.venues[index]
        periods = sum(
            1 << place
            for place, period in enumerate(self.problem.periods)
            if open_at(venue, period.start, period.end)
        )
        open_ = self.first_periods
        for weekday in venue.closed_weekdays:
            open_ &= ~self._first_of_weekday[weekday]
        if venue.season is not None:
            for day in range(self.days):
                if not in_season(venue, self.problem.calendar.day(day)):
                    open_ &= ~(1 << (day * self.width))
        # each day's first cell times the periods: no day reaches into the next
        return open_ * periods & self._free_cells("venues", index)

    @cached_property
    def _first_of_weekday(self) -> dict[int, int]:
        """Return the first cells of all Mondays, of all Tuesdays and so on."""
        cells: dict[int, int] = defaultdict(int)
        for day, weekday in enumerate(self._weekdays):
            cells[weekday] |= 1 << (day * self.width)
        return cells

    @cached_property
    def first_periods(self) -> int:
        """Return the first cell of every day."""
        return sum(1 << (day * self.width) for day in range(self.days))

    @cached_property
    def _absent(self) -> dict[tuple[str, int], int]:
        absent: dict[tuple[str, int], int] = defaultdict(int)
        calendar = self.problem.calendar
        for absence in self.problem.absences:
            first, last = calendar.index(absence.first), calendar.index(absence.last)
            cells = self.bits_of_days(first, last)
            if absence.period is not None:
                mask = self.taken[absence.period][1]
                cells = sum(
                    mask << (day * self.width)
                    for day in range(max(first, 0), min(last + 1, self.days))
                )
            for kind in ("teachers", "venues", "classes", "trainees"):
                for index in getattr(absence, kind):
                    absent[kind, index] |= cells
        return absent

    def _free_cells(self, kind: str, index: int) -> int:
        return self.all_cells & ~self._absent.get((kind, index), 0)

    def within_day(self, length: int) -> int:
        """Return the starts at which a meeting of this length ends on its day."""
        key = ("day", 0, length)
        if key not in self._starts:
            room = self.width - length + 1
            one = (1 << room) - 1 if room > 0 else 0
            self._starts[key] = sum(one << (day * self.width) for day in range(self.days))
        return self._starts[key]

    @cached_property
    def _working_days(self) -> int:
        return sum(
            self.bits_of_days(day, day)
            for day, works in enumerate(self.problem.calendar.working)
            if works
        )

    @cached_property
    def _working_periods(self) -> int:
        one = sum(1 << p for p, period in enumerate(self.problem.periods) if period.work)
        return sum(one << (day * self.width) for day in range(self.days))

    @cached_property
    def weeks(self) -> list[int]:
        """Return for each day the running number of its ISO week."""
        numbers: dict[tuple[int, int], int] = {}
        weeks = []
        for day in range(self.days):
            iso = self.problem.calendar.day(day).isocalendar()
            weeks.append(numbers.setdefault((iso.year, iso.week), len(numbers)))
        return weeks

    @cached_property
    def week_cells(self) -> list[int]:
        """Return the cells of each week, by its running number."""
        cells = [0] * (self.weeks[-1] + 1 if self.weeks else 0)
        for day, week in enumerate(self.weeks):
            cells[week] |= self.bits_of_days(day, day)
        return cells
