"""Whether changes break soft rules that an office made hard: the exact model does not know them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from trainer.timetable.engine.costs import FORBIDDEN
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot

BREACH: Final = FORBIDDEN // 2
"""All other soft costs together are far below what one breach costs."""


def breaks_more(state: State, after: Mapping[int, Spot | None]) -> bool:
    """Say whether meetings at these spots break more than what is placed now; the state is kept."""
    if FORBIDDEN not in state.costs.weight.values():
        return False
    before = _soft_cost(state)
    taken = {m: state.remove(m) for m in after if state.spots[m] is not None}
    placed = [m for m, spot in after.items() if spot is not None]
    for meeting in placed:
        spot = after[meeting]
        if spot is not None:
            state.place(meeting, spot)
    cost = _soft_cost(state)
    for meeting in placed:
        state.remove(meeting)
    for meeting, spot in taken.items():
        state.place(meeting, spot)
    return cost - before >= BREACH


def keeps(state: State, meeting: int, spot: Spot, whole: int) -> bool:
    """Say whether a meeting without a place breaks no more at a spot than there was at a cost.

    ``whole`` is what the timetable cost before meetings were taken out of their places.
    """
    if FORBIDDEN not in state.costs.weight.values():
        return True
    placed = state.cost - state.costs.unplaced[meeting] + state.cost_with(meeting, spot)
    return placed - whole < BREACH


def _soft_cost(state: State) -> int:
    """Return the cost without that of what has no place."""
    missing = (c for c, spot in zip(state.costs.unplaced, state.spots, strict=True) if spot is None)
    return state.cost - sum(missing)
