"""The exact model's journeys: meetings of a class or teacher on a day, in places too far apart."""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import combinations
from typing import Any

from trainer.timetable.engine.tables import NO_VENUE
from trainer.timetable.engine.variables import Variables


class Journeys(Variables):
    """The part of the model that keeps travel times; ``Model`` has the variables."""

    _reach: dict[object, dict[int, tuple[int, ...]]]

    def _classes(self) -> dict[int, list[int]]:
        classes: dict[int, list[int]] = defaultdict(list)
        for meeting in self.free:
            for part in self.state.problem.meetings[meeting].parts:
                classes[part.class_].append(meeting)
        return classes

    def _class_journeys(self) -> None:
        for class_, members in self._classes().items():
            for one, other in combinations(members, 2):
                self._journey(
                    one, other, self._place(one, class_), self._place(other, class_), None
                )

    def _place(self, meeting: int, class_: int) -> int:
        parts = self.state.problem.meetings[meeting].parts
        return next(n for n, part in enumerate(parts) if part.class_ == class_)

    def _alike(self, one: int, other: int) -> bool:
        """Say whether two meetings are of the same single class, which travels as its teacher."""
        parts = [self.state.problem.meetings[m].parts for m in (one, other)]
        return len(parts[0]) == len(parts[1]) == 1 and parts[0][0].class_ == parts[1][0].class_

    def _teacher_journey(self, one: int, other: int, teachers: list[int]) -> None:
        if not self._too_far(one, other, 0, 0):
            return
        same = self.model.new_bool_var("")
        for teacher in teachers:
            self.model.add_bool_or(
                [self.who[one][teacher].negated(), self.who[other][teacher].negated(), same]
            )
        self._journey(one, other, 0, 0, same)

    def _too_far(self, one: int, other: int, part: int, other_part: int) -> bool:
        rooms = set(self.room[one][part]) | set(self.room[other][other_part])
        return len(rooms - {NO_VENUE}) > 1 and self.state.tables.journeys

    def _journey(self, one: int, other: int, part: int, other_part: int, when: Any) -> None:
        """Forbid two meetings on a day in places too far apart for the time between them."""
        if not self._too_far(one, other, part, other_part):
            return
        extra = [] if when is None else [when.negated()]
        theres = self.room[other][other_part]
        for (a, b), pairs in self._same_day(one, other).items():
            reachable = self._reachable(self._gap(one, a, other, b), one, other, part, other_part)
            if all(len(those) == len(theres) for those in reachable.values()):
                continue
            both = self.model.new_bool_var("")
            for first, second in pairs:
                self.model.add_bool_or([first.negated(), second.negated(), *extra, both])
            for venue, those in reachable.items():
                if len(those) < len(theres):
                    literals = [theres[there] for there in those]
                    here = self.room[one][part][venue]
                    self.model.add_bool_or([both.negated(), here.negated(), *literals])

    def _same_day(self, one: int, other: int) -> dict[tuple[int, int], list[tuple[Any, Any]]]:
        width = self.tables.width
        days: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        for start, literal in self.start[other].items():
            days[start // width].append((start % width, literal))
        pairs: dict[tuple[int, int], list[tuple[Any, Any]]] = defaultdict(list)
        for start, literal in self.start[one].items():
            for period, second in days.get(start // width, ()):
                pairs[start % width, period].append((literal, second))
        return pairs

    def _gap(self, one: int, a: int, other: int, b: int) -> tuple[int, bool]:
        """Return the minutes between two meetings that begin in these periods; True if in order."""
        begin, end = self.tables.clock(a, self.tables.lengths[one])
        other_begin, other_end = self.tables.clock(b, self.tables.lengths[other])
        if other_begin >= end:
            return other_begin - end, True
        if begin >= other_end:
            return begin - other_end, False
        return sys.maxsize, True

    def _reachable(
        self, gap: tuple[int, bool], one: int, other: int, part: int, other_part: int
    ) -> dict[int, tuple[int, ...]]:
        """Return for each room of one meeting those of the other that can be reached in a gap."""
        heres, theres = tuple(self.room[one][part]), tuple(self.room[other][other_part])
        key = (gap, heres, theres)
        if key not in self._reach:
            minutes, forward = gap
            need = self.tables.need
            self._reach[key] = {
                here: tuple(
                    there
                    for there in theres
                    if (need(here, there) if forward else need(there, here)) <= minutes
                )
                for here in heres
            }
        return self._reach[key]
