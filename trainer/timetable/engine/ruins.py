"""Choosing what to take out of a timetable so that it can be rebuilt better."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Final

from trainer.timetable.engine.insert import bits
from trainer.timetable.engine.obstacles import meetings_in_the_way, room_for_all
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import NO_VENUE, Spot

LARGEST: Final = 16
"""How many meetings are taken out at once, at most."""
EJECTED: Final = 12
"""How many meetings may be put out of the way of one that found no place."""
NEAR_DAYS: Final = 3
"""Within how many days meetings of one venue or teacher count as related."""
WISHES: Final = 4
"""How many rooms, and starts in each, are looked at for a meeting without a place."""
KINDS: Final = ("class", "class", "days", "days", "sharing", "some")


class Ruins:
    """Chooses meetings that have to do with each other; only ``free`` ones may be taken out."""

    def __init__(self, state: State, free: set[int], rng: Random) -> None:
        self.state = state
        self.free = free
        self.rng = rng

    def related(self, class_: int) -> list[int]:
        """Choose a class, some of its days, or what shares a venue or a teacher with it."""
        mine = [m for m in self.state.tables.of_class[class_] if m in self.free]
        kind = self.rng.choice(KINDS)
        if kind == "class" and len(mine) <= LARGEST:
            return mine
        if kind == "days" and (chosen := self._some_days(class_)):
            return chosen
        if kind == "sharing":
            return self._sharing(mine)
        return self.rng.sample(mine, min(len(mine), self.rng.randint(1, 4)))

    def in_the_way(self, meeting: int, spot: Spot) -> list[int] | None:
        """Return what must go so that a spot is free; None if something cannot, or it is much."""
        must: dict[int, None] = {}
        full: dict[str, list[int]] = {"H2": [], "H11": []}
        for rule, other in meetings_in_the_way(self.state, meeting, spot):
            if other not in self.free:
                if rule not in full:
                    return None
            elif rule in full:
                full[rule].append(other)
            else:
                must[other] = None
        for others in full.values():
            if others and not any(other in must for other in others):
                must[self.rng.choice(others)] = None
        return list(must) if len(must) <= EJECTED else None

    def wish(self, meeting: int) -> Spot | None:
        """Return a spot that the facts allow, with little in its way among a few tried."""
        best: tuple[int, Spot] | None = None
        for spot in self._wishes(meeting):
            way = sum(1 for _ in meetings_in_the_way(self.state, meeting, spot))
            if best is None or way < best[0]:
                best = (way, spot)
        return None if best is None else best[1]

    def _wishes(self, meeting: int) -> Iterable[Spot]:
        tables, rng = self.state.tables, self.rng
        if not all(tables.rooms[meeting]):
            return
        length = tables.lengths[meeting]
        for _ in range(WISHES):
            teacher = rng.choice(tables.teachers[meeting])
            starts = tables.starts[meeting]
            if teacher >= 0:
                starts &= tables.teacher_starts(teacher, length)
            rooms = self._some_rooms(meeting)
            for venue, accredited in rooms:
                starts &= accredited
                if venue != NO_VENUE:
                    starts &= tables.venue_starts(venue, length)
            venues = tuple(venue for venue, _ in rooms)
            if starts and room_for_all(self.state, meeting, venues):
                found = bits(starts)
                for start in rng.sample(found, min(len(found), WISHES)):
                    yield Spot(start, venues, teacher)

    def _some_rooms(self, meeting: int) -> list[tuple[int, int]]:
        """Choose a room for each part: the same for all where that is possible, half the time."""
        choices = self.state.tables.rooms[meeting]
        rooms = [self.rng.choice(those) for those in choices]
        if len(choices) > 1 and self.rng.getrandbits(1):
            shared = [dict(those) for those in choices]
            venue = rooms[0][0]
            if all(venue in those for those in shared):
                return [(venue, those[venue]) for those in shared]
        return rooms

    def _some_days(self, class_: int) -> list[int]:
        entries = self.state.entries[class_]
        days = sorted({entry.day for entry in entries})
        picked = set(self.rng.sample(days, min(len(days), 2)))
        chosen = [e.meeting for e in entries if e.day in picked and e.meeting in self.free]
        return chosen[:LARGEST]

    def _sharing(self, mine: list[int]) -> list[int]:
        """Choose one meeting, and others that share its venue or teacher within a few days."""
        state = self.state
        placed = [m for m in mine if state.spots[m] is not None]
        if not placed:
            return mine[:LARGEST]
        seed = self.rng.choice(placed)
        spot = state.spots[seed]
        assert spot is not None
        others: set[int] = set()
        if spot.venues[0] != NO_VENUE:
            others |= self._near(state.holding[spot.venues[0]].items(), spot.start)
        if spot.teacher >= 0:
            taught = [(m, start) for m, (start, _) in state.teaching[spot.teacher].items()]
            others |= self._near(taught, spot.start)
        around = sorted(others - {seed})
        return [seed, *self.rng.sample(around, min(len(around), self.rng.randint(2, 8)))]

    def _near(self, meetings: Iterable[tuple[int, int]], start: int) -> set[int]:
        reach = NEAR_DAYS * self.state.tables.width
        return {m for m, other in meetings if abs(other - start) <= reach and m in self.free}
