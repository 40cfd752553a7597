"""Who and what cannot be had, and when: every kind of unavailability, told to the engine.

A unit away: the classes that it, or a unit below it, sponsors or hosts have no meeting. Its rooms
and its teachers serve others all the same: whether they can be had is said by rows of their own. A
person away: the teachers tied to that person cannot teach; a class goes on without one trainee,
though the soft rule ``trainees`` looks for times when all are there. A
venue that cannot be used takes along what it is a part of, and its own parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from db.tables import Unavailability
from trainer.phrases import mark, phrase
from trainer.timetable.engine.problem import Absence
from trainer.timetable.facts import Facts
from trainer.timetable.places import kin_of


def engine_absences(
    facts: Facts,
    *,
    teachers: Mapping[str, int],
    venues: Mapping[str, int],
    classes: Mapping[str, int],
) -> tuple[Absence, ...]:
    """Return every unavailability; the mappings give the engine's numbers by code."""
    return (
        *(
            _absence(facts, row, teachers=teachers, venues=venues, classes=classes)
            for row in facts.unavailable
        ),
        *_of_trainees(facts, classes),
    )


def _of_trainees(facts: Facts, classes: Mapping[str, int]) -> Iterator[Absence]:
    """Yield when somebody away misses a class that he is in, as long as he is in it."""
    away = [row for row in facts.unavailable if row.kind == "person"]
    people = {row.code for row in away}
    stays = defaultdict(list)
    for membership in facts.memberships if away else ():
        if membership.person in people and membership.class_code in classes:
            stays[membership.person].append(membership)
    for row in away:
        for stay in stays[row.code]:
            first = max(row.date_from, stay.first or row.date_from)
            last = min(row.date_to, stay.last or row.date_to)
            if first <= last:
                yield replace(
                    _absence(facts, row, teachers={}, venues={}, classes={}),
                    first=first,
                    last=last,
                    trainees=(classes[stay.class_code],),
                )


def classes_touched(facts: Facts, kind: str, code: str) -> Sequence[str]:
    """Return the classes that cannot meet while somebody or something is away."""
    if kind == "class":
        return (code,)
    return facts.classes_of_unit(code) if kind == "unit" else ()


def teachers_touched(facts: Facts, kind: str, code: str) -> Sequence[str]:
    """Return the teachers who cannot teach while somebody or something is away."""
    if kind == "teacher":
        return (code,)
    if kind == "person":
        return [each.code for each in facts.teachers.values() if each.person == code]
    return ()


def _absence(
    facts: Facts,
    row: Unavailability,
    *,
    teachers: Mapping[str, int],
    venues: Mapping[str, int],
    classes: Mapping[str, int],
) -> Absence:
    period = facts.office.period_index.get(row.period) if row.period else None
    taught = teachers_touched(facts, row.kind, row.code)
    held = classes_touched(facts, row.kind, row.code)
    closed = sorted(kin_of(facts, row.code)) if row.kind == "venue" else ()
    return Absence(
        kind=row.kind,
        code=row.code,
        name=_name(facts, row.kind, row.code),
        first=row.date_from,
        last=row.date_to,
        period=period,
        reason=_reason(row),
        teachers=tuple(teachers[code] for code in taught if code in teachers),
        venues=tuple(venues[code] for code in closed if code in venues),
        classes=tuple(classes[code] for code in held if code in classes),
    )


def _reason(row: Unavailability) -> str:
    """Return why, and of a booking who asked for it and whether that is decided."""
    if row.applicant is None and row.state is None:
        return row.reason or ""
    template = (
        mark("booking of {applicant}, still to be decided: {purpose}")
        if row.state == "asked"
        else mark("booking of {applicant}: {purpose}")
    )
    return phrase(template, applicant=row.applicant or "-", purpose=row.reason or "-").text()


def _name(facts: Facts, kind: str, code: str) -> str:
    if kind == "class":
        return facts.classes[code].title if code in facts.classes else code
    if kind == "person":
        tied = [each.name for each in facts.teachers.values() if each.person == code]
        return facts.names.get(code) or (tied[0] if tied else code)
    rows: Mapping[str, object] = {
        "teacher": facts.teachers,
        "venue": facts.venues,
        "unit": facts.units,
    }[kind]
    return str(getattr(rows.get(code), "name", code))
