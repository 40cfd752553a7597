"""The plain model's soft rules: what a timetable costs, as a sum over its literals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final

import numpy as np

from tests.benchmarks.plain_hard import Hard, Ints, grouped
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE

MOST_MINUTES: Final = 1_440


class Soft:
    """Adds to a model what each soft rule costs, and lets the model look for the least."""

    def __init__(self, hard: Hard, costs: Costs) -> None:
        self.hard = hard
        self.costs = costs
        self.writer = hard.writer
        self.tables = hard.tables
        self.problem = hard.problem
        self.weight = costs.weight
        self.constant = 0
        self._own()
        for class_, meetings in enumerate(self.tables.of_class):
            if len(meetings) > 1:
                self._theory_first(meetings)
                self._spread(meetings)
                self._idle_days(class_, meetings)
        self._days_of_classes()
        self._one_room()
        self._fair_load()
        self.writer.proto.objective.offset = self.constant

    def _pay(self, variable: int, cost: int) -> None:
        if cost:
            self.writer.proto.objective.vars.append(variable)
            self.writer.proto.objective.coeffs.append(cost)

    def _own(self) -> None:
        """Each meeting's time, room and teacher by themselves."""
        all_, costs, width = self.hard.all, self.costs, self.tables.width
        lengths = self.tables.lengths

        def dark(meeting: int, start: int) -> int:
            return int(costs.dark(*divmod(start, width), lengths[meeting]))

        total = _each(
            all_.meeting, all_.start, lambda m, start: costs.time_cost(m, *divmod(start, width))
        )
        total += _each(all_.meeting, all_.teacher, costs.teacher_cost)
        total += _each(all_.meeting, all_.venue, self._room)
        fields = np.array([v.kind == "field_site" for v in self.problem.venues] + [False])
        total += (
            self.weight["daylight"] * _each(all_.meeting, all_.start, dark) * fields[all_.venue]
        )
        chosen = np.flatnonzero(total)
        self.writer.proto.objective.vars.extend(all_.literal[chosen].tolist())
        self.writer.proto.objective.coeffs.extend(total[chosen].tolist())

    def _room(self, meeting: int, venue: int) -> int:
        return self.costs.room_cost(meeting, (venue,) * len(self.problem.meetings[meeting].parts))

    def _theory_first(self, meetings: list[int]) -> None:
        """Practice pays that begins before any theory does."""
        writer, clock = self.writer, self.hard.clock
        course = {m: self.problem.meetings[m].parts[0].course for m in meetings}
        theory = [m for m in meetings if self.costs.theory[course[m]]]
        practice = [
            m
            for m in meetings
            if self.costs.practice[course[m]] and not self.costs.theory[course[m]]
        ]
        if not theory or not practice or not self.weight["theory_first"]:
            return
        latest = self.tables.days * self.tables.width
        first = writer.integer(0, latest)
        chosen = [int(each) for each in writer.booleans(len(theory))]
        writer.exactly_one(chosen)
        for meeting, literal in zip(theory, chosen, strict=True):
            writer.linear([(first, 1), (clock(meeting), -1)], 0, latest, [literal])
        for meeting in practice:
            early = int(writer.booleans(1)[0])
            writer.linear([(clock(meeting), 1), (first, -1)], 1, latest, [~early])
            self._pay(early, self.weight["theory_first"])

    def _spread(self, meetings: list[int]) -> None:
        """A second meeting of a course on a day pays."""
        courses: dict[int, list[int]] = defaultdict(list)
        for meeting in meetings:
            courses[self.problem.meetings[meeting].parts[0].course].append(meeting)
        for those in courses.values():
            days: dict[int, list[int]] = defaultdict(list)
            for meeting in those:
                for start, name in self.hard.of_meeting[meeting]:
                    days[start // self.tables.width].append(name)
            for names in days.values() if len(those) > 1 else ():
                self._above(names, 1, len(those), self.weight["spread"])

    def _above(self, literals: list[int], free: int, most: int, cost: int) -> None:
        """Let each of these that is true, beyond some that are free, pay."""
        if cost and min(len(literals), most) > free:
            excess = self.writer.integer(0, most - free)
            terms = [*((each, 1) for each in literals), (excess, -1)]
            self.writer.linear(terms, -most, free)
            self._pay(excess, cost)

    def _idle_days(self, class_: int, meetings: list[int]) -> None:
        """Working days without a meeting between a class's first and its last pay."""
        cost, width, writer = self.weight["compact"], self.tables.width, self.writer
        if not cost or self.problem.classes[class_].max_days is None:
            return
        works = [0]
        for each in self.problem.calendar.working:
            works.append(works[-1] + each)
        first, last = writer.integer(0, works[-1]), writer.integer(0, works[-1])
        begins: dict[int, list[int]] = defaultdict(list)
        for meeting in meetings:
            days = [(name, start // width) for start, name in self.hard.of_meeting[meeting]]
            before = [(name, works[day]) for name, day in days]
            after = [(name, works[day + 1]) for name, day in days]
            writer.linear([*before, (first, -1)], 0, works[-1])
            writer.linear([*after, (last, -1)], -works[-1], 0)
            for name, day in days:
                begins[day].append(name)
        idle = writer.integer(0, works[-1])
        self._pay(idle, cost)
        terms = [(last, 1), (first, -1), (idle, -1)]
        for day, names in begins.items():
            if self.problem.calendar.working[day]:
                used = int(writer.booleans(1)[0])
                writer.any_of([~used, *names])
                terms.append((used, -1))
        writer.linear(terms, -works[-1], 0)

    def _days_of_classes(self) -> None:
        """What lies between two meetings of a class on a day pays: idle periods, and the way."""
        width, hard = self.tables.width, self.hard
        days: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for class_, cell in hard.ends:
            day, period = divmod(cell, width)
            later = (day * width + p for p in range(period + 1, width))
            days[class_, day] += [
                (cell, other) for other in later if (class_, other) in hard.begins
            ]
        for (class_, day), pairs in days.items():
            idle = self.costs.idle[self.problem.classes[class_].knowledge]
            ways: list[int] = []
            for one, other in pairs:
                between = [
                    hard.busy[class_, cell]
                    for cell in range(one + 1, other)
                    if (class_, cell) in hard.busy
                ]
                units = idle[one - day * width][other - day * width]
                if cost := self.weight["compact"] * units:
                    pays = int(self.writer.booleans(1)[0])
                    apart = [~hard.ends[class_, one], ~hard.begins[class_, other]]
                    self.writer.any_of([*apart, *between, pays])
                    self._pay(pays, cost)
                if way := self._way(class_, one, other, between):
                    ways.append(way)
            self._travel(ways)

    def _way(self, class_: int, one: int, other: int, between: list[int]) -> int | None:
        """Return the minutes from where a class leaves to where it begins next, if any can be."""
        travel = self.problem.travel
        comes = self.hard.comes[class_, other]
        minutes: int | None = None
        for venue, leaves in self.hard.leaves[class_, one].items():
            if venue == NO_VENUE or not travel:
                continue
            legs = [(name, travel[venue][w]) for w, name in comes.items() if w != NO_VENUE]
            legs = [leg for leg in legs if leg[1]]
            if not legs:
                continue
            if minutes is None:
                minutes = self.writer.integer(0, MOST_MINUTES)
            stops = [(name, -MOST_MINUTES) for name in between]
            self.writer.linear([*legs, *stops, (minutes, -1)], -(10**6), 0, [leaves])
        return minutes

    def _travel(self, ways: list[int]) -> None:
        if not ways or not self.weight["travel"]:
            return
        step = self.costs.params["travel"]["minutes"]
        units = self.writer.integer(0, -(-MOST_MINUTES * len(ways) // step))
        self.writer.linear([*((way, 1) for way in ways), (units, -step)], -(10**6), 0)
        self._pay(units, self.weight["travel"])

    def _one_room(self) -> None:
        """A second room of a kind pays, and each further one."""
        rooms: dict[int, dict[int, int]] = defaultdict(dict)
        for (class_, _), places in self.hard.comes.items():
            for venue, comes in places.items():
                if venue != NO_VENUE and self.costs.indoor[venue]:
                    if venue not in rooms[class_]:
                        rooms[class_][venue] = int(self.writer.booleans(1)[0])
                    self.writer.any_of([~comes, rooms[class_][venue]])
        for used in rooms.values():
            kinds: dict[str, list[int]] = defaultdict(list)
            for venue, name in used.items():
                kinds[self.problem.venues[venue].kind].append(name)
            for names in kinds.values():
                self._above(names, 1, len(names), self.weight["one_room"])

    def _fair_load(self) -> None:
        """Meetings that leave a choice pay above a teacher's share of them."""
        taught = self.hard.taught
        free = np.array(self.costs.choice)[taught.meeting] & (taught.teacher != NO_TEACHER)
        chosen = taught.where(np.flatnonzero(free))
        for (teacher,), literals in grouped((chosen.teacher,), chosen.literal):
            share = self.costs.shares.get(teacher, 0)
            self._above(literals, share, len(literals), self.weight["fair_load"])


def _each(one: Ints, other: Ints, cost: Callable[[int, int], int]) -> Ints:
    """Return the cost of each pair, worked out once for each that there is."""
    base = int(other.max()) + 2
    pairs, place = np.unique(one * base + other + 1, return_inverse=True)
    known = [cost(pair // base, pair % base - 1) for pair in pairs.tolist()]
    return np.array(known, np.int64)[place]
