"""Marks from outside: a file, another office's folder, or another database, all or nothing.

What arrives is a set of events, and what is kept afterwards is the union of both sets. So it does
not matter in which order, how often or by which way marks arrive; an event that is known already
changes nothing. An event whose id is known with other facts is refused with all that came with it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import select

from db.collecting import not_collecting
from db.locks import take_turn
from db.tables import Mark, TrainingSession
from db.work import table_of
from trainer.attendance.approving import take_over_steps
from trainer.attendance.batches import (
    Origin,
    begin_batch,
    bring_back,
    digest_of,
    end_batch,
    has_undone,
)
from trainer.attendance.beside import (
    NOTHING,
    Beside,
    corrections_in,
    leaves_of,
    read_beside,
    steps_in,
    take_over_leaves,
)
from trainer.attendance.conflicts import conflicting, count_open
from trainer.attendance.corrections import take_over_corrections
from trainer.attendance.expected import CANCELLED
from trainer.attendance.guests import take_over_guests
from trainer.attendance.odd import Odd, OddWatch
from trainer.attendance.sources import MARKS, file_sheet, merge_sheet, source_file
from trainer.attendance.state import FEW, refresh, refresh_sessions
from trainer.attendance.tying import tie_arrived
from trainer.dataset.check import Facts, check_tables
from trainer.dataset.parse import Table, parse_batches, parse_sheet
from trainer.dataset.problems import Problem, Problems
from trainer.dataset.source import TABLES, WORKBOOKS, Sheet, file_errors
from trainer.dataset.stored import Stored
from trainer.desk import Desk
from trainer.errors import StorageError
from trainer.office import Office
from trainer.phrases import phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: Writes what comes together with marks: reports what is wrong, returns how many rows are new.
Along: TypeAlias = "Callable[[UnitOfWork, Problems], int]"

#: What ids are made from where a file gives none: the same row always gets the same one.
_NAMESPACE: Final = uuid.UUID("5b1f4d2e-7a43-4c1e-9f0d-6f1f4b8f2a10")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of marks that arrived; with problems nothing did.

    ``restored`` are known marks that an undoing had taken back and that count again; ``batch`` is
    the number under which ``trainer attendance imports`` lists what was written.
    ``leaves_differ`` are ids of leave that is for another time or person here, and stays so.
    ``conflicts`` are those among the people and sessions concerned, ``open`` all of the database.
    """

    problems: tuple[Problem, ...] = ()
    new: int = 0
    known: int = 0
    restored: int = 0
    leaves: int = 0
    leaves_differ: tuple[str, ...] = ()
    corrections: int = 0
    batch: int | None = None
    conflicts: int = 0
    open: int = 0
    odd: tuple[Odd, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the outcome as JSON holds it."""
        return {
            "ok": not self.problems,
            "new": self.new,
            "known": self.known,
            "restored": self.restored,
            "leaves": self.leaves,
            "leaves_differ": list(self.leaves_differ),
            "corrections": self.corrections,
            "import": self.batch,
            "conflicts": self.conflicts,
            "conflicts_open": self.open,
            "odd": [odd.document() for odd in self.odd],
            "problems": [problem.document() for problem in self.problems],
        }


def import_marks(desk: Desk, path: Path, *, dry_run: bool = False) -> Arrival:
    """Import a file of marks in the dataset's columns; new marks of cancelled sessions are refused.

    Raise FileProblem where it is missing, Refused where it is no file of marks at all.
    """
    problems = Problems()
    with file_errors(path):
        sheet = file_sheet(path, problems)
        origin = Origin("import", path.name, digest_of(path))
        return _arrive(desk, sheet, problems, origin, strict=True, dry_run=dry_run)


def merge_marks(desk: Desk, source: str, *, along: Along | None = None) -> Arrival:
    """Take over every mark of a folder with marks.csv, or of another database.

    Events of sessions that are cancelled here are kept in the log, where they count nowhere, and
    listed as odd. What ``along`` writes comes in the same unit of work: all of both, or nothing.
    Raise FileProblem where nothing is there, Refused for a damaged or foreign file.
    """
    problems = Problems()
    path = Path(source)
    with file_errors(path):
        sheet, guests = merge_sheet(source, problems)
        beside = Beside(guests)
        file = source_file(path)
        if "://" in source or file.suffix.casefold() not in WORKBOOKS | TABLES:
            place = source if "://" in source else str(file)
            beside = Beside(guests, leaves_of(place), corrections_in(place), steps_in(place))
        elif path.is_dir():
            beside = read_beside(path, _office(desk), problems)
        origin = Origin("merge", path.resolve().name, digest_of(source_file(path)))
        return _arrive(desk, sheet, problems, origin, strict=False, beside=beside, along=along)


def _office(desk: Desk) -> Office:
    # where there is no database yet, the customary one
    try:
        return desk.office()
    except StorageError:
        return Office()


def _arrive(
    desk: Desk,
    sheet: Sheet | None,
    problems: Problems,
    origin: Origin,
    *,
    strict: bool,
    dry_run: bool = False,
    beside: Beside = NOTHING,
    along: Along | None = None,
) -> Arrival:
    if sheet is None:
        return Arrival(problems.sorted())

    def take_in(found: Problems, *, whole: bool) -> Arrival:
        with desk.writing(f"{origin.kind} {origin.source}") as work:
            take_turn(work.connection, "marks")
            met = take_over_guests(work, beside.guests)
            left, differ = take_over_leaves(work, beside.leaves)
            steps = take_over_steps(work, beside.steps)
            decided = take_over_corrections(work, beside.corrections)
            intake = _Intake(work, sheet, found, origin, now=desk.clock.now(), strict=strict)
            arrival = intake.run(whole=whole)
            arrival = dataclasses.replace(
                arrival, leaves=left, leaves_differ=differ, corrections=decided
            )
            more = along(work, found) if along else 0
            if len(found):
                return Arrival(found.sorted())
            if dry_run:
                # what nobody keeps has no number
                return dataclasses.replace(arrival, batch=None)
            if arrival.batch or met or left or steps or decided or more:
                work.commit()
            return arrival

    if not len(problems):
        arrival = take_in(Problems(), whole=False)
        if not arrival.problems:
            return arrival
    # read once more as a whole: every problem is listed, and rows are held against all others
    sheet.whole = True
    return take_in(problems, whole=True)


class _Intake:
    """Takes the rows of a sheet in, some at a time, each lot checked before it is appended."""

    def __init__(
        self,
        work: UnitOfWork,
        sheet: Sheet,
        problems: Problems,
        origin: Origin,
        *,
        now: dt.datetime,
        strict: bool,
    ) -> None:
        self._work = work
        self._batch = begin_batch(work, origin)
        self._watched = has_undone(work)
        self._again: list[str] = []
        self._sheet = sheet
        self._problems = problems
        self._strict = strict
        self._stored = Stored(work.connection)
        self._sessions = _sessions(work)
        self._watch = OddWatch(work.session, MARKS.fields, now=now)
        self._touched: dict[str, list[str]] = {}
        self._rows = 0

    def run(self, *, whole: bool) -> Arrival:
        """Append what is new, batch by batch up to the first problem, or all of it at once."""
        with not_collecting():
            names = (*MARKS.fields, "batch")
            new = self._work.insert_batches(Mark, names, self._batches(whole=whole))
        if len(self._problems):
            return Arrival(self._problems.sorted())
        self._refresh(new)
        restored = bring_back(self._work, self._batch, self._again)
        tie_arrived(self._work, {person for each in self._touched.values() for person in each})
        end_batch(self._work, self._batch, new=new, known=self._rows - new, restored=restored)
        return Arrival(
            new=new,
            known=self._rows - new,
            restored=restored,
            batch=self._batch.number if new or restored else None,
            conflicts=self._conflicts(),
            open=count_open(self._work.session),
            odd=self._watch.found(),
        )

    def _batches(self, *, whole: bool) -> Iterator[list[tuple[Any, ...]]]:
        zone = (self._stored.office() or Office()).zone
        starts = {uid: row.start for uid, row in self._sessions.items()}
        ids, sessions, persons = MARKS.places(("id", "session", "person"))
        tables = (
            iter((parse_sheet(self._sheet, zone, self._problems),))
            if whole
            else parse_batches(self._sheet, zone, self._problems)
        )
        for table in tables:
            _complete(table, starts)
            facts = Facts({MARKS.name: table}, self._stored, None, self._problems)
            check_tables(facts)
            if self._strict:
                self._refuse_cancelled(facts, table)
            if len(self._problems):
                return
            self._rows += len(table.rows)
            arrived = {row[ids]: row for row in table.rows}
            rows = [row for id_, row in arrived.items() if id_ not in facts.marks]
            for row in rows:
                self._touched.setdefault(row[sessions], []).append(row[persons])
            self._watch.look(rows)
            if self._watched:
                self._again += facts.marks
            number = self._batch.number
            yield [(*row, number) for row in rows]

    def _refuse_cancelled(self, facts: Facts, table: Table) -> None:
        ids, sessions = MARKS.places(("id", "session"))
        cancelled = {uid for uid, row in self._sessions.items() if row.status == CANCELLED}
        for index, row in enumerate(table.rows if cancelled else ()):
            if row[sessions] in cancelled and row[ids] not in facts.marks:
                facts.report(
                    table,
                    index,
                    "session",
                    phrase("the session is cancelled: its marks count nowhere"),
                    phrase("leave the row out, or name the session that was held instead"),
                )

    def _refresh(self, new: int) -> None:
        if new <= FEW:
            pairs = ((uid, person) for uid, persons in self._touched.items() for person in persons)
            refresh(self._work, pairs)
        else:
            refresh_sessions(self._work, self._touched)

    def _conflicts(self) -> int:
        # whole sessions are asked for: there are few conflicts, and there may be a million marks
        found = conflicting(self._work.session, self._touched)
        return sum(person in self._touched[uid] for uid, person in found)


def _sessions(work: UnitOfWork) -> dict[str, Any]:
    table = table_of(TrainingSession)
    query = select(table.c.uid, table.c.start, table.c.status)
    return {row.uid: row for row in work.connection.execute(query)}


def _complete(table: Table, starts: dict[str, dt.datetime]) -> None:
    # an id made from what the row says, so that the same row is the same event for ever
    ids, ats, sessions = (MARKS.place[name] for name in ("id", "at", "session"))
    unknown = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    for index, row in enumerate(table.rows):
        if row[ids] is not None and row[ats] is not None:
            continue
        cells = list(row)
        if cells[ats] is None:
            cells[ats] = starts.get(row[sessions], unknown)
        if cells[ids] is None:
            facts = [str(cell) if cell is not None else None for cell in cells]
            cells[ids] = str(uuid.uuid5(_NAMESPACE, json.dumps(facts, ensure_ascii=False)))
        table.rows[index] = tuple(cells)
