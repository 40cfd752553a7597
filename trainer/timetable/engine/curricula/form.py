"""The general form that the annealing core works on, and a timetable of it as arrays.

A form knows meetings of kinds, slots of a week (``day * width + period``), places, and groups of
kinds whose days have a cost by the pattern of their occupied periods. Meetings of one kind are
interchangeable and numbered in a row. Nothing here knows of courses, curricula or classes.

Hard: one meeting per place and slot, kinds that clash never in one slot, kinds only in their open
slots and at places that are not ``BLOCKED``. Soft, all in whole units of cost: a kind's cost of a
place; too few days of a kind; places of a kind beyond the first; the pattern of each group's day;
changes of site between neighbouring periods of a group; meetings of a paired kind that share their
day with others of it and have no neighbour of it at the same place.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from trainer.timetable.engine.annealing.seed import seeded

BLOCKED: Final = 1 << 24
"""Cost of a place that a kind must not have."""
LONGEST_CHAIN: Final = 256
"""Meetings that one compound move may touch."""

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.uint64]


class Form(NamedTuple):
    """A problem: K kinds, M meetings, S slots, R places, G groups, W words of 64 kinds.

    ``first[k]:first[k+1]`` are the meetings of kind k; ``slots[k, :slot_count[k]]`` its open slots;
    ``places[k, :place_count[k]]`` its allowed places, the cheapest first, of which
    ``likely_count[k]`` are worth proposing often; ``group_of[group_first[k]:group_first[k+1]]`` its
    groups. ``pattern[mask]`` is the cost of a day with the periods of ``mask`` occupied.
    """

    width: int
    kind_of: Ints  # (M,)
    first: Ints  # (K+1,)
    day_of: Ints  # (S,)
    bit_of: Ints  # (S,) the period's bit in its day
    open: Bytes  # (K, S)
    slots: Ints  # (K, S)
    slot_count: Ints  # (K,)
    clash: Bits  # (K, W) kinds that may not meet in a slot with it, itself among them
    place_cost: Ints  # (K, R)
    places: Ints  # (K, R)
    place_count: Ints  # (K,)
    likely_count: Ints  # (K,)
    group_first: Ints  # (K+1,)
    group_of: Ints
    group_weight: Ints  # (G,)
    in_group: Bytes  # (G, K)
    pattern: Ints  # (2**width,)
    goal: Ints  # (K,) the least number of days
    goal_weight: int
    stay_weight: int
    site: Ints  # (R,)
    travel_weight: int
    paired: Bytes  # (K,)
    pair_weight: int


class State(NamedTuple):
    """A timetable of a form, with everything that costs are counted from; changed in place."""

    slot: Ints  # (M,)
    place: Ints  # (M,)
    holder: Ints  # (S, R) the meeting there, or -1
    present: Bits  # (S, W) the kinds in a slot
    mask: Ints  # (G, D) occupied periods
    day_count: Ints  # (K, D)
    days_used: Ints  # (K,)
    place_uses: Ints  # (K, R)
    site_at: Ints  # (G, S) the site where a group is, or -1
    travel: Ints  # (G, D) changes of site
    apart: Ints  # (K, D) meetings of a paired kind without a neighbour
    cost: npt.NDArray[np.int64]  # (1,)
    chain: Ints  # (LONGEST_CHAIN, 3) meeting, slot, place of a compound move
    marked: Bytes  # (M,) which meetings the compound move touches
    odds: npt.NDArray[np.int64]  # (ODDS,) out of 2**32, whether to accept so much worse
    chance: Bits  # (1,) state of the random source


def empty_state(form: Form, seed: int) -> State:
    """Return a state without any meeting; to be filled by ``state.fill``."""
    kinds, slots = form.open.shape
    places = len(form.site)
    groups = len(form.group_weight)
    meetings = len(form.kind_of)
    days = slots // form.width
    words = form.clash.shape[1]
    return State(
        slot=np.full(meetings, -1, np.int64),
        place=np.full(meetings, -1, np.int64),
        holder=np.full((slots, places), -1, np.int64),
        present=np.zeros((slots, words), np.uint64),
        mask=np.zeros((groups, days), np.int64),
        day_count=np.zeros((kinds, days), np.int64),
        days_used=np.zeros(kinds, np.int64),
        place_uses=np.zeros((kinds, places), np.int64),
        site_at=np.full((groups, slots), -1, np.int64),
        travel=np.zeros((groups, days), np.int64),
        apart=np.zeros((kinds, days), np.int64),
        cost=np.zeros(1, np.int64),
        chain=np.zeros((LONGEST_CHAIN, 3), np.int64),
        marked=np.zeros(meetings, np.uint8),
        odds=np.zeros(256, np.int64),
        chance=seeded(seed),
    )
