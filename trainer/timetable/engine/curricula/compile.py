"""From an instance to the general form: courses are kinds, curricula groups, rooms places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.timetable.engine.curricula import score
from trainer.timetable.engine.curricula.form import BLOCKED, Form
from trainer.timetable.engine.curricula.instance import Instance
from trainer.timetable.engine.curricula.score import Formulation, Lecture

LIKELY: Final = 12
"""A room that costs at most so much more than the cheapest is proposed often."""


def compile_form(instance: Instance, formulation: Formulation) -> Form:
    """Return an instance in the core's form, weighted by a formulation."""
    courses = instance.courses
    kinds, slots = len(courses), instance.days * instance.periods
    counts = [course.lectures for course in courses]
    groups = _groups(instance)
    of_kind = [[g for g, (members, _) in enumerate(groups) if k in members] for k in range(kinds)]
    open_ = np.ones((kinds, slots), np.uint8)
    for course, day, period in instance.unavailable:
        open_[course, day * instance.periods + period] = 0
    costs = _place_costs(instance, formulation)
    order = np.argsort(costs, axis=1, kind="stable").astype(np.int64)
    allowed = (costs < BLOCKED).sum(axis=1)
    cheapest = costs.min(axis=1, initial=BLOCKED)
    likely = np.minimum(allowed, (costs <= cheapest[:, None] + LIKELY).sum(axis=1))
    in_group = np.zeros((len(groups), kinds), np.uint8)
    for group, (members, _) in enumerate(groups):
        in_group[group, list(members)] = 1
    slot = np.arange(slots)
    sites = {site: number for number, site in enumerate({room.site for room in instance.rooms})}
    return Form(
        width=instance.periods,
        kind_of=np.repeat(np.arange(kinds, dtype=np.int64), counts),
        first=_ends(counts),
        day_of=(slot // instance.periods).astype(np.int64),
        bit_of=(1 << (slot % instance.periods)).astype(np.int64),
        open=open_,
        slots=np.argsort(1 - open_, axis=1, kind="stable").astype(np.int64),
        slot_count=open_.sum(axis=1).astype(np.int64),
        clash=_clashes(instance),
        place_cost=costs,
        places=order,
        place_count=allowed.astype(np.int64),
        likely_count=likely.astype(np.int64),
        group_first=_ends([len(each) for each in of_kind]),
        group_of=np.array([g for each in of_kind for g in each], np.int64),
        group_weight=np.array([weight for _, weight in groups], np.int64),
        in_group=in_group,
        pattern=_patterns(instance, formulation),
        goal=np.array([course.min_days for course in courses], np.int64),
        goal_weight=formulation.weight(score.MIN_DAYS),
        stay_weight=formulation.weight(score.STABILITY),
        site=np.array([sites[room.site] for room in instance.rooms], np.int64),
        travel_weight=formulation.weight(score.TRAVEL) if len(sites) > 1 else 0,
        paired=np.array([course.double for course in courses], np.uint8),
        pair_weight=formulation.weight(score.DOUBLE) if any(c.double for c in courses) else 0,
    )


def lower_bound(form: Form) -> int:
    """Return a cost that no timetable is below: every course in its cheapest room, days enough.

    A course cannot have lectures on more days than it has lectures, or days that are open to it.
    """
    meetings = np.diff(form.first).astype(np.int64)
    kinds, slots = form.open.shape
    by_day = form.open.reshape(kinds, slots // form.width, form.width)
    open_days = by_day.any(axis=2).sum(axis=1)
    days = np.minimum(meetings, open_days)
    places = form.place_cost.min(axis=1, initial=BLOCKED) * meetings
    return int(places.sum() + form.goal_weight * np.maximum(0, form.goal - days).sum())


def lectures_of(
    form: Form, slots: Sequence[int] | npt.NDArray[np.int64], places: npt.NDArray[np.int64]
) -> tuple[Lecture, ...]:
    """Return the core's timetable as lectures."""
    return tuple(
        Lecture(int(kind), int(place), int(slot) // form.width, int(slot) % form.width)
        for kind, slot, place in zip(form.kind_of, slots, places, strict=True)
    )


def _ends(counts: Sequence[int]) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)


def _groups(instance: Instance) -> list[tuple[frozenset[int], int]]:
    """Return the sets of courses whose days cost something, each with its number of curricula."""
    counted = Counter(frozenset(curriculum.courses) for curriculum in instance.curricula)
    return sorted(counted.items(), key=lambda each: sorted(each[0]))


def _clashes(instance: Instance) -> npt.NDArray[np.uint64]:
    kinds = len(instance.courses)
    together: dict[str, list[int]] = defaultdict(list)
    for index, course in enumerate(instance.courses):
        together[course.teacher].append(index)
    clash = np.zeros((kinds, max(1, (kinds + 63) // 64)), np.uint64)
    for members in (*together.values(), *(each.courses for each in instance.curricula)):
        for one in members:
            for other in members:
                clash[one, other >> 6] |= np.uint64(1 << (other & 63))
    return clash


def _place_costs(instance: Instance, formulation: Formulation) -> npt.NDArray[np.int64]:
    seats = np.array([room.capacity for room in instance.rooms], np.int64)
    students = np.array([course.students for course in instance.courses], np.int64)
    missing = np.maximum(0, students[:, None] - seats[None, :])
    costs = np.minimum(missing * formulation.weight(score.CAPACITY), BLOCKED >> 1)
    hard = score.SUITABILITY in formulation.hard
    for course, room in instance.unsuitable:
        costs[course, room] = (
            BLOCKED if hard else costs[course, room] + formulation.weight(score.SUITABILITY)
        )
    return np.asarray(costs, np.int64)


def _patterns(instance: Instance, formulation: Formulation) -> npt.NDArray[np.int64]:
    """Return what a curriculum's day costs by its occupied periods, one bit for each."""
    width = instance.periods
    masks = np.arange(1 << width, dtype=np.int64)
    alone = masks & ~(masks << 1) & ~(masks >> 1)
    load = np.bitwise_count(masks).astype(np.int64)
    length = np.zeros_like(masks)
    for period in range(width):
        length[masks >> period > 0] += 1  # bits up to the last lecture
    leading = np.bitwise_count((masks & -masks) - 1).astype(np.int64)
    holes = length - leading - load
    off = np.maximum(0, instance.min_load - load) + np.maximum(0, load - instance.max_load)
    cost = (
        formulation.weight(score.COMPACTNESS) * np.bitwise_count(alone).astype(np.int64)
        + formulation.weight(score.WINDOWS) * holes
        + formulation.weight(score.LOAD) * off
    )
    cost[0] = 0
    return np.asarray(cost, np.int64)
