"""What the page of a class asks for: each function runs in a worker and returns plain data.

Whatever touches the database is imported inside the functions: the first frame is on the screen
before that half second begins.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.classlife.branch import Branch
    from trainer.classlife.duty import Entry, Turn
    from trainer.classlife.exits import Exit
    from trainer.classlife.facts import ClassFacts, Gender, Member
    from trainer.classlife.page import ClassPage
    from trainer.classlife.posts import Seat
    from trainer.classlife.rooms import Lodger
    from tui.backroom import Backroom


def nearest_class(backroom: Backroom, today: dt.date) -> str | None:
    """Return the class that runs today or is nearest to it; None where none has a session."""
    classes = [found.subject for found in backroom.subjects() if found.subject.kind == "class"]

    def distance(first: dt.date, last: dt.date) -> int:
        if first <= today <= last:
            return 0
        return min(abs((first - today).days), abs((last - today).days))

    found = min(classes, key=lambda one: distance(one.first, one.last), default=None)
    return found.code if found else None


def read_class_page(backroom: Backroom, code: str) -> ClassPage:
    """Return a class at a glance on the clock's date; raise Refused where it is unknown."""
    from trainer.classlife.page import read_page

    clock = backroom.desk.clock
    with backroom.desk.reading() as session:
        return read_page(session, code, today=clock.today(), now=clock.now())


def check_evening(backroom: Backroom, page: ClassPage, person: str | None, status: str) -> None:
    """Record an evening's finding of one person, or of all who are unchecked."""
    from trainer.classlife.nights import check_the_rest, record_check

    with backroom.desk.writing() as work:
        if person is None:
            check_the_rest(work, page.office, page.facts, page.date, status)
        else:
            record_check(work, page.facts, page.date, {person: status})
        work.commit()


@dataclass(frozen=True, slots=True)
class PostsPage:
    """The page of a class with the posts that the rules and usage want filled."""

    page: ClassPage
    seats: tuple[tuple[Seat, Branch | None], ...]

    @property
    def facts(self) -> ClassFacts:
        """The class."""
        return self.page.facts


def read_posts(backroom: Backroom, code: str) -> PostsPage:
    """Return the posts of a class."""
    from trainer.classlife.proposing import seats_of
    from trainer.classlife.rules import rules_of

    page = read_class_page(backroom, code)
    rules = rules_of(page.office)
    return PostsPage(page, tuple(seats_of(page.facts, rules, page.branches, page.date)))


@dataclass(frozen=True, slots=True)
class DutyPage:
    """The duty rota and the duty log of a class; ``groups`` are those of the day."""

    facts: ClassFacts
    date: dt.date
    days: tuple[dt.date, ...]
    turns: tuple[Turn, ...]
    entries: tuple[Entry, ...]
    groups: tuple[str, ...]


def read_duty(backroom: Backroom, code: str) -> DutyPage:
    """Return the duty of a class; raise Refused where the class is unknown."""
    from trainer.classlife.duty import duty_days, read_duty_log, read_turns
    from trainer.classlife.facts import read_class
    from trainer.classlife.groups import list_groups
    from trainer.office import read_office

    with backroom.desk.reading() as session:
        facts = read_class(session, read_office(session), code)
        date = facts.within(backroom.desk.clock.today())
        return DutyPage(
            facts,
            date,
            tuple(duty_days(facts)),
            tuple(read_turns(session, facts)),
            tuple(read_duty_log(session, facts)),
            tuple(group.name for group in list_groups(session, facts, date)),
        )


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room with how many of its beds are free on the nights of a class, and for whom it is."""

    code: str
    name: str
    venue: str | None
    venue_name: str | None
    beds: int
    free: int
    gender: Gender | None
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BedsPage:
    """Who of a class sleeps where, who has no bed, and the rooms that there are."""

    facts: ClassFacts
    date: dt.date
    lodgers: tuple[Lodger, ...]
    without: tuple[Member, ...]
    rooms: tuple[RoomLine, ...]


def read_beds(backroom: Backroom, code: str) -> BedsPage:
    """Return the beds of a class on its nights."""
    from db.tables import Venue
    from trainer.classlife.facts import gender_of, read_class
    from trainer.classlife.rooms import list_rooms, lodgers, nights_of
    from trainer.office import read_office

    with backroom.desk.reading() as session:
        facts = read_class(session, read_office(session), code)
        date = facts.within(backroom.desk.clock.today())
        everybody = lodgers(session, nights=nights_of(facts, None, None))
        mine = tuple(lodgers(session, class_code=code))
        placed = {one.person for one in mine}
        rooms = []
        for room in list_rooms(session):
            here = [one for one in everybody if one.room == room.code]
            venue = session.get(Venue, room.venue) if room.venue else None
            genders = {one.gender for one in here if one.gender}
            rooms.append(
                RoomLine(
                    room.code,
                    room.name,
                    room.venue,
                    venue.name if venue else None,
                    room.beds,
                    room.beds - len({one.bed for one in here}),
                    gender_of(room.gender) or next(iter(sorted(genders)), None),
                    tuple(dict.fromkeys(one.name for one in here)),
                )
            )
    without = tuple(one for one in facts.present_on(date) if one.person not in placed)
    return BedsPage(facts, date, mine, without, tuple(rooms))


@dataclass(frozen=True, slots=True)
class ExitsPage:
    """The permits of a class, those first that somebody has to see to; instants are the office's.

    ``overdue`` are the ids of those who should be back, and ``late`` how many minutes of each.
    """

    facts: ClassFacts
    date: dt.date
    exits: tuple[Exit, ...]
    out: frozenset[str]
    late: dict[str, int]


def read_exits(backroom: Backroom, code: str) -> ExitsPage:
    """Return the permits of a class: the overdue first, then who is out, then what is asked for."""
    from trainer.classlife.exits import list_exits
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    now = backroom.desk.clock.now()
    with backroom.desk.reading() as session:
        office = read_office(session)
        facts = read_class(session, office, code)
        found = list_exits(session, code)
    zone = office.zone

    def rank(one: Exit) -> tuple[int, float]:
        if one.is_overdue(now):
            return 0, one.due_at.timestamp()
        if one.is_out(now):
            return 1, one.due_at.timestamp()
        if one.state in ("requested", "approved"):
            return 2, one.out_at.timestamp()
        return 3, -one.out_at.timestamp()

    ordered = sorted(found, key=rank)
    local = tuple(
        replace(
            one,
            out_at=one.out_at.astimezone(zone),
            due_at=one.due_at.astimezone(zone),
            back_at=one.back_at.astimezone(zone) if one.back_at else None,
        )
        for one in ordered
    )
    return ExitsPage(
        facts,
        facts.within(backroom.desk.clock.today()),
        local,
        frozenset(one.id for one in found if one.is_out(now)),
        {one.id: one.late_minutes(now) for one in found if one.late_minutes(now)},
    )
