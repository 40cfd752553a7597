"""Simulated annealing over an office's form, compiled."""

from __future__ import annotations

import math
from typing import Any, Final

from trainer.timetable.engine.annealing.chance import WHOLE, accepts, cool, draw
from trainer.timetable.engine.annealing.kernel import kernel, outer_kernel
from trainer.timetable.engine.offices.form import Form, Ints, State
from trainer.timetable.engine.offices.moves import carry_out, days, move, rehouse, shift, swap

STRETCH: Final = 1024
"""Proposals made at one temperature."""
SHARES: Final = (0.70, 0.10, 0.08, 0.04, 0.08)
"""How often each move is proposed: move, swap, days, shift, rehouse."""


@kernel
def propose(form: Form, state: State, bounds: Any) -> int:
    """Write a proposal of one of the moves; return how many meetings it moves."""
    dice = draw(state, WHOLE)
    if dice < bounds[0]:
        return move(form, state)
    if dice < bounds[1]:
        return swap(form, state)
    if dice < bounds[2]:
        return days(form, state)
    if dice < bounds[3]:
        return shift(form, state)
    return rehouse(form, state)


@outer_kernel
def anneal(
    form: Form,
    state: State,
    best: Ints,
    best_cost: int,
    bounds: Any,
    hot: float,
    cold: float,
    proposals: int,
) -> int:
    """Make proposals while the temperature falls from ``hot`` to ``cold``, geometrically.

    ``best`` (M, 3) receives the spots of the best timetable below ``best_cost``; its cost is
    returned.
    """
    made = 0 if len(form.movable) > 0 else proposals
    while made < proposals:
        cool(state, hot * math.exp(math.log(cold / hot) * made / proposals))
        for _ in range(min(STRETCH, proposals - made)):
            count = propose(form, state, bounds)
            if count == 0:
                continue
            # one place that carries out: inlined once, the whole compiles in half the time
            for turn in range(2):
                delta = carry_out(form, state, count, turn == 1)
                if turn == 1 or accepts(state, delta):
                    break
            if state.cost[0] < best_cost:
                best_cost = state.cost[0]
                for meeting in range(len(state.spot)):
                    for column in range(3):
                        best[meeting, column] = state.spot[meeting, column]
        made += STRETCH
    return best_cost
