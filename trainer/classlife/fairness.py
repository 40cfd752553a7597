"""Sharing turns out as evenly as can be: pure, and the same for the same seed.

Everybody gets the same number of turns to within one wherever that is possible; where absences
forbid it, no chain of exchanges would make the numbers any more even.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import deque
from collections.abc import Collection, Mapping, Sequence

Turns = dict[dt.date, list[str]]


def share_turns(
    days: Sequence[dt.date],
    available: Mapping[dt.date, Collection[str]],
    *,
    each_day: int = 1,
    before: Mapping[str, int] | None = None,
    seed: int = 1,
) -> Turns:
    """Return who has a turn on each day, ``each_day`` of those ``available`` or all where fewer.

    ``before`` counts turns that are past; they weigh like those given here.
    """
    chance = random.Random(seed)  # noqa: S311 - a draw to be repeated, not a secret
    everybody = sorted({one for day in days for one in available.get(day, ())})
    rank = dict(zip(chance.sample(everybody, len(everybody)), range(len(everybody)), strict=True))
    loads = {one: (before or {}).get(one, 0) for one in everybody}
    latest: dict[str, int] = {}
    turns: Turns = {}
    for number, day in enumerate(sorted(days)):
        here = sorted(
            available.get(day, ()),
            # whoever has had the fewest turns, of those whose last one is longest ago
            key=lambda one: (loads[one], latest.get(one, -1), rank[one]),
        )
        turns[day] = here[:each_day]
        for one in turns[day]:
            loads[one] += 1
            latest[one] = number
    while _even_out(turns, available, loads, rank):
        pass
    return {day: sorted(people, key=lambda one: rank[one]) for day, people in turns.items()}


def _even_out(
    turns: Turns,
    available: Mapping[dt.date, Collection[str]],
    loads: dict[str, int],
    rank: Mapping[str, int],
) -> bool:
    """Move one turn, by a chain of others if need be, to somebody with two fewer at least."""
    for giver in sorted(loads, key=lambda one: (-loads[one], rank[one])):
        chain = _chain(giver, turns, available, loads, rank)
        if chain:
            for day, one, other in chain:
                turns[day][turns[day].index(one)] = other
            loads[giver] -= 1
            loads[chain[-1][2]] += 1
            return True
    return False


def _chain(
    giver: str,
    turns: Turns,
    available: Mapping[dt.date, Collection[str]],
    loads: Mapping[str, int],
    rank: Mapping[str, int],
) -> list[tuple[dt.date, str, str]]:
    came: dict[str, tuple[dt.date, str]] = {}
    waiting = deque([giver])
    while waiting:
        one = waiting.popleft()
        if loads[one] <= loads[giver] - 2:
            chain = []
            while one != giver:
                day, previous = came[one]
                chain.append((day, previous, one))
                one = previous
            return chain[::-1]
        for day, people in turns.items():
            if one not in people:
                continue
            for other in sorted(available.get(day, ()), key=lambda two: (loads[two], rank[two])):
                if other not in people and other != giver and other not in came:
                    came[other] = (day, one)
                    waiting.append(other)
    return []
