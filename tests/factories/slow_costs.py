"""The soft rules once more, as slowly and obviously as possible, to hold the real checker to."""

# ruff: noqa: C901 - obvious on purpose: one rule after the other, nothing shared

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil

from trainer.timetable.engine.problem import Period, Placement, Problem
from trainer.timetable.engine.rules import rules_in_force

Params = Mapping[str, Mapping[str, int]]
INSIDE = ("classroom", "activity_room")


def soft_units(problem: Problem, placements: Sequence[Placement]) -> Counter[str]:
    """Return the units of cost of each soft rule but ``sturdy``, before their weights."""
    units: Counter[str] = Counter()
    params = {name: rule.params for name, rule in rules_in_force(problem.rules).items()}
    for placement in placements:
        _of_meeting(problem, placement, units, params)
    for index in range(len(problem.classes)):
        _of_class(problem, index, placements, units, params)
    for index, teacher in enumerate(problem.teachers):
        units["fair_load"] += _overload(problem, index, placements)
        taught = [p for p in placements if p.teacher == index]
        units["teacher_day"] += _too_much(problem, teacher.periods_a_day, taught)
    placed = {placement.meeting for placement in placements}
    for number, meeting in enumerate(problem.meetings):
        if number not in placed:
            units["unplaced"] += max(problem.classes[p.class_].priority for p in meeting.parts)
    return units


def _in_the_rain(problem: Problem, placement: Placement) -> int:
    """Return how many parts of a meeting get wet."""
    parts = problem.meetings[placement.meeting].parts
    wet = 0
    for room in placement.venues:
        together = [p for p, r in zip(parts, placement.venues, strict=True) if r == room]
        places = {room} - {None}
        for each in together:
            places |= set(problem.courses[each.course].stops)
        if not any(problem.venues[place].outdoor for place in places if place is not None):
            continue
        other = None if room is None else problem.venues[room].plan_b
        dry = (
            other is not None
            and not any(problem.courses[each.course].stops for each in together)
            and not problem.venues[other].outdoor
        )
        if dry and other is not None:
            seats = problem.venues[other].capacity
            if any(problem.courses[each.course].form == "exam" for each in together):
                own = problem.venues[other].exam_capacity
                seats = seats if own is None else own
            size = sum(problem.classes[each.class_].size for each in together)
            dry = (seats is None or size <= seats) and (
                problem.venues[other].accredited
                or not any(problem.classes[each.class_].accredited for each in together)
            )
        wet += not dry
    return wet


def _taken(problem: Problem, placement: Placement) -> tuple[Period, ...]:
    length = problem.meetings[placement.meeting].length
    return problem.periods[placement.period : placement.period + length]


def _of_meeting(
    problem: Problem, placement: Placement, units: Counter[str], params: Params
) -> None:
    meeting = problem.meetings[placement.meeting]
    taken = _taken(problem, placement)
    day = problem.calendar.index(placement.day)
    course = problem.courses[meeting.parts[0].course]
    if meeting.fixed_teacher is None and placement.teacher in course.teachers:
        costs = dict(zip(course.teachers, course.teacher_costs, strict=False))
        units["preference"] += costs.get(placement.teacher, 0)
    seats: Counter[int] = Counter()
    for part, room in zip(meeting.parts, placement.venues, strict=True):
        asked = problem.courses[part.course]
        if part.fixed_venue is None and room in asked.venues:
            units["preference"] += dict(zip(asked.venues, asked.venue_costs, strict=False)).get(
                room, 0
            )
        class_ = problem.classes[part.class_]
        if not class_.knowledge and any(period.part == "EVE" for period in taken):
            units["evening"] += 1
        if class_.knowledge and problem.calendar.working[day] and any(p.work for p in taken):
            units["working_time"] += 1
        month_day = (placement.day.month, placement.day.day)
        units["farm_work"] += any(
            first <= month_day <= last if first <= last else month_day >= first or month_day <= last
            for first, last in class_.farm_work
        )
        units["trainees"] += len(
            {
                absence.code
                for absence in problem.absences
                if part.class_ in absence.trainees
                and absence.first <= placement.day <= absence.last
                and (
                    absence.period is None
                    or (
                        taken[0].start < problem.periods[absence.period].end
                        and problem.periods[absence.period].start < taken[-1].end
                    )
                )
            }
        )
        least = params["unbroken"]["minutes"]
        wholes = [
            problem.periods[n : n + meeting.length]
            for n in range(len(problem.periods) - meeting.length + 1)
        ]
        if any(not _breaks(those, least) for those in wholes):
            units["unbroken"] += _breaks(taken, least)
        if room is not None and problem.venues[room].kind == "field_site":
            sunrise, sunset = problem.calendar.daylight[day]
            units["daylight"] += taken[0].start < sunrise or taken[-1].end > sunset
        if room is not None and problem.venues[room].kind in INSIDE:
            seats[room] += class_.size
    units["plan_b"] += _in_the_rain(problem, placement)
    rule = params["room_fits"]
    for room, size in seats.items():
        capacity = problem.venues[room].capacity
        if any(problem.courses[part.course].form == "exam" for part in meeting.parts):
            own = problem.venues[room].exam_capacity
            capacity = capacity if own is None else own
        if capacity is not None and size:
            excess = capacity - rule["factor"] * size - rule["slack"]
            units["room_fits"] += max(0, ceil(excess / rule["seats"]))
    if meeting.stored is not None and meeting.stored != placement:
        units["changes"] += params["changes"]["published"] if meeting.published else 1


def _breaks(taken: Sequence[Period], least: int) -> int:
    return sum(b.start - a.end >= least for a, b in pairwise(taken))


def _of_class(
    problem: Problem,
    index: int,
    placements: Sequence[Placement],
    units: Counter[str],
    params: Params,
) -> None:
    class_ = problem.classes[index]
    own = [
        (p, _taken(problem, p), part.course, room)
        for p in placements
        for part, room in zip(problem.meetings[p.meeting].parts, p.venues, strict=True)
        if part.class_ == index
    ]
    own.sort(key=lambda each: (each[0].day, each[1][0].start, each[0].meeting))
    for day in {each[0].day for each in own}:
        those = [each for each in own if each[0].day == day]
        for one, other in pairwise(those):
            end, start = one[1][-1].end, other[1][0].start
            units["compact"] += sum(
                p.start >= end and p.end <= start and (p.work or class_.knowledge)
                for p in problem.periods
            )
        units["spread"] += len(those) - len({each[2] for each in those})
        rooms = [each[3] for each in those if each[3] is not None]
        minutes = sum(problem.travel[a][b] for a, b in pairwise(rooms) if a != b)
        units["travel"] += ceil(minutes / params["travel"]["minutes"])
        courses_there = {each[2] for each in those}
        for group in problem.apart:
            units["apart"] += max(0, len(group & courses_there) - 1)
    units["class_day"] += _too_much(problem, class_.periods_a_day, [each[0] for each in own])
    for group in problem.together:
        units["together"] += max(0, len({each[0].day for each in own if each[2] in group}) - 1)
    if class_.max_days is not None and own:
        used = {problem.calendar.index(each[0].day) for each in own}
        units["compact"] += sum(
            problem.calendar.working[day]
            for day in range(min(used), max(used) + 1)
            if day not in used
        )
    for kind in INSIDE:
        rooms_used = {
            each[3] for each in own if each[3] is not None and problem.venues[each[3]].kind == kind
        }
        units["one_room"] += max(0, len(rooms_used) - 1)
    courses = [problem.courses[each[2]] for each in own]
    starts = [(each[0].day, each[1][0].start) for each in own]
    theory = [
        when
        for when, course in zip(starts, courses, strict=True)
        if course.strand == "theory" and course.form != "field"
    ]
    for when, course in zip(starts, courses, strict=True):
        practice = course.strand == "practice" or course.form == "field"
        if theory and practice and when < min(theory):
            units["theory_first"] += 1


def _too_much(problem: Problem, limit: int | None, placements: Sequence[Placement]) -> int:
    """Return by how many periods days with these meetings go beyond a limit."""
    days = {p.day for p in placements} if limit is not None else set()
    periods = (
        sum(problem.meetings[p.meeting].length for p in placements if p.day == day) for day in days
    )
    return sum(max(0, count - (limit or 0)) for count in periods)


def _overload(problem: Problem, teacher: int, placements: Sequence[Placement]) -> int:
    def choice(meeting: int) -> tuple[int, ...]:
        facts = problem.meetings[meeting]
        able = problem.courses[facts.parts[0].course].teachers
        return able if facts.fixed_teacher is None and len(able) > 1 else ()

    share = sum(
        Fraction(1, len(choice(m))) for m in range(len(problem.meetings)) if teacher in choice(m)
    )
    count = sum(p.teacher == teacher and teacher in choice(p.meeting) for p in placements)
    return max(0, count - ceil(share))
