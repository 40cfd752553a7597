"""Dividing people so that every part looks like the whole: by unit, gender and category.

Pure: the same people, number of parts and seed give the same parts on every machine. Sizes differ
by one at most, and so does each unit's share; then exchanges even out genders and categories
without making a unit's share any worse.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Protocol

#: What an uneven share of a gender costs, beside one of a category.
_GENDER: Final = 3
_CATEGORY: Final = 2


class Divisible(Protocol):
    """What is known of a person when people are divided."""

    @property
    def person(self) -> str:
        """The person's code."""

    @property
    def unit(self) -> str | None:
        """The person's unit."""

    @property
    def gender(self) -> str | None:
        """The person's gender, where it is known."""

    @property
    def category(self) -> str | None:
        """The person's category, where there is one."""


@dataclass(slots=True)
class _Part:
    people: list[Divisible]
    units: Counter[str]
    genders: Counter[str]
    categories: Counter[str]


def divide(people: Iterable[Divisible], parts: int, seed: int = 1) -> list[list[str]]:
    """Return the codes of each of ``parts`` parts, sorted; ``parts`` is at least one."""
    chance = random.Random(seed)  # noqa: S311 - a draw to be repeated, not a secret
    dealt = _dealt(sorted(people, key=lambda one: one.person), parts, chance)
    filled = [_part(part) for part in dealt]
    _even_out(filled)
    return [sorted(one.person for one in part.people) for part in filled]


def join(
    groups: Mapping[str, Sequence[Divisible]], newcomers: Iterable[Divisible]
) -> dict[str, str]:
    """Return a group for each newcomer, the smallest first; whoever has a group keeps it."""
    parts = {name: _part(list(people)) for name, people in groups.items()}
    placed: dict[str, str] = {}
    for one in sorted(newcomers, key=lambda one: one.person):
        name = min(parts, key=lambda name: (*_crowd(parts[name], one), name))
        _enter(parts[name], one)
        placed[one.person] = name
    return placed


def _crowd(part: _Part, one: Divisible) -> tuple[int, int, int, int]:
    return (
        len(part.people),
        part.units[one.unit or ""],
        part.genders[one.gender or ""],
        part.categories[one.category or ""],
    )


def _dealt(people: list[Divisible], parts: int, chance: random.Random) -> list[list[Divisible]]:
    of_unit: dict[str, list[Divisible]] = {}
    for one in people:
        of_unit.setdefault(one.unit or "", []).append(one)
    units = list(of_unit.values())
    chance.shuffle(units)
    row: list[Divisible] = []
    for unit in sorted(units, key=len, reverse=True):
        chance.shuffle(unit)
        # the like stand together within their unit too, so that dealing spreads them
        row += sorted(unit, key=lambda one: (one.gender or "", one.category or ""))
    return [row[first::parts] for first in range(parts)]


def _part(people: list[Divisible]) -> _Part:
    part = _Part([], Counter(), Counter(), Counter())
    for one in people:
        _enter(part, one)
    return part


def _enter(part: _Part, one: Divisible) -> None:
    part.people.append(one)
    part.units[one.unit or ""] += 1
    part.genders[one.gender or ""] += 1
    part.categories[one.category or ""] += 1


def _even_out(parts: list[_Part]) -> None:
    better = True
    while better:
        better = False
        for place, part in enumerate(parts):
            for other in parts[place + 1 :]:
                better = _exchange(part, other) or better


def _exchange(part: _Part, other: _Part) -> bool:
    """Make every exchange between two parts that makes them more alike; tell whether any was."""
    better = False
    for mine, theirs in product(range(len(part.people)), range(len(other.people))):
        one, two = part.people[mine], other.people[theirs]
        if _gain(part.units, other.units, one.unit, two.unit) < 0:
            continue
        gain = _GENDER * _gain(part.genders, other.genders, one.gender, two.gender)
        gain += _CATEGORY * _gain(part.categories, other.categories, one.category, two.category)
        if gain > 0:
            for counts, value in _values(part, one):
                counts[value] -= 1
            for counts, value in _values(other, two):
                counts[value] -= 1
            part.people[mine], other.people[theirs] = two, one
            for counts, value in (*_values(part, two), *_values(other, one)):
                counts[value] += 1
            better = True
    return better


def _values(part: _Part, one: Divisible) -> tuple[tuple[Counter[str], str], ...]:
    return (
        (part.units, one.unit or ""),
        (part.genders, one.gender or ""),
        (part.categories, one.category or ""),
    )


def _gain(here: Counter[str], there: Counter[str], leaves: str | None, comes: str | None) -> int:
    """Return half of what an exchange takes off the sum of the squared shares."""
    if leaves == comes:
        return 0
    gone, come = leaves or "", comes or ""
    return (here[gone] - there[gone] - 1) + (there[come] - here[come] - 1)
