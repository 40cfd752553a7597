"""One annealer of instances, and the rounds that it runs."""

from __future__ import annotations

import numpy as np

from trainer.timetable.engine.annealing.chance import cumulated
from trainer.timetable.engine.annealing.plan import Found, Round
from trainer.timetable.engine.annealing.rounds import Tell, fall
from trainer.timetable.engine.curricula.anneal import SHARES, anneal
from trainer.timetable.engine.curricula.compile import compile_form
from trainer.timetable.engine.curricula.form import Form, empty_state
from trainer.timetable.engine.curricula.instance import Course, Instance, Room
from trainer.timetable.engine.curricula.score import FORMULATIONS
from trainer.timetable.engine.curricula.state import fill


def warm_up() -> None:
    """Load or compile everything that a round needs."""
    instance = Instance("", 1, 2, (Course("", "", 1, 1, 1),), (Room("", 1),), ())
    form = compile_form(instance, FORMULATIONS["UD2"])
    nowhere = np.zeros(1, np.int64)
    state = empty_state(form, 0)
    fill(form, state, nowhere, nowhere)
    anneal(form, state, np.zeros((2, 1), np.int64), 0, cumulated(SHARES), 1.0, 1.0, 0)


def run_round(form: Form, plan: Round, tell: Tell) -> Found:
    """Anneal once; ``at`` (2, M) holds slots and places. Never worse than where it began."""
    state = empty_state(form, plan.seed)
    best = plan.at.copy()
    fill(form, state, best[0], best[1])
    bounds = cumulated(SHARES)

    def step(cost: int, hot: float, cold: float, count: int) -> int:
        return int(anneal(form, state, best, cost, bounds, hot, cold, count))

    cost, made = fall(plan, step, int(state.cost[0]), tell)
    return Found(cost, best, made)
