"""What the exact model is after: as much placed as possible, and as little moved from home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from trainer.timetable.engine.tables import Spot
from trainer.timetable.engine.variables import Variables

ABSENT_COST: Final = 1_000_000
MOVE_COST: Final = 1_000
"""What a move costs against what it changes: fewer moves come first, then gentler ones."""


class Homes(Variables):
    """The part of the model that weighs what is missing and what moves; ``Model`` has the rest."""

    required: bool
    home: Mapping[int, tuple[Spot, int]]
    pinned: Mapping[int, int]
    gentle: bool
    bounded: bool
    most_moves: int | None
    hinted: dict[int, tuple[Any, int]]

    def hint(self, spots: Mapping[int, Spot]) -> None:
        """Let the solver look first at a timetable that is known."""
        for meeting, spot in spots.items():
            chosen = [(self.start[meeting], spot.start), (self.who[meeting], spot.teacher)]
            chosen += zip(self.room[meeting], spot.venues, strict=True)
            for options, key in chosen:
                for other, literal in options.items():
                    self.hinted[literal.index] = (literal, int(other == key))

    def _objective(self, below: int | None) -> None:
        terms = []
        if not self.required:
            for meeting in self.free:
                if meeting in self.pinned:
                    continue
                priority = self.state.costs.unplaced[meeting] or 1
                terms.append(ABSENT_COST * priority * (1 - self.here[meeting]))
        moves = []
        for meeting, (spot, cost) in self.home.items():
            stays = self._at_home(meeting, spot)
            terms.append(self.pinned.get(meeting, cost * MOVE_COST) * (1 - stays))
            if self.gentle:
                kept = self._kept(meeting, spot)
                terms.extend(cost * weight * (1 - literal) for weight, literal in kept)
            moves.append(self.here[meeting] - stays)
        if self.most_moves is not None:
            self.model.add(sum(moves) <= self.most_moves)
        self.bounded = bool(terms)
        if below is not None:
            self.model.add(sum(terms) < below)
        if terms:
            self.model.minimize(sum(terms))

    def _kept(self, meeting: int, spot: Spot) -> Iterator[tuple[int, Any]]:
        """Yield what else of a spot is worth keeping: the time above the teacher and the rooms."""
        yield 2, self.start[meeting].get(spot.start, 0)
        yield 1, self.who[meeting].get(spot.teacher, 0)
        for options, venue in zip(self.room[meeting], spot.venues, strict=True):
            yield 1, options.get(venue, 0)

    def _at_home(self, meeting: int, spot: Spot) -> Any:
        if meeting in self.pinned:
            return self.here[meeting]
        literals = [self.start[meeting].get(spot.start), self.who[meeting].get(spot.teacher)]
        literals += [
            options.get(venue)
            for options, venue in zip(self.room[meeting], spot.venues, strict=True)
        ]
        if any(literal is None for literal in literals):
            return 0
        stays = self.model.new_bool_var(f"stays{meeting}")
        for literal in literals:
            self.model.add_implication(stays, literal)
        for options, kept in (
            (self.start[meeting], spot.start),
            (self.who[meeting], spot.teacher),
        ):
            self.hinted[options[kept].index] = (options[kept], 1)
        return stays
