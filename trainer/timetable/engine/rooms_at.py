"""Which rooms a meeting could be put into at a time: its own first, then such as are free."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from trainer.timetable.engine.problem import Placement, Problem, sits_exam
from trainer.timetable.engine.relations import hall_kin
from trainer.timetable.engine.seats import suits

OTHERS_LOOKED_AT = 12
"""How many venues are compared where none is asked for."""

Rooms = tuple[int | None, ...]


def rooms_at(
    problem: Problem,
    placements: Sequence[Placement | None],
    there: Placement,
    venue: int | None,
    part: int,
) -> tuple[Rooms, ...]:
    """Return rooms for the parts of a meeting at a time, to be looked at in this order.

    With a ``venue`` it is asked for by one ``part``: the others stay where they are, or come along.
    """
    parts = problem.meetings[there.meeting].parts
    now = placements[there.meeting]
    found: list[Rooms] = []
    if venue is not None:
        if now is not None:
            found.append((*now.venues[:part], venue, *now.venues[part + 1 :]))
        found.append((venue,) * len(parts))
    else:
        found += [] if now is None else [now.venues]
        if not problem.courses[parts[0].course].needs_venue:
            found.append((None,) * len(parts))
        found += _suiting(problem, placements, there)
    return tuple(dict.fromkeys(found)) or ((0 if problem.venues else None,) * len(parts),)


def _suiting(
    problem: Problem, placements: Sequence[Placement | None], there: Placement
) -> Iterator[Rooms]:
    """Yield rooms that hold all parts together, the free ones first, then one for each."""
    meeting = problem.meetings[there.meeting]
    exam = sits_exam(problem, meeting)
    taken = _taken(problem, placements, there)
    sizes = [problem.classes[part.class_].size for part in meeting.parts]
    rooms = [
        [
            place
            for place, venue in enumerate(problem.venues)
            if part.fixed_venue in {None, place}
            and suits(problem, part, place)
            and venue.holds(size, exam=exam)
        ]
        for part, size in zip(meeting.parts, sizes, strict=True)
    ]
    together = [
        place
        for place in rooms[0]
        if problem.venues[place].holds(sum(sizes), exam=exam)
        and all(place in others for others in rooms[1:])
    ]
    together.sort(key=lambda place: place in taken)
    yield from ((place,) * len(sizes) for place in islice(together, OTHERS_LOOKED_AT))
    if len(sizes) > 1:
        free = [[place for place in mine if place not in taken] for mine in rooms]
        yield from _apart(problem, sizes, free, exam=exam)


def _apart(
    problem: Problem, sizes: list[int], rooms: list[list[int]], *, exam: bool
) -> Iterator[Rooms]:
    """Yield a room for each part, the largest part first, if there are enough."""
    chosen: dict[int, int] = {}
    kin = hall_kin(problem)
    left: dict[int, float] = {}

    def seats(place: int) -> float:
        capacity = problem.venues[place].seats(exam=exam)
        return left.get(place, math.inf if capacity is None else capacity)

    for part in sorted(range(len(sizes)), key=lambda part: -sizes[part]):
        fitting = [
            place
            for place in rooms[part]
            if seats(place) >= sizes[part] and left.keys().isdisjoint(kin.get(place, ()))
        ]
        if not fitting:
            return
        best = min(fitting, key=seats)
        left[best] = seats(best) - sizes[part]
        chosen[part] = best
    yield tuple(chosen[part] for part in range(len(sizes)))


def _taken(
    problem: Problem, placements: Sequence[Placement | None], there: Placement
) -> frozenset[int]:
    """Return the venues that hold no more at that time, with their halls and parts."""
    begin, end = _clock(problem, there)
    uses: Counter[int] = Counter()
    for other in placements:
        if other is not None and other.day == there.day and other.meeting != there.meeting:
            first, last = _clock(problem, other)
            if first < end and begin < last:
                uses.update({venue for venue in other.venues if venue is not None})
    kin = hall_kin(problem)
    full = {venue for venue, count in uses.items() if count >= problem.venues[venue].parallel}
    return frozenset(full.union(*(kin.get(venue, ()) for venue in uses)))


def _clock(problem: Problem, place: Placement) -> tuple[int, int]:
    last = place.period + problem.meetings[place.meeting].length - 1
    periods = problem.periods
    return periods[place.period].start, periods[min(last, len(periods) - 1)].end
