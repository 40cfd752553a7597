"""What the exact model finds, and how CP-SAT is run: stoppable, and the same for the same seed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Spot

Outcome = Literal["optimal", "feasible", "infeasible", "unknown"]
POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Exact:
    """What the exact model found: spots of the free meetings, and the cost with its bound.

    ``effort`` is how much of CP-SAT's deterministic time that took.
    """

    outcome: Outcome
    spots: Mapping[int, Spot]
    cost: int = 0
    bound: int = 0
    effort: float = 0.0


def twin_key(state: State, meeting: int) -> object | None:
    """Return what makes meetings interchangeable, None for one that is not."""
    facts = state.problem.meetings[meeting]
    if len(facts.parts) > 1 or facts.stored is not None:
        return None
    part = facts.parts[0]
    return (
        part.class_,
        part.course,
        part.position,
        part.fixed_venue,
        part.order,
        facts.length,
        facts.fixed_day,
        facts.fixed_period,
        facts.fixed_teacher,
    )


def distinct(groups: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Yield groups of two literals or more, each set of literals once."""
    seen: set[frozenset[int]] = set()
    for literals in groups:
        key = frozenset(literal.index for literal in literals)
        if len(key) > 1 and key not in seen:
            seen.add(key)
            yield list({literal.index: literal for literal in literals}.values())


def run(solver: Any, model: Any, budget: Budget) -> Any:
    """Run CP-SAT, and stop it soon after somebody asks."""
    if budget.should_stop is None:
        return solver.solve(model)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            if budget.should_stop is not None and budget.should_stop():
                budget.stopped = True
                solver.stop_search()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solver.solve(model)
    finally:
        done.set()
        watcher.join()
