"""The hard rules once more, as slowly and obviously as possible, to hold the real checker to."""

# ruff: noqa: C901, PLR0912 - obvious on purpose: one long list of rules, nothing shared

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, product

from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.route import Round, Router, shut_on


def broken_rules(problem: Problem, placements: Sequence[Placement]) -> set[str]:
    """Return the ids of all hard rules that these placements break."""
    return set(_broken(problem, placements))


def every_placement(problem: Problem, meeting: int) -> Iterator[Placement]:
    """Yield every conceivable placement of a meeting in the calendar."""
    facts = problem.meetings[meeting]
    days = [problem.calendar.day(d) for d in range(len(problem.calendar))]
    venues: list[int | None] = [None, *range(len(problem.venues))]
    teachers: list[int | None] = [None, *range(len(problem.teachers))]
    for day, period in product(days, range(len(problem.periods) - facts.length + 1)):
        for rooms in product(venues, repeat=len(facts.parts)):
            for teacher in teachers:
                yield Placement(meeting, day, period, rooms, teacher)


def most_placeable(problem: Problem) -> int:
    """Return how many meetings can be placed at most without breaking a rule, by trying all."""
    options = [
        [p for p in every_placement(problem, m) if not broken_rules(problem, [p])]
        for m in range(len(problem.meetings))
    ]
    best = 0

    def go(meeting: int, chosen: list[Placement]) -> None:
        nonlocal best
        best = max(best, len(chosen))
        if meeting == len(options) or len(chosen) + len(options) - meeting <= best:
            return
        for placement in options[meeting]:
            if not broken_rules(problem, [*chosen, placement]):
                go(meeting + 1, [*chosen, placement])
                if best == len(options):
                    return
        go(meeting + 1, chosen)

    go(0, [])
    return best


def _times(problem: Problem, placement: Placement) -> tuple[int, int]:
    periods = problem.periods[placement.period :][: problem.meetings[placement.meeting].length]
    return periods[0].start, periods[-1].end


def _overlap(problem: Problem, one: Placement, other: Placement) -> bool:
    a, b = _times(problem, one), _times(problem, other)
    return one.day == other.day and a[0] < b[1] and b[0] < a[1]


def _too_tight(
    problem: Problem, one: Placement, a: int | None, other: Placement, b: int | None
) -> bool:
    if one.day != other.day or a is None or b is None or a == b or _overlap(problem, one, other):
        return False
    if _times(problem, one) > _times(problem, other):
        one, other, a, b = other, one, b, a
    gap = _times(problem, other)[0] - _times(problem, one)[1]
    return gap < problem.travel[a][b] + problem.buffer


def _broken(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    for one, other in combinations(placements, 2):
        yield from _pair(problem, one, other)
    for placement in placements:
        yield from _alone(problem, placement)
    yield from _crowds(problem, placements)
    yield from _rounds(problem, placements)
    yield from _spans(problem, placements)


def _pair(problem: Problem, one: Placement, other: Placement) -> Iterator[str]:
    same_teacher = one.teacher is not None and one.teacher == other.teacher
    if same_teacher and _overlap(problem, one, other):
        yield "H1"
    if same_teacher and _too_tight(problem, one, one.venues[0], other, other.venues[0]):
        yield "H7"
    names = [problem.teachers[t].person for t in (one.teacher, other.teacher) if t is not None]
    if one.teacher != other.teacher and names == [names[0]] * 2 and names[0] is not None:
        if _overlap(problem, one, other):
            yield "H1"
        if _too_tight(problem, one, one.venues[0], other, other.venues[0]):
            yield "H7"
    for x, y in ((one, other), (other, one)):
        if _teaches_while_sitting(problem, x, y):
            yield "H1"
    if _overlap(problem, one, other) and any(
        a is not None and b is not None and (_inside(problem, a, b) or _inside(problem, b, a))
        for a, b in product(one.venues, other.venues)
    ):
        yield "H2"
    first, second = problem.meetings[one.meeting], problem.meetings[other.meeting]
    for (i, a), (j, b) in product(enumerate(first.parts), enumerate(second.parts)):
        if a.class_ == b.class_:
            if _overlap(problem, one, other):
                yield "H3"
            if _too_tight(problem, one, one.venues[i], other, other.venues[j]):
                yield "H7"
            for x, y, p, q in ((one, other, a, b), (other, one, b, a)):
                earlier = (x.day, _times(problem, x)[0]) < (y.day, _times(problem, y)[0])
                if earlier and q.position == "first" and p.position != "first":
                    yield "H8"
                if earlier and p.position == "last" and q.position != "last":
                    yield "H8"
                if (
                    not earlier
                    and p.course != q.course
                    and p.course in problem.courses[q.course].after
                ):
                    yield "H8"
        elif _overlap(problem, one, other):
            for m, n in product(
                problem.classes[a.class_].members, problem.classes[b.class_].members
            ):
                days = (m.first, n.first), (m.last, n.last)
                if (
                    m.person == n.person
                    and all(day is None or day <= one.day for day in days[0])
                    and all(day is None or day >= one.day for day in days[1])
                ):
                    yield "H3"


def _inside(problem: Problem, part: int, whole: int) -> bool:
    above = problem.venues[part].part_of
    return above is not None and (above == whole or _inside(problem, above, whole))


def _teaches_while_sitting(problem: Problem, one: Placement, other: Placement) -> bool:
    if one.teacher is None or not _overlap(problem, one, other):
        return False
    classes = [part.class_ for part in problem.meetings[other.meeting].parts]
    own = [part.class_ for part in problem.meetings[one.meeting].parts]
    return any(
        member.person == problem.teachers[one.teacher].person
        and (member.first is None or member.first <= one.day)
        and (member.last is None or member.last >= one.day)
        for class_ in classes
        if class_ not in own
        for member in problem.classes[class_].members
    )


def _alone(problem: Problem, placement: Placement) -> Iterator[str]:
    facts = problem.meetings[placement.meeting]
    start, end = _times(problem, placement)
    day = placement.day
    allowed = problem.courses[facts.parts[0].course].teachers
    if facts.fixed_day not in (None, day) or facts.fixed_period not in (None, placement.period):
        yield "H8"
    if facts.fixed_teacher is not None:
        if placement.teacher != facts.fixed_teacher:
            yield "H8"
    elif allowed and placement.teacher not in allowed:
        yield "H8"
    for a, b in combinations([room for room in placement.venues if room is not None], 2):
        if _inside(problem, a, b) or _inside(problem, b, a):
            yield "H2"
    for part, room in zip(facts.parts, placement.venues, strict=True):
        class_ = problem.classes[part.class_]
        asked = room
        if part.instead_of is not None and problem.venues[part.instead_of].plan_b == room:
            # in bad weather what is asked for is asked of the site
            asked = room if room is None else part.instead_of
        if part.fixed_venue not in (None, room, asked):
            yield "H8"
        yield from _room(problem, part.class_, part.course, room, asked, day, start, end)
        for absence in problem.absences:
            if absence.first <= day <= absence.last:
                whole = absence.period is None
                period = problem.periods[absence.period or 0]
                if whole or (period.start < end and start < period.end):
                    if part.class_ in absence.classes or room in absence.venues:
                        yield "H6"
                    if placement.teacher in absence.teachers:
                        yield "H6"
        works = problem.calendar.working[problem.calendar.index(day)]
        if facts.fixed_day != day:
            outside = (class_.earliest and day < class_.earliest) or (
                class_.latest and day > class_.latest
            )
            if outside or (not works and not class_.knowledge):
                yield "H10"
        taken = problem.periods[placement.period : placement.period + facts.length]
        if (
            facts.fixed_period != placement.period
            and not class_.knowledge
            and not all(p.work for p in taken)
        ):
            yield "H10"


def _room(
    problem: Problem,
    class_: int,
    course: int,
    room: int | None,
    site: int | None,
    day: date,
    start: int,
    end: int,
) -> Iterator[str]:
    asked = problem.courses[course]
    if room is None or site is None:
        if asked.needs_venue:
            yield "H5"
        return
    venue, judged = problem.venues[room], problem.venues[site]

    suits = (
        (not asked.kinds or judged.kind in asked.kinds)
        and (not asked.venues or site in asked.venues)
        and (not problem.classes[class_].venues or site in problem.classes[class_].venues)
        and asked.equipment <= judged.equipment
    )
    if not suits:
        yield "H5"
    if problem.classes[class_].accredited and not (
        venue.accredited and (venue.accredited_until is None or venue.accredited_until >= day)
    ):
        yield "H5"
    if venue.shared is not None and class_ not in venue.shared:
        yield "H5"
    if day.isoweekday() in venue.closed_weekdays:
        yield "H6"
    if (venue.open_from or 0) > start or (venue.open_to or 9999) < end:
        yield "H6"
    if venue.season is not None:
        (a, b), now = venue.season, (day.month, day.day)
        if not (a <= now <= b if a <= b else now >= a or now <= b):
            yield "H6"


def _crowds(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    for index, venue in enumerate(problem.venues):
        here = [p for p in placements if index in p.venues]
        for placement in here:
            parts = problem.meetings[placement.meeting].parts
            size = sum(
                problem.classes[part.class_].size
                for part, room in zip(parts, placement.venues, strict=True)
                if room == index
            )
            seats = venue.capacity
            if any(problem.courses[part.course].form == "exam" for part in parts):
                seats = seats if venue.exam_capacity is None else venue.exam_capacity
            if seats is not None and size > seats:
                yield "H4"
            day, start = placement.day, _times(problem, placement)[0]
            at_once = [
                p
                for p in here
                if p.day == day and _times(problem, p)[0] <= start < _times(problem, p)[1]
            ]
            if len(at_once) > venue.parallel:
                yield "H2"
    for index, teacher in enumerate(problem.teachers):
        taught = [p for p in placements if p.teacher == index]
        weeks = [p.day.isocalendar()[:2] for p in taught]
        if teacher.max_per_week is not None and any(
            weeks.count(week) > teacher.max_per_week for week in weeks
        ):
            yield "H11"


def _stays(problem: Problem, placement: Placement) -> Iterator[tuple[int, int, int]]:
    """Yield venue, first minute and last for each place at which a meeting is, stops included."""
    start, end = _times(problem, placement)
    facts = problem.meetings[placement.meeting]
    for part, room in zip(facts.parts, placement.venues, strict=True):
        if room is not None:
            yield room, start, end
        visits = Router(problem).visits(
            Round(part.course, room, start, end), placement.day, part.order
        )
        for visit in visits or ():
            yield visit.venue, visit.start, visit.end


def _rounds(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    """Yield what is wrong with field days: stops that are shut, too small, too far or too full."""
    for placement in placements:
        start, end = _times(problem, placement)
        facts = problem.meetings[placement.meeting]
        for part, room in zip(facts.parts, placement.venues, strict=True):
            shut = False
            for stop in problem.courses[part.course].stops:
                venue = problem.venues[stop]
                guests = {p.class_ for p in facts.parts if stop in problem.courses[p.course].stops}
                seats = venue.capacity
                if seats is not None and seats < sum(problem.classes[c].size for c in guests):
                    yield "H4"
                if shut_on(venue, placement.day) or any(
                    stop in each.venues and each.period is None
                    for each in problem.absences
                    if each.first <= placement.day <= each.last
                ):
                    shut = True
                    yield "H6"
            round_ = Round(part.course, room, start, end)
            if not shut and Router(problem).visits(round_, placement.day) is None:
                yield "H7"
    for one, other in combinations(placements, 2):
        if one.day == other.day:
            for (a, b, e), (c, f, g) in product(_stays(problem, one), _stays(problem, other)):
                if (_inside(problem, a, c) or _inside(problem, c, a)) and b < g and f < e:
                    yield "H2"
    for day in {placement.day for placement in placements}:
        stays = [(p, *stay) for p in placements if p.day == day for stay in _stays(problem, p)]
        for place, minute in {(place, start) for _, place, start, _ in stays}:
            there = {
                p.meeting for p, v, start, end in stays if v == place and start <= minute < end
            }
            if len(there) > problem.venues[place].parallel:
                yield "H2"


def _spans(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    for index, class_ in enumerate(problem.classes):
        if class_.max_days is None:
            continue
        days = []
        for placement in placements:
            facts = problem.meetings[placement.meeting]
            if all(part.class_ != index for part in facts.parts):
                continue
            inside = (class_.earliest is None or class_.earliest <= placement.day) and (
                class_.latest is None or placement.day <= class_.latest
            )
            if facts.fixed_day != placement.day or inside:
                days.append(placement.day)
        fixed = [
            meeting.fixed_day
            for meeting in problem.meetings
            if meeting.fixed_day is not None
            and any(part.class_ == index for part in meeting.parts)
            and (class_.earliest is None or class_.earliest <= meeting.fixed_day)
            and (class_.latest is None or meeting.fixed_day <= class_.latest)
        ]
        own = (max(fixed) - min(fixed)).days + 1 if fixed else 0
        if days and (max(days) - min(days)).days + 1 > max(class_.max_days, own):
            yield "H10"
