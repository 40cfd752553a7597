"""Soft rules that an office made hard, as far as one meeting's own place can break them.

What would break one is no choice of a meeting from the beginning: no start, no room, no teacher of
its tables. Whoever looks at tables (the search, the core, the exact model) so keeps these rules as
it keeps the contract's. Rules about several meetings together are not for here: they cost the
search too much ever to be broken, and ``wishes`` tells them to the exact model.
"""

from __future__ import annotations

from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.problem import Meeting
from trainer.timetable.engine.tables import NO_VENUE, Tables
from trainer.timetable.engine.weather import plan_b_fault

Rooms = tuple[tuple[int, int], ...]


def narrow(tables: Tables) -> None:
    """Leave each meeting only such starts, rooms and teachers as break no rule made hard."""
    narrowed = _Narrowed(tables)
    for index, meeting in enumerate(tables.problem.meetings):
        starts = narrowed.starts(index)
        teachers = narrowed.teachers(index)
        # whoever chooses a teacher wants one: a meeting without any has no start
        tables.starts[index] = starts if teachers else 0
        tables.teachers[index] = teachers or tables.teachers[index]
        tables.rooms[index] = tuple(
            narrowed.rooms(index, meeting, place) for place in range(len(meeting.parts))
        )


class _Narrowed:
    """What is left of the choices of meetings."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.costs = Costs(tables, hard_only=True)
        self._dark: dict[int, int] = {}
        self._hours: dict[object, int] = {}

    def starts(self, index: int) -> int:
        """Return the starts that break no rule, whatever the room and the teacher."""
        tables, costs = self.tables, self.costs
        meeting, starts = tables.problem.meetings[index], tables.starts[index]
        stays = self._stays(index)
        if stays is not None:
            return starts & stays
        starts &= ~self._bad_hours(index, meeting)
        if costs.weight["trainees"]:
            for part in meeting.parts:
                away = tables.trainees_away(part.class_)
                starts &= ~tables.blocked(away, meeting.length)
        for day in range(tables.days) if costs.fields else ():
            if any(costs.fields.get(part.class_, 0) >> day & 1 for part in meeting.parts):
                starts &= ~tables.bits_of_days(day, day)
        if costs.weight["sturdy"]:
            left = starts
            while left:
                low = left & -left
                left ^= low
                if costs.frailty_at(index, low.bit_length() - 1):
                    starts ^= low
        return starts

    def teachers(self, index: int) -> tuple[int, ...]:
        """Return who may teach a meeting."""
        stored = self.costs.stored[index]
        who = self.tables.teachers[index]
        if self.costs.weight["changes"] and stored is not None:
            return tuple(each for each in who if each == stored.teacher)
        return tuple(each for each in who if not self.costs.teacher_cost(index, each))

    def rooms(self, index: int, meeting: Meeting, place: int) -> Rooms:
        """Return the rooms that a part may take, each with its starts."""
        stored = self.costs.stored[index]
        rooms = self.tables.rooms[index][place]
        if self.costs.weight["changes"] and stored is not None:
            rooms = tuple(room for room in rooms if room[0] == stored.venues[place])
        rooms = tuple(room for room in rooms if self._suits(index, meeting, place, room[0]))
        if not self.costs.weight["daylight"]:
            return rooms
        venues = self.tables.problem.venues
        return tuple(
            (venue, cells & ~self._darkness(meeting.length))
            if venue != NO_VENUE and venues[venue].kind == "field_site"
            else (venue, cells)
            for venue, cells in rooms
        )

    def _suits(self, index: int, meeting: Meeting, place: int, venue: int) -> bool:
        if len(meeting.parts) == 1:
            return not self.costs.room_cost(index, (venue,))
        # with others in it a room is never too large sooner, but its plan B may be too small
        part = meeting.parts[place]
        if self.costs.weight["preference"] and self.costs.venue_rank(part, venue):
            return False
        there = None if venue == NO_VENUE else venue
        wet = self.costs.weight["plan_b"] and plan_b_fault(self.tables.problem, (part,), there)
        return not wet

    def _stays(self, index: int) -> int | None:
        """Return the start of what must stay where it is stored, None for what need not."""
        if not self.costs.weight["changes"] or self.tables.problem.meetings[index].stored is None:
            return None
        stored = self.costs.stored[index]
        return 0 if stored is None else 1 << stored.start

    def _bad_hours(self, index: int, meeting: Meeting) -> int:
        """Return the starts whose hours break a rule, the same for like classes and lengths."""
        tables = self.tables
        knowledge = tuple(tables.problem.classes[part.class_].knowledge for part in meeting.parts)
        key = meeting.length, any(knowledge), all(knowledge)
        if key not in self._hours:
            self._hours[key] = sum(
                1 << (day * tables.width + period)
                for period in range(tables.width - meeting.length + 1)
                for day in range(tables.days)
                if self.costs.hours_cost(index, day, period)
            )
        return self._hours[key]

    def _darkness(self, length: int) -> int:
        """Return the starts that are not all in daylight."""
        tables = self.tables
        if length not in self._dark:
            self._dark[length] = sum(
                1 << (day * tables.width + period)
                for period in range(tables.width - length + 1)
                for day in range(tables.days)
                if self.costs.dark(day, period, length)
            )
        return self._dark[length]
