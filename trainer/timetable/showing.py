"""The timetable as people look at it: a week of a class, teacher or venue; and what is free."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from db.tables import TrainingSession, Unavailability, Venue
from trainer.errors import Refused, UsageError
from trainer.office import Period
from trainer.timetable.facts import Facts

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """A session with the names that people know; ``start`` and ``end`` are clock times."""

    uid: str
    class_code: str
    class_title: str
    course: str
    course_title: str
    seq: int
    date: dt.date
    period: str
    periods: int
    start: str
    end: str
    venue: str | None
    venue_name: str | None
    teacher: str | None
    teacher_name: str | None
    status: str
    locked: bool
    joint: str | None

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        document = asdict(self)
        document["class"] = document.pop("class_code")
        return {**document, "date": self.date.isoformat()}


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose timetable: any of these that is given must match; nothing given is everybody's."""

    class_code: str | None = None
    teacher: str | None = None
    venue: str | None = None

    def takes(self, row: TrainingSession) -> bool:
        """Tell whether a session belongs to the choice."""
        pairs = (
            (self.class_code, row.class_code),
            (self.teacher, row.teacher),
            (self.venue, row.venue),
        )
        return all(wanted is None or wanted == found for wanted, found in pairs)


@dataclass(frozen=True, slots=True)
class Week:
    """A week's grid: its days, the office's periods, and what begins in each (day, period)."""

    monday: dt.date
    days: tuple[dt.date, ...]
    periods: tuple[Period, ...]
    cells: Mapping[tuple[dt.date, str], Sequence[Shown]]


def shown_sessions(facts: Facts, choice: Choice) -> list[Shown]:
    """Return the sessions of a choice in the order of time; raise Refused for an unknown code."""
    _refuse_unknown(facts, choice)
    rows = [row for row in facts.sessions.values() if choice.takes(row)]
    rows.sort(key=lambda row: (row.start, row.class_code, row.uid))
    return [_shown(facts, row) for row in rows]


def week_of(facts: Facts, sessions: Sequence[Shown], day: dt.date) -> Week:
    """Return the week in which ``day`` lies: Monday to Friday, and the weekend where it is used."""
    monday = monday_of(day)
    cells: dict[tuple[dt.date, str], list[Shown]] = defaultdict(list)
    for each in sessions:
        if monday <= each.date < monday + WEEK:
            cells[each.date, each.period].append(each)
    used = {date for date, _ in cells}
    days = (monday + dt.timedelta(days=number) for number in range(7))
    kept = tuple(each for each in days if each.isoweekday() <= 5 or each in used)  # noqa: PLR2004
    return Week(monday, kept, facts.office.periods, dict(cells))


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the week of a day."""
    return day - dt.timedelta(days=day.weekday())


def best_week(sessions: Sequence[Shown], today: dt.date) -> dt.date:
    """Return a day of the week to show first: the next with a session, else the last that had."""
    dates = [each.date for each in sessions if each.status != "cancelled"]
    coming = [date for date in dates if date >= monday_of(today)]
    if coming:
        return min(coming)
    return max(dates, default=today)


def free_venues(
    facts: Facts, day: dt.date, period: str, *, count: int = 1, seats: int = 0, exam: bool = False
) -> list[Venue]:
    """Return the venues that are open and have room for one more meeting, the smallest first.

    A hall is not free while a part of it is used or closed, nor a part while its hall is; what a
    field day visits is used for as long as it stays there. ``count`` periods from ``period`` on;
    at an ``exam`` the seats for exams count. Raise UsageError for a period that the office lacks.
    """
    # the checker's own ideas of open hours and seasons
    from trainer.timetable.engine.check.single import in_season, open_at
    from trainer.timetable.places import engine_venues, kin_of

    if period not in facts.office.period_index:
        raise UsageError(
            "the office has no period “{period}”; it has {periods}",
            period=period,
            periods=", ".join(facts.office.period_index),
        )
    start, end = facts.office.instants(day, period, count)
    busy = _busy(facts, start, end)
    span = facts.office.meeting_periods(period, count)
    clock = (_minutes(span[0].start), _minutes(span[-1].end))
    parted = any(row.part_of for row in facts.venues.values())
    kin = {code: kin_of(facts, code) if parted else frozenset((code,)) for code in facts.venues}
    free = [
        row
        for row, venue in zip(facts.venues.values(), engine_venues(facts, ()), strict=True)
        if venue.holds(seats, exam=exam)
        and len(busy.get(row.code, ())) < row.parallel
        and not any(busy.get(other) for other in kin[row.code] - {row.code})
        and open_at(venue, *clock)
        and day.isoweekday() not in venue.closed_weekdays
        and in_season(venue, day)
        and not any(_is_away(facts, each, kin[row.code], day, span) for each in facts.unavailable)
    ]
    return sorted(free, key=lambda row: (row.capacity is None, row.capacity or 0, row.code))


def _busy(facts: Facts, start: dt.datetime, end: dt.datetime) -> dict[str, set[str]]:
    """Return the meetings in each venue between two instants; a joint one counts once."""
    from trainer.timetable.rounds import rounds_of

    found: dict[str, set[str]] = defaultdict(set)
    meetings = [
        row
        for row in facts.sessions.values()
        if row.status != "cancelled" and row.start < end and start < row.end
    ]
    for row in meetings:
        if row.venue:
            found[row.venue].add(row.joint or row.uid)
    afield = [row for row in meetings if facts.courses[row.course].stops]
    rounds = rounds_of(facts) if afield else None
    for row in afield:
        assert rounds is not None
        for stay in rounds.stays(row):
            if stay.start < end and start < stay.end:
                found[stay.venue].add(row.joint or row.uid)
    return found


def _is_away(
    facts: Facts, row: Unavailability, kin: Collection[str], day: dt.date, span: Collection[Period]
) -> bool:
    if row.kind != "venue" or row.code not in kin or not row.date_from <= day <= row.date_to:
        return False
    whole_day = row.period not in facts.office.period_index
    return whole_day or row.period in {each.code for each in span}


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _shown(facts: Facts, row: TrainingSession) -> Shown:
    zone = facts.office.zone
    venue = facts.venues.get(row.venue or "")
    teacher = facts.teachers.get(row.teacher or "")
    return Shown(
        uid=row.uid,
        class_code=row.class_code,
        class_title=facts.classes[row.class_code].title,
        course=row.course,
        course_title=facts.courses[row.course].title,
        seq=row.seq,
        date=row.date,
        period=row.period,
        periods=row.periods,
        start=row.start.astimezone(zone).strftime("%H:%M"),
        end=row.end.astimezone(zone).strftime("%H:%M"),
        venue=row.venue,
        venue_name=venue.name if venue else None,
        teacher=row.teacher,
        teacher_name=teacher.name if teacher else None,
        status=row.status,
        locked=row.locked,
        joint=row.joint,
    )


def _refuse_unknown(facts: Facts, choice: Choice) -> None:
    if choice.class_code is not None and choice.class_code not in facts.classes:
        raise Refused(
            "there is no class “{code}”; “trainer export DIR” writes them all into classes.csv",
            code=choice.class_code,
        )
    if choice.teacher is not None and choice.teacher not in facts.teachers:
        raise Refused(
            "there is no teacher “{code}”; see the codes in teachers.csv", code=choice.teacher
        )
    if choice.venue is not None and choice.venue not in facts.venues:
        raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=choice.venue)
