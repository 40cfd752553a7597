"""Bringing a dataset into a database: read, check everything, hold against what is there, write.

It is one unit of work: either all of the dataset is in the database afterwards, or none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.engine import database_exists, open_engine
from db.setup import revision_of
from db.work import UnitOfWork
from trainer.dataset.changes import (
    Changes,
    by_key,
    changes_of_events,
    changes_of_keyed,
    changes_of_sequences,
    changes_of_sets,
)
from trainer.dataset.check import Facts, check_tables
from trainer.dataset.check.meaning import check_periods_in_use
from trainer.dataset.delta import Delta, roster_delta
from trainer.dataset.files import FILES, OFFICE
from trainer.dataset.office_file import Settings, read_settings
from trainer.dataset.opening import open_source
from trainer.dataset.parse import Table, parse_sheet
from trainer.dataset.problems import Problem, Problems
from trainer.dataset.published import keep_later_journeys
from trainer.dataset.scores import complete_scores
from trainer.dataset.sessions import complete_sessions
from trainer.dataset.source import Source, file_errors
from trainer.dataset.store import store_changes, store_office
from trainer.dataset.stored import Stored
from trainer.desk import Desk
from trainer.office import Office

_NOTHING = {"new": 0, "changed": 0, "unchanged": 0, "removed": 0}


@dataclass
class Outcome:
    """What an import did or would do; with problems it did nothing."""

    problems: tuple[Problem, ...]
    changes: dict[str, dict[str, int]] = field(default_factory=dict)
    delta: Delta | None = None
    written: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether the dataset is without problems."""
        return not self.problems

    def total(self, name: str) -> int:
        """Return how many rows of all files are ``new`` (or changed, unchanged, removed)."""
        return sum(counts[name] for counts in self.changes.values())

    def document(self) -> dict[str, Any]:
        """Return the outcome as JSON holds it."""
        document: dict[str, Any] = {
            "ok": self.ok,
            "changes": self.changes,
            "problems": [problem.document() for problem in self.problems],
        }
        if self.delta is not None:
            document["delta"] = self.delta.document()
        return document


def import_dataset(
    desk: Desk, path: Path, *, dry_run: bool = False, delta: bool = False
) -> Outcome:
    """Import the dataset at ``path``, or only say what that would change.

    ``delta`` takes people.csv for the whole new roster of the units that it names. Raise
    FileProblem where ``path`` is missing, Refused where it is no dataset at all.
    """
    dataset = _read(desk, path)
    reason = f"import {path.resolve().name}"
    if not dry_run and _has_tables(desk.url):
        with desk.writing(reason) as work:
            verdict = _judge(dataset, Stored(work.connection), desk, with_delta=delta)
            return _write(work, verdict, path)
    with _looking(desk) as stored:
        verdict = _judge(dataset, stored, desk, with_delta=delta)
    if dry_run or not verdict.outcome.ok:
        return verdict.outcome
    # only now is a database made: a refused dataset leaves none behind
    with desk.writing(reason) as work:
        return _write(work, verdict, path)


@dataclass
class _Dataset:
    """What was read: the tables, the settings, and the problems so far."""

    source: Source
    settings: Settings | None
    tables: dict[str, Table]
    problems: Problems


@dataclass
class _Verdict:
    """The outcome of all checks, and what is to be written."""

    outcome: Outcome
    office: Office | None = None
    changes: list[Changes] = field(default_factory=list)


def _read(desk: Desk, path: Path) -> _Dataset:
    problems = Problems()
    with file_errors(path):
        source = open_source(path, problems)
        settings = read_settings(*source.office, problems) if source.office else None
        zone = ((settings and settings.office) or _stored_office(desk) or Office()).zone
        tables = {sheet.file.name: parse_sheet(sheet, zone, problems) for sheet in source.sheets}
    ordered = {name: tables[name] for name in FILES if name in tables}
    return _Dataset(source, settings, ordered, problems)


def _stored_office(desk: Desk) -> Office | None:
    with _looking(desk) as stored:
        return stored.office()


def _judge(dataset: _Dataset, stored: Stored, desk: Desk, *, with_delta: bool) -> _Verdict:
    tables, problems, settings = dataset.tables, dataset.problems, dataset.settings
    if settings is None:
        office = stored.office() or Office()
        settings = Settings(office, tuple(office.period_index))
    complete_sessions(tables, stored, settings.office or Office())
    complete_scores(tables, stored)
    keep_later_journeys(tables, stored)
    delta = None
    if with_delta and "people" in tables:
        delta = roster_delta(tables["people"], stored, desk.clock.today())
    facts = Facts(tables, stored, settings.periods, problems, settings.office)
    check_tables(facts)
    if dataset.source.office is not None and settings.periods is not None:
        check_periods_in_use(facts, dataset.source.office[0])
    if len(problems):
        return _Verdict(Outcome(problems.sorted()))
    changes = [_changes(table, facts) for table in tables.values()]
    if delta is not None:
        delta.leave(next(found for found in changes if found.file.name == "people"))
    own = dataset.settings.office if dataset.settings else None
    counts = {} if own is None else {OFFICE: _office_counts(own, stored)}
    counts |= {found.file.csv: found.counts() for found in changes}
    return _Verdict(Outcome((), counts, delta), own, changes)


def _write(work: UnitOfWork, verdict: _Verdict, path: Path) -> Outcome:
    if verdict.outcome.ok:
        if verdict.office is not None:
            store_office(work, verdict.office)
        store_changes(work, verdict.changes, source=path.resolve().name)
        work.commit()
        verdict.outcome.written = True
    return verdict.outcome


def _changes(table: Table, facts: Facts) -> Changes:
    if table.file.name == "marks":
        # only those of the file: there may be millions
        return changes_of_events(table, facts.marks)
    stored = facts.stored.rows(table.file)
    if table.file.union:
        return changes_of_events(table, by_key(table.file, stored))
    if table.file.key:
        return changes_of_keyed(table, by_key(table.file, stored))
    if table.file.sequence:
        return changes_of_sequences(table, stored)
    return changes_of_sets(table, stored)


def _office_counts(office: Office, stored: Stored) -> dict[str, int]:
    before = stored.office()
    if before is None:
        return _NOTHING | {"new": 1}
    same = before.document() == office.document()
    return _NOTHING | {"unchanged" if same else "changed": 1}


def _has_tables(url: str) -> bool:
    return database_exists(url) and revision_of(open_engine(url)) is not None


@contextmanager
def _looking(desk: Desk) -> Iterator[Stored]:
    if _has_tables(desk.url):
        with desk.reading() as session:
            yield Stored(session.connection())
    else:
        yield Stored(None)
