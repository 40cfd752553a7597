"""What each meeting may choose from: starts, venues and teachers; and who is with whom.

Starts are sets of cells (see ``openings``). Everything here is fixed for a problem; what changes
while solving is in ``state``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from trainer.timetable.engine.check.single import (
    accredited_on,
    suits_course,
    venue_faults,
)
from trainer.timetable.engine.check.standing import fixed_days, span_limit
from trainer.timetable.engine.openings import Openings
from trainer.timetable.engine.presence import Visits
from trainer.timetable.engine.problem import Meeting, Member, Part, Placement, Problem, stands_in
from trainer.timetable.engine.relations import Kin, hall_kin, same_people, seats_of_teachers
from trainer.timetable.engine.route import Round, Router, visitors

NO_TEACHER = -1
NO_VENUE = -1


@dataclass(frozen=True, slots=True)
class Spot:
    """A placement in cells: where a meeting starts, a venue for each part, and a teacher."""

    start: int
    venues: tuple[int, ...]
    teacher: int = NO_TEACHER


class Tables(Openings):
    """Everything about a problem that the solver asks again and again, worked out once."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self._rooms: dict[tuple[int, int, int | None], tuple[tuple[int, int], ...]] = {}
        self._suiting: dict[int, list[int]] = {}
        self.starts = [self._meeting_starts(meeting) for meeting in problem.meetings]
        self.rooms = [
            tuple(self._rooms_and_rounds(meeting, place) for place in range(len(meeting.parts)))
            for meeting in problem.meetings
        ]
        self.teachers = [self._meeting_teachers(meeting) for meeting in problem.meetings]
        self.of_class: list[list[int]] = [[] for _ in problem.classes]
        for index, meeting in enumerate(problem.meetings):
            for part in meeting.parts:
                self.of_class[part.class_].append(index)
        self.before, self.after = self._orders()
        self.span = self._spans(frozenset())
        if any(setting.level == "hard" for setting in problem.rules.values()):
            # costs look at tables; only here do tables look at costs
            from trainer.timetable.engine.hardened import narrow

            narrow(self)

    def cell_of(self, placement: Placement) -> int | None:
        """Return the start cell of a placement, None where it lies outside the calendar."""
        day = self.problem.calendar.index(placement.day)
        inside = 0 <= day < self.days and 0 <= placement.period < self.width
        return day * self.width + placement.period if inside else None

    def spot_of(self, placement: Placement) -> Spot | None:
        """Return a placement as a spot, None where it lies outside the calendar."""
        cell = self.cell_of(placement)
        if cell is None:
            return None
        venues = tuple(NO_VENUE if venue is None else venue for venue in placement.venues)
        return Spot(cell, venues, NO_TEACHER if placement.teacher is None else placement.teacher)

    def placement_of(self, meeting: int, spot: Spot) -> Placement:
        """Return a spot as a placement."""
        day, period = divmod(spot.start, self.width)
        return Placement(
            meeting=meeting,
            day=self.problem.calendar.day(day),
            period=period,
            venues=tuple(None if venue == NO_VENUE else venue for venue in spot.venues),
            teacher=None if spot.teacher == NO_TEACHER else spot.teacher,
        )

    def cells(self, meeting: int, start: int) -> int:
        """Return the cells that a meeting makes busy when it starts at a cell."""
        day, period = divmod(start, self.width)
        length = min(self.lengths[meeting], self.width - period)
        return self.taken[period][length] << (day * self.width)

    def need(self, one: int, other: int) -> int:
        """Return the minutes needed from one venue to another, 0 from a venue to itself."""
        return self._needs[one][other]

    @cached_property
    def journeys(self) -> bool:
        """Say whether getting from any venue to another takes time."""
        return any(any(row) for row in self._needs)

    @cached_property
    def _needs(self) -> list[list[int]]:
        """Return minutes between venues with the buffer; NO_VENUE is the last row and column."""
        size = len(self.problem.venues)
        travel = self.problem.travel or ((0,) * size,) * size
        rows = [
            [0 if a == b else travel[a][b] + self.problem.buffer for b in range(size)] + [0]
            for a in range(size)
        ]
        return [*rows, [0] * (size + 1)]

    @cached_property
    def in_weeks(self) -> list[int]:
        """Return for each meeting the weeks in which it could start, a bit for each."""
        return [
            sum(1 << week for week, cells in enumerate(self.week_cells) if cells & starts)
            for starts in self.starts
        ]

    @cached_property
    def reach(self) -> list[int]:
        """Return for each meeting the cells that it could make busy."""
        found = []
        for meeting, starts in enumerate(self.starts):
            cells = 0
            for period in range(self.width):
                taken = self.taken[period].get(min(self.lengths[meeting], self.width - period), 0)
                here = starts >> period & self.first_periods
                for other in range(self.width):
                    if taken >> other & 1:
                        cells |= here << other
            found.append(cells)
        return found

    @cached_property
    def friends(self) -> list[list[tuple[int, int]]]:
        """Return for each class those it shares people with, and in which cells."""
        problem = self.problem
        memberships: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, class_ in enumerate(problem.classes):
            for member in class_.members:
                first = 0 if member.first is None else problem.calendar.index(member.first)
                last = self.days if member.last is None else problem.calendar.index(member.last)
                cells = (
                    self.all_cells
                    if first <= 0 and last >= self.days - 1
                    else self.bits_of_days(first, last)
                )
                memberships[member.person].append((index, cells))
        shared: dict[tuple[int, int], int] = defaultdict(int)
        for entries in memberships.values():
            for (a, first_cells), (b, second_cells) in combinations(entries, 2):
                if a != b:
                    shared[min(a, b), max(a, b)] |= first_cells & second_cells
        friends: list[list[tuple[int, int]]] = [[] for _ in problem.classes]
        for (a, b), cells in sorted(shared.items()):
            if cells:
                friends[a].append((b, cells))
                friends[b].append((a, cells))
        return friends

    @cached_property
    def kin(self) -> Kin:
        """Return for each venue those that it is a part of, and its own parts; mostly empty."""
        return hall_kin(self.problem)

    @cached_property
    def selves(self) -> Kin:
        """Return for each teacher the others who are the same person; mostly empty."""
        return same_people(self.problem)

    @cached_property
    def seats(self) -> dict[int, list[tuple[int, int]]]:
        """Return for each teacher who is a trainee, too, the classes, and in which cells."""
        return {
            teacher: [(class_, self._member_cells(member)) for class_, member in those]
            for teacher, those in seats_of_teachers(self.problem).items()
        }

    @cached_property
    def teaching_members(self) -> dict[int, list[tuple[int, int]]]:
        """Return for each class the teachers who are its trainees, and in which cells."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for teacher, seats in self.seats.items():
            for class_, cells in seats:
                found[class_].append((teacher, cells))
        return dict(found)

    def _member_cells(self, member: Member) -> int:
        calendar = self.problem.calendar
        first = 0 if member.first is None else calendar.index(member.first)
        last = self.days if member.last is None else calendar.index(member.last)
        return self.bits_of_days(first, last)

    def _meeting_starts(self, meeting: Meeting) -> int:
        starts = self.within_day(meeting.length)
        if meeting.fixed_day is not None:
            day = self.problem.calendar.index(meeting.fixed_day)
            starts &= self.bits_of_days(day, day) if 0 <= day < self.days else 0
        if meeting.fixed_period is not None:
            one = 1 << meeting.fixed_period
            starts &= sum(one << (day * self.width) for day in range(self.days))
        for part in meeting.parts:
            starts &= self.class_starts(
                part.class_,
                meeting.length,
                any_day=meeting.fixed_day is not None,
                any_period=meeting.fixed_period is not None,
            )
        return starts

    def _rooms_and_rounds(self, meeting: Meeting, place: int) -> tuple[tuple[int, int], ...]:
        """Return the venues that suit a part, with the starts at which its stops can be visited."""
        part = meeting.parts[place]
        rooms = self.rooms_for(part) + self._room_unasked_for(meeting, place)
        rooms += self._stand_in(meeting, place, rooms)
        course = self.problem.courses[part.course]
        if not course.stops:
            return rooms
        length = meeting.length
        for stop in course.stops:
            capacity = self.problem.venues[stop].capacity
            if capacity is not None and capacity < visitors(self.problem, meeting, stop):
                return ()
        found = []
        for venue, cells in rooms:
            base, rounds = None if venue == NO_VENUE else venue, 0
            for start in range(self.width - length + 1):
                round_ = Round(part.course, base, *self.clock(start, length))
                for day in range(self.days):
                    if not cells >> (day * self.width + start) & 1:
                        continue
                    if self.router.visits(round_, self.problem.calendar.day(day)) is not None:
                        rounds |= 1 << (day * self.width + start)
            if cells & rounds:
                found.append((venue, cells & rounds))
        return tuple(found)

    def _room_unasked_for(self, meeting: Meeting, place: int) -> tuple[tuple[int, int], ...]:
        """Return the room where a part is that needs none: it may stay there."""
        part = meeting.parts[place]
        if meeting.stored is None or part.fixed_venue is not None:
            return ()
        venue = meeting.stored.venues[place]
        if venue is None or self.problem.courses[part.course].needs_venue:
            return ()
        return self.rooms_for(replace(part, fixed_venue=venue))

    def _stand_in(
        self, meeting: Meeting, place: int, rooms: tuple[tuple[int, int], ...]
    ) -> tuple[tuple[int, int], ...]:
        """Return the plan B where a part is while the weather is bad: it may stay there."""
        problem, part = self.problem, meeting.parts[place]
        venue = None if meeting.stored is None else meeting.stored.venues[place]
        if venue is None or not stands_in(problem, part, venue) or venue in dict(rooms):
            return ()
        if part.fixed_venue not in (None, part.instead_of):
            return ()
        class_, course, there = part.class_, problem.courses[part.course], problem.venues[venue]
        day = there.accredited_until or problem.calendar.first
        if venue_faults(problem, class_, part.course, venue, day, part.instead_of):
            return ()
        if not there.holds(problem.classes[class_].size, exam=course.is_exam):
            return ()
        accredited = problem.classes[class_].accredited
        return ((venue, self.accredited_days(venue) if accredited else self.all_cells),)

    @cached_property
    def router(self) -> Router:
        """Return what finds the orders of field days with several stops."""
        return Router(self.problem)

    @cached_property
    def visits(self) -> Visits:
        """Return what says at which minutes the stops of field days are used."""
        return Visits(self.problem, self, self.router)

    def rooms_for(self, part: Part) -> tuple[tuple[int, int], ...]:
        """Return the venues that suit a part, each with the cells in which it is accredited."""
        key = (part.class_, part.course, part.fixed_venue)
        if key not in self._rooms:
            self._rooms[key] = self._suiting_rooms(part)
        return self._rooms[key]

    def _suiting_rooms(self, part: Part) -> tuple[tuple[int, int], ...]:
        problem = self.problem
        class_, course = problem.classes[part.class_], problem.courses[part.course]
        if not course.needs_venue and part.fixed_venue is None:
            return ((NO_VENUE, self.all_cells),)
        if part.course not in self._suiting:
            self._suiting[part.course] = [
                index
                for index, venue in enumerate(problem.venues)
                if suits_course(course, index, venue)
            ]
        candidates = self._suiting[part.course]
        if part.fixed_venue is not None:
            candidates = [venue for venue in candidates if venue == part.fixed_venue]
        rooms = []
        for index in candidates:
            venue = problem.venues[index]
            day = venue.accredited_until or problem.calendar.first
            if not venue.holds(class_.size, exam=course.is_exam):
                continue
            if venue_faults(problem, part.class_, part.course, index, day):
                continue
            assert not class_.accredited or accredited_on(venue, day)
            cells = self.accredited_days(index) if class_.accredited else self.all_cells
            rooms.append((index, cells))
        return tuple(rooms)

    def _meeting_teachers(self, meeting: Meeting) -> tuple[int, ...]:
        if meeting.fixed_teacher is not None:
            return (meeting.fixed_teacher,)
        listed = self.problem.courses[meeting.parts[0].course].teachers
        if listed:
            return listed
        # whoever teaches it although nobody is asked for may stay
        who = None if meeting.stored is None else meeting.stored.teacher
        return (NO_TEACHER,) if who is None else (who, NO_TEACHER)

    def _orders(self) -> tuple[list[list[int]], list[list[int]]]:
        """Return for each meeting those that must be earlier, and those that must be later."""
        problem = self.problem
        pairs: set[tuple[int, int]] = set()
        for index, members in enumerate(self.of_class):
            parts = {
                m: next(part for part in problem.meetings[m].parts if part.class_ == index)
                for m in members
            }
            for one, other in ((a, b) for a in members for b in members if a != b):
                a, b = parts[one], parts[other]
                if (
                    (a.position == "first" != b.position)
                    or (b.position == "last" != a.position)
                    or (a.course != b.course and a.course in problem.courses[b.course].after)
                ):
                    pairs.add((one, other))
        before: list[list[int]] = [[] for _ in problem.meetings]
        after: list[list[int]] = [[] for _ in problem.meetings]
        for one, other in sorted(pairs):
            before[other].append(one)
            after[one].append(other)
        return before, after

    def forget(self, meetings: Collection[int]) -> None:
        """Do not hold the spans of classes open for fixed meetings that have no place anyway."""
        if meetings:
            self.span = self._spans(frozenset(meetings))

    def _spans(self, without: frozenset[int]) -> list[tuple[int, tuple[int, ...]] | None]:
        """Return how many days each class may last, and the fixed days that its span must hold."""
        fixed = fixed_days(self.problem)
        held = fixed_days(self.problem, without)
        spans: list[tuple[int, tuple[int, ...]] | None] = []
        for index, class_ in enumerate(self.problem.classes):
            inside = fixed.get(index, [])
            limit = span_limit(class_, inside)
            days = tuple(self.problem.calendar.index(day) for day in held.get(index, []))
            spans.append(None if limit is None else (limit, days))
        return spans
