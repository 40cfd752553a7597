"""Which buses of the office take whom: as few seats short as can be, then as few buses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

MOST_CHOICES: Final = 20_000
"""How many choices are looked at for one day before the best of them is taken."""


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
    """
    order = sorted(range(len(loads)), key=lambda each: (-loads[each].people, loads[each].start))
    best: list[tuple[int, ...]] = []
    least: tuple[int, int, int] | None = None
    tries = 0

    def settle(place: int, chosen: list[tuple[int, ...]], cost: tuple[int, int, int]) -> None:
        nonlocal best, least, tries
        if (least is not None and cost >= least) or tries > MOST_CHOICES:
            return
        if place == len(order):
            best, least = list(chosen), cost
            return
        load = loads[order[place]]
        taken = {
            bus
            for other, buses in zip(order, chosen, strict=False)
            if loads[other].start < load.end and load.start < loads[other].end
            for bus in buses
        }
        for buses in _choices(load.people, seats, [b for b in range(len(seats)) if b not in taken]):
            tries += 1
            held = sum(seats[bus] for bus in buses)
            more = (max(0, load.people - held), len(buses), max(0, held - load.people))
            settle(
                place + 1,
                [*chosen, buses],
                (cost[0] + more[0], cost[1] + more[1], cost[2] + more[2]),
            )

    settle(0, [], (0, 0, 0))
    return [
        Carried(buses, max(0, loads[load].people - sum(seats[bus] for bus in buses)))
        for _, load, buses in sorted(
            (load, load, buses) for load, buses in zip(order, best, strict=True)
        )
    ]


def buses_needed(people: int, seats: Sequence[int]) -> int | None:
    """Return how many of these buses hold so many people, None where all of them do not."""
    largest = sorted(seats, reverse=True)
    return next((count for count in range(len(seats) + 1) if sum(largest[:count]) >= people), None)


def _choices(people: int, seats: Sequence[int], free: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the sets of free buses worth looking at, the fewest and the fullest first.

    Buses with equally many seats stand for each other; no set holds a bus that nobody needs. Fewer
    buses than would do are offered too, for whoever comes after may need them more.
    """
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for count in range(len(free) + 1):
        for buses in combinations(free, count):
            kinds = tuple(sorted(seats[bus] for bus in buses))
            needless = kinds and sum(kinds) - kinds[0] >= people
            if kinds not in found and not needless:
                found[kinds] = buses
    return sorted(
        found.values(),
        key=lambda buses: (
            max(0, people - sum(seats[bus] for bus in buses)),
            len(buses),
            sum(seats[bus] for bus in buses),
        ),
    )
