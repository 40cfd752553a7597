"""Which buses of the office take whom: as few seats short as can be, then as few buses."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

MOST_CHOICES: Final = 20_000
"""How many choices are looked at for one day before the best of them is taken."""
MOST_SETS: Final = 5_000
"""How many sets of buses are looked at for one load; fleets of a few sizes have far fewer."""

#: How many buses a load takes of each size, the largest first; and what that costs.
_Taken = tuple[int, ...]
_Cost = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Load:
    """People who travel together, and from when to when a bus is theirs."""

    people: int
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """The numbers of the buses that a load takes, from 0, and for how many there is no seat."""

    buses: tuple[int, ...]
    short: int


def assign_buses(loads: Sequence[Load], seats: Sequence[int]) -> list[Carried]:
    """Return which buses take each load; a bus takes one load at a time.

    Among all ways that with the fewest people without a seat is taken, of those one with the
    fewest buses on the road, of those one with the fewest empty seats.

    Only how many of each size a load takes is searched: where no moment asks for more than there
    are, handing them out by the hour of setting out always finds one that is back.
    """
    sizes = Counter(seats)
    kinds = sorted(sizes, reverse=True)
    order = sorted(range(len(loads)), key=lambda each: (-loads[each].people, loads[each].start))
    best: list[_Taken] = []
    least: _Cost | None = None
    tries = 0

    def settle(place: int, chosen: list[_Taken], cost: _Cost) -> None:
        nonlocal best, least, tries
        if least is not None and (cost >= least or tries > MOST_CHOICES):
            return
        if place == len(order):
            best, least = list(chosen), cost
            return
        load = loads[order[place]]
        others = [(loads[other], taken) for other, taken in zip(order, chosen, strict=False)]
        choices = _choices(load.people, kinds, _free(load, others, [sizes[kind] for kind in kinds]))
        tries += len(choices)
        for taken, more in choices:
            added = (cost[0] + more[0], cost[1] + more[1], cost[2] + more[2])
            settle(place + 1, [*chosen, taken], added)

    settle(0, [], (0, 0, 0))
    wanted = {
        load: dict(zip(kinds, taken, strict=True)) for load, taken in zip(order, best, strict=True)
    }
    given = _hand_out(loads, wanted, seats)
    return [
        Carried(buses, max(0, load.people - sum(seats[bus] for bus in buses)))
        for load, buses in zip(loads, given, strict=True)
    ]


def buses_needed(people: int, seats: Sequence[int]) -> int | None:
    """Return how many of these buses hold so many people, None where all of them do not."""
    largest = sorted(seats, reverse=True)
    return next((count for count in range(len(seats) + 1) if sum(largest[:count]) >= people), None)


def _free(load: Load, others: Sequence[tuple[Load, _Taken]], have: Sequence[int]) -> list[int]:
    """Return how many buses of each size nobody else has at any moment of a load."""
    met = [
        (other, taken)
        for other, taken in others
        if other.start < load.end and load.start < other.end
    ]
    # most are away just when somebody sets out
    moments = {load.start, *(other.start for other, _taken in met if other.start > load.start)}
    free = list(have)
    for moment in moments:
        away = [taken for other, taken in met if other.start <= moment < other.end]
        left = [count - sum(taken) for count, *taken in zip(have, *away, strict=True)]
        free = list(map(min, free, left))
    return free


def _choices(people: int, kinds: Sequence[int], free: Sequence[int]) -> list[tuple[_Taken, _Cost]]:
    """Return what is worth taking with what it costs, the fewest and the fullest first.

    Nothing holds a bus that nobody needs. Fewer buses than would do are offered too, for whoever
    comes after may need them more.
    """
    found = []
    for taken in islice(_sets(people, kinds, free), MOST_SETS):
        held = sum(kind * count for kind, count in zip(kinds, taken, strict=True))
        cost = (max(0, people - held), sum(taken), max(0, held - people))
        found.append((taken, cost))
    return sorted(found, key=lambda each: each[1])


def _sets(people: int, kinds: Sequence[int], free: Sequence[int]) -> Iterator[_Taken]:
    """Yield how many of each size, as many of the largest as are of use first."""
    if not kinds:
        yield ()
        return
    # the largest come first: once all have a seat any further bus is needless
    useful = min(free[0], max(0, -(-people // kinds[0])))
    for count in range(useful, -1, -1):
        for rest in _sets(people - count * kinds[0], kinds[1:], free[1:]):
            yield (count, *rest)


def _hand_out(
    loads: Sequence[Load], wanted: Mapping[int, Mapping[int, int]], seats: Sequence[int]
) -> list[tuple[int, ...]]:
    """Return the buses of each load, the first that is back of each size, by setting out."""
    back: list[dt.datetime | None] = [None] * len(seats)
    given: list[tuple[int, ...]] = [()] * len(loads)
    for load in sorted(wanted, key=lambda each: (loads[each].start, each)):
        left = dict(wanted[load])
        taken = []
        for bus, until in enumerate(back):
            if left.get(seats[bus]) and (until is None or until <= loads[load].start):
                left[seats[bus]] -= 1
                back[bus] = loads[load].end
                taken.append(bus)
        given[load] = tuple(taken)
    return given
