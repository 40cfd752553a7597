"""What the timetable is made from: the tables' rows as they are in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from sqlalchemy import exists, func
from sqlmodel import Session, SQLModel, col, select

from db.tables import (
    AccreditationItem,
    Course,
    Enrolment,
    Mark,
    Person,
    SyllabusItem,
    Teacher,
    TrainingClass,
    TrainingSession,
    Travel,
    Unavailability,
    Unit,
    UnitGroup,
    Venue,
)
from trainer.office import Office, read_office

#: Stages of a class in which its meetings are put on dates.
PLANNED_STAGES: Final = ("approved", "notified", "running")

#: A session's name in the office's own words: class, course, and which meeting of it.
Key = tuple[str, str, int]

_Row = TypeVar("_Row", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Membership:
    """A confirmed place in a class, and its dates, both included; None is open."""

    class_code: str
    person: str
    first: dt.date | None
    last: dt.date | None

    def covers(self, day: dt.date) -> bool:
        """Tell whether the person belongs to the class on ``day``."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Facts:
    """Everything that decides a timetable, read at one moment; rows are never changed."""

    office: Office
    units: Mapping[str, Unit]
    groups: Mapping[str, UnitGroup]
    venues: Mapping[str, Venue]
    dated_haves: Mapping[str, int]
    travel: Sequence[Travel]
    teachers: Mapping[str, Teacher]
    courses: Mapping[str, Course]
    classes: Mapping[str, TrainingClass]
    syllabus: Sequence[SyllabusItem]
    memberships: Sequence[Membership]
    unavailable: Sequence[Unavailability]
    sessions: Mapping[str, TrainingSession]
    marked: frozenset[str]
    names: Mapping[str, str]

    @cached_property
    def members(self) -> Mapping[str, list[Membership]]:
        """The confirmed memberships of each class."""
        found: dict[str, list[Membership]] = defaultdict(list)
        for membership in self.memberships:
            found[membership.class_code].append(membership)
        return found

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """The greater of planned size and confirmed people, by class."""
        return {
            code: max(each.size or 0, len({m.person for m in self.members.get(code, ())}))
            for code, each in self.classes.items()
        }

    @cached_property
    def by_key(self) -> Mapping[Key, TrainingSession]:
        """Sessions by class, course and which meeting of it they are."""
        return {key_of(each): each for each in self.sessions.values()}

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """Each unit with all units below it by first supervisor, itself included."""
        children: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            if unit.parent:
                children[unit.parent].append(unit.code)
        return {code: _descend(code, children) for code in self.units}

    @cached_property
    def willing(self) -> Mapping[str, list[str]]:
        """The teachers whose own row names a course, by the course."""
        found: dict[str, list[str]] = defaultdict(list)
        for teacher in self.teachers.values():
            for course in teacher.courses:
                found[course].append(teacher.code)
        return found

    def asking_units(self, class_code: str) -> frozenset[str]:
        """Return the units for which a class asks for places: its sponsor and its hosts."""
        each = self.classes[class_code]
        return frozenset(code for code in (each.sponsor, *each.hosts) if code)

    def classes_of_unit(self, unit: str) -> tuple[str, ...]:
        """Return the classes that a unit, or one below it, sponsors or hosts."""
        units = self.below.get(unit, frozenset((unit,)))
        return tuple(code for code in self.classes if units & self.asking_units(code))

    def is_planned(self, class_code: str) -> bool:
        """Tell whether a class has come as far as being put on dates."""
        return self.classes[class_code].stage in PLANNED_STAGES

    def is_fixed(self, session: TrainingSession) -> bool:
        """Tell whether a session must stay as it is: locked, held, or with attendance recorded."""
        return session.locked or session.status == "held" or session.uid in self.marked


def holds(office: Office, row: Unavailability) -> bool:
    """Tell whether an unavailability counts: a booking that is refused, or only asked for, not.

    ``[policies.bookings] asked = "block"`` lets what is asked for count as well.
    """
    if row.state == "asked":
        asked = office.policies.get("bookings")
        return isinstance(asked, dict) and asked.get("asked") == "block"
    return row.state != "refused"


def key_of(session: TrainingSession) -> Key:
    """Return a session's name in the office's own words."""
    return session.class_code, session.course, session.seq


def read_facts(session: Session) -> Facts:
    """Read the tables; the caller's transaction decides which moment they are of."""
    office = read_office(session)
    return Facts(
        office=office,
        units={row.code: row for row in _all(session, Unit)},
        groups={row.code: row for row in _all(session, UnitGroup)},
        venues={row.code: row for row in _all(session, Venue)},
        dated_haves=_dated_haves(session),
        travel=_all(session, Travel),
        teachers={row.code: row for row in _all(session, Teacher)},
        courses={row.code: row for row in _all(session, Course)},
        classes={row.code: row for row in _all(session, TrainingClass)},
        syllabus=_all(session, SyllabusItem),
        memberships=_memberships(session),
        unavailable=[row for row in _all(session, Unavailability) if holds(office, row)],
        sessions={row.uid: row for row in _all(session, TrainingSession)},
        marked=_marked(session),
        names=_names(session),
    )


def _all(session: Session, model: type[_Row]) -> Sequence[_Row]:
    # rows changed by bulk statements of this transaction must be seen as they are now
    key = model.__table__.primary_key  # type: ignore[attr-defined]
    statement = select(model).order_by(*key).execution_options(populate_existing=True)
    return session.exec(statement).all()


def _memberships(session: Session) -> list[Membership]:
    statement = (
        select(
            Enrolment.class_code, Enrolment.person, col(Enrolment.from_date), col(Enrolment.to_date)
        )
        .where(Enrolment.status == "confirmed")
        .order_by(Enrolment.class_code, Enrolment.person, col(Enrolment.stint))
    )
    return [Membership(*row) for row in session.exec(statement)]


def _marked(session: Session) -> frozenset[str]:
    # a log may hold millions of marks: the index answers for each session whether there is one
    has_mark = exists().where(col(Mark.session) == col(TrainingSession.uid))
    return frozenset(session.exec(select(TrainingSession.uid).where(has_mark)))


def _names(session: Session) -> dict[str, str]:
    is_member = exists().where(
        col(Enrolment.person) == col(Person.code), col(Enrolment.status) == "confirmed"
    )
    rows = session.exec(select(Person.code, Person.name).where(is_member))
    return {code: name for code, name in rows}  # noqa: C416 - rows, not pairs


def _dated_haves(session: Session) -> dict[str, int]:
    statement = (
        select(AccreditationItem.venue, func.count())
        .where(col(AccreditationItem.date).is_not(None))
        .group_by(AccreditationItem.venue)
    )
    return dict(session.exec(statement).all())


def _descend(code: str, children: Mapping[str, Sequence[str]]) -> frozenset[str]:
    found: set[str] = set()
    pending = [code]
    while pending:
        unit = pending.pop()
        if unit not in found:
            found.add(unit)
            pending += children.get(unit, ())
    return frozenset(found)
