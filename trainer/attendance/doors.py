"""Door devices: what they saw of people becomes arrival and departure, and that a mark.

Everything seen is kept, and the marks follow from all of it: a log read twice, two logs that
overlap, and two halves of a day in either order come to the same. Sessions that follow each other
without a long break (``window_after_minutes``) are one stay: whoever came in before the first and
went out after the last was at all of them. A device's marks carry its name, so that where a person
has marked otherwise a conflict is listed and nothing is overwritten. Who was not seen stays
unmarked.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update
from sqlmodel import SQLModel

from db.locks import take_turn
from db.tables import DoorEvent, Enrolment, Mark, OfficeSettings, Person, TrainingSession
from db.work import table_of
from trainer.attendance.batches import (
    Origin,
    begin_batch,
    bring_back,
    digest_of,
    end_batch,
    undone_batches,
)
from trainer.attendance.doorlog import Log, columns_for, read_log, read_rows
from trainer.attendance.expected import expected_query
from trainer.attendance.odd import FACTS as MARK_COLUMNS
from trainer.attendance.odd import Odd, OddWatch
from trainer.attendance.presence import status_of, times_note
from trainer.attendance.record import record_many
from trainer.attendance.rules import Rules, attendance_rules
from trainer.attendance.stays import Meeting, Seen, stay_of, stays
from trainer.attendance.who import read_directory
from trainer.errors import ImportRefused
from trainer.office import Office, read_office
from trainer.phrases import Phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.desk import Desk

_NAMESPACE: Final = uuid.UUID("0a6f1c52-94b5-4f0e-8f2e-5a3f2b6f7d11")
_CHUNK: Final = 400


@dataclass(frozen=True, slots=True)
class DoorLine:
    """A mark that follows from a log: of whom, at which session, and from which times."""

    person: str
    name: str
    class_code: str
    date: dt.date
    period: str
    status: str
    minutes: int | None
    times: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        document = asdict(self) | {"class": self.class_code, "date": self.date.isoformat()}
        del document["class_code"]
        return document


@dataclass(frozen=True, slots=True)
class DoorArrival:
    """What came of a log; with problems nothing did. ``unknown`` counts lines by who is unknown.

    ``restored`` are marks of an undone import that count again, ``batch`` is the import's number.
    """

    events: int = 0
    known: int = 0
    lines: tuple[DoorLine, ...] = ()
    restored: int = 0
    batch: int | None = None
    unknown: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    odd: tuple[Odd, ...] = ()
    problems: tuple[Phrase, ...] = ()

    @property
    def marks(self) -> int:
        """How many marks are new."""
        return len(self.lines)

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "ok": not self.problems,
            "events": self.events,
            "known": self.known,
            "marks": self.marks,
            "restored": self.restored,
            "import": self.batch,
            "unknown": dict(self.unknown),
            "columns": dict(self.columns),
            "rows": [line.document() for line in self.lines],
            "odd": [odd.document() for odd in self.odd],
            "problems": [problem.text() for problem in self.problems],
        }


def import_door_log(
    desk: Desk, path: Path, *, device: str, given: Mapping[str, str], dry_run: bool = False
) -> DoorArrival:
    """Bring in a device's log, all or nothing; with ``dry_run`` only tell what would come of it.

    ``given`` says which column is who, time, date and direction; it is kept for the device's next
    log. Raise FileProblem, Refused or UsageError for a file that cannot be read as a log.
    """
    rows = read_rows(path)
    titles = [title.strip() for title in rows[0]]
    with desk.writing(f"door log {path.name}") as work:
        take_turn(work.connection, "marks")
        office = read_office(work.session)
        columns = columns_for(office, titles, device=device, given=given)
        log = read_log(rows, columns, office.zone)
        if log.problems:
            return DoorArrival(columns=columns, problems=log.problems)
        events, unknown = _events(work, log, device)
        batch = begin_batch(work, Origin("import", path.name, digest_of(path)))
        new = _take_in(work, events, batch.number)
        following = _marks(work, office, device, new)
        recorded = _known(work, Mark, [row["id"] for row in following])
        fresh = [row | {"batch": batch.number} for row in following if row["id"] not in recorded]
        record_many(work, fresh)
        restored = bring_back(work, batch, recorded)
        watch = OddWatch(work.session, MARK_COLUMNS, now=work.now)
        watch.look(tuple(row[name] for name in MARK_COLUMNS) for row in fresh)
        known = len(following) - len(fresh) - restored
        end_batch(work, batch, new=len(fresh), known=known, restored=restored, kept=bool(new))
        _keep_columns(work, office, device, columns)
        arrival = DoorArrival(
            len(new), len(events) - len(new), _lines(work, fresh), restored,
            batch.number if new and not dry_run else None, unknown, columns, watch.found(),
        )  # fmt: skip
        if not dry_run:
            work.commit()
    return arrival


def _events(work: UnitOfWork, log: Log, device: str) -> tuple[list[dict[str, Any]], Counter[str]]:
    directory = read_directory(work.session)
    unknown: Counter[str] = Counter()
    events: dict[str, dict[str, Any]] = {}
    for swipe in log.swipes:
        found = directory.find(swipe.who)
        if len(found) != 1:
            unknown[swipe.who] += 1
            continue
        facts = (device, found[0], swipe.at.isoformat(), swipe.direction or "")
        key = str(uuid.uuid5(_NAMESPACE, "|".join(facts)))
        row = {
            "id": key, "device": device,
            "person": found[0], "at": swipe.at, "direction": swipe.direction,
        }  # fmt: skip
        events[key] = row
    return list(events.values()), unknown


def _take_in(
    work: UnitOfWork, rows: Sequence[dict[str, Any]], batch: int
) -> list[Mapping[str, Any]]:
    """Keep what was not known, and take up again what came with an import that was undone."""
    table = table_of(DoorEvent)
    known = _known(work, DoorEvent, [row["id"] for row in rows])
    new = [row | {"batch": batch} for row in rows if row["id"] not in known]
    work.insert_many(DoorEvent, new, digest=True)
    again: set[str] = set()
    undone = undone_batches(work) if known else frozenset()
    for chunk in _chunks(sorted(known)) if undone else ():
        chosen = table.c.id.in_(chunk) & table.c.batch.in_(undone)
        again.update(work.connection.scalars(select(table.c.id).where(chosen)))
        work.connection.execute(update(table).where(chosen).values(batch=batch))
    return [*new, *(row for row in rows if row["id"] in again)]


def _known(work: UnitOfWork, model: type[SQLModel], ids: list[str]) -> set[str]:
    column = table_of(model).c.id
    found: set[str] = set()
    for chunk in _chunks(ids):
        query = select(column).where(column.in_(chunk))
        found |= set(work.connection.execute(query).scalars())
    return found


def _marks(
    work: UnitOfWork,
    office: Office,
    device: str,
    new: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return every mark that follows from all that was seen of the people in ``new``."""
    if not new:
        return []
    people = {row["person"] for row in new}
    rules = attendance_rules(office)
    before = dt.timedelta(minutes=rules.window_before_minutes)
    after = dt.timedelta(minutes=rules.window_after_minutes)
    days = {row["at"].astimezone(office.zone).date() for row in new}
    span = (min(days) - dt.timedelta(days=1), max(days) + dt.timedelta(days=1))
    meetings = _meetings(work, people, span)
    seen = _seen(work, device, people)
    rows = []
    for person in sorted(people):
        for stay in stays(meetings.get(person, []), after):
            within = [
                one
                for one in seen.get(person, [])
                if stay[0].start - before <= one.at <= stay[-1].end + after
            ]
            if within:
                rows += _stay_marks(office, rules, device, person, stay, within)
    return rows


def _stay_marks(
    office: Office,
    rules: Rules,
    device: str,
    person: str,
    stay: Sequence[Meeting],
    within: Sequence[Seen],
) -> list[dict[str, Any]]:
    first, last = stay_of(within, dt.timedelta(minutes=rules.same_entry_minutes))
    note = times_note(office.zone, first, last)
    rows = []
    for meeting in stay:
        status, minutes = status_of(rules, meeting.start, meeting.end, first, last)
        facts = (
            device,
            meeting.uid,
            person,
            status,
            str(minutes),
            *note.split("-"),
            str(len(within)),
        )
        rows.append(
            {
                "id": str(uuid.uuid5(_NAMESPACE, "|".join(facts))), "session": meeting.uid,
                "person": person, "status": status, "minutes": minutes,
                "at": max(one.at for one in within), "by": device, "device": f"door:{device}",
                # of two marks of a device the one that knows more stands
                "counter": len(within), "replaces": None, "note": note,
            }
        )  # fmt: skip
    return rows


def _meetings(
    work: UnitOfWork, people: set[str], span: tuple[dt.date, dt.date]
) -> dict[str, list[Meeting]]:
    table, found = table_of(TrainingSession), dict[str, list[Meeting]]()
    for chunk in _chunks(sorted(people)):
        expected = (
            expected_query()
            .where(table.c.date.between(*span), table_of(Enrolment).c.person.in_(chunk))
            .subquery()
        )
        query = select(expected.c.person, table.c.uid, table.c.start, table.c.end).join(
            expected, expected.c.session == table.c.uid
        )
        for person, uid, start, end in work.connection.execute(query):
            found.setdefault(person, []).append(Meeting(uid, start, end))
    return found


def _seen(work: UnitOfWork, device: str, people: set[str]) -> dict[str, list[Seen]]:
    table, found = table_of(DoorEvent), dict[str, list[Seen]]()
    undone = undone_batches(work)
    for chunk in _chunks(sorted(people)):
        query = select(table.c.person, table.c.at, table.c.direction).where(
            table.c.device == device,
            table.c.person.in_(chunk),
            table.c.batch.is_(None) | table.c.batch.not_in(undone),
        )
        for person, at, direction in work.connection.execute(query):
            found.setdefault(person, []).append(Seen(at, direction))
    return found


def _lines(work: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> tuple[DoorLine, ...]:
    person, meeting = table_of(Person), table_of(TrainingSession)
    names: dict[str, str] = {}
    facts: dict[str, tuple[str, dt.date, str]] = {}
    for chunk in _chunks(sorted({row["person"] for row in rows})):
        query = select(person.c.code, person.c.name).where(person.c.code.in_(chunk))
        names.update((code, name) for code, name in work.connection.execute(query))
    for chunk in _chunks(sorted({row["session"] for row in rows})):
        columns = (meeting.c.uid, meeting.c.class_code, meeting.c.date, meeting.c.period)
        query = select(*columns).where(meeting.c.uid.in_(chunk))
        for row in work.connection.execute(query):
            facts[row.uid] = (row.class_code, row.date, row.period)
    return tuple(
        DoorLine(
            row["person"], names[row["person"]], *facts[row["session"]],
            row["status"], row["minutes"], row["note"],
        )
        for row in rows
    )  # fmt: skip


def _keep_columns(
    work: UnitOfWork, office: Office, device: str, columns: Mapping[str, str]
) -> None:
    document = office.document()
    attendance = dict(document["policies"].get("attendance") or {})
    doors = dict(attendance.get("doors") or {})
    if doors.get(device) == dict(columns):
        return
    attendance["doors"] = {**doors, device: dict(columns)}
    document["policies"] = {**document["policies"], "attendance": attendance}
    row = work.session.get(OfficeSettings, 1)
    if row is None:
        work.session.add(OfficeSettings(id=1, document=document))
    else:
        row.document = document
        work.session.add(row)


def _chunks(items: list[str]) -> list[list[str]]:
    return [items[first : first + _CHUNK] for first in range(0, len(items), _CHUNK)]


def require_read(arrival: DoorArrival, path: str) -> None:
    """Raise ImportRefused where lines of a log made no sense."""
    if arrival.problems:
        raise ImportRefused(
            "{path} has problems ({count}), listed above, and nothing was taken; mend them and try "
            "again",
            path=path,
            count=len(arrival.problems),
        )
