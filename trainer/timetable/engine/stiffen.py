"""Making a good timetable sturdier: what could not be mended goes to where it could.

The rule ``sturdy`` looks at the facts alone, so that it is as quick as any other; whether a session
could really be mended depends on what else is planned. So where an office weighs the rule, part of
the budget is kept for this: each session that could not be mended is tried elsewhere, alone, with
its whole class, or changing places with another of it, and stays where more of the class could be
mended, for at most the rule's weight in other costs for each session that is won.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from trainer.timetable.engine.insert import cheapest_spot, free_spots
from trainer.timetable.engine.robust import frail_meetings
from trainer.timetable.engine.search import Search
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.tables import Spot

SHARE: Final = 0.15
"""The part of the budget that is kept for this."""
ROUNDS: Final = 3
SPOTS: Final = 40
"""How many other places are looked at for one session."""
DAYS: Final = 14
"""By how many days a whole class is moved, at most."""
SPOTS_IN_EXCHANGE: Final = 6
"""And how many once another of its class has made room."""


def limits_before(search: Search) -> Limits:
    """Return the limits of everything that comes before, so that some budget is left for this."""
    limits = search.budget.limits
    if not search.state.costs.weight["sturdy"]:
        return limits
    return replace(
        limits,
        seconds=None if limits.seconds is None else limits.seconds * (1 - SHARE),
        work=None if limits.work is None else int(limits.work * (1 - SHARE)),
    )


def stiffen(search: Search) -> None:
    """Move what could not be mended, as long as that makes fewer of them, and the budget lasts."""
    state, budget = search.state, search.budget
    if not state.costs.weight["sturdy"] or budget.over():
        return
    search.restore_best()
    frail = frail_meetings(state, search.movable)
    for _ in range(ROUNDS):
        before = {m: state.spots[m] for m in search.movable}
        moved = [_Trial(search, m).settle() for m in frail if not budget.over()]
        if not any(moved):
            return
        left = frail_meetings(state, search.movable)
        if len(left) >= len(frail):
            search.take(before)
            return
        frail = left


@dataclass(slots=True)
class _Trial:
    """One session that could not be mended, tried at other places."""

    search: Search
    meeting: int

    def settle(self) -> bool:
        """Move the session to the cheapest place at which more of its class could be mended."""
        state = self.search.state
        classes = {part.class_ for part in state.problem.meetings[self.meeting].parts}
        own = sorted({entry.meeting for c in classes for entry in state.entries[c]})
        own = [m for m in own if m in self.search.free]
        frail = len(frail_meetings(state, own))
        before = {m: state.spots[m] for m in own}
        cost, placed = state.cost, state.placed
        price = state.costs.weight["sturdy"]
        for _ in self._arrangements(own):
            dearer = state.cost - cost
            affordable = state.placed == placed and dearer <= price * frail
            if affordable and not frail_meetings(state, [self.meeting]):
                won = frail - len(frail_meetings(state, own))
                if won > 0 and dearer <= price * won:
                    return True
            self.search.take(before)
            if self.search.budget.over():
                break
        self.search.take(before)
        return False

    def _arrangements(self, own: Sequence[int]) -> Iterator[None]:
        """Make the state hold one arrangement after the other, each made from the first again."""
        state, budget = self.search.state, self.search.budget
        rng = Random(self.meeting)  # noqa: S311 - which places are looked at
        for spot in self._spots(rng, SPOTS):
            budget.steps += 1
            state.remove(self.meeting)
            state.place(self.meeting, spot)
            yield
        yield from self._whole_class(own)
        for other in own:
            if other == self.meeting:
                continue
            there = state.remove(other)
            spots = self._spots(rng, SPOTS_IN_EXCHANGE)
            state.place(other, there)
            for spot in spots:
                budget.steps += 1
                state.remove(other)
                state.remove(self.meeting)
                state.place(self.meeting, spot)
                gone = cheapest_spot(state, other, rng, tries=SPOTS)
                if gone is not None:
                    state.place(other, gone)
                yield

    def _whole_class(self, own: Sequence[int]) -> Iterator[None]:
        """Move the class as a whole to other days, the nearest first."""
        state, budget = self.search.state, self.search.budget
        width = state.tables.width
        before = [(m, spot) for m in own if (spot := state.spots[m]) is not None]
        before.sort(key=lambda pair: pair[1].start)
        for days in sorted(range(-DAYS, DAYS + 1), key=abs)[1:]:
            budget.steps += 1
            for meeting in own:
                state.remove(meeting)
            for meeting, spot in before:
                start = spot.start + days * width
                if start < 0 or not self.search.try_at(meeting, replace(spot, start=start)):
                    break
            yield

    def _spots(self, rng: Random, count: int) -> list[Spot]:
        """Return places where the session could go, the cheapest first."""
        state = self.search.state
        here = state.remove(self.meeting)
        found = [spot for spot in free_spots(state, self.meeting, rng, count) if spot != here]
        found.sort(key=lambda spot: (state.cost_with(self.meeting, spot), spot.start, spot.venues))
        state.place(self.meeting, here)
        return found[:count]
