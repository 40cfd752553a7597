"""One round of annealing: a fall of temperature over a budget of work or time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from trainer.timetable.engine.annealing.plan import Round

CHUNK: Final = 40_000
"""Proposals between two looks at a budget of work."""
CHUNK_SECONDS: Final = 0.05
"""Seconds between two looks at the clock."""

Tell = Callable[[int, int], bool]
"""Told the best cost and the proposals made so far; says whether to stop."""
Step = Callable[[int, float, float, int], int]
"""Makes proposals between two temperatures, given the best cost so far; returns the new one."""


def fall(plan: Round, step: Step, cost: int, tell: Tell) -> tuple[int, int]:
    """Let the temperature fall once; return the best cost and the proposals made."""
    made = 0
    began = now = time.monotonic()
    spent, count = 0.0, CHUNK if plan.ends is None else 1000
    while spent < 1 and cost > plan.least:
        if plan.proposals is not None:
            count = min(count, plan.proposals - made)
        then = _spent(plan, began, now + CHUNK_SECONDS, made + count)
        hot, cold = (_temperature(plan, part) for part in (spent, then))
        cost = step(cost, hot, cold, count)
        made += count
        took = time.monotonic() - now
        now += took
        if plan.ends is not None:
            # as many as fit between two looks at the clock, at the pace seen last
            count = max(1000, int(count * min(4.0, CHUNK_SECONDS / max(took, 1e-6))))
        spent = _spent(plan, began, now, made)
        if tell(cost, made):
            break
    return cost, made


def _spent(plan: Round, began: float, now: float, made: int) -> float:
    """Return the part of a round's budget that is used up, from 0 to 1."""
    spent = 0.0
    if plan.proposals is not None:
        spent = made / plan.proposals if plan.proposals else 1.0
    if plan.ends is not None:
        spent = max(spent, (now - began) / max(plan.ends - began, 1e-6))
    return min(spent, 1.0)


def _temperature(plan: Round, spent: float) -> float:
    return float(plan.hot * (plan.cold / plan.hot) ** spent)
