"""What an event says besides its time: names, places and advice, gathered from the tables.

A publication stores these facts with each session, so that calendars keep saying what was
published; a draft says what the tables say now. All values are text; what is unknown is left out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, TypeAlias

from sqlmodel import Session, col, select

from db.tables import (
    Course,
    Person,
    PublishedSession,
    Teacher,
    TrainingClass,
    TrainingSession,
    Travel,
    Unit,
    Venue,
)
from trainer.calendars.visits import ROUND, told_round
from trainer.office import Office
from trainer.phrases import Phrase, phrase
from trainer.timetable.facts import read_facts
from trainer.timetable.places import given_minutes, minutes_between
from trainer.timetable.rounds import Stay, has_rounds, rounds_of

NOT_A_BASE: Final = frozenset({"field_site", "online"})
"""Kinds of venue from which no bus leaves."""

_BRING: Final[dict[str, Phrase]] = {
    "lecture": phrase("notebook and study materials"),
    "discussion": phrase("notebook and an outline of what you want to say"),
    "field": phrase("shoes for walking, water, and something against sun and rain"),
    "exam": phrase("identity card and pen"),
    "ceremony": phrase("notebook"),
}
"""What to bring by a course's form, where the office's settings say nothing else."""


Meeting: TypeAlias = TrainingSession | PublishedSession
"""A session, drafted or published."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the code of a venue (blank for a unit), a name and degrees."""

    code: str
    name: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Directory:
    """The rows that events quote, by their codes."""

    office: Office
    classes: Mapping[str, TrainingClass]
    courses: Mapping[str, Course]
    teachers: Mapping[str, Teacher]
    venues: Mapping[str, Venue]
    units: Mapping[str, Unit]
    heads: Mapping[str, str]
    travel: Mapping[tuple[str, str], int]
    rounds: Mapping[str, Sequence[Stay]] = field(default_factory=dict)
    """Of drafted sessions that visit several places: the stays and ways, by uid."""


def read_directory(session: Session, office: Office) -> Directory:
    """Read what events quote; of people only the names of head teachers."""
    classes = {row.code: row for row in session.exec(select(TrainingClass))}
    heads = {row.head_teacher for row in classes.values() if row.head_teacher}
    names = select(Person.code, Person.name).where(col(Person.code).in_(sorted(heads)))
    return Directory(
        office=office,
        classes=classes,
        courses={row.code: row for row in session.exec(select(Course))},
        teachers={row.code: row for row in session.exec(select(Teacher))},
        venues={row.code: row for row in session.exec(select(Venue))},
        units={row.code: row for row in session.exec(select(Unit))},
        heads={code: name for code, name in session.exec(names)},  # noqa: C416 - rows, not pairs
        travel=given_minutes(session.exec(select(Travel))),
        rounds=_rounds(session),
    )


def _rounds(session: Session) -> dict[str, list[Stay]]:
    """Return the rounds of the draft; who has none is not made to read all facts for them."""
    if not any(row.stops for row in session.exec(select(Course))):
        return {}
    facts = read_facts(session)
    if not has_rounds(facts):
        return {}
    rounds = rounds_of(facts)
    return {uid: rounds.legs(row) for uid, row in facts.sessions.items()}


def event_facts(directory: Directory, meetings: Sequence[Meeting]) -> dict[str, dict[str, str]]:
    """Return the facts of every session by its uid; ``meetings`` are all of their classes."""
    bases = _bases(directory, meetings)
    found = {
        meeting.uid: _facts(directory, meeting, bases.get(meeting.class_code))
        for meeting in meetings
    }
    for meeting in meetings:
        found[meeting.uid] |= _round_facts(
            directory, meeting, bases.get(meeting.class_code), found[meeting.uid]
        )
    for before, after in _onward(meetings, found):
        found[after.uid] |= _onward_facts(directory, before, after)
    return found


def _onward(
    meetings: Iterable[Meeting], found: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[Meeting, Meeting]]:
    """Yield the stops of each class's day that follow one upon another, in pairs."""
    days: dict[tuple[str, dt.date], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        if meeting.status != "cancelled":
            days[meeting.class_code, meeting.date].append(meeting)
    for day in days.values():
        for pair in pairwise(sorted(day, key=lambda each: (each.start, each.uid))):
            if all("meeting_place" in found[each.uid] for each in pair):
                yield pair


def _round_facts(
    directory: Directory, meeting: Meeting, base: Place | None, facts: Mapping[str, str]
) -> dict[str, str]:
    """Return a round as events tell it; from its last stop the way back is another one."""
    legs = directory.rounds.get(meeting.uid)
    if not legs:
        return {}
    places = {leg.venue: _venue_facts(directory, directory.venues[leg.venue]) for leg in legs}
    found = {ROUND: told_round(legs, meeting.start, places)}
    last = _last_place(directory, meeting)
    if base is not None and last is not None and "travel_minutes" in facts:
        minutes = minutes_between(last, base, directory.travel, directory.office.travel)
        found["back_minutes"] = str(minutes)
    return found


def _last_place(directory: Directory, meeting: Meeting) -> Venue | None:
    """Return where a class is when a session is over."""
    legs = directory.rounds.get(meeting.uid)
    return directory.venues.get(legs[-1].venue if legs else meeting.venue or "")


def _onward_facts(directory: Directory, before: Meeting, after: Meeting) -> dict[str, str]:
    """Return from which site a class goes on, or stays at, and the minutes on the way."""
    here, there = _last_place(directory, before), directory.venues[after.venue or ""]
    assert here is not None
    minutes = (
        0
        if here.code == there.code
        else minutes_between(here, there, directory.travel, directory.office.travel)
    )
    return {"comes_from": here.name, "onward_minutes": str(minutes)}


def _facts(directory: Directory, meeting: Meeting, base: Place | None) -> dict[str, str]:
    training = directory.classes.get(meeting.class_code)
    course = directory.courses.get(meeting.course)
    teacher = directory.teachers.get(meeting.teacher or "")
    venue = directory.venues.get(meeting.venue or "")
    facts: dict[str, str | None] = {
        "class_title": training.title if training else meeting.class_code,
        "course_title": course.title if course else meeting.course,
        "teacher_name": teacher.name if teacher else meeting.teacher,
    }
    if training:
        facts["series"] = training.series
        facts["head_teacher"] = directory.heads.get(training.head_teacher or "")
    if course:
        facts["strand"] = course.strand
        facts["bring"] = _bring(directory.office, course.form)
    if venue:
        facts |= _venue_facts(directory, venue)
        facts |= _journey_facts(directory, venue, base)
    return {name: value for name, value in facts.items() if value}


def _venue_facts(directory: Directory, venue: Venue) -> dict[str, str | None]:
    unit = directory.units.get(venue.unit or "")
    facts: dict[str, str | None] = {
        "venue_name": venue.name,
        "venue_kind": venue.kind,
        "address": unit.name if unit and unit.name not in venue.name else None,
    }
    if venue.lat is not None and venue.lon is not None and venue.kind != "online":
        facts["geo"] = f"{venue.lat:.6f};{venue.lon:.6f}"
    return facts


def _bring(office: Office, form: str | None) -> str | None:
    """Return what to bring: the office's own words for the form of the course, or ours."""
    settings = calendar_settings(office).get("bring")
    own = settings.get(form) if isinstance(settings, Mapping) else None
    if own is not None:
        return str(own)
    words = _BRING.get(form or "")
    return words.text(office.language) if words else None


def calendar_settings(office: Office) -> Mapping[str, Any]:
    """Return the table ``[policies.calendars]`` of the office's settings."""
    settings = office.policies.get("calendars")
    return settings if isinstance(settings, Mapping) else {}


def _bases(directory: Directory, meetings: Iterable[Meeting]) -> dict[str, Place]:
    """Return where each class sets out from: its usual venue, else the unit that holds it."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for meeting in meetings:
        used[meeting.class_code][meeting.venue or ""] += 1
    bases = {code: _base(directory, code, venues) for code, venues in used.items()}
    return {code: place for code, place in bases.items() if place is not None}


def _base(directory: Directory, class_code: str, used: Counter[str]) -> Place | None:
    training = directory.classes.get(class_code)
    usual = sorted(used, key=lambda code: (-used[code], code))
    for code in [*usual, *(training.venues if training else ())]:
        venue = directory.venues.get(code)
        if venue is not None and venue.kind not in NOT_A_BASE:
            return Place(venue.code, venue.name, venue.lat, venue.lon)
    for code in [*training.hosts, training.sponsor or ""] if training else []:
        unit = directory.units.get(code)
        if unit is not None:
            return Place("", unit.name, unit.lat, unit.lon)
    return None


def _journey_facts(directory: Directory, venue: Venue, base: Place | None) -> dict[str, str | None]:
    """Return where the class meets for a field site, and the minutes on the way."""
    if venue.kind != "field_site" or base is None or base.code == venue.code:
        return {}
    minutes = minutes_between(base, venue, directory.travel, directory.office.travel)
    if not minutes:
        return {}
    return {"meeting_place": base.name, "travel_minutes": str(minutes)}
