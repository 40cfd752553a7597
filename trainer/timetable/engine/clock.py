"""The office's day as a clock: when meetings begin and end, and which of them touch."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations

from trainer.timetable.engine.problem import Problem


class Clock:
    """The periods of a problem's day, by minutes; a meeting is known by its length in periods."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.width = len(problem.periods)
        self.lengths = [meeting.length for meeting in problem.meetings]
        self._near: dict[tuple[int, int, int, int], int] = {}
        self.taken = self._taken_cells()

    def ticks(self, meeting: int, start: int) -> range:
        """Return the stretches of the day's clock that a meeting covers, numbered over all days.

        The clock is cut wherever a period begins or ends, so that two meetings overlap exactly
        when they share a tick.
        """
        day, period = divmod(start, self.width)
        begin, end = self.clock(period, self.lengths[meeting])
        cuts = self._cuts
        base = day * len(cuts)
        return range(base + cuts[begin], base + cuts[end])

    @cached_property
    def _cuts(self) -> dict[int, int]:
        times = {t for period in self.problem.periods for t in (period.start, period.end)}
        return {time: place for place, time in enumerate(sorted(times))}

    @cached_property
    def overlapping(self) -> bool:
        """Say whether some of the office's periods overlap on the clock."""
        return any(
            a.start < b.end and b.start < a.end for a, b in combinations(self.problem.periods, 2)
        )

    def near(self, period: int, length: int, need_before: int, need_after: int) -> int:
        """Return the periods too near in time to a meeting at another place.

        ``need_before`` are the minutes from there to the meeting, ``need_after`` those back.
        """
        key = (period, length, need_before, need_after)
        if key not in self._near:
            start, end = self.clock(period, length)
            self._near[key] = sum(
                1 << place
                for place, other in enumerate(self.problem.periods)
                if other.end > start - need_before and other.start < end + need_after
            )
        return self._near[key]

    def clock(self, period: int, length: int) -> tuple[int, int]:
        """Return the minutes from which and to which a meeting lasts."""
        return self._clocks[period][min(length, self.width - period)]

    @cached_property
    def _clocks(self) -> list[dict[int, tuple[int, int]]]:
        periods = self.problem.periods
        return [
            {
                length: (
                    min(p.start for p in periods[place : place + length]),
                    max(p.end for p in periods[place : place + length]),
                )
                for length in range(1, self.width - place + 1)
            }
            for place in range(self.width)
        ]

    def _taken_cells(self) -> list[dict[int, int]]:
        """Return by period and length the periods of the day that a meeting makes busy.

        They are its own, and any other that overlaps it on the clock.
        """
        tables: list[dict[int, int]] = []
        for place in range(self.width):
            row: dict[int, int] = {}
            for length in range(1, self.width - place + 1):
                start, end = self.clock(place, length)
                row[length] = sum(
                    1 << other
                    for other, period in enumerate(self.problem.periods)
                    if place <= other < place + length
                    or (period.start < end and start < period.end)
                )
            tables.append(row)
        return tables
