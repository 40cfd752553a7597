"""Recording marks: every act appends an immutable event, and nothing is ever overwritten."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from db.locks import take_turn
from db.tables import Mark
from db.work import table_of
from trainer.attendance.closing import require_open
from trainer.attendance.device import device_of
from trainer.attendance.state import VOID, Current, Event, Pair, current, events_of, refresh
from trainer.attendance.stepping import step_id, trail_of
from trainer.attendance.wishes import check_wishes
from trainer.dataset.cells import printable
from trainer.errors import Refused

if TYPE_CHECKING:
    import datetime as dt

    from db.work import UnitOfWork

_MARK = table_of(Mark)
_COLUMNS: Final = tuple(_MARK.columns.keys())
_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to record of a person at a session; ``minutes`` are minutes missed.

    ``by`` is who says so, if not the actor: whoever signs in speaks for himself.
    """

    session: str
    person: str
    status: str
    minutes: int | None = None
    note: str | None = None
    at: dt.datetime | None = None
    by: str | None = None


def record_mark(
    work: UnitOfWork,
    *,
    session: str,
    person: str,
    status: str,
    minutes: int | None = None,
    note: str | None = None,
    device: str | None = None,
    by: str | None = None,
) -> Mark:
    """Record one mark and return the event that counts now; commit the work yourself.

    A mark that stands is replaced, whichever device it is from; saying the same again writes
    nothing. Raise Refused for a cancelled or unknown session and an unknown person, SessionClosed
    for a closed one, UsageError for a status that does not exist.
    """
    wish = Wish(session, person, status, minutes, note, by=by)
    return record_marks(work, [wish], device=device)[0]


def record_marks(
    work: UnitOfWork,
    wishes: Iterable[Wish],
    *,
    device: str | None = None,
    closed_too: bool = False,
) -> list[Mark]:
    """Record several marks as one act, as ``record_mark`` does; a pair's last wish counts.

    ``closed_too`` records them at closed sessions as well: for what two persons have agreed on.
    """
    wanted = list({(wish.session, wish.person): wish for wish in wishes}.values())
    check_wishes(work, wanted)
    if not closed_too:
        require_open(work, {wish.session for wish in wanted})
    writer = _Writer(work, device)
    pairs = [(wish.session, wish.person) for wish in wanted]
    log = events_of(work, pairs)
    marks = [
        writer.write(wish, current(log.get(pair, ())))
        for wish, pair in zip(wanted, pairs, strict=True)
    ]
    writer.finish()
    return marks


def mark_unmarked(
    work: UnitOfWork,
    *,
    session: str,
    persons: Iterable[str],
    status: str = "present",
    minutes: int | None = None,
    device: str | None = None,
) -> list[Mark]:
    """Record ``status`` for those of ``persons`` of whom nothing is recorded at the session yet."""
    take_turn(work.connection, "marks")
    pairs = [(session, person) for person in persons]
    log = events_of(work, pairs)
    wishes = [Wish(*pair, status, minutes) for pair in pairs if current(log.get(pair, ())) is None]
    return record_marks(work, wishes, device=device)


def undo_mark(
    work: UnitOfWork,
    *,
    session: str,
    person: str,
    note: str | None = None,
    device: str | None = None,
) -> Mark | None:
    """Take back the mark that counts now; return what counts afterwards (None: unmarked).

    A mark that had replaced another gives way to what was said before, by a new event; any other is
    retracted by a void. Once more goes one step further back. Raise Refused where nothing is
    recorded, SessionClosed at a closed session.
    """
    take_turn(work.connection, "marks")
    require_open(work, [session])
    log = events_of(work, [(session, person)]).get((session, person), [])
    now = current(log)
    if now is None:
        raise Refused(
            "nothing is recorded of {person} at this session, so there is nothing to take back; "
            "look at the sheet again",
            person=person,
        )
    before = trail_of(log).before
    said = (before.status, before.minutes) if before else (VOID, None)
    writer = _Writer(work, device)
    mark = writer.step(Wish(session, person, *said, note), now, now.event, back=True)
    writer.finish()
    return None if mark.status == VOID else mark


def redo_mark(
    work: UnitOfWork,
    *,
    session: str,
    person: str,
    note: str | None = None,
    device: str | None = None,
) -> Mark:
    """Do again what ``undo_mark`` took back last; return what counts afterwards.

    Raise Refused where nothing was taken back since, SessionClosed at a closed session.
    """
    take_turn(work.connection, "marks")
    require_open(work, [session])
    log = events_of(work, [(session, person)]).get((session, person), [])
    trail = trail_of(log)
    if trail.after is None or trail.above is None:
        raise Refused(
            "nothing was taken back of {person} at this session since the last mark, so there is "
            "nothing to do again; mark the person instead",
            person=person,
        )
    wish = Wish(session, person, trail.after.status, trail.after.minutes, note)
    writer = _Writer(work, device)
    mark = writer.step(wish, current(log), trail.above, back=False)
    writer.finish()
    return mark


def retract_marks(
    work: UnitOfWork,
    *,
    session: str,
    persons: Iterable[str],
    note: str | None = None,
    device: str | None = None,
    closed_too: bool = False,
) -> int:
    """Leave these persons unmarked at the session, as one act; return how many had a mark.

    Unlike ``undo_mark`` it goes back to no mark at all, however often a mark was corrected. Raise
    SessionClosed at a closed session, unless ``closed_too``.
    """
    take_turn(work.connection, "marks")
    if not closed_too:
        require_open(work, [session])
    pairs = [(session, person) for person in dict.fromkeys(persons)]
    log = events_of(work, pairs)
    writer = _Writer(work, device)
    retracted = 0
    for pair in pairs:
        now = current(log.get(pair, ()))
        for head in now.heads if now else ():
            writer.retract(pair, head, note)
        retracted += now is not None
    writer.finish()
    return retracted


def keep_mark(
    work: UnitOfWork, *, mark: str, note: str | None = None, device: str | None = None
) -> int:
    """Resolve a conflict in favour of the event with this id; return how many were retracted.

    Each other event that stands is retracted by a void, so that both sides stay in the log, and the
    one that is kept is said again: should another office decide the other way, the two decisions
    are a conflict, too, and nothing is lost between them. Raise Refused where the event does not
    stand, SessionClosed at a closed session.
    """
    take_turn(work.connection, "marks")
    row = work.connection.execute(
        select(_MARK.c.session, _MARK.c.person, _MARK.c.note).where(_MARK.c.id == mark)
    ).first()
    pair: Pair = (row[0], row[1]) if row else ("", "")
    now = current(events_of(work, [pair]).get(pair, ())) if row else None
    if now is None or mark not in {head.id for head in now.heads}:
        raise Refused(
            "no mark with the id {mark} stands now; “trainer attendance conflicts” lists those "
            "that do",
            mark=mark,
        )
    require_open(work, [pair[0]])
    writer = _Writer(work, device)
    kept = next(head for head in now.heads if head.id == mark)
    others = [head for head in now.heads if head is not kept]
    for head in others:
        writer.retract(pair, head, note)
    if others:
        writer.repeat(pair, kept, note or (row[2] if row else None))
    writer.finish()
    return len(others)


def record_many(
    work: UnitOfWork,
    rows: Iterable[Mapping[str, Any]],
    *,
    pairs: Iterable[Pair] | None = None,
) -> int:
    """Append events given whole, fast, audited by one digest; return how many.

    A row has the columns of ``mark``; ``id`` may be missing, then it is random. ``pairs`` are those
    whose state may have changed, all pairs of the rows if not given. The caller answers for the
    ids being new and the references being known.
    """
    take_turn(work.connection, "marks")
    touched: set[Pair] = set()

    def whole(row: Mapping[str, Any]) -> tuple[Any, ...]:
        if pairs is None:
            touched.add((row["session"], row["person"]))
        return (row.get("id") or str(uuid.uuid4()), *map(row.get, _COLUMNS[1:]))

    events = map(whole, rows)
    batches = iter(lambda: list(islice(events, _BATCH)), [])
    count = work.insert_batches(Mark, _COLUMNS, batches)
    refresh(work, touched if pairs is None else pairs)
    return count


class _Writer:
    # appends events under one device's count, and refreshes the state of what it touched

    def __init__(self, work: UnitOfWork, device: str | None) -> None:
        take_turn(work.connection, "marks")
        self._work = work
        self._device = device or device_of(work.connection.engine.url)
        self._counter = next_counter(work, self._device)
        self._rows: list[dict[str, Any]] = []

    def write(self, wish: Wish, now: Current | None) -> Mark:
        """Append what is wished over what stands, unless it says just that already."""
        pair = (wish.session, wish.person)
        if now is not None and not now.conflict and _says(now.event, wish):
            return self._standing(now.event.id)
        for head in now.heads if now else ():
            if now and head.id != now.event.id:
                self.retract(pair, head, wish.note)
        return self._append(wish, now.event.id if now else None)

    def step(self, wish: Wish, now: Current | None, above: Event, *, back: bool) -> Mark:
        """Append a step back, or one forward, over what stands."""
        for head in now.heads if now else ():
            if head.id != above.id:
                self.retract((wish.session, wish.person), head, wish.note)
        return self._append(wish, above.id, step_id(back=back))

    def retract(self, pair: Pair, head: Event, note: str | None) -> None:
        """Append a void for an event that stands."""
        self._append(Wish(*pair, VOID, None, note), head.id)

    def repeat(self, pair: Pair, head: Event, note: str | None) -> None:
        """Append an event that says what one that stands says, in its place."""
        self._append(Wish(*pair, head.status, head.minutes, note), head.id)

    def finish(self) -> None:
        """Store the events and what they amount to."""
        self._work.insert_many(Mark, self._rows)
        refresh(self._work, {(row["session"], row["person"]) for row in self._rows})

    def _append(self, wish: Wish, replaces: str | None, id_: str | None = None) -> Mark:
        row: dict[str, Any] = {
            "id": id_ or str(uuid.uuid4()),
            "session": wish.session,
            "person": wish.person,
            "status": wish.status,
            "minutes": wish.minutes,
            "at": wish.at or self._work.now,
            "by": printable(wish.by or self._work.actor) or None,
            "device": self._device,
            "counter": self._counter,
            "replaces": replaces,
            "note": printable(wish.note or "") or None,
        }
        self._counter += 1
        self._rows.append(row)
        return Mark(**row)

    def _standing(self, mark: str) -> Mark:
        query = select(_MARK).where(_MARK.c.id == mark)
        return Mark(**self._work.connection.execute(query).mappings().one())


def next_counter(work: UnitOfWork, device: str) -> int:
    """Return the device's next count: one more than it ever used in this database."""
    query = select(func.max(_MARK.c.counter)).where(_MARK.c.device == device)
    return int(work.connection.execute(query).scalar() or 0) + 1


def _says(event: Event, wish: Wish) -> bool:
    return (event.status, event.minutes) == (wish.status, wish.minutes) and wish.note is None
