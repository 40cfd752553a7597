"""The evening roll call (晚点名) of a residential class: its own checks, kept like marks.

A check is a record that never changes; another one of the same device replaces it. Two devices that
say different things of one person and evening are a disagreement, which is shown until somebody
says it again. What permits and leave speak for is suggested and never written by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import Session

from db.tables import NightCheck
from db.tables.words import NIGHT_STATUSES
from trainer.attendance.device import device_of
from trainer.classlife.exits import list_exits
from trainer.classlife.facts import ClassFacts, read_away_at
from trainer.classlife.rooms import Nights, lodgers
from trainer.classlife.rules import night_instant
from trainer.classlife.standing import read_log, record, standing
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import Phrase, mark

if TYPE_CHECKING:
    from db.work import UnitOfWork

STATUS_WORDS: Final[Mapping[str, Phrase]] = {
    "in_room": Phrase(mark("in the room")),
    "permit": Phrase(mark("out with a permit")),
    "leave": Phrase(mark("on leave")),
    "missing": Phrase(mark("not back")),
}
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NightLine:
    """Somebody at an evening roll call; ``suggested`` is what a permit or leave speaks for."""

    person: str
    name: str
    unit_name: str | None
    room: str | None
    bed: int | None
    status: str | None
    suggested: str | None
    note: str | None
    disagreed: bool

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "person": self.person,
            "name": self.name,
            "room": self.room,
            "bed": self.bed,
            "status": self.status,
            "suggested": self.suggested,
            "note": self.note,
            "disagreed": self.disagreed,
        }


@dataclass(frozen=True, slots=True)
class Evening:
    """The evening roll call of a class on a day, people in the order of their rooms."""

    class_code: str
    title: str
    date: dt.date
    lines: tuple[NightLine, ...]

    def counts(self) -> dict[str, int]:
        """Return how many are expected, have each status, are unchecked, are disagreed about."""
        tally = Counter(line.status for line in self.lines if line.status)
        return {
            "expected": len(self.lines),
            **{status: tally[status] for status in NIGHT_STATUSES},
            "unchecked": sum(line.status is None for line in self.lines),
            "disagreed": sum(line.disagreed for line in self.lines),
        }

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "class": self.class_code,
            "date": self.date.isoformat(),
            "counts": self.counts(),
            "missing": [line.person for line in self.lines if line.status == "missing"],
            "lines": [line.document() for line in self.lines],
        }


def open_evening(session: Session, office: Office, facts: ClassFacts, date: dt.date) -> Evening:
    """Return the evening roll call of a day.

    Expected are those of the class who have a bed that night, or where nobody of it ever got one
    every member of the day.
    """
    beds = {
        one.person: one
        for one in lodgers(session, nights=Nights(date, date + _DAY), class_code=facts.code)
    }
    here = facts.present_on(date)
    if lodgers(session, class_code=facts.code):
        here = tuple(one for one in here if one.person in beds)
    at = night_instant(office, date)
    out = {one.person for one in list_exits(session, facts.code) if one.is_out(at)}
    away = read_away_at(session, office, facts, date, at.astimezone(office.zone).time())
    said = _said(session, facts, date)
    lines = []
    for one in here:
        checks = said.get(one.person, [])
        bed = beds.get(one.person)
        status = checks[-1].status if checks else None
        hint = "permit" if one.person in out else "leave" if one.person in away else None
        lines.append(
            NightLine(
                person=one.person,
                name=one.name,
                unit_name=one.unit_name,
                room=bed.room if bed else None,
                bed=bed.bed if bed else None,
                status=status,
                suggested=hint if status is None else None,
                note=checks[-1].note if checks else None,
                disagreed=len({check.status for check in checks}) > 1,
            )
        )
    lines.sort(key=lambda line: (line.room or "", line.bed or 0, line.person))
    return Evening(facts.code, facts.title, date, tuple(lines))


def record_check(
    work: UnitOfWork,
    facts: ClassFacts,
    date: dt.date,
    checks: Mapping[str, str],
    *,
    note: str | None = None,
) -> int:
    """Record what was found of each person that evening; return how many checks are new.

    What a device said of a person before is replaced; saying the same again changes nothing. Raise
    UsageError for an unknown status, Refused for somebody who is no member that day.
    """
    facts.outside(date)
    here = {one.person for one in facts.present_on(date)}
    said = _said(work.session, facts, date)
    device = device_of(work.connection.engine.url)
    count = 0
    for person, status in checks.items():
        if status not in NIGHT_STATUSES:
            raise UsageError(
                "there is no finding “{status}”; use one of: {known}",
                status=status,
                known=", ".join(NIGHT_STATUSES),
            )
        if person not in here:
            raise Refused(
                "{person} is not a member of {class_code} on {date}; check the code",
                person=person,
                class_code=facts.code,
                date=date,
            )
        before = said.get(person, [])
        if {(check.status, check.note) for check in before} == {(status, note)}:
            continue
        _check(work, facts, date, person, status, note=note, device=device, before=before)
        count += 1
    return count


def check_the_rest(
    work: UnitOfWork, office: Office, facts: ClassFacts, date: dt.date, status: str = "in_room"
) -> int:
    """Record a finding of all who are unchecked; permits and leave speak for whoever has them."""
    evening = open_evening(work.session, office, facts, date)
    found = {line.person: line.suggested or status for line in evening.lines if line.status is None}
    return record_check(work, facts, date, found)


def missing_people(
    session: Session, office: Office, facts: ClassFacts, date: dt.date
) -> list[NightLine]:
    """Return who was found missing on an evening."""
    return [
        line
        for line in open_evening(session, office, facts, date).lines
        if line.status == "missing"
    ]


def _check(
    work: UnitOfWork,
    facts: ClassFacts,
    date: dt.date,
    person: str,
    status: str,
    *,
    note: str | None,
    device: str,
    before: list[NightCheck],
) -> None:
    # a record replaces one other: of several that disagree, each is answered by one of its own
    answered: list[str | None] = [check.id for check in before]
    for replaced in answered or [None]:
        record(
            work,
            NightCheck,
            class_code=facts.code,
            date=date,
            person=person,
            status=status,
            note=note,
            device=device,
            replaces=replaced,
        )


def _said(session: Session, facts: ClassFacts, date: dt.date) -> dict[str, list[NightCheck]]:
    found: dict[str, list[NightCheck]] = {}
    for row in standing(read_log(session, NightCheck, facts.code)):
        if row.date == date:
            found.setdefault(row.person, []).append(row)
    return found
