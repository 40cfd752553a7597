"""The run sheet (行程单) of a class's day: when it is where, with whom, and how it gets there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from db.tables import Person, TrainingSession
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import mark, phrase
from trainer.reports.report import Column, Report
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.rounds import MINUTE, Rounds, Stay, rounds_of

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
    told = [_told(facts, line) for line in _with_ways(rounds, lines)]
    telephone = f"{head.name} {head.phone or ''}".strip() if head else ""
    return Report(
        name="runsheet",
        title=phrase("Run sheet of {class_}", class_=facts.classes[class_code].title),
        subtitle=phrase("{date}; head teacher {head}", date=day.isoformat(), head=telephone or "-"),
        columns=COLUMNS,
        rows=tuple(told),
        total={"from": told[0]["from"], "to": told[-1]["to"], "minutes": None},
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


def _told(facts: Facts, line: _Line) -> dict[str, Any]:
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
        "place": venue.name if venue else "",
        "teacher": teacher.name if teacher else "",
        "contact": unit.name if unit else "",
        "minutes": (stay.end - stay.start) // MINUTE or None,
    }
