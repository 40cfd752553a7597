"""A first idea of what can be kept of a timetable where not everything can, by a short search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from trainer.timetable.engine.search import HOT, Budget, Search
from trainer.timetable.engine.solution import Limits, ShouldStop
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot

WORK: Final = 600
"""Steps of the search."""


def sketch(
    state: State, circle: Collection[int], taken: Collection[int], should_stop: ShouldStop | None
) -> dict[int, Spot | None]:
    """Return what a search changes in a circle of meetings, of which some are ``taken`` out first.

    What has no place yet is always in it. The state is left as it was.
    """
    before = {m: state.spots[m] for m in circle}
    for meeting in taken:
        if state.spots[meeting] is not None:
            state.remove(meeting)
    search = Search(state, sorted(circle), Budget(Limits(work=WORK), should_stop))
    search.build()
    while not search.budget.over() and any(state.spots[m] is None for m in circle):
        search.turn(HOT)
    search.restore_best()
    after = {m: state.spots[m] for m in circle}
    search.take(before)
    return {m: spot for m, spot in after.items() if spot != before[m] or before[m] is None}
