"""One annealer and the rounds it runs: each a fall of temperature over a budget of work or time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from trainer.timetable.engine.curricula.anneal import anneal, cumulated
from trainer.timetable.engine.curricula.compile import compile_form
from trainer.timetable.engine.curricula.form import Form, empty_state
from trainer.timetable.engine.curricula.instance import Course, Instance, Room
from trainer.timetable.engine.curricula.plan import Found, Round
from trainer.timetable.engine.curricula.score import FORMULATIONS
from trainer.timetable.engine.curricula.state import fill

CHUNK: Final = 40_000
"""Proposals between two looks at a budget of work."""
CHUNK_SECONDS: Final = 0.05
"""Seconds between two looks at the clock."""

Tell = Callable[[int, int], bool]
"""Told the best cost and the proposals made so far; says whether to stop."""


def warm_up() -> None:
    """Load or compile everything that a round needs."""
    instance = Instance("", 1, 2, (Course("", "", 1, 1, 1),), (Room("", 1),), ())
    form = compile_form(instance, FORMULATIONS["UD2"])
    nowhere = np.zeros(1, np.int32)
    state = empty_state(form, 0)
    fill(form, state, nowhere, nowhere)
    anneal(form, state, np.zeros((2, 1), np.int32), 0, cumulated(), 1.0, 1.0, 0)


def run_round(form: Form, plan: Round, tell: Tell) -> Found:
    """Anneal once; the result is never worse than where it began."""
    state = empty_state(form, plan.seed)
    fill(form, state, plan.slots, plan.places)
    best = np.stack([plan.slots, plan.places]).astype(np.int32)
    cost, made = int(state.cost[0]), 0
    bounds = cumulated()
    began = now = time.monotonic()
    spent, count = 0.0, CHUNK if plan.ends is None else 1000
    while spent < 1 and cost > 0:
        if plan.proposals is not None:
            count = min(count, plan.proposals - made)
        then = _spent(plan, began, now + CHUNK_SECONDS, made + count)
        hot, cold = (_temperature(plan, part) for part in (spent, then))
        cost = int(anneal(form, state, best, cost, bounds, hot, cold, count))
        made += count
        took = time.monotonic() - now
        now += took
        if plan.ends is not None:
            # as many as fit between two looks at the clock, at the pace seen last
            count = max(1000, int(count * min(4.0, CHUNK_SECONDS / max(took, 1e-6))))
        spent = _spent(plan, began, now, made)
        if tell(cost, made):
            break
    return Found(cost, best[0].copy(), best[1].copy(), made)


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
