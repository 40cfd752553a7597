"""Who could get in whose way: what meetings that move have to do with those that stay.

Meetings that have nothing to do with each other are solved apart: each part of a repair is small,
and what the parts cost at least may be added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from trainer.timetable.engine.homes import MOVE_COST
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables

Part = tuple[tuple[int, ...], dict[int, int]]
"""Meetings that move, and what those cost that they could drive from their places."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a meeting may use: classes, teachers and places, and in which cells."""

    classes: frozenset[int]
    teachers: frozenset[int]
    venues: frozenset[int]
    cells: int


class Rivalry:
    """The meetings of a problem, some of them at home, and which of them could be rivals."""

    def __init__(self, tables: Tables, home: Mapping[int, tuple[Spot, int]]) -> None:
        self.tables = tables
        self.home = home
        self._open: dict[int, _Claim] = {}
        self._wide: dict[int, _Claim] = {}
        self._links: list[tuple[int, int]] = []
        #: whether everything is one part
        self.whole = False

    def link(self, one: int, other: int) -> None:
        """Keep two meetings in one part from now on."""
        self._links.append((one, other))

    def parts(self, circle: Iterable[int]) -> list[Part]:
        """Return a circle in parts by the classes and their people, each with its rivals at home.

        A rival of several parts is one at a share of its cost in each, so that nothing is counted
        twice; but where it is of a part's own class it is that part's alone.
        """
        moving = sorted(circle)
        lead = self._leaders(moving)
        inside: dict[int, list[int]] = defaultdict(list)
        for meeting in moving:
            inside[lead[meeting]].append(meeting)
        around: dict[int, dict[int, int]] = {head: {} for head in inside}
        for other, claim in self._stays.items():
            if other in lead:
                continue
            met = {lead[one] for one in moving if self._meet(claim, self._widely(one))}
            own = {lead[one] for one in moving if claim.classes & self._may(one).classes}
            for head in own or met:
                around[head][other] = self.home[other][1] * MOVE_COST // len(own or met)
        return [(tuple(inside[head]), around[head]) for head in inside]

    def _leaders(self, moving: list[int]) -> dict[int, int]:
        """Return for each meeting the one that its part is named after."""
        lead = {m: m for m in moving}

        def join(one: int, other: int) -> None:
            old, new = lead[other], lead[one]
            if old != new:
                lead.update({m: new for m, head in lead.items() if head == old})

        for one, other in combinations(moving, 2):
            if self.whole or self._of_one_part(one, other):
                join(one, other)
        for one, other in self._links:
            if one in lead and other in lead:
                join(one, other)
        return lead

    def _of_one_part(self, one: int, other: int) -> bool:
        shared = self._may(one).classes & self._widely(other).classes
        near = self._may(one).cells & self._widely(other).cells
        return bool(shared and (near or shared & self._may(other).classes))

    @cached_property
    def _stays(self) -> dict[int, _Claim]:
        """Return what each meeting uses whose leaving its home would cost something."""
        found = {}
        for meeting, (spot, cost) in sorted(self.home.items()):
            if cost:
                venues = {v for v in spot.venues if v != NO_VENUE}
                found[meeting] = _Claim(
                    self._classes(meeting),
                    frozenset({spot.teacher} - {NO_TEACHER}),
                    frozenset(venues | self.tables.visits.stops[meeting]),
                    self.tables.cells(meeting, spot.start),
                )
        return found

    def _classes(self, meeting: int) -> frozenset[int]:
        return frozenset(part.class_ for part in self.tables.problem.meetings[meeting].parts)

    def _may(self, meeting: int) -> _Claim:
        """Return what a meeting may use wherever it goes."""
        if meeting not in self._open:
            tables = self.tables
            venues = {v for rooms in tables.rooms[meeting] for v, _ in rooms} - {NO_VENUE}
            self._open[meeting] = _Claim(
                self._classes(meeting),
                frozenset(tables.teachers[meeting]) - {NO_TEACHER},
                frozenset(venues | tables.visits.stops[meeting]),
                tables.reach[meeting],
            )
        return self._open[meeting]

    def _widely(self, meeting: int) -> _Claim:
        """Return the same with people in common, their other names, and halls and their parts."""
        if meeting not in self._wide:
            tables, own = self.tables, self._may(meeting)
            classes, teachers = set(own.classes), set(own.teachers)
            for class_ in own.classes:
                classes.update(friend for friend, _ in tables.friends[class_])
                teachers.update(each for each, _ in tables.teaching_members.get(class_, ()))
            for teacher in own.teachers:
                teachers.update(tables.selves.get(teacher, ()))
                classes.update(class_ for class_, _ in tables.seats.get(teacher, ()))
            venues = own.venues.union(*(tables.kin.get(v, ()) for v in own.venues))
            self._wide[meeting] = _Claim(
                frozenset(classes), frozenset(teachers), venues, self._weeks_of(own.cells)
            )
        return self._wide[meeting]

    def _meet(self, one: _Claim, other: _Claim) -> bool:
        """Say whether two claims share something in a week; a class's meetings always do."""
        if not one.classes.isdisjoint(other.classes):
            return True
        return bool(one.cells & other.cells) and not (
            one.teachers.isdisjoint(other.teachers) and one.venues.isdisjoint(other.venues)
        )

    def _weeks_of(self, cells: int) -> int:
        """Return all cells of the weeks in which some cells are."""
        whole = 0
        for week in self.tables.week_cells:
            if week & cells:
                whole |= week
        return whole
