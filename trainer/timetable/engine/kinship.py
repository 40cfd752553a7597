"""The exact model's rarer clashes: halls and their parts, and people who have several roles."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from typing import Any

from trainer.timetable.engine.exact import distinct
from trainer.timetable.engine.variables import Variables


class Kinship(Variables):
    """The part of the model for what is the same, or part of the same; ``Model`` has the variables.

    Nothing is added where an office has nothing of the kind.
    """

    def _uses(self, meeting: int, venue: int) -> Any:
        raise NotImplementedError

    def _journey(self, one: int, other: int, part: int, other_part: int, when: Any) -> None:
        raise NotImplementedError

    def _too_far(self, one: int, other: int, part: int, other_part: int) -> bool:
        raise NotImplementedError

    def _relations(self) -> None:
        if self.tables.kin:
            self._halls()
        if self.tables.selves:
            self._selves()
        for teacher, seats in self.tables.seats.items():
            for class_, cells in seats:
                self._trainee(teacher, class_, cells)

    def _halls(self) -> None:
        """Let nothing be in a part while something is in the whole."""
        taken: dict[int, dict[int, Any]] = {}
        for venue in self.tables.kin:
            at: dict[int, list[Any]] = defaultdict(list)
            for meeting in self.free:
                if any(venue in options for options in self.room[meeting]):
                    used = self._uses(meeting, venue)
                    for start, begins in self.start[meeting].items():
                        both = self._and(begins, used)
                        for tick in self.tables.ticks(meeting, start):
                            at[tick].append(both)
            taken[venue] = {tick: self._any(literals) for tick, literals in at.items()}
        for venue, others in self.tables.kin.items():
            for other in others:
                if venue < other:
                    for tick in taken[venue].keys() & taken[other].keys():
                        self.model.add_bool_or(
                            [taken[venue][tick].negated(), taken[other][tick].negated()]
                        )

    def _any(self, literals: list[Any]) -> Any:
        found = self.model.new_bool_var("")
        for literal in literals:
            self.model.add_implication(literal, found)
        return found

    def _selves(self) -> None:
        """Let a person with two names be in one place at a time, and get from one to the next."""
        names = self.tables.selves.items()
        for group in sorted({tuple(sorted((name, *others))) for name, others in names}):
            at: dict[int, list[Any]] = defaultdict(list)
            for teacher in group:
                self._taught_at(teacher, self.tables.all_cells, at)
            for literals in distinct(at.values()):
                self.model.add_at_most_one(literals)
            for one, other in combinations(self.free, 2):
                for here, there in product(group, repeat=2):
                    if here != there and here in self.who[one] and there in self.who[other]:
                        self._two_names(one, here, other, there)

    def _two_names(self, one: int, here: int, other: int, there: int) -> None:
        if self._too_far(one, other, 0, 0):
            both = self._and(self.who[one][here], self.who[other][there])
            self._journey(one, other, 0, 0, both)

    def _trainee(self, teacher: int, class_: int, cells: int) -> None:
        """Let nobody teach while the class meets in which he sits as a trainee."""
        parts = [m.parts for m in self.state.problem.meetings]
        own = {m for m in self.free if any(part.class_ == class_ for part in parts[m])}
        at: dict[int, list[Any]] = defaultdict(list)
        self._taught_at(teacher, cells, at, own)
        for meeting in own if at else ():
            for start, literal in self.start[meeting].items():
                if cells >> start & 1:
                    for tick in self.tables.ticks(meeting, start):
                        at[tick].append(literal)
        for literals in distinct(at.values()):
            self.model.add_at_most_one(literals)

    def _taught_at(
        self,
        teacher: int,
        cells: int,
        at: dict[int, list[Any]],
        besides: frozenset[int] | set[int] = frozenset(),
    ) -> None:
        for meeting in self.free:
            literal = self.who[meeting].get(teacher)
            if literal is None or meeting in besides:
                continue
            for start, begins in self.start[meeting].items():
                if cells >> start & 1:
                    both = self._and(begins, literal)
                    for tick in self.tables.ticks(meeting, start):
                        at[tick].append(both)
