"""What a timetable costs by the soft rules, worked out piece by piece for the search.

A meeting's own cost depends on its spot alone, a class's cost on its meetings' spots, a teacher's
on the load. Their sum is the cost that the checker finds on its own; tests hold the two together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from trainer.timetable.engine.check.soft import (
    INDOOR,
    idle_periods,
    is_practice,
    is_theory,
    meeting_priority,
)
from trainer.timetable.engine.check.soft_single import fits_unbroken, long_breaks
from trainer.timetable.engine.check.standing import fair_shares
from trainer.timetable.engine.days import Days, unasked
from trainer.timetable.engine.problem import Part, farm_days, sits_exam
from trainer.timetable.engine.rules import rules_in_force
from trainer.timetable.engine.standins import StandIns
from trainer.timetable.engine.tables import NO_TEACHER, NO_VENUE, Spot, Tables
from trainer.timetable.engine.weather import parts_without_plan_b

FORBIDDEN: Final = 10_000_000
"""What one unit of a soft rule costs where an office makes the rule hard."""
LEFT_OUT: Final = 1_000
"""What a meeting without a place costs the search at least, even where nobody reports it."""
DAY_MINUTES: Final = 2 * 24 * 60
"""More minutes than any day of an office has, should it go on after midnight."""
REMEMBERED: Final = 300_000
"""How many spots' own costs are kept before forgetting them all, to bound memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as its class sees it: start cell, day, first and last period, venue, course.

    ``counted`` is False for a fixed date outside the class's window, which its span leaves out.
    """

    meeting: int
    start: int
    day: int
    period: int
    last: int
    venue: int
    course: int
    counted: bool


class Costs:
    """The soft rules of a problem as fast functions of spots and entries.

    With ``hard_only`` only those cost anything that the office made hard.
    """

    def __init__(self, tables: Tables, *, hard_only: bool = False) -> None:
        self.tables = tables
        self.problem = problem = tables.problem
        rules = rules_in_force(problem.rules)
        self.weight = {
            name: {"off": 0, "hard": FORBIDDEN, "soft": 0 if hard_only else rule.weight}[rule.level]
            for name, rule in rules.items()
        }
        # what nobody asks for must not count among the weights that say how hot an anneal begins
        self.weight.update(dict.fromkeys(unasked(problem), 0))
        self.params = {name: rule.params for name, rule in rules.items()}
        self.theory = [is_theory(c.strand, c.form) for c in problem.courses]
        self.practice = [is_practice(c.strand, c.form) for c in problem.courses]
        self.indoor = [venue.kind in INDOOR for venue in problem.venues]
        self.open_air = any(venue.outdoor for venue in problem.venues)
        self.shares = fair_shares(problem)
        self.days = Days(problem, self.weight)
        self.stand_ins = StandIns(tables)
        self.choice = [
            meeting.fixed_teacher is None
            and len(problem.courses[meeting.parts[0].course].teachers) > 1
            for meeting in problem.meetings
        ]
        self.unplaced = [
            max(self.weight["unplaced"], LEFT_OUT) * meeting_priority(problem, index)
            for index in range(len(problem.meetings))
        ]
        self.stored = [
            None if meeting.stored is None else tables.spot_of(meeting.stored)
            for meeting in problem.meetings
        ]
        self._own: dict[tuple[int, Spot], int] = {}
        self._cut_by: dict[tuple[int, int], int] = {}
        self._away = self._trainees_away()
        self.fields = farm_days(problem) if self.weight["farm_work"] else {}
        self.idle = self._idle_table()
        self._works = [0]
        for works in problem.calendar.working:
            self._works.append(self._works[-1] + works)
        self._kinds = {kind: n for n, kind in enumerate(sorted(INDOOR))}

    def own(self, meeting: int, spot: Spot) -> int:
        """Return the cost of a meeting's spot by itself."""
        key = (meeting, spot)
        cost = self._own.get(key)
        if cost is None:
            if len(self._own) > REMEMBERED:
                self._own.clear()
            cost = self._own[key] = self._own_cost(meeting, spot)
        return cost

    def least(self, meeting: int) -> int:
        """Return a lower bound of a meeting's own cost over all spots that the facts allow."""
        tables, facts = self.tables, self.problem.meetings[meeting]
        if len(facts.parts) > 1 or not tables.rooms[meeting][0]:
            return 0
        if not tables.starts[meeting]:
            return 0
        room = min(self.room_cost(meeting, (venue,)) for venue, _ in tables.rooms[meeting][0])
        teacher = min(self.teacher_cost(meeting, each) for each in tables.teachers[meeting])
        return room + teacher + self._least_time(meeting)

    def _least_time(self, meeting: int) -> int:
        least = FORBIDDEN
        width, starts = self.tables.width, self.tables.starts[meeting]
        while starts and least:
            low = starts & -starts
            starts ^= low
            day, period = divmod(low.bit_length() - 1, width)
            least = min(least, self.time_cost(meeting, day, period))
        return least

    def time_cost(self, meeting: int, day: int, period: int) -> int:
        """Return what a meeting's start costs, wherever and with whom."""
        return self.hours_cost(meeting, day, period) + self.away_cost(meeting, day, period)

    def hours_cost(self, meeting: int, day: int, period: int) -> int:
        """Return what the hours of a start cost: the same for like classes on like days."""
        facts = self.problem.meetings[meeting]
        taken = self.problem.periods[period : period + facts.length]
        evening = any(each.part == "EVE" for each in taken)
        working = self.problem.calendar.working[day] and any(each.work for each in taken)
        cut = self.weight["unbroken"] * self._cuts(period, facts.length)
        return sum(
            cut + self.weight["working_time"] * working
            if self.problem.classes[part.class_].knowledge
            else cut + self.weight["evening"] * evening
            for part in facts.parts
        )

    def away_cost(self, meeting: int, day: int, period: int) -> int:
        """Return what a start costs by trainees who are away then, or wanted in the fields."""
        facts, cost = self.problem.meetings[meeting], 0
        if self.fields:
            busy = (self.fields.get(part.class_, 0) >> day & 1 for part in facts.parts)
            cost = self.weight["farm_work"] * sum(busy)
        weight = self.weight["trainees"]
        if not weight or not self._away:
            return cost
        missing = (self._missing(p.class_, day, period, facts.length) for p in facts.parts)
        return cost + weight * sum(missing)

    def _missing(self, class_: int, day: int, period: int, length: int) -> int:
        """Return how many trainees of a class are away at a time."""
        lists = self._away.get(class_)
        if not lists:
            return 0
        start, end = self.tables.clock(period, length)
        return len(
            {
                code
                for code, first, last, begins, ends in lists
                if first <= day <= last and start < ends and begins < end
            }
        )

    def _trainees_away(self) -> dict[int, list[tuple[str, int, int, int, int]]]:
        """Return for each class who is away, on which days and between which minutes."""
        calendar, lists = self.problem.calendar, defaultdict(list)
        for absence in self.problem.absences:
            days = calendar.index(absence.first), calendar.index(absence.last)
            period = None if absence.period is None else self.problem.periods[absence.period]
            minutes = (0, DAY_MINUTES) if period is None else (period.start, period.end)
            for class_ in absence.trainees:
                lists[class_].append((absence.code, *days, *minutes))
        return lists

    def _cuts(self, period: int, length: int) -> int:
        cuts = self._cut_by.get((period, length))
        if cuts is None:
            periods, least = self.problem.periods, self.params["unbroken"]["minutes"]
            avoidable = fits_unbroken(periods, length, least)
            taken = periods[period : period + length]
            cuts = len(long_breaks(taken, least)) if avoidable else 0
            self._cut_by[period, length] = cuts
        return cuts

    def load(self, teacher: int, count: int) -> int:
        """Return the cost of a teacher's number of meetings that left a choice."""
        return self.weight["fair_load"] * max(0, count - self.shares.get(teacher, 0))

    def class_(self, index: int, entries: list[Entry]) -> int:
        """Return the cost of a class's meetings as they lie together; entries sorted by start."""
        if len(entries) <= 1:
            return self.days.of_class(index, entries)
        weight, class_ = self.weight, self.problem.classes[index]
        idle = self.idle[class_.knowledge]
        total = 0
        rooms: set[int] = set()
        courses: set[tuple[int, int]] = set()
        minutes = 0
        days = 1
        previous: Entry | None = None
        place = NO_VENUE
        for entry in entries:
            if previous is None or entry.day != previous.day:
                if previous is not None:
                    days += 1
                    total += self._journeys(minutes)
                minutes = 0
                place = entry.venue
            else:
                total += weight["compact"] * idle[previous.last][entry.period]
                if entry.venue != NO_VENUE:
                    if place not in (NO_VENUE, entry.venue) and self.problem.travel:
                        minutes += self.problem.travel[place][entry.venue]
                    place = entry.venue
            if entry.venue != NO_VENUE and self.indoor[entry.venue]:
                rooms.add(entry.venue)
            courses.add((entry.day, entry.course))
            previous = entry
        total += self._journeys(minutes)
        total += weight["spread"] * (len(entries) - len(courses))
        if len(rooms) > 1:
            kinds = {self.problem.venues[room].kind for room in rooms}
            total += weight["one_room"] * (len(rooms) - len(kinds))
        if class_.max_days is not None:
            first, last = entries[0].day, entries[-1].day
            used = len({e.day for e in entries if self.problem.calendar.working[e.day]})
            total += weight["compact"] * (self._works[last + 1] - self._works[first] - used)
        total += self.days.of_class(index, entries)
        return total + self._practice_first(entries)

    def _practice_first(self, entries: list[Entry]) -> int:
        count = 0
        for entry in entries:
            if self.theory[entry.course]:
                return self.weight["theory_first"] * count
            count += self.practice[entry.course]
        return 0

    def _journeys(self, minutes: int) -> int:
        return -(-minutes // self.params["travel"]["minutes"]) * self.weight["travel"]

    def _idle_table(self) -> list[list[list[int]]]:
        periods = self.problem.periods
        return [
            [
                [
                    idle_periods(self.problem, knowledge=knowledge, end=a.end, start=b.start)
                    for b in periods
                ]
                for a in periods
            ]
            for knowledge in (False, True)
        ]

    def _own_cost(self, meeting: int, spot: Spot) -> int:
        facts = self.problem.meetings[meeting]
        day, period = divmod(spot.start, self.tables.width)
        total = self.teacher_cost(meeting, spot.teacher) + self.room_cost(meeting, spot.venues)
        total += self.time_cost(meeting, day, period)
        for venue in spot.venues:
            if venue != NO_VENUE and self.problem.venues[venue].kind == "field_site":
                total += self.weight["daylight"] * self.dark(day, period, facts.length)
        if self.weight["sturdy"]:
            total += self.weight["sturdy"] * self.stand_ins.lacking(meeting, spot)
        if facts.stored is not None and spot != self.stored[meeting]:
            total += self.change_cost(meeting)
        return total

    def frailty_at(self, meeting: int, start: int) -> int:
        """Return the weighted cost of the stand-ins that any spot lacks that the facts allow then.

        Whoever comes could come, and whatever room is taken is open: so it is a matter of time.
        """
        weight = self.weight["sturdy"]
        return weight * self.stand_ins.lacking_at(meeting, start) if weight else 0

    def change_cost(self, meeting: int) -> int:
        """Return what it costs to leave the stored spot, 0 where there is none."""
        facts = self.problem.meetings[meeting]
        if facts.stored is None:
            return 0
        units = self.params["changes"]["published"] if facts.published else 1
        return self.weight["changes"] * units

    def teacher_cost(self, meeting: int, teacher: int) -> int:
        """Return what the choice of a teacher costs, the load left aside."""
        facts = self.problem.meetings[meeting]
        if facts.fixed_teacher is not None or teacher == NO_TEACHER:
            return 0
        course = self.problem.courses[facts.parts[0].course]
        return self.weight["preference"] * _listed(course.teachers, course.teacher_costs, teacher)

    def room_cost(self, meeting: int, venues: tuple[int, ...]) -> int:
        """Return what the choice of rooms costs: preference, and seats that stay empty."""
        cost = 0
        for part, venue in zip(self.problem.meetings[meeting].parts, venues, strict=True):
            cost += self.venue_rank(part, venue)
        excess = self.weight["room_fits"] * self._excess(meeting, venues)
        bare = 0
        if self.open_air and self.weight["plan_b"]:
            bare = self.weight["plan_b"] * parts_without_plan_b(self.problem, meeting, venues)
        return self.weight["preference"] * cost + excess + bare

    def venue_rank(self, part: Part, venue: int) -> int:
        """Return how far down the list of its course's venues a part's venue is."""
        asked = self.problem.courses[part.course]
        fixed = part.fixed_venue is not None
        return 0 if fixed else _listed(asked.venues, asked.venue_costs, venue)

    def dark(self, day: int, period: int, length: int) -> bool:
        """Say whether a time of a day is not all daylight."""
        light = self.problem.calendar.daylight
        if day >= len(light):
            return False
        start, end = self.tables.clock(period, length)
        return start < light[day][0] or end > light[day][1]

    def _excess(self, meeting: int, venues: tuple[int, ...]) -> int:
        params = self.params["room_fits"]
        sizes: dict[int, int] = {}
        exam = sits_exam(self.problem, self.problem.meetings[meeting])
        for part, venue in zip(self.problem.meetings[meeting].parts, venues, strict=True):
            if venue != NO_VENUE and self.indoor[venue]:
                sizes[venue] = sizes.get(venue, 0) + self.problem.classes[part.class_].size
        units = 0
        for venue, size in sizes.items():
            capacity = self.problem.venues[venue].seats(exam=exam)
            if capacity is not None and size:
                excess = max(0, capacity - params["factor"] * size - params["slack"])
                units += -(-excess // params["seats"])
        return units


def _listed(items: tuple[int, ...], costs: tuple[int, ...], item: int) -> int:
    if not costs or item not in items:
        return 0
    place = items.index(item)
    return costs[place] if place < len(costs) else 0
