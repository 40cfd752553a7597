"""A timetable in the making: who and what is busy where, what is placed, and what that costs.

Every question about free starts is answered on sets of cells (see ``tables``), so that a whole
year's starts are tested by a few operations on integers.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from operator import attrgetter

from trainer.timetable.engine.check.standing import counts_in_span
from trainer.timetable.engine.costs import Costs, Entry
from trainer.timetable.engine.presence import Presence
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables

_by_start = attrgetter("start")


class State:
    """Spots of meetings, kept consistent with everything that depends on them."""

    def __init__(self, tables: Tables, costs: Costs) -> None:
        problem = tables.problem
        self.tables = tables
        self.costs = costs
        self.problem = problem
        self.spots: list[Spot | None] = [None] * len(problem.meetings)
        self.entries: list[list[Entry]] = [[] for _ in problem.classes]
        self.class_cost = [0] * len(problem.classes)
        self.class_busy = [0] * len(problem.classes)
        self.teacher_busy = [0] * len(problem.teachers)
        self.teaching: list[dict[int, tuple[int, int]]] = [{} for _ in problem.teachers]
        self.week_load = [[0] * len(tables.week_cells) for _ in problem.teachers]
        self.full_weeks = [0] * len(problem.teachers)
        self.load = [0] * len(problem.teachers)
        #: periods of each day that a teacher with a limit for them has
        self.day_load: list[dict[int, int]] = [{} for _ in costs.days.taught]
        self.venue_full = [0] * len(problem.venues)
        self.venue_used = dict.fromkeys(tables.kin, 0)
        self.holding: list[dict[int, int]] = [{} for _ in problem.venues]
        self._held: list[dict[int, int]] = [{} for _ in problem.venues]
        self.presence = Presence(tables.visits) if tables.visits.venues else None
        self.cost = sum(costs.unplaced)
        self.placed = 0

    # -- changing it ---------------------------------------------------------------------------

    def place(self, meeting: int, spot: Spot) -> None:
        """Put a meeting that has no place at a spot; whether that is allowed is not asked."""
        assert self.spots[meeting] is None
        self.spots[meeting] = spot
        self.placed += 1
        self.cost += self.costs.own(meeting, spot) - self.costs.unplaced[meeting]
        cells = self.tables.cells(meeting, spot.start)
        for class_, entry in self.entries_of(meeting, spot):
            insort(self.entries[class_], entry, key=_by_start)
            self.class_busy[class_] |= cells
            self._recost(class_)
        if spot.teacher != NO_TEACHER:
            self._teach(meeting, spot, cells, 1)
        for venue in set(spot.venues):
            if venue != NO_VENUE:
                self._hold(venue, cells, 1)
                self.holding[venue][meeting] = spot.start
                if venue in self.venue_used:
                    self.venue_used[venue] |= cells
        if self.presence is not None:
            self.presence.put(meeting, spot.start, spot.venues)

    def remove(self, meeting: int) -> Spot:
        """Take a meeting from its place, which is returned."""
        spot = self.spots[meeting]
        assert spot is not None
        self.spots[meeting] = None
        self.placed -= 1
        self.cost += self.costs.unplaced[meeting] - self.costs.own(meeting, spot)
        cells = self.tables.cells(meeting, spot.start)
        for class_, entry in self.entries_of(meeting, spot):
            self.entries[class_].remove(entry)
            self.class_busy[class_] = self._cells_of(
                (other.start, other.meeting) for other in self.entries[class_]
            )
            self._recost(class_)
        if spot.teacher != NO_TEACHER:
            self._teach(meeting, spot, cells, -1)
        for venue in set(spot.venues):
            if venue != NO_VENUE:
                self._hold(venue, cells, -1)
                del self.holding[venue][meeting]
                if venue in self.venue_used:
                    self.venue_used[venue] = self._cells_of(
                        (start, other) for other, start in self.holding[venue].items()
                    )
        if self.presence is not None:
            self.presence.take(meeting, spot.start, spot.venues)
        return spot

    def entries_of(self, meeting: int, spot: Spot) -> Iterator[tuple[int, Entry]]:
        """Yield what each class of a meeting would see of it at a spot."""
        facts = self.problem.meetings[meeting]
        day, period = divmod(spot.start, self.tables.width)
        for part, venue in zip(facts.parts, spot.venues, strict=True):
            class_ = self.problem.classes[part.class_]
            yield (
                part.class_,
                Entry(
                    meeting=meeting,
                    start=spot.start,
                    day=day,
                    period=period,
                    last=period + facts.length - 1,
                    venue=venue,
                    course=part.course,
                    counted=facts.fixed_day is None or counts_in_span(class_, facts.fixed_day),
                ),
            )

    def _recost(self, class_: int) -> None:
        cost = self.costs.class_(class_, self.entries[class_])
        self.cost += cost - self.class_cost[class_]
        self.class_cost[class_] = cost

    def _teach(self, meeting: int, spot: Spot, cells: int, sign: int) -> None:
        teacher = spot.teacher
        if sign > 0:
            self.teacher_busy[teacher] |= cells
            self.teaching[teacher][meeting] = (spot.start, spot.venues[0])
        else:
            del self.teaching[teacher][meeting]
            self.teacher_busy[teacher] = self._cells_of(
                (start, other) for other, (start, _) in self.teaching[teacher].items()
            )
        if self.costs.choice[meeting]:
            before = self.costs.load(teacher, self.load[teacher])
            self.load[teacher] += sign
            self.cost += self.costs.load(teacher, self.load[teacher]) - before
        if self.day_load:
            self.cost += self._day_cost(meeting, spot, sign)
            day = spot.start // self.tables.width
            periods = self.day_load[teacher].get(day, 0)
            self.day_load[teacher][day] = periods + sign * self.tables.lengths[meeting]
        limit = self.problem.teachers[teacher].max_per_week
        if limit is not None:
            week = self.tables.weeks[spot.start // self.tables.width]
            self.week_load[teacher][week] += sign
            if self.week_load[teacher][week] >= limit:
                self.full_weeks[teacher] |= self.tables.week_cells[week]
            else:
                self.full_weeks[teacher] &= ~self.tables.week_cells[week]

    def _day_cost(self, meeting: int, spot: Spot, sign: int) -> int:
        """Return what a teacher's day costs more with a meeting (1), or without it (-1)."""
        before = self.day_load[spot.teacher].get(spot.start // self.tables.width, 0)
        after = before + sign * self.tables.lengths[meeting]
        days = self.costs.days
        return days.of_teacher(spot.teacher, after) - days.of_teacher(spot.teacher, before)

    def _cells_of(self, meetings: Iterable[tuple[int, int]]) -> int:
        cells = 0
        for start, meeting in meetings:
            cells |= self.tables.cells(meeting, start)
        return cells

    def _hold(self, venue: int, cells: int, sign: int) -> None:
        parallel = self.problem.venues[venue].parallel
        if parallel == 1 and not self.tables.overlapping:
            self.venue_full[venue] = (
                self.venue_full[venue] | cells if sign > 0 else self.venue_full[venue] & ~cells
            )
            return
        held = self._held[venue]
        while cells:
            low = cells & -cells
            cells ^= low
            count = held[low] = held.get(low, 0) + sign
            if count >= parallel:
                self.venue_full[venue] |= low
            else:
                self.venue_full[venue] &= ~low

    # -- asking it -----------------------------------------------------------------------------

    def class_starts(self, meeting: int, *, waiting: bool = True) -> int:
        """Return the starts that the calendar, the classes, their people and the order allow.

        While ``waiting`` for meetings on fixed days, a class's span is held open for them.
        """
        facts = self.problem.meetings[meeting]
        starts = self.tables.starts[meeting]
        for part in facts.parts:
            busy = self.class_busy[part.class_]
            for friend, cells in self.tables.friends[part.class_]:
                busy |= self.class_busy[friend] & cells
            for teacher, cells in self.tables.teaching_members.get(part.class_, ()):
                busy |= self.teacher_busy[teacher] & cells
            starts &= ~self.tables.blocked(busy, facts.length)
            if facts.fixed_day is None or counts_in_span(
                self.problem.classes[part.class_], facts.fixed_day
            ):
                starts &= self._span_days(part.class_, waiting=waiting)
        for other in self.tables.before[meeting]:
            spot = self.spots[other]
            if spot is not None:
                starts = starts >> (spot.start + 1) << (spot.start + 1)
        for other in self.tables.after[meeting]:
            spot = self.spots[other]
            if spot is not None:
                starts &= (1 << spot.start) - 1
        return starts

    def _span_days(self, class_: int, *, waiting: bool) -> int:
        span = self.tables.span[class_]
        if span is None:
            return self.tables.all_cells
        limit, fixed = span
        days = [entry.day for entry in self.entries[class_] if entry.counted]
        if waiting:
            days.extend(fixed)
        if not days:
            return self.tables.all_cells
        return self.tables.bits_of_days(max(days) - limit + 1, min(days) + limit - 1)

    def teacher_starts(self, teacher: int, length: int) -> int:
        """Return the starts at which a teacher is free, whatever the place."""
        starts = self.tables.teacher_starts(teacher, length)
        busy = self.teacher_busy[teacher]
        for other in self.tables.selves.get(teacher, ()):
            busy |= self.teacher_busy[other]
        for class_, cells in self.tables.seats.get(teacher, ()):
            busy |= self.class_busy[class_] & cells
        starts &= ~self.tables.blocked(busy, length)
        return starts & ~self.full_weeks[teacher]

    def venue_starts(self, venue: int, length: int) -> int:
        """Return the starts at which a venue has room for one more meeting."""
        starts = self.tables.venue_starts(venue, length)
        busy = self.venue_full[venue]
        for other in self.tables.kin.get(venue, ()):
            busy |= self.venue_used[other]
        return starts & ~self.tables.blocked(busy, length)

    def visit_starts(self, meeting: int, part: int, venue: int, starts: int) -> int:
        """Return those of the starts at which no stop of a part's round, nor its venue, is full.

        Only venues are looked at that are counted by the minute (see ``presence``).
        """
        presence = self.presence
        if presence is None:
            return starts
        visits = self.tables.visits
        course = self.problem.courses[self.problem.meetings[meeting].parts[part].course]
        for day in presence.days(visits.venues.intersection((venue, *course.stops))):
            here = starts & self.tables.bits_of_days(day, day)
            while here:
                low = here & -here
                here ^= low
                uses = visits.of_part(meeting, part, venue, low.bit_length() - 1)
                if presence.crowded(meeting, day, uses):
                    starts ^= low
        return starts

    def class_travel(self, class_: int, venue: int, length: int) -> int:
        """Return the starts at which a class could not reach a venue, or not get away from it."""
        if venue == NO_VENUE:
            return 0
        tables = self.tables
        cells = 0
        for entry in self.entries[class_]:
            other = entry.venue
            if other not in (venue, NO_VENUE):
                near = tables.near(
                    entry.period,
                    entry.last - entry.period + 1,
                    tables.need(venue, other),
                    tables.need(other, venue),
                )
                cells |= near << (entry.day * tables.width)
        return tables.blocked(cells, length) if cells else 0

    def teacher_travel(self, teacher: int, venue: int, length: int) -> int:
        """Return the starts at which a teacher could not reach a venue, or not get away from it."""
        if venue == NO_VENUE:
            return 0
        tables = self.tables
        cells = 0
        for meeting, (start, other) in self.taught(teacher):
            if other not in (venue, NO_VENUE):
                day, period = divmod(start, tables.width)
                near = tables.near(
                    period,
                    tables.lengths[meeting],
                    tables.need(venue, other),
                    tables.need(other, venue),
                )
                cells |= near << (day * tables.width)
        return tables.blocked(cells, length) if cells else 0

    def taught(self, teacher: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield the meetings, starts and first rooms of a teacher, under whatever name."""
        yield from self.teaching[teacher].items()
        for other in self.tables.selves.get(teacher, ()):
            yield from self.teaching[other].items()

    def cost_with(self, meeting: int, spot: Spot) -> int:
        """Return what the cost would grow by if a meeting without a place came to a spot."""
        delta = self.costs.own(meeting, spot)
        for class_, entry in self.entries_of(meeting, spot):
            entries = self.entries[class_].copy()
            insort(entries, entry, key=_by_start)
            delta += self.costs.class_(class_, entries) - self.class_cost[class_]
        if spot.teacher != NO_TEACHER and self.costs.choice[meeting]:
            count = self.load[spot.teacher]
            delta += self.costs.load(spot.teacher, count + 1)
            delta -= self.costs.load(spot.teacher, count)
        if spot.teacher != NO_TEACHER:
            delta += self.day_cost(meeting, spot)
        return delta

    def day_cost(self, meeting: int, spot: Spot) -> int:
        """Return what a teacher's day would cost more with a meeting that has no place."""
        return self._day_cost(meeting, spot, 1) if self.day_load else 0
