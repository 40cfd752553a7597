"""The compiled moves of the annealing core: each writes a proposal into the state's chain.

- ``relocate``: a meeting to another slot and place, changing with whoever is there.
- ``rehouse``: a meeting to another place in its slot, changing with whoever is there.
- ``exchange``: a meeting to another slot, and whatever clashes there to its slot, and whatever
  clashes with those back again (a Kempe chain between two slots); places are chosen anew.
- ``settle``: all meetings of a kind to one place, changing with whoever is there.

No move leaves feasibility. Each returns how many meetings it moves: 0 for nothing to do or already
rejected, positive for already accepted, negative for what has to be carried out to know its cost.
Chance is a xorshift generator inside the state, the same on every machine.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from trainer.timetable.engine.annealing.chance import accepts, draw
from trainer.timetable.engine.annealing.kernel import kernel, typed
from trainer.timetable.engine.curricula.form import BLOCKED, LONGEST_CHAIN, Form, State
from trainer.timetable.engine.curricula.state import (
    CHAIN_MEETING,
    CHAIN_PLACE,
    CHAIN_SLOT,
    clashes,
    place_delta,
    time_delta,
)

FIRST, SECOND = typed(0), typed(1)
"""Lines of the chain."""
NO_KIND: Final = typed(-1)
DICE: Final = typed(16)


@kernel
def put(state: State, line: int, meeting: int, slot: int, place: int) -> None:
    """Write a line of the compound move."""
    state.chain[line, CHAIN_MEETING] = meeting
    state.chain[line, CHAIN_SLOT] = slot
    state.chain[line, CHAIN_PLACE] = place


@kernel
def some_place(form: Form, state: State, kind: int) -> int:
    """Return a place for a kind: where one of it is already, a likely one, or any allowed one."""
    dice = draw(state, DICE)
    if dice < 9:  # noqa: PLR2004 - the shares that did best
        first = form.first[kind]
        return int(state.place[first + draw(state, form.first[kind + 1] - first)])
    if dice < 15:  # noqa: PLR2004 - see above
        return int(form.places[kind, draw(state, form.likely_count[kind])])
    return int(form.places[kind, draw(state, form.place_count[kind])])


@kernel
def move_to(form: Form, state: State, meeting: int, slot: int, place: int) -> int:
    """Try to put a meeting to a slot and place; who is there comes to where it was."""
    kind = form.kind_of[meeting]
    old, old_place = state.slot[meeting], state.place[meeting]
    other = state.holder[slot, place]
    if other < 0:
        if slot != old and clashes(form, state, kind, slot, NO_KIND):
            return 0
        delta = time_delta(form, state, kind, old, slot, NO_KIND)
        delta += place_delta(form, state, kind, old_place, place)
        count = 1
    else:
        other_kind = form.kind_of[other]
        if other_kind == kind or form.place_cost[other_kind, old_place] >= BLOCKED:
            return 0
        if slot != old and (
            not form.open[other_kind, old]
            or clashes(form, state, kind, slot, other_kind)
            or clashes(form, state, other_kind, old, kind)
        ):
            return 0
        delta = time_delta(form, state, kind, old, slot, other_kind)
        delta += time_delta(form, state, other_kind, slot, old, kind)
        delta += place_delta(form, state, kind, old_place, place)
        delta += place_delta(form, state, other_kind, place, old_place)
        put(state, SECOND, other, old, old_place)
        count = 2
    put(state, FIRST, meeting, slot, place)
    if form.travel_weight > 0 or form.pair_weight > 0:
        # the difference leaves out what depends on neighbours
        return -count
    return count if accepts(state, delta) else 0


@kernel
def relocate(form: Form, state: State) -> int:
    """Propose another slot and place for a meeting."""
    meeting = draw(state, len(state.slot))
    kind = form.kind_of[meeting]
    slot = form.slots[kind, draw(state, form.slot_count[kind])]
    if slot == state.slot[meeting]:
        return 0
    return move_to(form, state, meeting, slot, some_place(form, state, kind))


@kernel
def rehouse(form: Form, state: State) -> int:
    """Propose another place for a meeting in its slot."""
    meeting = draw(state, len(state.slot))
    place = some_place(form, state, form.kind_of[meeting])
    if place == state.place[meeting]:
        return 0
    return move_to(form, state, meeting, state.slot[meeting], place)


@kernel
def settle(form: Form, state: State) -> int:
    """Propose one place for all meetings of a kind."""
    kind = form.kind_of[draw(state, len(state.slot))]
    place = form.places[kind, draw(state, form.likely_count[kind])]
    count = FIRST
    for meeting in range(form.first[kind], form.first[kind + 1]):
        slot, old = state.slot[meeting], state.place[meeting]
        if old == place:
            continue
        if count + 2 > LONGEST_CHAIN:
            return 0
        other = state.holder[slot, place]
        if other >= 0:
            if form.place_cost[form.kind_of[other], old] >= BLOCKED:
                return 0
            put(state, count, other, slot, old)
            count += 1
        put(state, count, meeting, slot, place)
        count += 1
    return -count


@kernel
def exchange(form: Form, state: State) -> int:
    """Propose a Kempe chain between two slots, its meetings housed anew."""
    meeting = draw(state, len(state.slot))
    kind = form.kind_of[meeting]
    slot = form.slots[kind, draw(state, form.slot_count[kind])]
    if slot == state.slot[meeting]:
        return 0
    count = grow_chain(form, state, meeting, slot)
    housed = count > 0 and house_chain(form, state, count)
    for line in range(abs(count)):
        state.marked[state.chain[line, CHAIN_MEETING]] = 0
    return -count if housed else 0


@kernel
def grow_chain(form: Form, state: State, meeting: int, slot: int) -> int:
    """Write the chain that begins with a meeting going to a slot; return its length.

    Negative if some meeting of it cannot go where it has to. The meetings are left marked.
    """
    old = state.slot[meeting]
    put(state, FIRST, meeting, slot, state.place[meeting])
    state.marked[meeting] = 1
    count, line = SECOND, FIRST
    while line < count:
        kind = form.kind_of[state.chain[line, CHAIN_MEETING]]
        target = state.chain[line, CHAIN_SLOT]
        away = old if target == slot else slot
        for place in range(state.holder.shape[1]):
            other = state.holder[target, place]
            if other < 0 or state.marked[other]:
                continue
            other_kind = form.kind_of[other]
            word = form.clash[kind, other_kind >> 6] >> np.uint64(other_kind & 63)
            if word & np.uint64(1) == np.uint64(0):
                continue
            if not form.open[other_kind, away] or count == LONGEST_CHAIN:
                return -count
            put(state, count, other, away, place)
            state.marked[other] = 1
            count += 1
        line += 1
    return count


@kernel
def house_chain(form: Form, state: State, count: int) -> bool:
    """Give every meeting of the chain a place in its new slot; False if there are too few.

    Each keeps its place if it can; else it gets the free one that costs least.
    """
    for line in range(count):
        meeting = state.chain[line, CHAIN_MEETING]
        kind = form.kind_of[meeting]
        slot = state.chain[line, CHAIN_SLOT]
        own = state.place[meeting]
        if is_free(state, line, slot, own):
            state.chain[line, CHAIN_PLACE] = own
            continue
        best, least = -1, BLOCKED
        for rank in range(form.place_count[kind]):
            place = form.places[kind, rank]
            cost = form.place_cost[kind, place]
            if cost >= least:
                break
            if state.place_uses[kind, place] == 0:
                cost += form.stay_weight
            if cost < least and is_free(state, line, slot, place):
                best, least = place, cost
        if best < 0:
            return False
        state.chain[line, CHAIN_PLACE] = best
    return True


@kernel
def is_free(state: State, before: int, slot: int, place: int) -> bool:
    """Say whether a place is free in a slot, given the chain's first ``before`` new places."""
    other = state.holder[slot, place]
    if other >= 0 and not state.marked[other]:
        return False
    for line in range(before):
        if state.chain[line, CHAIN_SLOT] == slot and state.chain[line, CHAIN_PLACE] == place:
            return False
    return True
