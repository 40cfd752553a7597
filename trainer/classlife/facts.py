"""A class as those see it who live in it: its days, and who is a member on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import or_, select
from sqlmodel import Session

from db.tables import Leave, Person, TrainingClass, TrainingSession, Unit
from db.work import table_of
from trainer.attendance.expected import CANCELLED, Membership, read_memberships
from trainer.attendance.leave import STANDS, stretch_of
from trainer.classlife.rules import ClassRules, Level, rules_of
from trainer.errors import Refused
from trainer.office import Office
from trainer.phrases import Phrase, phrase

_LEAVE = table_of(Leave)
Gender = Literal["m", "f"]
_MEN: Final = frozenset({"男", "男性", "m", "male", "man"})
_WOMEN: Final = frozenset({"女", "女性", "f", "female", "woman"})


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class; ``full`` is a full member of the party."""

    person: str
    name: str
    unit: str | None = None
    unit_name: str | None = None
    gender: Gender | None = None
    category: str | None = None
    position: str | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class: its title, its days, all who are ever members, and their stays."""

    code: str
    title: str
    stage: str
    residential: bool
    head_teacher: str | None
    first: dt.date
    last: dt.date
    days: tuple[dt.date, ...]
    members: tuple[Member, ...]
    stays: tuple[Membership, ...]
    #: how strict it is that what is recorded of a class lies within its days (CL-1)
    days_level: Level = "warn"

    def present_on(self, date: dt.date) -> tuple[Member, ...]:
        """Return the members on a day, in the order of their units and codes."""
        here = {stay.person for stay in self.stays if stay.covers(date)}
        return tuple(member for member in self.members if member.person in here)

    def member(self, person: str) -> Member:
        """Return somebody who is or was a member; raise Refused for anybody else."""
        for member in self.members:
            if member.person == person:
                return member
        raise Refused(
            "{person} is not a confirmed member of {class_code}; enrol the person first, or check "
            "the code",
            person=person,
            class_code=self.code,
        )

    def outside(self, date: dt.date) -> Phrase | None:
        """Return what to say of a day that is none of the class's (CL-1), None for nothing.

        Raise Refused where the office's level forbids it.
        """
        if self.days_level == "off" or self.first <= date <= self.last:
            return None
        said = phrase(
            "{date} is outside the days of {class_code}, {first} to {last}; check the date",
            date=date,
            class_code=self.code,
            first=self.first,
            last=self.last,
        )
        if self.days_level == "block":
            raise Refused(said.template, **said.params)
        return said

    def within(self, date: dt.date) -> dt.date:
        """Return the day of the class that is nearest to a date."""
        return min(max(date, self.first), self.last)


def read_class(session: Session, office: Office, code: str) -> ClassFacts:
    """Return the facts of a class; raise Refused where it is unknown or has no days yet."""
    row = session.get(TrainingClass, code)
    if row is None:
        raise Refused(
            "there is no class {class_code}; “trainer export DIR” writes them all into classes.csv",
            class_code=code,
        )
    days = _days(session, code)
    first, last = (days[0], days[-1]) if days else (row.earliest, row.latest)
    if first is None or last is None:
        raise Refused(
            "{class_code} has no days yet; put it on the timetable, or give it an earliest and a "
            "latest day",
            class_code=code,
        )
    stays, rules = read_memberships(session, code), rules_of(office)
    everybody = {stay.person for stay in stays}
    return ClassFacts(
        code=code,
        title=row.title,
        stage=row.stage,
        residential=bool(row.residential),
        head_teacher=row.head_teacher,
        first=first,
        last=last,
        days=days,
        members=_members(session, everybody, rules),
        stays=tuple(stays),
        days_level=rules.levels["CL-1"],
    )


def read_on_leave(
    session: Session, facts: ClassFacts, days: Iterable[dt.date]
) -> dict[dt.date, set[str]]:
    """Return for each day who has approved leave on it, for the whole of it or a part."""
    table = table_of(Leave)
    query = select(table.c.person, table.c.date_from, table.c.date_to, table.c.returned_at).where(
        table.c.status.in_(("approved", "returned")),
        or_(table.c.class_code.is_(None), table.c.class_code == facts.code),
    )
    rows = session.execute(query).all()
    return {
        day: {
            person
            for person, first, last, back in rows
            if first <= day <= last and (back is None or day <= back)
        }
        for day in days
    }


def read_away_at(
    session: Session, office: Office, facts: ClassFacts, date: dt.date, time: dt.time
) -> set[str]:
    """Return who is away by approved leave at a time of a day; whoever is back that day is not."""
    query = select(Leave).where(
        _LEAVE.c.status.in_(STANDS),
        _LEAVE.c.date_from <= date,
        _LEAVE.c.date_to >= date,
        or_(_LEAVE.c.returned_at.is_(None), _LEAVE.c.returned_at > date),
        or_(_LEAVE.c.class_code.is_(None), _LEAVE.c.class_code == facts.code),
    )
    minute = time.hour * 60 + time.minute
    spans = ((row.person, stretch_of(row).span_on(office, date)) for row in session.scalars(query))
    return {person for person, span in spans if span and span[0] <= minute < span[1]}


def gender_of(word: str | None) -> Gender | None:
    """Return what a free word says of a gender, None where it says nothing."""
    plain = (word or "").strip().casefold()
    if plain in _MEN:
        return "m"
    return "f" if plain in _WOMEN else None


def _days(session: Session, code: str) -> tuple[dt.date, ...]:
    table = table_of(TrainingSession)
    query = (
        select(table.c.date)
        .where(table.c.class_code == code, table.c.status != CANCELLED)
        .distinct()
        .order_by(table.c.date)
    )
    return tuple(session.scalars(query))


def _members(session: Session, codes: set[str], rules: ClassRules) -> tuple[Member, ...]:
    person, unit = table_of(Person), table_of(Unit)
    names = ("code", "name", "unit", "gender", "category", "position", "party_status")
    query = (
        select(*(person.c[name] for name in names), unit.c.name.label("unit_name"))
        .outerjoin(unit, unit.c.code == person.c.unit)
        .where(person.c.code.in_(sorted(codes)))
    )
    rows = session.execute(query).all()
    return tuple(
        Member(
            person=row.code,
            name=row.name,
            unit=row.unit,
            unit_name=row.unit_name,
            gender=gender_of(row.gender),
            category=row.category,
            position=row.position,
            full=rules.is_full_member(row.party_status),
        )
        for row in sorted(rows, key=lambda row: (row.unit or "", row.code))
    )
