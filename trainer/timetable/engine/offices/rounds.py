"""One annealer of an office's timetable, and the rounds that it runs."""

from __future__ import annotations

import numpy as np

from trainer.timetable.engine.annealing.chance import cumulated
from trainer.timetable.engine.annealing.plan import Found, Round
from trainer.timetable.engine.annealing.rounds import Tell, fall
from trainer.timetable.engine.offices.anneal import SHARES, anneal
from trainer.timetable.engine.offices.compile import smallest_form
from trainer.timetable.engine.offices.form import Form, empty_state
from trainer.timetable.engine.offices.state import fill


def warm_up() -> None:
    """Load or compile everything that a round needs."""
    form = smallest_form()
    state = empty_state(form, 0)
    nowhere = np.full((len(form.meeting), 3), -1, np.int64)
    fill(form, state, nowhere)
    anneal(form, state, nowhere, 0, cumulated(SHARES), 1.0, 1.0, 0)


def run_round(form: Form, plan: Round, tell: Tell) -> Found:
    """Anneal once; ``at`` (M, 3) holds the spots. Never worse than where it began."""
    state = empty_state(form, plan.seed)
    best = plan.at.copy()
    fill(form, state, best)
    bounds = cumulated(SHARES)

    def step(cost: int, hot: float, cold: float, count: int) -> int:
        return int(anneal(form, state, best, cost, bounds, hot, cold, count))

    cost, made = fall(plan, step, int(state.cost[0]), tell)
    return Found(cost, best, made)
