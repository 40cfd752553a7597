"""Hard rules of one session, or one class's span: H4, H5, H6, H8 (what is fixed), H9 and H10."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from trainer.phrases import mark, phrase
from trainer.timetable.engine.check.clashes import hard
from trainer.timetable.engine.check.standing import counts_in_span, span_limit
from trainer.timetable.engine.check.view import Seen, View, length_of
from trainer.timetable.engine.problem import (
    Absence,
    Course,
    Problem,
    Venue,
    sits_exam,
    stands_in,
    within,
)
from trainer.timetable.engine.route import Round, visitors
from trainer.timetable.engine.solution import Finding

TOO_SMALL = mark("{venue} has {capacity} seats for {size} people: {one}")
TOO_SMALL_EXAM = mark("{venue} has {capacity} seats at an exam for {size} people: {one}")
NO_VENUE = mark("{one} has no venue")
WRONG_KIND = mark("{venue} is not the kind of place that the course asks for: {one}")
NOT_NAMED = mark("{venue} is not among the places named for it: {one}")
NO_EQUIPMENT = mark("{venue} lacks {equipment}: {one}")
NOT_ACCREDITED = mark("{venue} is not accredited on that day: {one}")
NOT_SHARED = mark("{venue} is not shared with this class: {one}")
STOP_AWAY = mark("{venue}, which is to be visited, is not available on that day: {one}")
NO_ORDER = mark(
    "in no order can {stops} be visited within {minutes} minutes and their opening hours: {one}"
)
AWAY = mark("{name} is not available on that day ({reason}): {one}")
AWAY_PLAIN = mark("{name} is not available on that day: {one}")
CLOSED_HOURS = mark("{venue} is closed at that hour: {one}")
CLOSED_WEEKDAY = mark("{venue} is closed on that day of the week: {one}")
OUT_OF_SEASON = mark("{venue} is out of season: {one}")
FIXED_DAY = mark("the syllabus fixes {date} for it: {one}")
FIXED_PERIOD = mark("the syllabus fixes “{period}” for it: {one}")
FIXED_TEACHER = mark("the syllabus fixes {teacher} as its teacher: {one}")
FIXED_VENUE = mark("the syllabus fixes {venue} as its place: {one}")
NO_TEACHER = mark("{one} has no teacher")
WRONG_TEACHER = mark("{teacher} is not among the teachers of the course: {one}")
TORN = mark("a joint meeting is torn apart: {one} and {other}")
TWICE = mark("{one} is in the timetable twice")
NO_PERIOD = mark("{one} does not begin with a period of the office")
WRONG_LENGTH = mark("{one} takes {length} periods instead of {wanted}")
PAST_END = mark("{one} runs past the last period of the day")
TOO_EARLY = mark("{one} is before {earliest}, when the class may begin")
TOO_LATE = mark("{one} is after {latest}, when the class must have ended")
NO_WORKDAY = mark("{one} is not on a working day")
NO_WORK_PERIOD = mark("{one} is not in working periods")
SPAN = mark("{class_} lasts from {first} to {last}, {days} days; at most {limit} are allowed")


def singles(view: View) -> Iterator[Finding]:
    """Yield every finding that one session, one room or one class's dates suffice to see."""
    for seen in view.judged:
        yield from _shape(view.problem, seen)
        yield from _place(view.problem, seen)
        yield from _open(view.problem, seen)
        yield from _away(view, seen)
        yield from _stops(view, seen)
        yield from _fixed(view.problem, seen)
        yield from _window(view.problem, seen)
    yield from _seats(view)
    yield from _joint(view)
    yield from _spans(view)


def venue_faults(
    problem: Problem,
    class_index: int,
    course_index: int,
    venue_index: int,
    day: date,
    site: int | None = None,
) -> list[tuple[str, dict[str, object]]]:
    """Return the templates and values of H5 that a venue breaks for a class, course and day.

    Where it stands in for a ``site``, kind, name and equipment are asked of that one.
    """
    class_, course = problem.classes[class_index], problem.courses[course_index]
    venue = problem.venues[venue_index]
    values: dict[str, object] = {"venue": venue.name}
    faults: list[tuple[str, dict[str, object]]] = []
    asked = venue_index if site is None else site
    if course.kinds and problem.venues[asked].kind not in course.kinds:
        faults.append((WRONG_KIND, values))
    if any(named and asked not in named for named in (course.venues, class_.venues)):
        faults.append((NOT_NAMED, values))
    missing = course.equipment - problem.venues[asked].equipment
    if missing:
        faults.append((NO_EQUIPMENT, {**values, "equipment": ", ".join(sorted(missing))}))
    if class_.accredited and not accredited_on(venue, day):
        faults.append((NOT_ACCREDITED, values))
    if venue.shared is not None and class_index not in venue.shared:
        faults.append((NOT_SHARED, values))
    return faults


def suits_course(course: Course, venue_index: int, venue: Venue) -> bool:
    """Say whether a venue is what a course asks for, whoever the class is: none of H5 else."""
    return (
        (not course.kinds or venue.kind in course.kinds)
        and (not course.venues or venue_index in course.venues)
        and course.equipment <= venue.equipment
    )


def accredited_on(venue: Venue, day: date) -> bool:
    """Say whether a venue is accredited on a day; no end date means without limit."""
    return venue.accredited and (venue.accredited_until is None or day <= venue.accredited_until)


def in_season(venue: Venue, day: date) -> bool:
    """Say whether a day lies in a venue's season, which may run over New Year."""
    return venue.season is None or within(venue.season, day)


def open_at(venue: Venue, start: int, end: int) -> bool:
    """Say whether a venue is open from ``start`` to ``end`` (minutes after midnight)."""
    close = venue.open_to
    if close is not None and venue.open_from is not None and close <= venue.open_from:
        close += 1440
    return (venue.open_from is None or venue.open_from <= start) and (close is None or end <= close)


def _shape(problem: Problem, seen: Seen) -> Iterator[Finding]:
    period, length = seen.sitting.period, length_of(seen)
    if period is None or not 0 <= period < len(problem.periods):
        yield hard("H9", (seen,), phrase(NO_PERIOD, one=seen.name(problem)))
        return
    if length != seen.meeting.length:
        wanted = seen.meeting.length
        yield hard(
            "H9",
            (seen,),
            phrase(WRONG_LENGTH, one=seen.name(problem), length=length, wanted=wanted),
        )
    if period + length > len(problem.periods):
        yield hard("H9", (seen,), phrase(PAST_END, one=seen.name(problem)))


def _place(problem: Problem, seen: Seen) -> Iterator[Finding]:
    venue = seen.sitting.venue
    if venue is None:
        if seen.course.needs_venue:
            yield hard("H5", (seen,), phrase(NO_VENUE, one=seen.name(problem)))
        return
    site = seen.part.instead_of if stands_in(problem, seen.part, venue) else None
    faults = venue_faults(
        problem, seen.part.class_, seen.part.course, venue, seen.sitting.day, site
    )
    for template, values in faults:
        yield hard("H5", (seen,), phrase(template, one=seen.name(problem), **values))


def _open(problem: Problem, seen: Seen) -> Iterator[Finding]:
    if seen.sitting.venue is None:
        return
    venue = problem.venues[seen.sitting.venue]
    day = seen.sitting.day
    for fine, template in (
        (not seen.timed or open_at(venue, *seen.clock), CLOSED_HOURS),
        (day.isoweekday() not in venue.closed_weekdays, CLOSED_WEEKDAY),
        (in_season(venue, day), OUT_OF_SEASON),
    ):
        if not fine:
            yield hard("H6", (seen,), phrase(template, venue=venue.name, one=seen.name(problem)))


def _away(view: View, seen: Seen) -> Iterator[Finding]:
    keys = [("classes", seen.part.class_)]
    if seen.sitting.venue is not None:
        keys.append(("venues", seen.sitting.venue))
    if seen.sitting.teacher is not None:
        keys.append(("teachers", seen.sitting.teacher))
    for key in keys:
        for absence in away(view, key, seen):
            one = seen.name(view.problem)
            message = (
                phrase(AWAY, name=absence.name, reason=absence.reason, one=one)
                if absence.reason
                else phrase(AWAY_PLAIN, name=absence.name, one=one)
            )
            yield hard("H6", (seen,), message)


def _stops(view: View, seen: Seen) -> Iterator[Finding]:
    """Yield what keeps a field day from visiting all its stops, each stop by its name."""
    problem, stops = view.problem, seen.course.stops
    if not stops or not seen.timed:
        return
    one = seen.name(problem)
    shut = False
    for stop in stops:
        venue, size = problem.venues[stop], visitors(problem, seen.meeting, stop)
        if venue.capacity is not None and venue.capacity < size:
            values = {"venue": venue.name, "capacity": venue.capacity, "size": size, "one": one}
            yield hard("H4", (seen,), phrase(TOO_SMALL, **values))
        whole_day = (a.period is None for a in away(view, ("venues", stop), seen))
        for fine, template in (
            (not any(whole_day), STOP_AWAY),
            (seen.sitting.day.isoweekday() not in venue.closed_weekdays, CLOSED_WEEKDAY),
            (in_season(venue, seen.sitting.day), OUT_OF_SEASON),
        ):
            if not fine:
                shut = True
                yield hard("H6", (seen,), phrase(template, venue=venue.name, one=one))
    round_ = Round(seen.part.course, seen.sitting.venue, *seen.clock)
    if not shut and view.facts.router.visits(round_, seen.sitting.day) is None:
        names = ", ".join(problem.venues[stop].name for stop in stops)
        minutes = seen.clock[1] - seen.clock[0]
        yield hard("H7", (seen,), phrase(NO_ORDER, stops=names, minutes=minutes, one=one))


def away(view: View, key: tuple[str, int], seen: Seen) -> list[Absence]:
    """Return why a teacher, venue or class cannot be had while a session takes place."""
    return [
        absence
        for absence in view.facts.absences.get(key, ())
        if absence.first <= seen.sitting.day <= absence.last and _meets(view, absence, seen)
    ]


def _meets(view: View, absence: Absence, seen: Seen) -> bool:
    if absence.period is None or not seen.timed:
        return True
    period = view.problem.periods[absence.period]
    start, end = seen.clock
    return start < period.end and period.start < end


def _fixed(problem: Problem, seen: Seen) -> Iterator[Finding]:
    meeting, sitting = seen.meeting, seen.sitting
    if meeting.fixed_day is not None and sitting.day != meeting.fixed_day:
        date_ = meeting.fixed_day.isoformat()
        yield hard("H8", (seen,), phrase(FIXED_DAY, date=date_, one=seen.name(problem)))
    if meeting.fixed_period is not None and sitting.period != meeting.fixed_period:
        period = problem.periods[meeting.fixed_period].label
        yield hard("H8", (seen,), phrase(FIXED_PERIOD, period=period, one=seen.name(problem)))
    stand_in = stands_in(problem, seen.part, sitting.venue)
    there = seen.part.instead_of if stand_in else sitting.venue
    if seen.part.fixed_venue is not None and seen.part.fixed_venue not in (there, sitting.venue):
        venue = problem.venues[seen.part.fixed_venue].name
        yield hard("H8", (seen,), phrase(FIXED_VENUE, venue=venue, one=seen.name(problem)))
    allowed = problem.courses[meeting.parts[0].course].teachers
    if meeting.fixed_teacher is not None:
        if sitting.teacher != meeting.fixed_teacher:
            teacher = problem.teachers[meeting.fixed_teacher].name
            yield hard(
                "H8", (seen,), phrase(FIXED_TEACHER, teacher=teacher, one=seen.name(problem))
            )
    elif allowed and sitting.teacher is None:
        yield hard("H8", (seen,), phrase(NO_TEACHER, one=seen.name(problem)))
    elif allowed and sitting.teacher not in allowed:
        assert sitting.teacher is not None
        teacher = problem.teachers[sitting.teacher].name
        yield hard("H8", (seen,), phrase(WRONG_TEACHER, teacher=teacher, one=seen.name(problem)))


def _window(problem: Problem, seen: Seen) -> Iterator[Finding]:
    class_, meeting, day = seen.class_, seen.meeting, seen.sitting.day
    if day != meeting.fixed_day:
        if class_.earliest is not None and day < class_.earliest:
            earliest = class_.earliest.isoformat()
            yield hard("H10", (seen,), phrase(TOO_EARLY, one=seen.name(problem), earliest=earliest))
        if class_.latest is not None and day > class_.latest:
            yield hard(
                "H10",
                (seen,),
                phrase(TOO_LATE, one=seen.name(problem), latest=class_.latest.isoformat()),
            )
        if not class_.knowledge and not _works(problem, seen.day):
            yield hard("H10", (seen,), phrase(NO_WORKDAY, one=seen.name(problem)))
    period = seen.sitting.period
    if class_.knowledge or period is None or period == meeting.fixed_period:
        return
    taken = problem.periods[max(period, 0) : period + length_of(seen)]
    if not all(each.work for each in taken):
        yield hard("H10", (seen,), phrase(NO_WORK_PERIOD, one=seen.name(problem)))


def _works(problem: Problem, day: int) -> bool:
    return 0 <= day < len(problem.calendar) and problem.calendar.working[day]


def _seats(view: View) -> Iterator[Finding]:
    for index, seens in view.by_venue.items():
        venue = view.problem.venues[index]
        if venue.capacity is None and venue.exam_capacity is None:
            continue
        rooms: dict[tuple[int, int, int], list[Seen]] = defaultdict(list)
        for seen in seens:
            rooms[seen.sitting.meeting, seen.start, seen.end].append(seen)
        for those in rooms.values():
            size = sum({seen.part.class_: seen.class_.size for seen in those}.values())
            exam = sits_exam(view.problem, those[0].meeting)
            capacity = venue.seats(exam=exam)
            if capacity is not None and size > capacity:
                message = phrase(
                    TOO_SMALL_EXAM if exam and venue.exam_capacity is not None else TOO_SMALL,
                    venue=venue.name,
                    capacity=capacity,
                    size=size,
                    one=those[0].name(view.problem),
                )
                yield hard("H4", those, message)


def _joint(view: View) -> Iterator[Finding]:
    for seens in view.by_meeting.values():
        first = seens[0]
        parts: set[int] = set()
        for seen in seens:
            if seen.sitting.part in parts:
                yield hard("H8", (seen,), phrase(TWICE, one=seen.name(view.problem)))
            parts.add(seen.sitting.part)
            same = (seen.start, seen.end, seen.sitting.teacher) == (
                first.start,
                first.end,
                first.sitting.teacher,
            )
            if not same and seen.sitting.part != first.sitting.part:
                names = {"one": first.name(view.problem), "other": seen.name(view.problem)}
                yield hard("H8", (first, seen), phrase(TORN, **names))


def _spans(view: View) -> Iterator[Finding]:
    fixed = view.facts.fixed_days
    for index, seens in view.by_class.items():
        class_ = view.problem.classes[index]
        limit = span_limit(class_, fixed.get(index, []))
        counted = [
            seen
            for seen in seens
            if seen.sitting.day != seen.meeting.fixed_day
            or counts_in_span(class_, seen.sitting.day)
        ]
        if limit is None or not counted:
            continue
        days = [seen.sitting.day for seen in counted]
        span = (max(days) - min(days)).days + 1
        if span > limit:
            message = phrase(
                SPAN,
                class_=class_.title,
                first=min(days).isoformat(),
                last=max(days).isoformat(),
                days=span,
                limit=limit,
            )
            yield hard("H10", counted, message)
