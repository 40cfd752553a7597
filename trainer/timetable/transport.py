"""Who goes by bus on a day: trips to field sites, who shares a bus, and whether seats are short.

A trip is a class's stay at field sites without coming home in between. Classes that set out from
one place to the same sites at the same hours go together. It is a report: no rule of the timetable
asks for buses, and the solver knows nothing of them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from db.tables import Person, TrainingSession
from trainer.desk import Desk
from trainer.phrases import phrase, say
from trainer.reports.report import Column, Report
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.fleet import Carried, Load, assign_buses, buses_needed
from trainer.timetable.guiding import stays_of
from trainer.timetable.places import Point, given_minutes, minutes_between
from trainer.timetable.rounds import MINUTE, Rounds, rounds_of

NOT_A_BASE: Final = frozenset({"field_site", "online"})
COLUMNS: Final = (
    Column("from", phrase("Sets out"), "text"),
    Column("to", phrase("Back"), "text"),
    Column("class_titles", phrase("Classes"), "text"),
    Column("place", phrase("Place"), "text"),
    Column("people", phrase("People"), "count"),
    Column("bus", phrase("Buses"), "text"),
    Column("short", phrase("Seats short"), "count"),
    Column("contact", phrase("Head teacher"), "text"),
)


@dataclass(frozen=True, slots=True)
class Trip:
    """People who travel together: their classes, from where, to which sites, and when.

    ``buses`` are numbers of the office's buses, from 0; None where the office states none.
    """

    classes: tuple[str, ...]
    home: str
    sites: tuple[str, ...]
    start: dt.datetime
    end: dt.datetime
    people: int
    buses: tuple[int, ...] | None = None
    short: int = 0


def transport_list(desk: Desk, day: dt.date) -> Report:
    """Return the trips of a day as a report, in the order in which they set out."""
    with desk.reading() as session:
        facts = read_facts(session)
        heads = {
            code: session.get(Person, row.head_teacher or "") for code, row in facts.classes.items()
        }
    trips = trips_of(facts, rounds_of(facts), day)
    seats = facts.office.transport.seats
    rows = tuple(_told(facts, trip, heads) for trip in trips)
    date = day.isoformat()
    subtitle = phrase("{date}; the office states no buses ([transport] in office.toml)", date=date)
    if seats:
        subtitle = phrase(
            "{date}; buses of the office: {count}, with {seats} seats",
            date=date,
            count=len(seats),
            seats=sum(seats),
        )
    return Report(
        name="transport",
        title=phrase("Transport list"),
        subtitle=subtitle,
        columns=COLUMNS,
        rows=rows,
        total={
            "people": sum(trip.people for trip in trips),
            "short": sum(trip.short for trip in trips) if seats else None,
        },
    )


def trips_of(facts: Facts, rounds: Rounds, day: dt.date) -> list[Trip]:
    """Return the trips of a day with their buses, in the order in which they set out."""
    days: dict[str, list[TrainingSession]] = defaultdict(list)
    for row in facts.sessions.values():
        if row.date == day and row.status != "cancelled":
            days[row.class_code].append(row)
    single = [trip for code in sorted(days) for trip in _Tour(facts, rounds, code, days[code])]
    together: dict[object, list[Trip]] = defaultdict(list)
    for trip in single:
        together[trip.home, trip.sites, trip.start, trip.end].append(trip)
    trips = sorted(map(_joined, together.values()), key=lambda trip: (trip.start, trip.classes))
    seats = facts.office.transport.seats
    if not seats:
        return trips
    carried = assign_buses([Load(trip.people, trip.start, trip.end) for trip in trips], seats)
    return [_with_buses(trip, each) for trip, each in zip(trips, carried, strict=True)]


def buses_in_words(facts: Facts, trip: Trip) -> str:
    """Return the buses of a trip by number and seats, empty where the office states none."""
    seats = facts.office.transport.seats
    named = (
        phrase("bus {number} ({seats} seats)", number=bus + 1, seats=seats[bus]).text()
        for bus in trip.buses or ()
    )
    return say("; ").join(named)


def _joined(trips: Sequence[Trip]) -> Trip:
    classes = tuple(code for trip in trips for code in trip.classes)
    return replace(trips[0], classes=classes, people=sum(trip.people for trip in trips))


def _with_buses(trip: Trip, carried: Carried) -> Trip:
    return replace(trip, buses=carried.buses, short=carried.short)


def _told(facts: Facts, trip: Trip, heads: dict[str, Person | None]) -> dict[str, Any]:
    zone, seats = facts.office.zone, facts.office.transport.seats
    contacts = [head for code in trip.classes if (head := heads[code]) is not None]
    return {
        "classes": list(trip.classes),
        "home": trip.home or None,
        "venues": list(trip.sites),
        "buses": None
        if trip.buses is None
        else [{"number": bus + 1, "seats": seats[bus]} for bus in trip.buses],
        "needed": buses_needed(trip.people, seats) if seats else None,
        "from": f"{trip.start.astimezone(zone):%H:%M}",
        "to": f"{trip.end.astimezone(zone):%H:%M}",
        "class_titles": say("; ").join(facts.classes[code].title for code in trip.classes),
        "place": say("; ").join(facts.venues[code].name for code in trip.sites),
        "people": trip.people,
        "bus": buses_in_words(facts, trip),
        "short": trip.short if seats else None,
        "contact": say("; ").join(f"{head.name} {head.phone or ''}".strip() for head in contacts),
    }


class _Tour:
    """Walks a class's day and yields its trips."""

    def __init__(
        self, facts: Facts, rounds: Rounds, code: str, rows: Iterable[TrainingSession]
    ) -> None:
        self._facts, self._rounds, self._code = facts, rounds, code
        self._rows = sorted(rows, key=lambda row: (row.start, row.uid))
        self._given = given_minutes(facts.travel)

    def __iter__(self) -> Iterator[Trip]:
        runs = [
            (afield, list(rows))
            for afield, rows in groupby(self._rows, key=lambda row: bool(self._sites(row)))
        ]
        base = self._base()
        for place, (afield, rows) in enumerate(runs):
            if afield:
                before = runs[place - 1][1][-1] if place else None
                after = runs[place + 1][1][0] if place + 1 < len(runs) else None
                yield self._trip(rows, before, after, base)

    def _trip(
        self,
        rows: Sequence[TrainingSession],
        before: TrainingSession | None,
        after: TrainingSession | None,
        base: Point | None,
    ) -> Trip:
        first, last = rows[0], rows[-1]
        sites = [site for row in rows for site in self._sites(row)]
        home = self._point(before.venue) if before and before.venue else base
        goal = self._point(after.venue) if after and after.venue else base
        # a round that sets out from its own venue has its ways within its time
        begins = first.start if self._is_round(first) else self._sets_out(first, home, sites[0])
        ends = self._is_back(last, goal, sites[-1])
        if before is not None:
            begins = max(begins, before.end)
        if self._is_round(first):
            home = self._point(first.venue)
        return Trip(
            classes=(self._code,),
            home=home.code if home else "",
            sites=tuple(site for site, _ in groupby(sites)),
            start=begins,
            end=ends,
            people=self._facts.sizes[self._code] + self._facts.office.transport.escorts,
        )

    def _sets_out(self, row: TrainingSession, home: Point | None, site: str) -> dt.datetime:
        minutes = self._minutes(home, self._point(site))
        buffer = self._facts.office.travel.buffer_minutes if minutes else 0
        return row.start - (minutes + buffer) * MINUTE

    def _is_back(self, row: TrainingSession, goal: Point | None, site: str) -> dt.datetime:
        if self._is_round(row):
            return stays_of(self._rounds, row)[-1].start
        return row.end + self._minutes(self._point(site), goal) * MINUTE

    def _is_round(self, row: TrainingSession) -> bool:
        stays = self._rounds.stays(row)
        return bool(stays) and stays[0].kind == "out"

    def _sites(self, row: TrainingSession) -> list[str]:
        """Return the field sites of a session, in the order in which it is there."""
        codes = [stay.venue for stay in stays_of(self._rounds, row)]
        venues = self._facts.venues
        return [code for code in codes if code in venues and venues[code].kind == "field_site"]

    def _minutes(self, here: Point | None, there: Point | None) -> int:
        if here is None or there is None:
            return 0
        return minutes_between(here, there, self._given, self._facts.office.travel)

    def _point(self, code: str | None) -> Point | None:
        row = self._facts.venues.get(code or "")
        return Point(row.code, row.lat, row.lon) if row else None

    def _base(self) -> Point | None:
        """Return where the class sets out from: its usual venue, else the unit that holds it."""
        used = Counter(
            row.venue or "" for row in self._facts.sessions.values() if row.class_code == self._code
        )
        training = self._facts.classes[self._code]
        for code in [*sorted(used, key=lambda code: (-used[code], code)), *training.venues]:
            venue = self._facts.venues.get(code)
            if venue is not None and venue.kind not in NOT_A_BASE:
                return self._point(code)
        for code in [*training.hosts, training.sponsor or ""]:
            unit = self._facts.units.get(code)
            if unit is not None:
                return Point("", unit.lat, unit.lon)
        return None
