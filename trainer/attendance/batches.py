"""Imports and merges of marks as batches: listed, undone, and brought back by importing again.

Undoing deletes nothing (see ``trainer.attendance.undoing``): the state is as it was before, and
marks made later on top of imported ones stay.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session

from db.locks import take_turn
from db.tables import DoorEvent, Mark, MarkBatch
from db.work import table_of
from trainer.attendance.closing import shut_sessions
from trainer.attendance.device import device_of
from trainer.attendance.record import next_counter
from trainer.attendance.retold import LIKE, first_told
from trainer.attendance.state import VOID, Event, Pair, refresh
from trainer.attendance.undoing import Remedy, remedy, tagged
from trainer.errors import Refused

if TYPE_CHECKING:
    from db.work import UnitOfWork

_MARK = table_of(Mark)
_BATCH = table_of(MarkBatch)
_CHUNK: Final = 100
_IDS: Final = 500
_EVENT: Final = ("id", "status", "at", "device", "counter", "replaces", "minutes")


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a batch did: how many people and sessions it touched, how many events wrote."""

    batch: MarkBatch
    pairs: int
    events: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where marks come from: an import or a merge, of what, with the SHA-256 of its file."""

    kind: str
    source: str
    digest: str | None = None


def begin_batch(work: UnitOfWork, origin: Origin) -> MarkBatch:
    """Begin a batch; put its number on the events that come with it, and count them into it."""
    take_turn(work.connection, "marks")
    number = int(work.connection.execute(select(func.max(_BATCH.c.number))).scalar() or 0) + 1
    batch = MarkBatch(
        number=number,
        kind=origin.kind,
        source=origin.source,
        digest=origin.digest,
        at=work.now,
        by=work.actor,
        new=0,
    )
    work.session.add(batch)
    work.session.flush()
    return batch


def end_batch(
    work: UnitOfWork,
    batch: MarkBatch,
    *,
    new: int,
    known: int,
    restored: int = 0,
    kept: bool = False,
) -> None:
    """Keep what a batch brought; one that changed no mark is not kept, unless ``kept``."""
    if not new and not restored and not kept:
        work.session.delete(batch)
        return
    batch.new, batch.known, batch.restored = new, known, restored


def has_undone(work: UnitOfWork) -> bool:
    """Tell whether any import was ever undone."""
    return bool(undone_batches(work))


def undone_batches(work: UnitOfWork) -> frozenset[int]:
    """Return the numbers of the imports that were undone."""
    query = select(_BATCH.c.number).where(_BATCH.c.undone_at.is_not(None))
    return frozenset(work.connection.scalars(query))


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where there is none to read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def list_batches(session: Session) -> list[MarkBatch]:
    """Return every batch, the newest first."""
    return list(session.scalars(select(MarkBatch).order_by(_BATCH.c.number.desc())))


def undo_batch(work: UnitOfWork, number: int, *, reason: str | None = None) -> Undone:
    """Undo an import or merge of marks; commit the work yourself.

    Raise Refused where there is no such batch, it is undone already, or sessions of it were closed
    or frozen after it came.
    """
    take_turn(work.connection, "marks")
    batch = work.session.get(MarkBatch, number)
    if batch is None or batch.kind == "undo":
        raise Refused(
            "there is no import {number}; “trainer attendance imports” lists them", number=number
        )
    if batch.undone_at is not None:
        raise Refused(
            "the import {number} was undone by {person} already; import the file again to bring "
            "its marks back",
            number=number,
            person=batch.undone_by or "-",
        )
    sessions = sorted(
        work.connection.scalars(select(_MARK.c.session).where(_MARK.c.batch == number).distinct())
    )
    _refuse_closed(work, batch, sessions)
    _refuse_built_upon(work, batch)
    act = begin_batch(work, Origin("undo", batch.source))
    act.undoes = number
    batch.undone_at, batch.undone_by, batch.undone_reason = work.now, work.actor, reason
    work.session.flush()
    pairs, events = _settle(work, sessions, _MARK.c.batch == number, act.number)
    act.new = events
    return Undone(batch, pairs, events)


def bring_back(work: UnitOfWork, batch: MarkBatch, ids: Collection[str]) -> int:
    """Let known events that come again with ``batch`` count again, if they were undone.

    They belong to the new batch from now on. Return how many there are.
    """
    undone = undone_batches(work)
    if not undone:
        return 0
    wanted = sorted(ids)
    sessions: set[str] = set()
    count = 0
    for first in range(0, len(wanted), _IDS):
        chosen = _MARK.c.id.in_(wanted[first : first + _IDS]) & _MARK.c.batch.in_(undone)
        sessions.update(work.connection.scalars(select(_MARK.c.session).where(chosen).distinct()))
        statement = update(_MARK).where(chosen).values(batch=batch.number)
        count += work.connection.execute(statement).rowcount
    if count:
        _bring_retold(work, batch, sessions, set(ids), undone)
        _settle(work, sorted(sessions), _MARK.c.batch == batch.number, batch.number)
    return count


def _bring_retold(
    work: UnitOfWork,
    batch: MarkBatch,
    sessions: Collection[str],
    ids: Collection[str],
    undone: Collection[int],
) -> None:
    # what was said of a person in a guest's place comes back with the guest's own mark
    wanted = sorted(sessions)
    for first in range(0, len(wanted), _IDS):
        query = select(_MARK.c.id).where(
            _MARK.c.session.in_(wanted[first : first + _IDS]),
            _MARK.c.id.like(LIKE),
            _MARK.c.batch.in_(undone),
        )
        rows = work.connection.scalars(query)
        found = [id_ for id_ in rows if first_told(id_) in ids]
        for start in range(0, len(found), _IDS):
            chosen = _MARK.c.id.in_(found[start : start + _IDS])
            work.connection.execute(update(_MARK).where(chosen).values(batch=batch.number))


def _refuse_closed(work: UnitOfWork, batch: MarkBatch, sessions: list[str]) -> None:
    shut = shut_sessions(work.connection, work.now, sessions)
    later = [one for one in shut.values() if one.since > batch.at]
    if later:
        raise Refused(
            "of the sessions of import {number}, {count} were closed or frozen after it, such as "
            "that of {class_code} on {date}; open them again first, or propose corrections",
            number=batch.number,
            count=len(later),
            class_code=later[0].class_code,
            date=later[0].date,
        )


def _refuse_built_upon(work: UnitOfWork, batch: MarkBatch) -> None:
    # marks of a door device follow from all that it saw of a person: later logs counted this one in
    one, other = table_of(DoorEvent).alias(), table_of(DoorEvent).alias()
    query = (
        select(func.min(other.c.batch))
        .where(one.c.batch == batch.number, other.c.batch > batch.number)
        .where(other.c.device == one.c.device, other.c.person == one.c.person)
        .where(other.c.batch.not_in(undone_batches(work)))
    )
    later = work.connection.execute(query).scalar()
    if later is not None:
        raise Refused(
            "the import {later} brought more of what the same device saw of the same people, and "
            "its marks follow from both; undo import {later} first, then import {number}",
            later=later,
            number=batch.number,
        )


def _settle(
    work: UnitOfWork, sessions: list[str], touched: ColumnElement[bool], number: int
) -> tuple[int, int]:
    # writes what is needed for the pairs touched; returns how many there are, and events written
    undone = undone_batches(work)
    writer = _Writer(work, number)
    pairs: list[Pair] = []
    for pair, rows in _logs(work, sessions, touched):
        batches = {row["id"]: row["batch"] for row in rows}
        found = remedy([Event(*(row[name] for name in _EVENT)) for row in rows], batches, undone)
        if found != Remedy():
            writer.write(found, {row["id"]: row for row in rows})
        pairs.append(pair)
    events = writer.finish()
    refresh(work, pairs)
    return len(pairs), events


def _logs(
    work: UnitOfWork, sessions: list[str], touched: ColumnElement[bool]
) -> Iterator[tuple[Pair, list[Any]]]:
    # the whole log of every pair that has an event of the batch
    for first in range(0, len(sessions), _CHUNK):
        chunk = _MARK.c.session.in_(sessions[first : first + _CHUNK])
        query = select(_MARK.c.session, _MARK.c.person).where(chunk, touched).distinct()
        meant = {(row[0], row[1]) for row in work.connection.execute(query)}
        ordered = select(_MARK).where(chunk).order_by(_MARK.c.session, _MARK.c.person, _MARK.c.id)
        rows = work.connection.execute(ordered).mappings().all()
        for pair, group in groupby(rows, key=lambda row: (row["session"], row["person"])):
            if pair in meant:
                yield pair, list(group)


class _Writer:
    # appends voids and copies under one tag
    def __init__(self, work: UnitOfWork, number: int) -> None:
        self._work = work
        self._number = number
        self._tag = secrets.token_hex(4)
        self._device = device_of(work.connection.engine.url)
        self._counter = next_counter(work, self._device)
        self._rows: list[dict[str, Any]] = []

    def write(self, found: Remedy, rows: dict[str, Any]) -> None:
        for event in found.repeat:
            row = dict(rows[event.id])
            self._rows.append(
                row | {"id": tagged(event.id, self._tag), "replaces": event.id}
                | {"batch": self._number}
            )  # fmt: skip
        for event in found.retract:
            row = dict.fromkeys(_MARK.columns.keys()) | dict(rows[event.id])
            self._rows.append(
                row
                | {
                    "id": tagged(event.id, self._tag),
                    "status": VOID,
                    "minutes": None,
                    "at": self._work.now,
                    "by": self._work.actor,
                    "device": self._device,
                    "counter": self._counter,
                    "replaces": event.id,
                    "note": None,
                    "batch": self._number,
                }
            )
            self._counter += 1

    def finish(self) -> int:
        self._work.insert_many(Mark, self._rows, digest=True)
        return len(self._rows)
