"""The exact model's constraints for what a day holds, where an office made those rules hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from trainer.timetable.engine.tables import NO_TEACHER
from trainer.timetable.engine.variables import Variables

ALWAYS: Final = 1
"""Stands for a literal of what has its place."""


class DayWishes(Variables):
    """Limits of a day's periods, and courses of a class together on a day or apart.

    What stands already and goes beyond them is given: it binds only what is free.
    """

    def _place(self, meeting: int, class_: int) -> int:
        raise NotImplementedError

    def _class_days(self, class_: int, members: Sequence[int]) -> None:
        """Keep each day of a class within its limit of periods."""
        limit = self.state.problem.classes[class_].periods_a_day
        if limit is None:
            return
        stands: dict[int, int] = defaultdict(int)
        for entry in self.state.entries[class_]:
            stands[entry.day] += entry.last - entry.period + 1
        periods: dict[int, list[Any]] = defaultdict(list)
        for meeting in members:
            for day, literals in self._by_day(meeting).items():
                periods[day] += [self.tables.lengths[meeting] * each for each in literals]
        for day, those in periods.items():
            self.model.add(sum(those) <= max(limit - stands[day], 0))

    def _teacher_days(self) -> None:
        """Keep each day of a teacher within the limit of periods."""
        periods: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for meeting in self.free:
            limited = {
                teacher: literal
                for teacher, literal in self.who[meeting].items()
                if teacher != NO_TEACHER
                and self.state.problem.teachers[teacher].periods_a_day is not None
            }
            days = self._by_day(meeting).items() if limited else ()
            for day, literals in days:
                here = self._one_of(literals)
                for teacher, literal in limited.items():
                    both = here if len(self.who[meeting]) == 1 else self._and(here, literal)
                    periods[teacher, day].append(self.tables.lengths[meeting] * both)
        for (teacher, day), those in periods.items():
            limit = self.state.problem.teachers[teacher].periods_a_day or 0
            left = limit - self.state.day_load[teacher].get(day, 0)
            self.model.add(sum(those) <= max(left, 0))

    def _courses_together(self, class_: int, members: Sequence[int]) -> None:
        """Keep a class's courses that belong together on one day."""
        for group in self.state.problem.together:
            days: dict[int, list[Any]] = defaultdict(list)
            for day, _, literals in self._on_days(class_, members, group):
                days[day] += literals
            if len(days) > 1:
                self._only_one(list(days.values()))

    def _courses_apart(self, class_: int, members: Sequence[int]) -> None:
        """Keep a class's courses that are to be apart on different days."""
        for group in self.state.problem.apart:
            days: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
            for day, course, literals in self._on_days(class_, members, group):
                days[day][course] += literals
            for courses in days.values():
                if len(courses) > 1:
                    self._only_one(list(courses.values()))

    def _on_days(
        self, class_: int, members: Sequence[int], group: frozenset[int]
    ) -> list[tuple[int, int, list[Any]]]:
        """Return the days and courses of a group that a class may have, with what makes it so."""
        found: list[tuple[int, int, list[Any]]] = [
            (entry.day, entry.course, [ALWAYS])
            for entry in self.state.entries[class_]
            if entry.course in group
        ]
        for meeting in members:
            facts = self.state.problem.meetings[meeting]
            course = facts.parts[self._place(meeting, class_)].course
            if course in group:
                found += [(day, course, each) for day, each in self._by_day(meeting).items()]
        return found

    # -- what others say, too ------------------------------------------------------------------

    def _by_day(self, meeting: int) -> dict[int, list[Any]]:
        days: dict[int, list[Any]] = defaultdict(list)
        for start, literal in self.start[meeting].items():
            days[start // self.tables.width].append(literal)
        return days

    def _only_one(self, groups: Sequence[Sequence[Any]]) -> None:
        """Let literals of one of these groups hold at most; what stands already is given."""
        used = []
        for literals in groups:
            if ALWAYS in [each for each in literals if isinstance(each, int)]:
                used.append(self.model.new_constant(1))
            else:
                used.append(self._one_of(literals))
        given = sum(any(isinstance(each, int) for each in literals) for literals in groups)
        self.model.add(sum(used) <= max(given, 1))

    def _one_of(self, literals: Sequence[Any]) -> Any:
        """Return a literal that holds whenever one of these does."""
        if len(literals) == 1:
            return literals[0]
        found = self.model.new_bool_var("")
        for literal in literals:
            self.model.add_implication(literal, found)
        return found
