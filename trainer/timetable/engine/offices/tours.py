"""The rounds of field days for the core: at which stops a meeting is in which periods.

The core knows periods, not minutes: a stop counts as used in every period that a stay touches, and
so does a break in the period before it. So whatever the core places is allowed, and a few things
are left to the exact bookkeeping that minutes alone would allow.
"""

from __future__ import annotations

from trainer.timetable.engine.offices.form import NOWHERE
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot


class Tours:
    """The lines of ``Form.tour`` and ``Form.stay`` in the making."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.tables = state.tables
        self.tours: list[tuple[int, int]] = []
        self.stays: list[tuple[int, int]] = []
        self._known: dict[object, int] = {}

    def of_meeting(self, meeting: int, rows: list[tuple[int, ...]]) -> int:
        """Return where the rounds of a meeting begin, NOWHERE for one without stops.

        There is a line for each of its rows and each cell of the calendar.
        """
        facts = self.state.problem.meetings[meeting]
        if not self.tables.visits.stops[meeting]:
            return NOWHERE
        fits = [self._fitting(meeting, row) for row in rows]
        alike = tuple((part.course, part.order) for part in facts.parts)
        # what stays where no round fits is there all the same
        spot = self.state.spots[meeting]
        odd = spot is None or not _fits(rows, fits, spot)
        key = (alike, facts.length, tuple(rows), tuple(fits), spot if odd else None)
        if key not in self._known:
            self._known[key] = len(self.tours)
            for row, cells in zip(rows, fits, strict=True):
                self._row(meeting, row, cells)
        return self._known[key]

    def _fitting(self, meeting: int, row: tuple[int, ...]) -> int:
        """Return the cells at which every part of a meeting can go on its round from a row."""
        cells = self.tables.all_cells
        for rooms, venue in zip(self.tables.rooms[meeting], row, strict=True):
            cells &= dict(rooms).get(venue, 0)
        return cells

    def _row(self, meeting: int, row: tuple[int, ...], fitting: int) -> None:
        for cell in range(self.tables.width * self.tables.days):
            first = len(self.stays)
            spot = self.state.spots[meeting]
            here = spot is not None and (spot.start, spot.venues) == (cell, row)
            if not fitting >> cell & 1 and not here:
                self.tours.append((NOWHERE, NOWHERE))
                continue
            periods: dict[int, int] = {}
            for use in self.tables.visits.of_meeting(meeting, cell, row):
                if use.venue not in row:
                    touched = self._touched(use.start, use.end)
                    periods[use.venue] = periods.get(use.venue, 0) | touched
            self.stays.extend(sorted(periods.items()))
            self.tours.append((first, len(self.stays)))

    def _touched(self, start: int, end: int) -> int:
        """Return the periods of a day in which, or in the break after which, a stay lies."""
        periods = self.state.problem.periods
        touched = 0
        for place, period in enumerate(periods):
            later = [each.start for each in periods if each.start > period.start]
            lasts = max(period.end, min(later, default=period.end))
            touched |= (period.start < end and start < lasts) << place
        return touched


def _fits(rows: list[tuple[int, ...]], fits: list[int], spot: Spot) -> bool:
    return spot.venues in rows and bool(fits[rows.index(spot.venues)] >> spot.start & 1)
