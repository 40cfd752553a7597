"""Finding the cheapest spot for one meeting in a timetable in the making."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

from trainer.timetable.engine.costs import FORBIDDEN
from trainer.timetable.engine.problem import sits_exam
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot

PACKING_TRIES = 200
"""How many rooms are tried for a broadcast before it is given up at a start."""
MANY_ROOMS, SOME_ROOMS = 16, 10
"""From how many rooms on only some are looked at first, and how many those are."""


def bits(mask: int) -> list[int]:
    """Return the positions of the bits that are set, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def cheapest_spot(
    state: State, meeting: int, rng: Random, *, tries: int, noise: float = 0.0
) -> Spot | None:
    """Return the cheapest spot found that breaks no hard rule, None where there is none.

    At most about ``tries`` spots are costed: those on days the classes already use first, the rest
    by chance. ``noise`` is added at random to each cost, to vary what a search builds.
    """
    best: Spot | None = None
    lowest: float = FORBIDDEN
    for spot in free_spots(state, meeting, rng, tries):
        own = state.costs.own(meeting, spot)
        if own >= lowest and not noise:
            continue
        cost = state.cost_with(meeting, spot) + (rng.random() * noise if noise else 0.0)
        if cost < lowest:
            best, lowest = spot, cost
            if lowest <= 0:
                break
    return best


def free_spots(state: State, meeting: int, rng: Random, tries: int) -> Iterator[Spot]:
    """Yield about ``tries`` spots that break no hard rule, each with its cheapest teacher."""
    base = state.class_starts(meeting)
    if not base:
        return
    length = state.tables.lengths[meeting]
    teachers = {
        teacher: base if teacher < 0 else base & state.teacher_starts(teacher, length)
        for teacher in state.tables.teachers[meeting]
    }
    teachers = {teacher: starts for teacher, starts in teachers.items() if starts}
    if teachers:
        if len(state.problem.meetings[meeting].parts) == 1:
            yield from _single(state, meeting, rng, tries, teachers)
        else:
            yield from _joint(state, meeting, rng, tries, teachers)


def _single(
    state: State, meeting: int, rng: Random, tries: int, teachers: dict[int, int]
) -> Iterator[Spot]:
    anyone = 0
    for starts in teachers.values():
        anyone |= starts
    rooms: list[tuple[int, list[tuple[int, int]]]] = []
    for choice in _room_choices(state, meeting, rng):
        rooms = [
            (venue, who)
            for venue, free in _free_rooms(state, meeting, 0, anyone, choice)
            if (who := _able_there(state, meeting, venue, free, teachers))
        ]
        if rooms:
            break
    together = 0
    for _, who in rooms:
        for _, starts in who:
            together |= starts
    if not rooms:
        return
    for start in _chosen_starts(state, meeting, together, rng, max(4, tries // len(rooms))):
        for venue, who in rooms:
            able = [teacher for teacher, starts in who if starts >> start & 1]
            if able:
                yield Spot(start, (venue,), _cheapest_teacher(state, meeting, start, venue, able))


def _room_choices(state: State, meeting: int, rng: Random) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the rooms to look at: where there are many, first a few and those the class uses."""
    rooms = state.tables.rooms[meeting][0]
    if len(rooms) > MANY_ROOMS:
        class_ = state.problem.meetings[meeting].parts[0].class_
        used = {entry.venue for entry in state.entries[class_]}
        chosen = set(rng.sample(range(len(rooms)), SOME_ROOMS))
        yield tuple(room for place, room in enumerate(rooms) if place in chosen or room[0] in used)
    yield rooms


def _free_rooms(
    state: State, meeting: int, part: int, starts: int, rooms: tuple[tuple[int, int], ...]
) -> Iterator[tuple[int, int]]:
    """Yield the venues that a part could use, each with those of the starts at which it could."""
    length = state.tables.lengths[meeting]
    class_ = state.problem.meetings[meeting].parts[part].class_
    for venue, accredited in rooms:
        free = starts & accredited
        if venue != NO_VENUE:
            free &= state.venue_starts(venue, length)
            if free:
                free &= ~state.class_travel(class_, venue, length)
        if free:
            free = state.visit_starts(meeting, part, venue, free)
        if free:
            yield venue, free


def _able_there(
    state: State, meeting: int, venue: int, free: int, teachers: dict[int, int]
) -> list[tuple[int, int]]:
    length = state.tables.lengths[meeting]
    who = []
    for teacher, starts in teachers.items():
        mine = starts & free
        if mine and teacher >= 0:
            mine &= ~state.teacher_travel(teacher, venue, length)
        if mine:
            who.append((teacher, mine))
    return who


def _cheapest_teacher(state: State, meeting: int, start: int, venue: int, able: list[int]) -> int:
    if len(able) == 1:
        return able[0]
    parts = len(state.problem.meetings[meeting].parts)

    def cost(teacher: int) -> tuple[int, float]:
        if teacher == NO_TEACHER:
            # whoever is there although nobody is asked for stays, where that costs no more
            return state.costs.own(meeting, Spot(start, (venue,) * parts)), math.inf
        load = state.load[teacher]
        extra = state.costs.load(teacher, load + 1) - state.costs.load(teacher, load)
        spot = Spot(start, (venue,) * parts, teacher)
        extra += state.day_cost(meeting, spot)
        return state.costs.own(meeting, spot) + extra, load

    return min(able, key=cost)


def _chosen_starts(state: State, meeting: int, starts: int, rng: Random, limit: int) -> list[int]:
    if starts.bit_count() <= limit:
        return bits(starts)
    liked = 0
    for part in state.problem.meetings[meeting].parts:
        for day in {entry.day for entry in state.entries[part.class_]}:
            liked |= state.tables.bits_of_days(day - 1, day + 1)
    stored = state.costs.stored[meeting]
    chosen = bits(starts & liked)
    if len(chosen) > limit:
        chosen = sorted(rng.sample(chosen, limit))
    others = bits(starts & ~liked)
    spare = max(limit - len(chosen), limit // 4)
    if len(others) > spare:
        others = sorted(rng.sample(others, spare))
    if stored is not None and starts >> stored.start & 1:
        others.insert(0, stored.start)
    return chosen + others


def _joint(
    state: State, meeting: int, rng: Random, tries: int, teachers: dict[int, int]
) -> Iterator[Spot]:
    length = state.tables.lengths[meeting]
    everyone = 0
    for starts in teachers.values():
        everyone |= starts
    free: list[dict[int, int]] = []
    for part in range(len(state.problem.meetings[meeting].parts)):
        rooms = state.tables.rooms[meeting][part]
        mine = dict(_free_rooms(state, meeting, part, everyone, rooms))
        union = 0
        for starts in mine.values():
            union |= starts
        everyone &= union
        free.append(mine)
    for start in _chosen_starts(state, meeting, everyone, rng, tries):
        for venues in _packings(
            state,
            meeting,
            [[venue for venue, starts in mine.items() if starts >> start & 1] for mine in free],
        ):
            able = [
                teacher
                for teacher, starts in teachers.items()
                if starts >> start & 1
                and (
                    teacher < 0 or not state.teacher_travel(teacher, venues[0], length) >> start & 1
                )
            ]
            if able:
                yield Spot(start, venues, _cheapest_teacher(state, meeting, start, venues[0], able))


def _packings(state: State, meeting: int, rooms: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """Yield rooms for the parts of a joint meeting: each one that holds all, else one broadcast."""
    problem = state.problem
    parts = problem.meetings[meeting].parts
    sizes = [problem.classes[part.class_].size for part in parts]
    found = False
    for venue in rooms[0]:
        fits = _seats(state, meeting, venue) >= sum(sizes)
        if fits and all(venue in mine for mine in rooms[1:]):
            found = True
            yield (venue,) * len(parts)
    if not found:
        packing = _broadcast(state, meeting, rooms, sizes)
        if packing is not None:
            yield packing


def _seats(state: State, meeting: int, venue: int) -> float:
    if venue == NO_VENUE:
        return math.inf
    exam = sits_exam(state.problem, state.problem.meetings[meeting])
    seats = state.problem.venues[venue].seats(exam=exam)
    return math.inf if seats is None else seats


def _broadcast(
    state: State, meeting: int, rooms: list[list[int]], sizes: list[int]
) -> tuple[int, ...] | None:
    order = sorted(range(len(rooms)), key=lambda part: (len(rooms[part]), -sizes[part]))
    chosen = [NO_VENUE] * len(rooms)
    left: dict[int, float] = {}
    tries = [PACKING_TRIES]
    kin = state.tables.kin
    seats_of = {venue: _seats(state, meeting, venue) for mine in rooms for venue in mine}

    def settle(step: int) -> bool:
        if step == len(order):
            return True
        part = order[step]
        for venue in sorted(rooms[part], key=lambda v: (v not in left, seats_of[v])):
            tries[0] -= 1
            if tries[0] < 0:
                return False
            seats = left.get(venue, seats_of[venue])
            if seats < sizes[part] or any(other in left for other in kin.get(venue, ())):
                continue
            known = venue in left
            left[venue] = seats - sizes[part]
            chosen[part] = venue
            if settle(step + 1):
                return True
            if known:
                left[venue] = seats
            else:
                del left[venue]
        return False

    return tuple(chosen) if settle(0) else None
