"""The exact model's stays by the minute: no stop of a field day holds more at once than it may."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from trainer.timetable.engine.exact import distinct
from trainer.timetable.engine.presence import Presence
from trainer.timetable.engine.variables import Variables

Stay = tuple[int, int, int, Any]
"""From which minute to which a meeting is somewhere, if its literal holds."""


class Crowds(Variables):
    """The part of the model for places that rounds visit; ``Model`` has the variables.

    Nothing is added where no course has stops.
    """

    def _any(self, literals: list[Any]) -> Any:
        raise NotImplementedError

    def _certain(self, meeting: int, literal: Any) -> bool:
        raise NotImplementedError

    def _stays(self) -> None:
        presence = self.state.presence
        if presence is None:
            return
        stays = self._visits()
        for (venue, day), those in stays.items():
            self._at_once(venue, day, those, presence)
            for kin in self.tables.visits.kin.get(venue, ()):
                if venue < kin:
                    self._never_both(those, stays.get((kin, day), []))

    def _visits(self) -> dict[tuple[int, int], list[Stay]]:
        """Return the stays that the free meetings would have, by venue and day."""
        found: dict[tuple[int, int], list[Stay]] = defaultdict(list)
        visits, width = self.tables.visits, self.tables.width
        for meeting in self.free:
            for part, options in enumerate(self.room[meeting]):
                for venue, taken in options.items():
                    if venue not in visits.venues and not visits.stops[meeting]:
                        continue
                    sure = self._certain(meeting, taken)
                    for start, begins in self.start[meeting].items():
                        both = None
                        for use in visits.of_part(meeting, part, venue, start):
                            if both is None:
                                both = begins if sure else self._and(begins, taken)
                            found[use.venue, start // width].append(
                                (use.start, use.end, meeting, both)
                            )
        return found

    def _at_once(self, venue: int, day: int, stays: list[Stay], presence: Presence) -> None:
        """Count who is there whenever somebody comes: there are never more at another moment."""
        parallel = self.state.problem.venues[venue].parallel
        fixed = [use for _, use in presence.at(venue, day)]
        moments = {stay[0] for stay in stays} | {use.start for use in fixed}
        groups: list[list[Any]] = []
        for moment in sorted(moments):
            here: dict[int, list[Any]] = defaultdict(list)
            for start, end, meeting, literal in stays:
                if start <= moment < end:
                    here[meeting].append(literal)
            left = parallel - sum(use.start <= moment < use.end for use in fixed)
            # by whichever start, room and part a meeting is there, it is there once
            literals = [
                those[0] if len(those) == 1 else self._any(those) for those in here.values()
            ]
            if len(literals) <= left:
                continue
            if left == 1:
                groups.append(literals)
            else:
                self.model.add(sum(literals) <= max(left, 0))
        for literals in distinct(groups):
            self.model.add_at_most_one(literals)

    def _never_both(self, stays: list[Stay], others: list[Stay]) -> None:
        """Let nothing be in a part while something else is in the whole."""
        for start, end, meeting, literal in stays:
            for other_start, other_end, other, other_literal in others:
                if meeting != other and start < other_end and other_start < end:
                    self.model.add_bool_or([literal.negated(), other_literal.negated()])
