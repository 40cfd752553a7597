"""The run sheet (行程单) of a class's day: when it is where, with whom, and how it gets there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from db.tables import Person, TrainingSession, Venue
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.report import Column, Report
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.guiding import Visit, guiding, visits_of
from trainer.timetable.rounds import MINUTE, Rounds, Stay, rounds_of
from trainer.timetable.transport import buses_in_words, trips_of

SESSION = mark("session")
STOP = mark("visit")
WAY = mark("on the way")
OUT = mark("setting out")
HOME = mark("back")
_WHAT: Final = {"out": OUT, "stop": STOP, "way": WAY, "home": HOME}
COLUMNS = (
    Column("from", phrase("From"), "text"),
    Column("to", phrase("To"), "text"),
    Column("what", phrase("What"), "text"),
    Column("course", phrase("Course"), "text"),
    Column("place", phrase("Place"), "text"),
    Column("teacher", phrase("Teacher"), "text"),
    Column("contact", phrase("Contact"), "text"),
    Column("minutes", phrase("Minutes"), "count"),
)
#: Shown where a place of the day has something of the kind.
MORE_COLUMNS = (
    Column("groups", phrase("Groups"), "text"),
    Column("safety", phrase("Safety"), "text"),
    Column("plan_b", phrase("Plan B"), "text"),
    Column("notes", phrase("Notes"), "text"),
)


def run_sheet(desk: Desk, class_code: str, day: dt.date) -> Report:
    """Return the day of a class as a report: its sessions, stops and ways, in the order of time.

    Raise Refused where there is no such class, or it has no session that day.
    """
    with desk.reading() as session:
        facts = read_facts(session)
        if class_code not in facts.classes:
            raise Refused(
                "there is no class “{code}”; “trainer export DIR” writes them all into classes.csv",
                code=class_code,
            )
        head = session.get(Person, facts.classes[class_code].head_teacher or "")
    rows = [
        row
        for row in facts.sessions.values()
        if row.class_code == class_code and row.date == day and row.status != "cancelled"
    ]
    if not rows:
        raise Refused(
            "{class_} has no session on {date}; “trainer timetable show” lists its days",
            class_=facts.classes[class_code].title,
            date=day.isoformat(),
        )
    rounds = rounds_of(facts)
    lines: list[_Line] = []
    for row in sorted(rows, key=lambda row: (row.start, row.uid)):
        lines += _lines(rounds, row)
    visits = visits_of(facts, rounds, day)
    told = [_told(facts, visits, line) for line in _with_ways(rounds, lines)]
    telephone = f"{head.name} {head.phone or ''}".strip() if head else ""
    more = (each for each in MORE_COLUMNS if any(line[each.key] for line in told))
    return Report(
        name="runsheet",
        title=phrase("Run sheet of {class_}", class_=facts.classes[class_code].title),
        subtitle=_subtitle(facts, rounds, class_code, day, telephone or "-"),
        columns=(*COLUMNS, *more),
        rows=tuple(told),
        total={"from": told[0]["from"], "to": told[-1]["to"], "minutes": None},
    )


def _subtitle(facts: Facts, rounds: Rounds, class_code: str, day: dt.date, head: str) -> Phrase:
    """Return the day, whom to call, and each trip with its buses and whoever shares them."""
    date, zone, trips = day.isoformat(), facts.office.zone, []
    for trip in trips_of(facts, rounds, day):
        if class_code not in trip.classes:
            continue
        start, end = (f"{each.astimezone(zone):%H:%M}" for each in (trip.start, trip.end))
        others = [facts.classes[code].title for code in trip.classes if code != class_code]
        told = phrase("sets out {start}, back {end}", start=start, end=end).text()
        trips.append(say("; ").join(filter(None, (told, buses_in_words(facts, trip), *others))))
    if not trips:
        return phrase("{date}; head teacher {head}", date=date, head=head)
    return phrase(
        "{date}; head teacher {head}; {trips}", date=date, head=head, trips=say("; ").join(trips)
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the sheet: a stay or a way, of which session; ``venue`` may be nowhere."""

    stay: Stay
    row: TrainingSession
    what: str


def _lines(rounds: Rounds, row: TrainingSession) -> list[_Line]:
    found = [_Line(stay, row, _WHAT[stay.kind]) for stay in rounds.stays(row)]
    return found or [_Line(Stay("home", row.venue or "", row.start, row.end), row, SESSION)]


def _with_ways(rounds: Rounds, lines: list[_Line]) -> Iterator[_Line]:
    """Yield the lines, and between different places the way from one to the next."""
    for one, other in pairwise(lines):
        yield one
        way = rounds.way(one.stay, other.stay)
        if way is not None:
            yield _Line(way, other.row, WAY)
    yield lines[-1]


def _told(facts: Facts, visits: Sequence[Visit], line: _Line) -> dict[str, Any]:
    stay, row = line.stay, line.row
    venue = facts.venues.get(stay.venue)
    there = venue if stay.kind != "way" else None
    unit = facts.units.get(there.unit or "") if there else None
    teacher = facts.teachers.get(row.teacher or "") if stay.kind != "way" else None
    start, end = (f"{each.astimezone(facts.office.zone):%H:%M}" for each in (stay.start, stay.end))
    return {
        "venue": stay.venue or None,
        "from": start,
        "to": end,
        "what": phrase(line.what).text(),
        "course": "" if stay.kind == "way" else facts.courses[row.course].title,
        "place": _place(facts, row, venue),
        "teacher": teacher.name if teacher else "",
        "contact": unit.name if unit else "",
        "minutes": (stay.end - stay.start) // MINUTE or None,
        **_at_the_site(facts, visits, row, there),
    }


def _place(facts: Facts, row: TrainingSession, venue: Venue | None) -> str:
    """Return the name of a place, and for which site it stands in."""
    site = facts.venues.get(row.instead_of or "")
    if venue is None or site is None or venue.code != row.venue:
        return venue.name if venue else ""
    return phrase("{venue}, instead of {site}", venue=venue.name, site=site.name).text()


def _at_the_site(
    facts: Facts, visits: Sequence[Visit], row: TrainingSession, there: Venue | None
) -> dict[str, Any]:
    """Return groups and turns, whom to call in need, the plan B and what to know of a place."""
    if there is None:
        return {"groups": "", "turns": None, "safety": "", "plan_b": "", "notes": ""}
    led = guiding(facts.venues, visits, row.uid, there.code)
    other = facts.venues.get(there.plan_b or "") if there.outdoor else None
    return {
        "groups": led.phrase().text() if led else "",
        "turns": led.document() if led else None,
        "safety": f"{there.safety_contact or ''} {there.safety_phone or ''}".strip(),
        "plan_b": other.name if other else "",
        "notes": there.notes or "",
    }
