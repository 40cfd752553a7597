"""Rooms with beds, and who of a class sleeps in which of them on which nights.

A stay is for the nights from its first day to the one before the day of leaving. A bed holds one
person a night, whichever class that person belongs to; men and women never share a room unless a
person gives the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import Session

from db.tables import BedPlace, Person, Room, Venue
from db.work import table_of
from trainer.classlife.allocation import Allocation, Free, Mode, Sleeper, allocate
from trainer.classlife.facts import ClassFacts, Gender, gender_of
from trainer.classlife.rules import RuleBroken
from trainer.classlife.standing import record, standing
from trainer.errors import Refused, UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork

_DAY = dt.timedelta(days=1)
#: A dormitory is many rooms.
_MOST_BEDS = 999


@dataclass(frozen=True, slots=True)
class Nights:
    """Nights from ``first`` to the one before ``last``."""

    first: dt.date
    last: dt.date

    def meets(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether a stay shares a night with these."""
        return first < self.last and self.first < last


@dataclass(frozen=True, slots=True)
class Lodger:
    """Somebody in a bed, of whichever class."""

    id: str
    class_code: str
    person: str
    name: str
    gender: Gender | None
    unit: str | None
    room: str
    bed: int
    nights: Nights
    fixed: bool
    reason: str | None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "class": self.class_code,
            "person": self.person,
            "name": self.name,
            "unit": self.unit,
            "room": self.room,
            "bed": self.bed,
            "from": self.nights.first.isoformat(),
            "to": self.nights.last.isoformat(),
            "fixed": self.fixed,
            "reason": self.reason,
        }


def add_room(
    work: UnitOfWork,
    code: str,
    *,
    beds: int,
    name: str | None = None,
    venue: str | None = None,
    gender: str | None = None,
    note: str | None = None,
) -> Room:
    """Add a room, or change the one of that code; raise Refused where it would hold too many."""
    if not 0 <= beds <= _MOST_BEDS:
        raise UsageError("a room has 0 to {most} beds; give their number", most=_MOST_BEDS)
    if venue is not None and work.session.get(Venue, venue) is None:
        raise Refused("there is no venue {venue}; check the code", venue=venue)
    if gender and gender_of(gender) is None:
        raise UsageError(
            "“{gender}” is not for whom a room can be; write 男, 女, m or f", gender=gender
        )
    highest = max((one.bed for one in lodgers(work.session) if one.room == code), default=0)
    if highest > beds:
        raise Refused(
            "somebody has bed {bed} of the room {room}; move the person first",
            bed=highest,
            room=code,
        )
    row = work.session.get(Room, code)
    if row is None:
        row = Room(code=code, name=name or code, beds=beds)
        work.session.add(row)
    row.beds, row.name = beds, name or row.name
    row.venue, row.gender, row.note = venue or row.venue, gender or row.gender, note or row.note
    return row


def list_rooms(session: Session, venue: str | None = None) -> list[Room]:
    """Return the rooms (of a place) in the order of their codes."""
    query = select(Room)
    if venue is not None:
        query = query.where(table_of(Room).c.venue == venue)
    return sorted(session.scalars(query), key=lambda room: (room.venue or "", room.code))


def lodgers(
    session: Session, *, nights: Nights | None = None, class_code: str | None = None
) -> list[Lodger]:
    """Return who has a bed on any of some nights (ever), of one class or all, by room and bed."""
    # first the beds: reading them stores what this work has not stored yet
    rows = standing(session.scalars(select(BedPlace)))
    people = {row.code: row for row in session.execute(_people()).all()}
    found = [
        Lodger(
            id=row.id,
            class_code=row.class_code,
            person=row.person,
            name=people[row.person].name,
            gender=gender_of(people[row.person].gender),
            unit=people[row.person].unit,
            room=row.room,
            bed=row.bed or 1,
            nights=Nights(row.from_date, row.to_date),
            fixed=row.fixed,
            reason=row.reason,
        )
        for row in rows
        if row.room
    ]
    return sorted(
        (
            one
            for one in found
            if (class_code is None or one.class_code == class_code)
            and (nights is None or nights.meets(one.nights.first, one.nights.last))
        ),
        key=lambda one: (one.room, one.bed, one.nights.first, one.person),
    )


def nights_of(facts: ClassFacts, first: dt.date | None, last: dt.date | None) -> Nights:
    """Return the nights of a class's stay: from its first day to its last, at least one."""
    begin = first or facts.first
    end = last or max(facts.last, begin + _DAY)
    if end <= begin:
        raise UsageError(
            "the stay from {first} to {last} has no night; let it end on a later day",
            first=begin,
            last=end,
        )
    return Nights(begin, end)


def allocate_rooms(
    work: UnitOfWork,
    facts: ClassFacts,
    *,
    mode: Mode = "together",
    venue: str | None = None,
    nights: Nights | None = None,
    seed: int = 1,
) -> Allocation:
    """Give the members of a class beds anew, but for those who were placed by hand.

    Return the beds given and who got none.
    """
    stay = nights or nights_of(facts, None, None)
    old = lodgers(work.session, class_code=facts.code)
    fixed = {one.person for one in old if one.fixed}
    sleepers = [
        Sleeper(one.person, one.gender, one.unit)
        for one in _members_during(facts, stay)
        if one.person not in fixed
    ]
    moving = {one.id for one in old if not one.fixed}
    others = [one for one in lodgers(work.session, nights=stay) if one.id not in moving]
    found = allocate(
        sleepers,
        (_free(room, others) for room in list_rooms(work.session, venue)),
        mode=mode,
        seed=seed,
    )
    loose = {one.person: one for one in old if not one.fixed}
    for person, bed in found.beds.items():
        before = loose.pop(person, None)
        if before and (before.room, before.bed, before.nights) == (bed.room, bed.bed, stay):
            continue
        _place(
            work, facts, person, (bed.room, bed.bed), stay, replaces=before.id if before else None
        )
    for one in loose.values():
        _place(work, facts, one.person, None, one.nights, replaces=one.id)
    return found


def place_person(
    work: UnitOfWork,
    facts: ClassFacts,
    person: str,
    room: str | None,
    *,
    bed: int | None = None,
    nights: Nights | None = None,
    reason: str | None = None,
    override: str | None = None,
) -> BedPlace:
    """Put somebody into a room by hand (or out of all), where no allocation moves the person.

    Raise Refused for a room that is unknown or full on one of the nights, and for men and women in
    one room (``override`` gives the reason for that).
    """
    member = facts.member(person)
    stay = nights or nights_of(facts, None, None)
    mine = [one for one in lodgers(work.session, class_code=facts.code) if one.person == person]
    same = [one for one in mine if stay.meets(one.nights.first, one.nights.last)]
    if room is None:
        if not mine:
            raise Refused("{person} has no bed; there is nothing to take back", person=person)
        return _place(work, facts, person, None, stay, replaces=mine[-1].id, reason=reason)
    row = work.session.get(Room, room)
    if row is None:
        raise Refused(
            "there is no room {room}; “trainer class room list” shows them, “trainer class room "
            "add” adds one",
            room=room,
        )
    known = {one.id for one in same}
    others = [
        one
        for one in lodgers(work.session, nights=stay)
        if one.room == room and one.id not in known
    ]
    free = _free(row, others)
    if not free.beds or (bed is not None and bed not in free.beds):
        raise Refused(
            "the room {room} has no such free bed on all nights from {first} to {last}; move "
            "somebody first, or name another",
            room=room,
            first=stay.first,
            last=stay.last,
        )
    genders = {one.gender for one in others} | {gender_of(row.gender)}
    if genders - {member.gender, None} and not override:
        raise RuleBroken.of(
            Refused(
                "{person} would share the room {room} with the other gender, or the room is for "
                "it; name another room, or give the reason (--override)",
                person=person,
                room=room,
            )
        )
    for extra in same[:-1]:
        _place(work, facts, person, None, extra.nights, replaces=extra.id)
    return _place(
        work,
        facts,
        person,
        (room, bed or free.beds[0]),
        stay,
        replaces=same[-1].id if same else None,
        fixed=True,
        reason=override or reason,
    )


def overbooked(session: Session) -> list[tuple[str, int, dt.date, tuple[Lodger, Lodger]]]:
    """Return beds that two people have on one night: (room, bed, night, who).

    It cannot come about in one database, but two of them may each have given the same bed.
    """
    by_bed: dict[tuple[str, int], list[Lodger]] = {}
    for one in lodgers(session):
        by_bed.setdefault((one.room, one.bed), []).append(one)
    found = []
    for (room, bed), people in sorted(by_bed.items()):
        clash = [
            (max(one.nights.first, two.nights.first), one, two)
            for place, one in enumerate(people)
            for two in people[place + 1 :]
            if one.nights.meets(two.nights.first, two.nights.last)
        ]
        found += [(room, bed, night, (one, two)) for night, one, two in clash]
    return found


def _free(room: Room, others: Iterable[Lodger]) -> Free:
    here = [one for one in others if one.room == room.code]
    taken = {one.bed for one in here}
    genders = {one.gender for one in here if one.gender}
    own = gender_of(room.gender) or next(iter(sorted(genders)), None)
    # a room that holds men and women by somebody's decision takes nobody else by itself
    beds = () if len(genders) > 1 else tuple(
        bed for bed in range(1, room.beds + 1) if bed not in taken
    )  # fmt: skip
    return Free(room.code, beds, own, tuple(one.unit or one.person for one in here))


def _members_during(facts: ClassFacts, stay: Nights) -> list[Any]:
    here = {
        one.person
        for one in facts.stays
        if (one.first is None or one.first < stay.last)
        and (one.last is None or stay.first <= one.last)
    }
    return [one for one in facts.members if one.person in here]


def _place(
    work: UnitOfWork,
    facts: ClassFacts,
    person: str,
    bed: tuple[str, int] | None,
    stay: Nights,
    *,
    replaces: str | None = None,
    fixed: bool = False,
    reason: str | None = None,
) -> BedPlace:
    return record(
        work,
        BedPlace,
        class_code=facts.code,
        person=person,
        room=bed[0] if bed else None,
        bed=bed[1] if bed else None,
        from_date=stay.first,
        to_date=stay.last,
        fixed=fixed,
        reason=reason,
        replaces=replaces,
    )


def _people() -> Any:
    person, bed = table_of(Person), table_of(BedPlace)
    return select(person.c.code, person.c.name, person.c.gender, person.c.unit).where(
        person.c.code.in_(select(bed.c.person))
    )
