"""The run sheet (行程单) of a class's day: when it is where, with whom, and how it gets there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from db.tables import Person, TrainingSession
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.phrases import mark, phrase
from trainer.reports.report import Column, Report
from trainer.timetable.build import Built, build_check
from trainer.timetable.engine.route import Round, Router, Visit
from trainer.timetable.facts import Facts, read_facts

SESSION = mark("session")
STOP = mark("visit")
WAY = mark("on the way")
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
        built = build_check(facts, desk.clock.today())
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
    router = Router(built.problem)
    lines: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (row.start, row.uid)):
        lines += _lines(built, router, row)
    lines = list(_with_ways(built, lines))
    telephone = f"{head.name} {head.phone or ''}".strip() if head else ""
    return Report(
        name="runsheet",
        title=phrase("Run sheet of {class_}", class_=facts.classes[class_code].title),
        subtitle=phrase("{date}; head teacher {head}", date=day.isoformat(), head=telephone or "-"),
        columns=COLUMNS,
        rows=tuple(map(_said, lines)),
        total={"from": lines[0]["from"], "to": lines[-1]["to"], "minutes": None},
    )


def _said(line: dict[str, Any]) -> dict[str, Any]:
    template = line["what"]
    return {**line, "what": phrase(template).text()}


def _lines(built: Built, router: Router, row: TrainingSession) -> Iterator[dict[str, Any]]:
    facts, problem = built.facts, built.problem
    zone = facts.office.zone
    start, end = (_minutes(each.astimezone(zone).time()) for each in (row.start, row.end))
    teacher = facts.teachers.get(row.teacher or "")
    common = {
        "course": facts.courses[row.course].title,
        "teacher": teacher.name if teacher else "",
    }
    base = built.numbers.venues.get(row.venue or "")
    course = built.numbers.courses[row.course]
    visits: tuple[Visit, ...] | None = None
    if problem.courses[course].stops:
        wished = tuple(built.numbers.venues.get(code, -1) for code in row.stops)
        visits = router.visits(Round(course, base, start, end), row.date, wished)
    if not visits:
        yield {**_at(facts, row.venue, start, end), **common, "what": SESSION}
        return
    if base is not None and base not in problem.courses[course].stops:
        yield {**_at(facts, row.venue, start, start), **common, "what": SESSION}
    for visit in visits:
        code = problem.venues[visit.venue].code
        yield {**_at(facts, code, visit.start, visit.end), **common, "what": STOP}
    if base is not None and base not in problem.courses[course].stops:
        yield {**_at(facts, row.venue, end, end), **common, "what": SESSION}


def _at(facts: Facts, code: str | None, start: int, end: int) -> dict[str, Any]:
    venue = facts.venues.get(code or "")
    unit = facts.units.get(venue.unit or "") if venue else None
    return {
        "venue": code,
        "place": venue.name if venue else "",
        "contact": unit.name if unit else "",
        "from": _clock(start),
        "to": _clock(end),
        "minutes": end - start,
    }


def _with_ways(built: Built, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the lines, and between different places the way from one to the next."""
    problem, number = built.problem, built.numbers.venues
    for one, other in pairwise(lines):
        yield one
        here, there = number.get(one["venue"]), number.get(other["venue"])
        if here is not None and there is not None and here != there:
            minutes = problem.travel[here][there]
            yield {
                **other,
                "what": WAY,
                "from": one["to"],
                "to": _clock(_minutes(dt.time.fromisoformat(one["to"])) + minutes),
                "minutes": minutes,
                "teacher": "",
                "contact": "",
            }
    yield lines[-1]


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours % 24:02}:{rest:02}"
