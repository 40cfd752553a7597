"""From what was asked for to calendars: whose they are, which sessions they hold, or why not."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlmodel import Session, col, select

from db.tables import Enrolment, Person
from trainer.calendars.event import CalendarDocument, CalendarEvent
from trainer.calendars.facts import Directory, calendar_settings, read_directory
from trainer.calendars.journeys import journeys
from trainer.calendars.sessions import SessionRow, read_rows
from trainer.calendars.wording import COLORS, Kind, Wording
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import mark

NAMESPACE: Final = uuid.UUID("5ad0d8a6-3f47-4c1c-8f1e-8d1f6f2c9b77")
"""Of the UIDs of calendars, which follow from the office, the kind and the code."""

KEPT_DAYS: Final = 30
"""Days for which a cancelled session stays in the calendars, unless the office says otherwise."""

_UNKNOWN: Final = {
    Kind.CLASS: mark("there is no class “{code}”; see the codes in classes.csv or in the app"),
    Kind.TEACHER: mark("there is no teacher “{code}”; see the codes in teachers.csv or in the app"),
    Kind.VENUE: mark("there is no venue “{code}”; see the codes in venues.csv or in the app"),
    Kind.PERSON: mark("there is no person “{code}”; see the codes in people.csv or in the app"),
}
_EMPTY: Final = {
    Kind.CLASS: mark(
        "class “{code}” has no session to show; put it on the timetable and publish it, "
        "or export the draft with --draft"
    ),
    Kind.TEACHER: mark(
        "teacher “{code}” has no session to show; choose another, or export the draft with --draft"
    ),
    Kind.VENUE: mark(
        "venue “{code}” has no session to show; choose another, or export the draft with --draft"
    ),
    Kind.PERSON: mark(
        "person “{code}” has no session to show; enrol the person in a class that has sessions, "
        "or export the draft with --draft"
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """One calendar: of what kind, and of which code."""

    kind: Kind
    code: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A confirmed place in a class with its dates, both included; None is open."""

    class_code: str
    first: dt.date | None
    last: dt.date | None

    def covers(self, date: dt.date) -> bool:
        """Tell whether the person belongs to the class on ``date``."""
        return (self.first is None or self.first <= date) and (
            self.last is None or date <= self.last
        )


@dataclass(slots=True)
class Selection:
    """The calendars that were asked for, made one at a time."""

    office: Office
    wording: Wording
    choices: tuple[Choice, ...]
    names: Mapping[Choice, str]
    rows: Mapping[Choice, list[SessionRow]]
    memberships: Mapping[str, list[Membership]]
    travel: bool = False
    _events: dict[tuple[Kind, str], CalendarEvent] = field(default_factory=dict)

    def documents(self) -> Iterator[tuple[Choice, CalendarDocument]]:
        """Yield each choice with its calendar, in order of kind and code."""
        for choice in self.choices:
            yield choice, self._document(choice)

    def _document(self, choice: Choice) -> CalendarDocument:
        key = f"{self.office.name}/{choice.kind}/{choice.code}"
        rows = self._rows(choice)
        events = [self._event(row, choice.kind) for row in rows]
        if self.travel and choice.kind in {Kind.CLASS, Kind.PERSON}:
            events += journeys(rows, self.wording, choice.kind)
        return CalendarDocument(
            uid=str(uuid.uuid5(NAMESPACE, key)),
            name=self.wording.calendar_name(choice.kind, self.names[choice]),
            zone=self.office.timezone,
            events=tuple(events),
            color=COLORS[choice.kind],
        )

    def _rows(self, choice: Choice) -> list[SessionRow]:
        if choice.kind is Kind.PERSON:
            return _personal_rows(self.memberships.get(choice.code, ()), self.rows)
        return self.rows.get(choice, [])

    def _event(self, row: SessionRow, kind: Kind) -> CalendarEvent:
        # the event of a session is the same for every person of the class
        key = (kind, row.uid)
        event = self._events.get(key)
        if event is None:
            event = self._events[key] = self.wording.event(row, kind)
        return event


def select_calendars(
    session: Session,
    office: Office,
    *,
    today: dt.date,
    chosen: Mapping[Kind, Sequence[str]],
    everything: bool = False,
    draft: bool = False,
    alarm_minutes: int | None = None,
    travel: bool = False,
) -> Selection:
    """Return the calendars of the codes ``chosen`` by kind, or of all that have a session.

    ``travel`` adds the ways to field sites and back to the calendars of classes and people.

    Raises UsageError where nothing is asked for, Refused for an unknown code and for a calendar
    that would be empty.
    """
    if not everything and not any(chosen.values()):
        raise UsageError("nothing is chosen; name a class, teacher, venue or person, or give --all")
    directory = read_directory(session, office)
    kept = _kept(read_rows(session, directory, draft=draft), office, today)
    rows = _rows_by_choice(kept)
    wanted = None if everything else chosen.get(Kind.PERSON, ())
    people, memberships = _read_people(session, wanted)
    names = _names(directory, people)
    if everything:
        choices = _everybody(rows, memberships)
    else:
        choices = tuple(
            dict.fromkeys(Choice(kind, code) for kind in Kind for code in chosen.get(kind, ()))
        )
        _refuse_unknown(choices, names)
        _refuse_empty(choices, rows, memberships)
    wording = Wording(office.language, office.zone, office.travel.buffer_minutes, alarm_minutes)
    return Selection(office, wording, choices, names, rows, memberships, travel)


def _kept(rows: Sequence[SessionRow], office: Office, today: dt.date) -> list[SessionRow]:
    """Drop what was cancelled so long ago that nobody need be told any more."""
    days = calendar_settings(office).get("keep_cancelled_days", KEPT_DAYS)
    limit = dt.timedelta(days=days if isinstance(days, int) else KEPT_DAYS)
    return [
        row
        for row in rows
        if not row.cancelled or row.revised_at.astimezone(office.zone).date() + limit >= today
    ]


def _rows_by_choice(rows: Sequence[SessionRow]) -> dict[Choice, list[SessionRow]]:
    found: dict[Choice, list[SessionRow]] = defaultdict(list)
    for row in rows:
        found[Choice(Kind.CLASS, row.class_code)].append(row)
        if row.teacher:
            found[Choice(Kind.TEACHER, row.teacher)].append(row)
        if row.venue:
            found[Choice(Kind.VENUE, row.venue)].append(row)
    return dict(found)


def _read_people(
    session: Session, wanted: Sequence[str] | None
) -> tuple[dict[str, str], dict[str, list[Membership]]]:
    """Return names and confirmed memberships of the people wanted (None: of everybody)."""
    people = select(Person.code, Person.name)
    places = (
        select(
            Enrolment.person,
            Enrolment.class_code,
            col(Enrolment.from_date),
            col(Enrolment.to_date),
        )
        .where(Enrolment.status == "confirmed")
        .order_by(Enrolment.person, Enrolment.class_code)
    )
    if wanted is not None:
        people = people.where(col(Person.code).in_(wanted))
        places = places.where(col(Enrolment.person).in_(wanted))
    memberships: dict[str, list[Membership]] = defaultdict(list)
    for person, class_code, first, last in session.exec(places):
        memberships[person].append(Membership(class_code, first, last))
    return {code: name for code, name in session.exec(people)}, dict(memberships)  # noqa: C416


def _names(directory: Directory, people: Mapping[str, str]) -> dict[Choice, str]:
    return {
        **{Choice(Kind.CLASS, code): row.title for code, row in directory.classes.items()},
        **{Choice(Kind.TEACHER, code): row.name for code, row in directory.teachers.items()},
        **{Choice(Kind.VENUE, code): row.name for code, row in directory.venues.items()},
        **{Choice(Kind.PERSON, code): name for code, name in people.items()},
    }


def _personal_rows(
    memberships: Sequence[Membership], rows: Mapping[Choice, list[SessionRow]]
) -> list[SessionRow]:
    """Return the sessions of a person's classes on the days of membership, each once."""
    return list(
        {
            row.uid: row
            for membership in memberships
            for row in rows.get(Choice(Kind.CLASS, membership.class_code), ())
            if membership.covers(row.date)
        }.values()
    )


def _everybody(
    rows: Mapping[Choice, list[SessionRow]], memberships: Mapping[str, list[Membership]]
) -> tuple[Choice, ...]:
    if not rows:
        raise Refused(
            "there is no session to show; make a timetable with “trainer timetable solve” first"
        )
    people = (
        Choice(Kind.PERSON, code)
        for code, places in memberships.items()
        if _personal_rows(places, rows)
    )
    return tuple(sorted([*rows, *people]))


def _refuse_unknown(choices: Sequence[Choice], names: Mapping[Choice, str]) -> None:
    for choice in choices:
        if choice not in names:
            raise Refused(_UNKNOWN[choice.kind], code=choice.code)


def _refuse_empty(
    choices: Sequence[Choice],
    rows: Mapping[Choice, list[SessionRow]],
    memberships: Mapping[str, list[Membership]],
) -> None:
    for choice in choices:
        if choice.kind is Kind.PERSON:
            empty = not _personal_rows(memberships.get(choice.code, ()), rows)
        else:
            empty = choice not in rows
        if empty:
            raise Refused(_EMPTY[choice.kind], code=choice.code)
