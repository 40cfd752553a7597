"""A first plan of a made-up year, by half-days: what shows that everything in it can be placed.

An office does not plan a class whose last lecture is by somebody who is away by then. So the year
is rehearsed before anybody's absences are drawn, and whoever teaches in the rehearsal is not away
on that day. It is only one of the many timetables that the year allows, and a dear one: a meeting
takes a whole half-day, so that there is time to get from any place to any other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from trainer.timetable.engine.problem import Meeting, Placement, Problem, TrainingClass

HALF_DAY = 2
"""Periods of a half-day; a day has two of them, and an evening that is not used here."""
DAYS_LATER = 3
"""By how many days a class is put off for which there is no room."""
RANK = {"first": 0, "": 1, "last": 2}

Slot = tuple[date, int]
"""A day, and the first period of one of its halves."""


class Rehearsal:
    """Takes class after class and finds its meetings days, rooms and teachers, first come first."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people: dict[Slot, set[int]] = defaultdict(set)
        self.rooms: Counter[tuple[Slot, int]] = Counter()
        self.teachers: set[tuple[Slot, int]] = set()
        self.weeks: Counter[tuple[int, int, int]] = Counter()
        self.days: dict[int, set[date]] = defaultdict(set)

    def whole_class(
        self, class_: TrainingClass, meetings: Sequence[tuple[int, Meeting]]
    ) -> list[Placement] | None:
        """Return where a class's meetings go, None where its window does not hold them all."""
        assert class_.earliest is not None
        assert class_.latest is not None
        begins, span = class_.earliest, class_.max_days
        while begins <= class_.latest:
            ends = class_.latest
            if span is not None:
                ends = min(ends, begins + timedelta(days=span - 1))
            found = self._between(class_, meetings, begins, ends)
            if found is not None:
                self._take(class_, found)
                return found
            begins += timedelta(days=1)
        return None

    def _between(
        self,
        class_: TrainingClass,
        meetings: Sequence[tuple[int, Meeting]],
        begins: date,
        ends: date,
    ) -> list[Placement] | None:
        found: list[Placement] = []
        floor: Slot = (date.min, 0)
        last = 0
        for number, meeting in sorted(meetings, key=_order):
            rank = RANK[meeting.parts[0].position]
            if rank > last:
                # what opens a class comes before everything else, what closes it after
                last = rank
                floor = max(((each.day, each.period) for each in found), default=floor)
            spot = next(self._spots(class_, number, meeting, begins, ends, floor, found), None)
            if spot is None:
                return None
            found.append(spot)
        return found

    def _spots(
        self,
        class_: TrainingClass,
        number: int,
        meeting: Meeting,
        begins: date,
        ends: date,
        floor: Slot,
        found: Sequence[Placement],
    ) -> Iterator[Placement]:
        members = {member.person for member in class_.members}
        own = {(each.day, each.period) for each in found}
        weeks = Counter((each.teacher, *each.day.isocalendar()[:2]) for each in found)
        for day in (begins + timedelta(days=n) for n in range((ends - begins).days + 1)):
            if not self.problem.calendar.working[self.problem.calendar.index(day)]:
                continue
            for period in (0, HALF_DAY):
                slot = (day, period)
                if slot <= floor or slot in own or not self.people[slot].isdisjoint(members):
                    continue
                venue = self._venue(class_, meeting, slot)
                able, teacher = self._teacher(meeting, slot, weeks)
                if venue is not None and able:
                    yield Placement(number, day, period, (venue,), teacher)

    def _venue(self, class_: TrainingClass, meeting: Meeting, slot: Slot) -> int | None:
        course = self.problem.courses[meeting.parts[0].course]
        starts = self.problem.periods[slot[1]].start
        for number, venue in enumerate(self.problem.venues):
            if (
                venue.kind in course.kinds
                and (venue.capacity or class_.size) >= class_.size
                and self.rooms[slot, number] < venue.parallel
                and slot[0].isoweekday() not in venue.closed_weekdays
                and (venue.open_from or 0) <= starts
            ):
                return number
        return None

    def _teacher(
        self, meeting: Meeting, slot: Slot, weeks: Counter[tuple[int | None, int, int]]
    ) -> tuple[bool, int | None]:
        able = self.problem.courses[meeting.parts[0].course].teachers
        week = slot[0].isocalendar()[:2]
        for teacher in able:
            most = self.problem.teachers[teacher].max_per_week
            load = self.weeks[teacher, *week] + weeks[teacher, *week]
            if (slot, teacher) not in self.teachers and (most is None or load < most):
                return True, teacher
        return not able, None

    def _take(self, class_: TrainingClass, found: Sequence[Placement]) -> None:
        for each in found:
            slot = (each.day, each.period)
            self.people[slot].update(member.person for member in class_.members)
            for venue in each.venues:
                assert venue is not None
                self.rooms[slot, venue] += 1
            if each.teacher is not None:
                self.teachers.add((slot, each.teacher))
                self.weeks[each.teacher, *each.day.isocalendar()[:2]] += 1
                self.days[each.teacher].add(each.day)


def rehearse(problem: Problem) -> tuple[Problem, Rehearsal, list[Placement]]:
    """Return the year with every class in a window that holds it, and a plan of the whole of it.

    A class for which there is no room when it was meant to be is held some days later; ValueError
    is raised for one that no part of the year holds.
    """
    rehearsal = Rehearsal(problem)
    classes: list[TrainingClass] = []
    plan: list[Placement] = []
    own: dict[int, list[tuple[int, Meeting]]] = defaultdict(list)
    for number, meeting in enumerate(problem.meetings):
        own[meeting.parts[0].class_].append((number, meeting))
    for number, class_ in enumerate(problem.classes):
        for moved in _later(problem, class_):
            found = rehearsal.whole_class(moved, own[number])
            if found is not None:
                classes.append(moved)
                plan += found
                break
        else:
            raise ValueError(class_.code)
    plan.sort(key=lambda each: each.meeting)
    return replace(problem, classes=tuple(classes)), rehearsal, plan


def _later(problem: Problem, class_: TrainingClass) -> Iterator[TrainingClass]:
    """Yield a class as it is, then ever later; past the end of the year it begins with the year."""
    assert class_.earliest is not None
    assert class_.latest is not None
    yield class_
    length = class_.latest - class_.earliest
    room = len(problem.calendar) - length.days
    begins = problem.calendar.index(class_.earliest)
    for later in range(DAYS_LATER, room, DAYS_LATER):
        earliest = problem.calendar.day((begins + later) % room)
        yield replace(class_, earliest=earliest, latest=earliest + length)


def _order(entry: tuple[int, Meeting]) -> tuple[int, int, int]:
    number, meeting = entry
    return RANK[meeting.parts[0].position], -meeting.length, number
