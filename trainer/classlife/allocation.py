"""Who sleeps where: beds for people, by gender, colleagues together or apart. Pure.

No room ever holds more people than it has beds, nor men and women together. As many people get a
bed as the rooms allow; whoever gets none is returned with the reason.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Literal

from trainer.classlife.facts import Gender
from trainer.errors import UsageError

Mode = Literal["together", "apart"]
MODES: Final[tuple[Mode, ...]] = ("together", "apart")


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Somebody who needs a bed."""

    person: str
    gender: Gender | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """A room's free beds; ``gender`` is that of the room or of those who are in it already.

    ``units`` are the units of those in it.
    """

    room: str
    beds: tuple[int, ...]
    gender: Gender | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed of a room."""

    room: str
    bed: int


@dataclass(slots=True)
class Allocation:
    """The bed of each person, and those who got none: ``gender`` unknown, or no ``room`` left."""

    beds: dict[str, Bed] = field(default_factory=dict)
    left: dict[str, Literal["gender", "room"]] = field(default_factory=dict)


@dataclass(slots=True)
class _Filled:
    free: Free
    people: list[Sleeper] = field(default_factory=list)

    def units(self) -> Counter[str]:
        return Counter([*self.free.units, *(one.unit or one.person for one in self.people)])


def allocate(
    sleepers: Iterable[Sleeper], rooms: Iterable[Free], *, mode: Mode, seed: int = 1
) -> Allocation:
    """Return a bed for as many people as the rooms allow; the same for the same seed."""
    if mode not in MODES:
        raise UsageError(
            "there is no way “{mode}” of sharing rooms; use one of: {known}",
            mode=mode,
            known=", ".join(MODES),
        )
    chance = random.Random(seed)  # noqa: S311 - a draw to be repeated, not a secret
    everybody = sorted(sleepers, key=lambda one: one.person)
    found = Allocation()
    found.left = {one.person: "gender" for one in everybody if one.gender is None}
    usable = sorted((room for room in rooms if room.beds), key=lambda room: room.room)
    men = [one for one in everybody if one.gender == "m"]
    women = [one for one in everybody if one.gender == "f"]
    mine, theirs = _shared_out(usable, len(men), len(women))
    for people, share in ((men, mine), (women, theirs)):
        filled = _fill(people, share, mode, chance)
        for one in filled:
            in_order = sorted(one.people, key=lambda two: (two.unit or "", two.person))
            for bed, sleeper in zip(one.free.beds, in_order, strict=False):
                found.beds[sleeper.person] = Bed(one.free.room, bed)
        found.left |= {one.person: "room" for one in people if one.person not in found.beds}
    return found


def _shared_out(rooms: Sequence[Free], men: int, women: int) -> tuple[list[Free], list[Free]]:
    """Divide the rooms that anybody may have so that as many people as possible get a bed."""
    mine = [room for room in rooms if room.gender == "m"]
    theirs = [room for room in rooms if room.gender == "f"]
    either = [room for room in rooms if room.gender is None]
    lacking = max(men - _beds(mine), 0), max(women - _beds(theirs), 0)
    # every number of beds that some of the rooms add up to, with the fewest rooms that do
    sums: dict[int, tuple[int, ...]] = {0: ()}
    for place, room in enumerate(either):
        for beds, chosen in list(sums.items()):
            more = (*chosen, place)
            known = sums.get(beds + len(room.beds))
            if known is None or len(more) < len(known):
                sums[beds + len(room.beds)] = more
    total = _beds(either)
    best = max(
        sums,
        key=lambda beds: (
            min(lacking[0], beds) + min(lacking[1], total - beds), -len(sums[beds]), -beds
        ),
    )  # fmt: skip
    taken = set(sums[best])
    mine += [room for place, room in enumerate(either) if place in taken]
    theirs += [room for place, room in enumerate(either) if place not in taken]
    return mine, theirs


def _beds(rooms: Iterable[Free]) -> int:
    return sum(len(room.beds) for room in rooms)


def _fill(
    people: Sequence[Sleeper], rooms: Sequence[Free], mode: Mode, chance: random.Random
) -> list[_Filled]:
    # rooms that somebody of ours is in come first, then the largest: few rooms are opened
    order = sorted(rooms, key=lambda room: (not room.units, -len(room.beds), room.room))
    used: list[_Filled] = []
    for room in order:
        if _beds(one.free for one in used) < len(people):
            used.append(_Filled(room))
    row = _by_unit(people, chance)[: _beds(one.free for one in used)]
    if mode == "together":
        for one in used:
            one.people = row[: len(one.free.beds)]
            row = row[len(one.free.beds) :]
    else:
        while row:
            for one in used:
                if row and len(one.people) < len(one.free.beds):
                    one.people.append(row.pop(0))
    wanted = 1 if mode == "together" else -1
    while _exchange_all(used, wanted):
        pass
    return used


def _by_unit(people: Sequence[Sleeper], chance: random.Random) -> list[Sleeper]:
    of_unit: dict[str, list[Sleeper]] = {}
    for one in people:
        of_unit.setdefault(one.unit or one.person, []).append(one)
    units = list(of_unit.values())
    chance.shuffle(units)
    units.sort(key=len, reverse=True)
    return [one for unit in units for one in unit]


def _exchange_all(rooms: Sequence[_Filled], wanted: int) -> bool:
    """Exchange people where that gives more (or fewer) colleagues a room together."""
    better = False
    for place, room in enumerate(rooms):
        for other in rooms[place + 1 :]:
            here, there = room.units(), other.units()
            for mine, theirs in product(range(len(room.people)), range(len(other.people))):
                one, two = room.people[mine], other.people[theirs]
                if wanted * _gain(here, there, one, two) > 0:
                    room.people[mine], other.people[theirs] = two, one
                    here, there = room.units(), other.units()
                    better = True
    return better


def _gain(here: Mapping[str, int], there: Mapping[str, int], one: Sleeper, two: Sleeper) -> int:
    """Return how many more pairs of colleagues share a room after an exchange."""
    mine, theirs = one.unit or one.person, two.unit or two.person
    if mine == theirs:
        return 0
    lost = (here[mine] - 1) + (there[theirs] - 1)
    return here.get(theirs, 0) + there.get(mine, 0) - lost
