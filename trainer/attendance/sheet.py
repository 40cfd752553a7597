"""The roll of one session as plain data: who is expected, what is marked, what leave there is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.tables import (
    Course,
    Mark,
    MarkState,
    Person,
    Teacher,
    TrainingClass,
    TrainingSession,
    Unit,
    Venue,
)
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.covers import Cover, read_covers
from trainer.attendance.credit import STATUSES
from trainer.attendance.expected import CANCELLED, expected_at
from trainer.attendance.groups import groups_of
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.roster.search import search_text

_SESSION = table_of(TrainingSession)
_PERSON = table_of(Person)
_UNIT = table_of(Unit)
_STATE = table_of(MarkState)
_MARK = table_of(Mark)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a sheet's head says: codes and names of one session."""

    uid: str
    class_code: str
    class_title: str
    course: str
    course_title: str
    seq: int
    date: dt.date
    period: str
    periods: int
    start: dt.datetime
    end: dt.datetime
    venue: str | None
    venue_name: str | None
    teacher: str | None
    teacher_name: str | None
    status: str

    @property
    def cancelled(self) -> bool:
        """Tell whether the session does not take place."""
        return self.status == CANCELLED


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person on the roll; ``status`` None is unmarked, ``suggested`` is what leave speaks for.

    A person who is marked but not ``expected`` is a guest: shown, counted apart, never dropped.
    """

    person: str
    name: str
    unit: str | None
    unit_name: str | None
    search: str
    expected: bool
    status: str | None = None
    minutes: int | None = None
    note: str | None = None
    mark: str | None = None
    marked_at: dt.datetime | None = None
    marked_by: str | None = None
    conflict: bool = False
    leave: Cover | None = None
    #: the groups that the person belongs to on that day, that of the class first
    groups: tuple[str, ...] = ()

    @property
    def suggested(self) -> str | None:
        """The status that approved leave suggests for somebody who is not marked."""
        return self.leave.status if self.leave and self.status is None else None

    @property
    def suggested_minutes(self) -> int | None:
        """The minutes missed that go with ``suggested``, of leave of a part of the session."""
        return self.leave.minutes if self.leave and self.status is None else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The roll of one session, people in the order of their units and codes, guests at the end.

    So the lines of those expected keep their numbers from a sheet printed beforehand.
    """

    session: SessionFacts
    lines: tuple[RollLine, ...]

    def counts(self) -> dict[str, int]:
        """Return how many have each status, how many are expected, unmarked, guests, attended."""
        tally = Counter(line.status for line in self.lines if line.status)
        return {
            "expected": sum(line.expected for line in self.lines),
            "attended": sum(tally[status] for status in ATTENDED),
            **{status: tally[status] for status in STATUSES},
            "unmarked": sum(line.expected and line.status is None for line in self.lines),
            "guests": sum(not line.expected for line in self.lines),
            "conflicts": sum(line.conflict for line in self.lines),
        }


def open_sheet(session: Session, office: Office, uid: str, *, search: bool = True) -> Sheet:
    """Return the roll of a session; without ``search`` no pinyin is worked out. Raise Refused."""
    facts = session_facts(session, uid)
    expected = set(expected_at(session, uid))
    marks = _marks(session, uid)
    people = _people(session, expected) + _people(session, set(marks) - expected)
    covers = read_covers(session, office, facts.class_code, facts.date, facts.period, facts.periods)
    lines = (
        _line(person, marks.get(person.code), covers.get(person.code), expected, search=search)
        for person in people
    )
    groups = groups_of(session, facts.class_code, facts.date)
    return Sheet(facts, tuple(replace(line, groups=groups.get(line.person, ())) for line in lines))


def of_group(sheet: Sheet, group: str) -> Sheet:
    """Return a sheet with those of one group alone; raise Refused where nobody is in it."""
    lines = tuple(line for line in sheet.lines if group in line.groups)
    if not lines:
        raise Refused(
            "nobody on the sheet of {class_code} is in the group “{group}”; “trainer class groups "
            "{class_code}” lists the groups",
            class_code=sheet.session.class_code,
            group=group,
        )
    return replace(sheet, lines=lines)


def session_facts(session: Session, uid: str) -> SessionFacts:
    """Return what is known of a session, names included; raise Refused where there is none."""
    klass, course = table_of(TrainingClass), table_of(Course)
    venue, teacher = table_of(Venue), table_of(Teacher)
    query = (
        select(
            *(_SESSION.c[name] for name in ("uid", "class_code")),
            klass.c.title.label("class_title"),
            _SESSION.c.course,
            course.c.title.label("course_title"),
            *(_SESSION.c[name] for name in ("seq", "date", "period", "periods", "start", "end")),
            _SESSION.c.venue,
            venue.c.name.label("venue_name"),
            _SESSION.c.teacher,
            teacher.c.name.label("teacher_name"),
            _SESSION.c.status,
        )
        .join(klass, klass.c.code == _SESSION.c.class_code)
        .join(course, course.c.code == _SESSION.c.course)
        .outerjoin(venue, venue.c.code == _SESSION.c.venue)
        .outerjoin(teacher, teacher.c.code == _SESSION.c.teacher)
        .where(_SESSION.c.uid == uid)
    )
    row = session.connection().execute(query).mappings().first()
    if row is None:
        raise Refused(
            "there is no session {session}; “trainer attendance sheet” lists those of a class",
            session=uid,
        )
    return SessionFacts(**row)


def sessions_on(
    session: Session, office: Office, class_code: str, date: dt.date, period: str | None = None
) -> list[tuple[str, str, int]]:
    """Return (uid, first period, periods) of a class's sessions on a day that are not cancelled.

    With ``period`` only those that cover it. In the order of the day. Raise UsageError for a period
    that the office does not have.
    """
    if period is not None and period not in office.period_index:
        raise UsageError(
            "there is no period “{period}”; the office has {known}",
            period=period,
            known=", ".join(office.period_index),
        )
    query = select(_SESSION.c.uid, _SESSION.c.period, _SESSION.c.periods).where(
        _SESSION.c.class_code == class_code,
        _SESSION.c.date == date,
        _SESSION.c.status != CANCELLED,
    )
    rows = [(row[0], row[1], row[2]) for row in session.connection().execute(query)]
    if period is not None:
        rows = [row for row in rows if period in _covered(office, row[1], row[2])]
    return sorted(rows, key=lambda row: (office.period_index.get(row[1], 0), row[0]))


def find_session(
    session: Session, office: Office, class_code: str, date: dt.date, period: str | None
) -> str:
    """Return the one session that is meant; raise Refused where there is none, or several."""
    require_class(session, class_code)
    found = sessions_on(session, office, class_code, date, period)
    if len(found) == 1:
        return found[0][0]
    if found:
        raise Refused(
            "{class_code} has several sessions on {date}; name the period of one: {periods}",
            class_code=class_code,
            date=date,
            periods=", ".join(first for _uid, first, _count in found),
        )
    others = sessions_on(session, office, class_code, date)
    if others:
        raise Refused(
            "{class_code} has no session at {period} on {date}; its periods that day begin with: "
            "{periods}",
            class_code=class_code,
            period=period,
            date=date,
            periods=", ".join(first for _uid, first, _count in others),
        )
    raise Refused(
        "{class_code} has no session on {date} that is not cancelled; check the date in its "
        "timetable",
        class_code=class_code,
        date=date,
    )


def require_class(session: Session, class_code: str) -> None:
    """Raise Refused where there is no such class."""
    if session.get(TrainingClass, class_code) is None:
        raise Refused(
            "there is no class {class_code}; “trainer export DIR” writes them all into classes.csv",
            class_code=class_code,
        )


def _covered(office: Office, period: str, count: int) -> set[str]:
    if period not in office.period_index:
        return {period}
    return {item.code for item in office.meeting_periods(period, count)}


def _marks(session: Session, uid: str) -> Mapping[str, Any]:
    query = (
        select(
            _STATE.c.person,
            _STATE.c.status,
            _STATE.c.minutes,
            _STATE.c.mark,
            _STATE.c.conflict,
            _MARK.c.at,
            _MARK.c.by,
            _MARK.c.note,
        )
        .join(_MARK, _MARK.c.id == _STATE.c.mark)
        .where(_STATE.c.session == uid)
    )
    return {row.person: row for row in session.connection().execute(query)}


def _people(session: Session, codes: Iterable[str]) -> list[Any]:
    wanted = sorted(codes)
    rows: list[Any] = []
    for first in range(0, len(wanted), 500):
        query = (
            select(_PERSON.c.code, _PERSON.c.name, _PERSON.c.unit, _UNIT.c.name.label("unit_name"))
            .outerjoin(_UNIT, _UNIT.c.code == _PERSON.c.unit)
            .where(_PERSON.c.code.in_(wanted[first : first + 500]))
        )
        rows += session.connection().execute(query).all()
    return sorted(rows, key=lambda row: (row.unit or "", row.code))


def _line(
    person: Any, mark: Any, leave: Cover | None, expected: set[str], *, search: bool
) -> RollLine:
    line = {
        "person": person.code,
        "name": person.name,
        "unit": person.unit,
        "unit_name": person.unit_name,
        "search": search_text(person.name, person.code, person.unit_name or "") if search else "",
        "expected": person.code in expected,
        "leave": leave,
    }
    if mark is not None:
        line |= {
            "status": mark.status,
            "minutes": mark.minutes,
            "note": mark.note,
            "mark": mark.mark,
            "marked_at": mark.at,
            "marked_by": mark.by,
            "conflict": bool(mark.conflict),
        }
    return RollLine(**line)
