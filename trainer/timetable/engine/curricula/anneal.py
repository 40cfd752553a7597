"""Simulated annealing over a form, compiled: many cheap proposals, few of them accepted."""

from __future__ import annotations

import math
from typing import Any, Final

from trainer.timetable.engine.annealing.chance import WHOLE, accepts, cool, draw
from trainer.timetable.engine.annealing.kernel import kernel, outer_kernel
from trainer.timetable.engine.curricula.form import Form, Ints, State
from trainer.timetable.engine.curricula.moves import exchange, rehouse, relocate, settle
from trainer.timetable.engine.curricula.state import change

STRETCH: Final = 4096
"""Proposals made at one temperature."""
SHARES: Final = (0.30, 0.50, 0.15, 0.05)
"""How often each move is proposed: exchange, relocate, rehouse, settle."""


@kernel
def propose(form: Form, state: State, bounds: Any) -> int:
    """Write a proposal of one of the moves; return what that move returns."""
    dice = draw(state, WHOLE)
    if dice < bounds[0]:
        return exchange(form, state)
    if dice < bounds[1]:
        return relocate(form, state)
    if dice < bounds[2]:
        return rehouse(form, state)
    return settle(form, state)


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

    ``best`` (2, M) receives slots and places of the best timetable below ``best_cost``; its cost
    is returned.
    """
    made = 0
    while made < proposals:
        temperature = hot * math.exp(math.log(cold / hot) * made / proposals)
        cool(state, temperature)
        for _ in range(min(STRETCH, proposals - made)):
            count = propose(form, state, bounds)
            if count == 0:
                continue
            # one place that carries out: inlined once, the whole compiles in half the time
            for turn in range(2):
                delta = change(form, state, abs(count))
                if turn == 1 or count > 0 or accepts(state, delta):
                    break
            if state.cost[0] < best_cost:
                best_cost = state.cost[0]
                for meeting in range(len(state.slot)):
                    best[0, meeting] = state.slot[meeting]
                    best[1, meeting] = state.place[meeting]
        made += STRETCH
        if best_cost == 0:
            break
    return best_cost
