"""The timetable as people look at it: a day, a week, the sessions of a class, and who has one.

Everything returned is plain frozen data: it may cross threads and outlive the session that read it.
Times are wall-clock times in the office's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from db.tables import Course, Teacher, TrainingClass, TrainingSession, Unit, Venue
from db.work import table_of
from trainer.office import Office

Kind = Literal["class", "teacher", "venue"]
KINDS: Final[tuple[Kind, ...]] = ("class", "teacher", "venue")

_SESSION = table_of(TrainingSession)
_CLASS = table_of(TrainingClass)
_COURSE = table_of(Course)
_VENUE = table_of(Venue)
_TEACHER = table_of(Teacher)
_UNIT = table_of(Unit)
_COLUMN: Final = {
    "class": _SESSION.c.class_code,
    "teacher": _SESSION.c.teacher,
    "venue": _SESSION.c.venue,
}


@dataclass(frozen=True, slots=True)
class Day:
    """What the calendar says of a date; ``holiday`` is the name of what makes it special."""

    date: dt.date
    working: bool
    makeup: bool
    holiday: str | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session with the names that people know it by; ``start`` and ``end`` are local.

    ``seq`` counts the meetings of the course in the class, ``first`` and ``last`` are the places of
    its periods among the office's periods.
    """

    uid: str
    class_code: str
    class_title: str
    course_code: str
    course_title: str
    form: str | None
    strand: str | None
    seq: int
    date: dt.date
    start: dt.time
    end: dt.time
    first: int
    last: int
    venue_code: str | None
    venue_name: str | None
    teacher_code: str | None
    teacher_name: str | None
    status: str
    locked: bool
    joint: str | None


@dataclass(frozen=True, slots=True)
class DayView:
    """The sessions of a date in order of time, and the nearest dates around it that have some."""

    day: Day
    sessions: tuple[SessionView, ...]
    previous: dt.date | None
    next: dt.date | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A class, teacher or venue that has sessions, from its first to its last date."""

    kind: Kind
    code: str
    name: str
    note: str
    count: int
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period of the day as a line of the week: its label and its times."""

    code: str
    label: str
    start: dt.time
    end: dt.time
    part: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week of one subject: seven days from Monday on, the office's periods, and the sessions."""

    kind: Kind
    code: str
    name: str
    days: tuple[Day, ...]
    periods: tuple[PeriodLine, ...]
    sessions: tuple[SessionView, ...]
    previous: dt.date | None
    next: dt.date | None


def day_sessions(session: Session, office: Office, date: dt.date) -> DayView:
    """Return the sessions of ``date``, cancelled ones included, and the training days around."""
    rows = session.connection().execute(_sessions().where(_SESSION.c.date == date))
    return DayView(
        day=day_of(office, date),
        sessions=_views(office, rows),
        previous=_edge(session, func.max, _SESSION.c.date < date),
        next=_edge(session, func.min, _SESSION.c.date > date),
    )


def week_grid(session: Session, office: Office, kind: Kind, code: str, date: dt.date) -> WeekView:
    """Return the week (from Monday) that holds ``date``, as one class, teacher or venue has it."""
    monday = date - dt.timedelta(days=date.weekday())
    after = monday + dt.timedelta(days=7)
    own = _COLUMN[kind] == code
    span = (_SESSION.c.date >= monday, _SESSION.c.date < after)
    rows = session.connection().execute(_sessions().where(own, *span))
    return WeekView(
        kind=kind,
        code=code,
        name=name_of(session, kind, code),
        days=tuple(day_of(office, monday + dt.timedelta(days=number)) for number in range(7)),
        periods=tuple(
            PeriodLine(
                period.code, period.label or period.code, period.start, period.end, period.part
            )
            for period in office.periods
        ),
        sessions=_views(office, rows),
        previous=_edge(session, func.max, own, _SESSION.c.date < monday),
        next=_edge(session, func.min, own, _SESSION.c.date >= after),
    )


def class_sessions(session: Session, office: Office, class_code: str) -> tuple[SessionView, ...]:
    """Return every session of a class that is not cancelled, in order of time."""
    query = _sessions().where(_SESSION.c.class_code == class_code, _SESSION.c.status != "cancelled")
    return _views(office, session.connection().execute(query))


def session_view(session: Session, office: Office, uid: str) -> SessionView | None:
    """Return one session, or None where there is none with this uid."""
    rows = session.connection().execute(_sessions().where(_SESSION.c.uid == uid))
    return next(iter(_views(office, rows)), None)


def subjects(session: Session, kinds: Iterable[Kind] = KINDS) -> tuple[Subject, ...]:
    """Return every class, teacher and venue that has a session: classes by date, others by name."""
    return tuple(found for kind in kinds for found in _subjects_of(session, kind))


def name_of(session: Session, kind: Kind, code: str) -> str:
    """Return the name of a class, teacher or venue, or its code where it has gone."""
    table, name = {
        "class": (_CLASS, _CLASS.c.title),
        "teacher": (_TEACHER, _TEACHER.c.name),
        "venue": (_VENUE, _VENUE.c.name),
    }[kind]
    found = session.connection().execute(select(name).where(table.c.code == code)).scalar()
    return str(found) if found else code


def day_of(office: Office, date: dt.date) -> Day:
    """Return what the office's calendar says of ``date``."""
    calendar = office.work_calendar
    return Day(date, calendar.is_working(date), calendar.is_makeup(date), calendar.name_of(date))


def _sessions() -> Select[Any]:
    return (
        select(
            *(
                _SESSION.c[name]
                for name in (
                    "uid", "class_code", "course", "seq", "date", "period", "periods", "start",
                    "end", "venue", "teacher", "status", "locked", "joint",
                )
            ),
            _CLASS.c.title.label("class_title"),
            _COURSE.c.title.label("course_title"),
            _COURSE.c.form,
            _COURSE.c.strand,
            _VENUE.c.name.label("venue_name"),
            _TEACHER.c.name.label("teacher_name"),
        )
        .join(_CLASS, _CLASS.c.code == _SESSION.c.class_code)
        .join(_COURSE, _COURSE.c.code == _SESSION.c.course)
        .outerjoin(_VENUE, _VENUE.c.code == _SESSION.c.venue)
        .outerjoin(_TEACHER, _TEACHER.c.code == _SESSION.c.teacher)
        .order_by(_SESSION.c.start, _SESSION.c.class_code, _SESSION.c.uid)
    )  # fmt: skip


def _views(office: Office, rows: Iterable[Any]) -> tuple[SessionView, ...]:
    return tuple(_view(office, row) for row in rows)


def _view(office: Office, row: Any) -> SessionView:
    start = row.start.astimezone(office.zone).time()
    first = office.period_index.get(row.period)
    if first is None:
        # the period has been taken out of the settings since: the nearest one by time stands in
        earlier = [place for place, period in enumerate(office.periods) if period.start <= start]
        first = earlier[-1] if earlier else 0
    return SessionView(
        uid=row.uid,
        class_code=row.class_code,
        class_title=row.class_title,
        course_code=row.course,
        course_title=row.course_title,
        form=row.form,
        strand=row.strand,
        seq=row.seq,
        date=row.date,
        start=start,
        end=row.end.astimezone(office.zone).time(),
        first=first,
        last=min(first + row.periods, len(office.periods)) - 1,
        venue_code=row.venue,
        venue_name=row.venue_name,
        teacher_code=row.teacher,
        teacher_name=row.teacher_name,
        status=row.status,
        locked=row.locked,
        joint=row.joint,
    )


def _edge(session: Session, edge: Any, *conditions: ColumnElement[bool]) -> dt.date | None:
    query = select(edge(_SESSION.c.date)).where(_SESSION.c.status != "cancelled", *conditions)
    found = session.connection().execute(query).scalar()
    return found if isinstance(found, dt.date) else None


def _subjects_of(session: Session, kind: Kind) -> list[Subject]:
    own = _COLUMN[kind]
    held = (
        select(
            own.label("code"),
            func.count().label("held"),
            func.min(_SESSION.c.date).label("first"),
            func.max(_SESSION.c.date).label("last"),
        )
        .where(_SESSION.c.status != "cancelled", own.is_not(None))
        .group_by(own)
        .subquery()
    )
    columns = (held.c.held, held.c.first, held.c.last)
    query: Select[Any]
    if kind == "class":
        query = (
            select(_CLASS.c.code, _CLASS.c.title, _CLASS.c.series, *columns)
            .join(held, held.c.code == _CLASS.c.code)
            .order_by(held.c.first, _CLASS.c.code)
        )
    elif kind == "teacher":
        query = (
            select(_TEACHER.c.code, _TEACHER.c.name, _UNIT.c.name, *columns)
            .join(held, held.c.code == _TEACHER.c.code)
            .outerjoin(_UNIT, _UNIT.c.code == _TEACHER.c.unit)
            .order_by(_TEACHER.c.name, _TEACHER.c.code)
        )
    else:
        query = (
            select(_VENUE.c.code, _VENUE.c.name, _UNIT.c.name, *columns)
            .join(held, held.c.code == _VENUE.c.code)
            .outerjoin(_UNIT, _UNIT.c.code == _VENUE.c.unit)
            .order_by(_VENUE.c.name, _VENUE.c.code)
        )
    rows: Iterable[Any] = session.connection().execute(query)
    return [Subject(kind, row[0], row[1], row[2] or "", row[3], row[4], row[5]) for row in rows]
