"""The compiled bookkeeping of the annealing core: what a change of a timetable costs.

Imported late: numba takes a second to import, and the first call after an installation compiles.
"""

from __future__ import annotations

import numpy as np

from trainer.timetable.engine.annealing.kernel import kernel, outer_kernel
from trainer.timetable.engine.curricula.form import BLOCKED, Form, Ints, State

CHAIN_MEETING, CHAIN_SLOT, CHAIN_PLACE = 0, 1, 2


@kernel
def clashes(form: Form, state: State, kind: int, slot: int, leaving: int) -> bool:
    """Say whether a kind cannot come to a slot that one meeting of kind ``leaving`` (-1) leaves."""
    for word in range(form.clash.shape[1]):
        found = state.present[slot, word] & form.clash[kind, word]
        if leaving >= 0 and leaving >> 6 == word:
            found &= ~(np.uint64(1) << np.uint64(leaving & 63))
        if found != np.uint64(0):
            return True
    return False


@kernel
def time_delta(form: Form, state: State, kind: int, old: int, new: int, other: int) -> int:
    """Return what a meeting's change of slot costs in days and patterns.

    ``other`` is the kind that comes to the old slot instead, or -1: groups of both see no change.
    """
    if old == new:
        return 0
    day, to_day = form.day_of[old], form.day_of[new]
    bit, to_bit = form.bit_of[old], form.bit_of[new]
    pattern, mask = form.pattern, state.mask
    delta = 0
    if day != to_day:
        used = state.days_used[kind]
        then = used
        if state.day_count[kind, day] == 1:
            then -= 1
        if state.day_count[kind, to_day] == 0:
            then += 1
        if then != used:
            goal = form.goal[kind]
            delta += form.goal_weight * (max(0, goal - then) - max(0, goal - used))
    for place in range(form.group_first[kind], form.group_first[kind + 1]):
        group = form.group_of[place]
        if other >= 0 and form.in_group[group, other]:
            continue
        was = mask[group, day]
        if day == to_day:
            change = pattern[was ^ bit ^ to_bit] - pattern[was]
        else:
            to_was = mask[group, to_day]
            change = pattern[was ^ bit] - pattern[was] + pattern[to_was | to_bit] - pattern[to_was]
        delta += form.group_weight[group] * change
    return int(delta)


@kernel
def place_delta(form: Form, state: State, kind: int, old: int, new: int) -> int:
    """Return what a meeting's change of place costs; at least ``BLOCKED`` if it must not be."""
    if old == new:
        return 0
    if form.place_cost[kind, new] >= BLOCKED:
        return BLOCKED * 4
    delta = form.place_cost[kind, new] - form.place_cost[kind, old]
    if state.place_uses[kind, old] == 1:
        delta -= form.stay_weight
    if state.place_uses[kind, new] == 0:
        delta += form.stay_weight
    return int(delta)


@kernel
def add(form: Form, state: State, meeting: int, slot: int, place: int) -> int:
    """Put a meeting that is nowhere to a slot and a place; return what that costs."""
    kind = form.kind_of[meeting]
    day, bit = form.day_of[slot], form.bit_of[slot]
    state.slot[meeting] = slot
    state.place[meeting] = place
    state.holder[slot, place] = meeting
    state.present[slot, kind >> 6] |= np.uint64(1) << np.uint64(kind & 63)
    delta = form.place_cost[kind, place]
    if state.place_uses[kind, place] == 0:
        delta += form.stay_weight
    state.place_uses[kind, place] += 1
    if state.day_count[kind, day] == 0:
        if state.days_used[kind] < form.goal[kind]:
            delta -= form.goal_weight
        state.days_used[kind] += 1
    state.day_count[kind, day] += 1
    for index in range(form.group_first[kind], form.group_first[kind + 1]):
        group = form.group_of[index]
        was = state.mask[group, day]
        delta += form.group_weight[group] * (form.pattern[was | bit] - form.pattern[was])
        state.mask[group, day] = was | bit
        if form.travel_weight > 0:
            state.site_at[group, slot] = form.site[place]
    return int(delta)


@kernel
def take_out(form: Form, state: State, meeting: int) -> int:
    """Take a meeting out; return what that costs."""
    kind = form.kind_of[meeting]
    slot, place = state.slot[meeting], state.place[meeting]
    day, bit = form.day_of[slot], form.bit_of[slot]
    state.holder[slot, place] = -1
    state.present[slot, kind >> 6] &= ~(np.uint64(1) << np.uint64(kind & 63))
    delta = -form.place_cost[kind, place]
    state.place_uses[kind, place] -= 1
    if state.place_uses[kind, place] == 0:
        delta -= form.stay_weight
    state.day_count[kind, day] -= 1
    if state.day_count[kind, day] == 0:
        state.days_used[kind] -= 1
        if state.days_used[kind] < form.goal[kind]:
            delta += form.goal_weight
    for index in range(form.group_first[kind], form.group_first[kind + 1]):
        group = form.group_of[index]
        was = state.mask[group, day]
        delta += form.group_weight[group] * (form.pattern[was ^ bit] - form.pattern[was])
        state.mask[group, day] = was ^ bit
        if form.travel_weight > 0:
            state.site_at[group, slot] = -1
    return int(delta)


@kernel
def refresh(form: Form, state: State, kind: int, day: int) -> int:
    """Count a day's changes of site and lonely meetings anew; return what differs in cost.

    Idempotent, so that a compound move may touch a day several times.
    """
    delta = 0
    start = day * form.width
    if form.travel_weight > 0:
        for index in range(form.group_first[kind], form.group_first[kind + 1]):
            group = form.group_of[index]
            changes = 0
            for slot in range(start, start + form.width - 1):
                here, there = state.site_at[group, slot], state.site_at[group, slot + 1]
                if here >= 0 and there >= 0 and here != there:
                    changes += 1
            differ = changes - state.travel[group, day]
            delta += form.travel_weight * form.group_weight[group] * differ
            state.travel[group, day] = changes
    if form.pair_weight > 0 and form.paired[kind]:
        lonely = _lonely(form, state, kind, day)
        delta += form.pair_weight * (lonely - state.apart[kind, day])
        state.apart[kind, day] = lonely
    return int(delta)


@kernel
def _lonely(form: Form, state: State, kind: int, day: int) -> int:
    if state.day_count[kind, day] < 2:  # noqa: PLR2004 - a meeting alone on its day is fine
        return 0
    lonely = 0
    for one in range(form.first[kind], form.first[kind + 1]):
        if state.slot[one] < 0 or form.day_of[state.slot[one]] != day:
            continue
        beside = False
        for other in range(form.first[kind], form.first[kind + 1]):
            near = state.slot[other] >= 0 and abs(state.slot[other] - state.slot[one]) == 1
            if (
                near
                and form.day_of[state.slot[other]] == day
                and state.place[other] == state.place[one]
            ):
                beside = True
        if not beside:
            lonely += 1
    return lonely


@kernel
def change(form: Form, state: State, count: int) -> int:
    """Carry out the first ``count`` lines of ``state.chain`` at once; return what that costs.

    The chain then holds where the meetings came from: carrying it out again undoes it.
    """
    chain = state.chain
    delta = 0
    for line in range(count):
        delta += take_out(form, state, chain[line, CHAIN_MEETING])
    for line in range(count):
        meeting = chain[line, CHAIN_MEETING]
        slot, place = chain[line, CHAIN_SLOT], chain[line, CHAIN_PLACE]
        chain[line, CHAIN_SLOT] = state.slot[meeting]
        chain[line, CHAIN_PLACE] = state.place[meeting]
        delta += add(form, state, meeting, slot, place)
    if form.travel_weight > 0 or form.pair_weight > 0:
        for line in range(count):
            meeting = chain[line, CHAIN_MEETING]
            kind = form.kind_of[meeting]
            delta += refresh(form, state, kind, form.day_of[chain[line, CHAIN_SLOT]])
            delta += refresh(form, state, kind, form.day_of[state.slot[meeting]])
    state.cost[0] += delta
    return int(delta)


@outer_kernel
def fill(form: Form, state: State, slots: Ints, places: Ints) -> None:
    """Put every meeting of an empty state to its slot and place, and count the cost."""
    kinds, days = state.day_count.shape
    cost = 0
    for kind in range(kinds):
        cost += form.goal_weight * form.goal[kind]
        if form.first[kind + 1] > form.first[kind]:
            cost -= form.stay_weight
    for meeting in range(len(slots)):
        cost += add(form, state, meeting, slots[meeting], places[meeting])
    for kind in range(kinds):
        for day in range(days):
            cost += refresh(form, state, kind, day)
    state.cost[0] = cost
