"""Handing an office's timetable to the annealing core, on every core of the machine.

The core first places what is still without a
place, then makes the whole better, in rounds: each lets the temperature fall in every process with
another seed, and the best (the lowest cost, then the first seed) is where the next one begins.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Final

from trainer.timetable.engine.annealing.crew import Crew
from trainer.timetable.engine.annealing.plan import Found, Round
from trainer.timetable.engine.offices.compile import Compiled, NotSuited, compile_state
from trainer.timetable.engine.search import Search
from trainer.timetable.engine.solution import Limits

CORES: Final = 2
ROUNDS_OF_CORE: Final = "trainer.timetable.engine.offices.rounds"
LONG_SECONDS: Final = 6.0
"""A shorter time is left to the search in Python: processes need a second or two to get ready."""
LONG_WORK: Final = 25_000
"""And so is less work than this, which takes less time than compiling once."""
PROPOSALS_PER_STEP: Final = 100
"""Proposals of the core that count as one of the engine's own steps."""
LATE_SECONDS: Final = 0.5
"""A worker that did not end its round by itself is asked to so much later."""
USUAL_WEIGHT: Final = 2.5
"""The median weight of the soft rules for which the temperatures below are meant."""

#: Share of the budget, temperature at its beginning and at its end, of each round.
ROUNDS: Final = ((0.7, 1.5, 0.15), (0.3, 0.7, 0.12))
#: The same where most of the timetable is known already: it is kept, and mended.
GENTLE_ROUNDS: Final = ((0.7, 0.8, 0.15), (0.3, 0.5, 0.12))
PLACING: Final = (2.0, 0.5)
"""Temperatures of a round that is about what has no place."""
PLACING_SHARE: Final = 0.2
"""The part of the budget that such a round may take."""


def helpers_for(limits: Limits) -> Crew | None:
    """Return processes that get ready to anneal, None where the budget is too small for them."""
    by_time = limits.seconds is None or limits.seconds >= LONG_SECONDS
    by_work = limits.work is None or limits.work >= LONG_WORK
    return Crew(CORES, ROUNDS_OF_CORE) if by_time and by_work else None


class Polish:
    """One search's timetable in the hands of the core."""

    def __init__(self, search: Search, crew: Crew) -> None:
        self.search = search
        self.crew = crew
        self.rounds = 0
        costs = search.state.costs
        movable = set(search.movable)
        weights = [
            weight
            for name, weight in costs.weight.items()
            if weight and name in costs.params and name not in {"unplaced", "changes"}
        ]
        self.scale = median(weights or [USUAL_WEIGHT]) / USUAL_WEIGHT
        away = sum(
            cost
            for m, cost in enumerate(costs.unplaced)
            if m not in movable and search.state.spots[m] is None
        )
        #: at this cost or below everything that can be placed is
        self.all_placed = away + min((costs.unplaced[m] for m in movable), default=0) - 1

    def place_missing(self) -> None:
        """Use some of the budget to place what has no place."""
        if self.search.state.cost > self.all_placed:
            self._rounds(((PLACING_SHARE, *PLACING),), self.all_placed)

    def improve(self) -> None:
        """Use the rest of the budget to make the timetable better."""
        stored = self.search.state.costs.stored
        known = sum(stored[m] is not None for m in self.search.movable)
        gentle = 2 * known > len(self.search.movable)
        self._rounds(GENTLE_ROUNDS if gentle else ROUNDS, self.search.bound or 0)

    def _rounds(self, rounds: tuple[tuple[float, float, float], ...], least: int) -> None:
        search, budget = self.search, self.search.budget
        search.restore_best()
        try:
            compiled = compile_state(search.state, search.movable)
        except NotSuited:
            return
        seconds = budget.limits.seconds
        now = time.monotonic()
        left = None if seconds is None else seconds - budget.elapsed()
        work = None if budget.limits.work is None else budget.work_left() * PROPOSALS_PER_STEP
        at = compiled.at
        done = 0.0
        for share, hot, cold in rounds:
            if budget.over() or search.best_cost <= least or not self.crew.alive:
                return
            done += share
            plans = {
                worker: Round(
                    seed=(budget.limits.seed * 64 + self.rounds) * CORES + worker,
                    hot=hot * self.scale,
                    cold=cold * self.scale,
                    at=at,
                    proposals=None if work is None else max(1, int(work * share / CORES)),
                    ends=None if left is None else now + left * done,
                    least=least,
                )
                for worker in self.crew.alive
            }
            self.rounds += 1
            found = self._run(compiled, plans)
            if found:
                best = min(found, key=lambda worker: (found[worker].cost, worker))
                at = found[best].at
                self._take(compiled, found[best])

    def _run(self, compiled: Compiled, plans: dict[int, Round]) -> dict[int, Found]:
        search, budget = self.search, self.search.budget
        steps = budget.steps
        made: dict[int, int] = {}
        costs: dict[int, int] = {}
        ends = max((plan.ends for plan in plans.values() if plan.ends is not None), default=None)

        def heard(worker: int, cost: int, proposals: int) -> None:
            made[worker], costs[worker] = proposals, cost
            budget.steps = steps + sum(made.values()) // PROPOSALS_PER_STEP
            best = min(costs.values())
            search.tell(cost=best, all_placed=best <= self.all_placed)

        def stopped() -> bool:
            late = ends is not None and time.monotonic() > ends + LATE_SECONDS
            return late or budget.asked()

        found: dict[int, Found] = self.crew.run(compiled.form, plans, heard, stopped)
        made.update({worker: each.proposals for worker, each in found.items()})
        budget.steps = steps + sum(made.values()) // PROPOSALS_PER_STEP
        return found

    def _take(self, compiled: Compiled, found: Found) -> None:
        """Make the state what the core found, if that is better."""
        search = self.search
        search.take(
            {m: spot for m, spot in enumerate(compiled.spots(found.at)) if m in search.free}
        )
        search.note()
        if search.state.cost > search.best_cost:
            # the core's own count was wrong: the exact bookkeeping is what counts
            search.restore_best()
        search.tell()
