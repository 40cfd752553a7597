"""Who else could teach a meeting at its time, and which other room would do, by the facts alone."""

from __future__ import annotations

from dataclasses import replace

from trainer.timetable.engine.problem import Meeting, Part
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables


class _Choice:
    """Who, or which rooms, could be had at which starts: by one of them, and by two or more."""

    def __init__(self, each: dict[int, int]) -> None:
        self.each = each
        self.one = self.two = 0
        for starts in each.values():
            self.two |= self.one & starts
            self.one |= starts

    def lacks(self, start: int, *, self_counted: bool) -> bool:
        """Say whether nobody else is there; ``self_counted`` where who comes is among them."""
        others = self.two if self_counted else self.one
        return not others >> start & 1


class StandIns:
    """The stand-ins that the spots of a problem's meetings lack; each question is answered once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.problem = tables.problem
        self._choices: dict[tuple[int, int, int], _Choice] = {}

    def lacking(self, meeting: int, spot: Spot) -> int:
        """Return how many stand-ins a spot lacks: a teacher, and a room for each part."""
        tables, facts = self.tables, self.problem.meetings[meeting]
        length, start = tables.lengths[meeting], spot.start
        units = 0
        if spot.teacher != NO_TEACHER:
            able = self.problem.courses[facts.parts[0].course].teachers
            there = spot.teacher in able and tables.teacher_starts(spot.teacher, length)
            units += self._teachers_at(facts).lacks(start, self_counted=there >> start & 1 == 1)
        for part, venue in zip(facts.parts, spot.venues, strict=True):
            if venue != NO_VENUE and self.problem.courses[part.course].needs_venue:
                rooms = self._rooms_at(part, length)
                there = rooms.each.get(venue, 0)
                units += rooms.lacks(start, self_counted=there >> start & 1 == 1)
        return units

    def lacking_at(self, meeting: int, start: int) -> int:
        """Return how many stand-ins any spot lacks that the facts allow at a start."""
        facts, units = self.problem.meetings[meeting], 0
        able = self.problem.courses[facts.parts[0].course].teachers
        if able or facts.fixed_teacher is not None:
            listed = facts.fixed_teacher is None or facts.fixed_teacher in able
            units += self._teachers_at(facts).lacks(start, self_counted=listed)
        for part in facts.parts:
            if self.problem.courses[part.course].needs_venue:
                rooms = self._rooms_at(part, self.tables.lengths[meeting])
                units += rooms.lacks(start, self_counted=True)
        return units

    def _teachers_at(self, facts: Meeting) -> _Choice:
        course = facts.parts[0].course
        key = (-1, course, facts.length)
        if key not in self._choices:
            able = self.problem.courses[course].teachers
            self._choices[key] = _Choice(
                {each: self.tables.teacher_starts(each, facts.length) for each in able}
            )
        return self._choices[key]

    def _rooms_at(self, part: Part, length: int) -> _Choice:
        """Return all rooms that suit a part, whichever of them the syllabus fixes."""
        key = (part.class_, part.course, length)
        if key not in self._choices:
            tables = self.tables
            self._choices[key] = _Choice(
                {
                    room: cells & tables.venue_starts(room, length)
                    for room, cells in tables.rooms_for(replace(part, fixed_venue=None))
                    if room != NO_VENUE
                }
            )
        return self._choices[key]
