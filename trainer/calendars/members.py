"""Who belongs to which class on which days: people by their enrolment, units by their people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from db.tables import Enrolment, Person
from trainer.calendars.facts import Directory


@dataclass(frozen=True, slots=True)
class Membership:
    """A confirmed place in a class with its dates, both included; None is open."""

    class_code: str
    first: dt.date | None = None
    last: dt.date | None = None

    def covers(self, date: dt.date) -> bool:
        """Tell whether the person belongs to the class on ``date``."""
        return (self.first is None or self.first <= date) and (
            self.last is None or date <= self.last
        )


@dataclass(frozen=True, slots=True)
class People:
    """Names and confirmed memberships by person."""

    names: Mapping[str, str]
    memberships: Mapping[str, Sequence[Membership]]


def read_people(session: Session, wanted: Iterable[str] | None) -> People:
    """Return names and confirmed memberships of the people wanted (None: of everybody)."""
    people = select(Person.code, Person.name)
    if wanted is not None:
        people = people.where(col(Person.code).in_(sorted(wanted)))
    memberships: dict[str, list[Membership]] = defaultdict(list)
    for person, membership in _memberships(session, wanted):
        memberships[person].append(membership)
    return People({code: name for code, name in session.exec(people)}, dict(memberships))  # noqa: C416


def read_units(
    session: Session, directory: Directory, wanted: Iterable[str] | None
) -> dict[str, list[Membership]]:
    """Return for each unit wanted (None: every one) the classes that concern it.

    Those are the classes that it, or a unit below it, sponsors or hosts, and those of its people on
    the days on which one of them belongs to the class.
    """
    above = _above(directory)
    asked = None if wanted is None else set(wanted)
    found: dict[str, set[Membership]] = defaultdict(set)
    for training in directory.classes.values():
        for unit in (training.sponsor, *training.hosts):
            for code in above.get(unit or "", ()):
                found[code].add(Membership(training.code))
    homes = dict(session.exec(select(Person.code, Person.unit)).all())
    for person, membership in _memberships(session, None):
        for code in above.get(homes.get(person) or "", ()):
            found[code].add(membership)
    return {
        code: sorted(places, key=lambda each: (each.class_code, str(each.first), str(each.last)))
        for code, places in found.items()
        if asked is None or code in asked
    }


def _above(directory: Directory) -> dict[str, tuple[str, ...]]:
    """Return for each unit itself and the units above it by first supervisor."""
    return {code: tuple(_upwards(code, directory)) for code in directory.units}


def _upwards(code: str, directory: Directory) -> Iterator[str]:
    seen: set[str] = set()
    unit = directory.units.get(code)
    while unit is not None and unit.code not in seen:
        seen.add(unit.code)
        yield unit.code
        unit = directory.units.get(unit.parent or "")


def _memberships(
    session: Session, wanted: Iterable[str] | None
) -> Iterator[tuple[str, Membership]]:
    places = (
        select(
            Enrolment.person,
            Enrolment.class_code,
            col(Enrolment.from_date),
            col(Enrolment.to_date),
        )
        .where(Enrolment.status == "confirmed")
        .order_by(Enrolment.person, Enrolment.class_code, col(Enrolment.stint))
    )
    if wanted is not None:
        places = places.where(col(Enrolment.person).in_(sorted(wanted)))
    for person, class_code, first, last in session.exec(places):
        yield person, Membership(class_code, first, last)
