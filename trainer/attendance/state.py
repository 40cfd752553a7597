"""What counts now for a person at a session: a pure function of the SET of mark events.

The rules, in the order in which they apply to the events of one (session, person):

1. A *head* is an event that no other event replaces. ``replaces`` may name an event that is not
   known yet, or one of another pair: then it replaces nothing here. An event that names itself
   replaces nothing. Events that replace each other in a ring have no head; the latest of the ring
   (by device count, instant, id) is taken for one.
2. A head with status ``void`` retracts what it replaces and says nothing itself.
3. Of several heads of one device, the one with the greatest ``counter`` stands (then the latest
   ``at``, then the greatest id). Events without a device count as one device.
4. The devices' heads are compared. Equal statuses agree. Different statuses are a *conflict*, which
   is shown until a person resolves it; meanwhile the latest ``at`` counts (then the greatest id).

The order in which events arrive, and how often, makes no difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Select, delete, func, insert, literal, select, tuple_

from db.tables import Mark, MarkState
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.changed import keep_changed, states_of_frozen

if TYPE_CHECKING:
    from db.work import UnitOfWork

Pair = tuple[str, str]
Item = TypeVar("Item")

VOID: Final = "void"
#: Up to so many pairs are looked up one by one; above that whole sessions are refreshed.
FEW: Final = 300
_CHUNK: Final = 400
_MARK = table_of(Mark)
_STATE = table_of(MarkState)


@dataclass(frozen=True, slots=True)
class Event:
    """One mark event as far as the current state depends on it."""

    id: str
    status: str
    at: dt.datetime
    device: str | None = None
    counter: int | None = None
    replaces: str | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """What a set of events amounts to: the event that counts, and all heads that stand."""

    event: Event
    heads: tuple[Event, ...]
    conflict: bool

    @property
    def attended(self) -> bool:
        """Tell whether the person was there, in whole or in part."""
        return self.event.status in ATTENDED


def current(events: Iterable[Event]) -> Current | None:
    """Return what counts for the events of one session and person; None where nobody marked it."""
    standing = sorted(
        (event for event in heads(events) if event.status != VOID), key=_order_on_device
    )
    if not standing:
        return None
    last_of = {event.device or "": event for event in standing}
    chosen = max(last_of.values(), key=lambda event: (event.at, event.id))
    conflict = len({event.status for event in last_of.values()}) > 1
    return Current(chosen, tuple(sorted(standing, key=attrgetter("id"))), conflict)


def heads(events: Iterable[Event]) -> list[Event]:
    """Return the events that nothing replaces, voids included, one for each ring of events."""
    known: dict[str, Event] = {}
    for event in events:
        other = known.get(event.id)
        if other is None or _fixed_order(other) < _fixed_order(event):
            known[event.id] = event
    replaced = {event.replaces for event in known.values() if event.replaces != event.id}
    found = [event for event in known.values() if event.id not in replaced]
    reached: set[str] = set()
    for event in found:
        _follow(event, known, reached)
    for event in known.values():
        ring = _follow(event, known, reached)
        if ring:
            found.append(max(ring, key=_order_on_device))
    return found


def refresh(work: UnitOfWork, pairs: Iterable[Pair] | None) -> int:
    """Rebuild the current state of (session, person) ``pairs``, or of all; return rows kept.

    It runs in the transaction of ``work``, so that log and state are never seen apart.
    """
    work.session.flush()
    if pairs is None:
        work.connection.execute(delete(_STATE))
        return _rebuild(work, None)
    wanted = sorted(set(pairs))
    if len(wanted) <= FEW:
        return _refresh_pairs(work, wanted)
    return refresh_sessions(work, {session for session, _person in wanted})


def refresh_sessions(work: UnitOfWork, sessions: Iterable[str]) -> int:
    """Rebuild the current state of everybody at ``sessions``; return rows kept."""
    wanted = sorted(sessions)
    before = states_of_frozen(work, wanted)
    kept = 0
    for chunk in _chunks(wanted):
        work.connection.execute(delete(_STATE).where(_STATE.c.session.in_(chunk)))
        kept += _rebuild(work, chunk)
    keep_changed(work, wanted, before)
    return kept


def events_of(work: UnitOfWork, pairs: Iterable[Pair]) -> dict[Pair, list[Event]]:
    """Return every event of the log for each of ``pairs``."""
    found: dict[Pair, list[Event]] = {}
    for chunk in _chunks(sorted(set(pairs))):
        query = _event_query().where(tuple_(_MARK.c.session, _MARK.c.person).in_(chunk))
        for row in work.connection.execute(query):
            found.setdefault((row[0], row[1]), []).append(Event(*row[2:]))
    return found


def _refresh_pairs(work: UnitOfWork, pairs: list[Pair]) -> int:
    sessions = {session for session, _person in pairs}
    before = states_of_frozen(work, sessions)
    for chunk in _chunks(pairs):
        work.connection.execute(
            delete(_STATE).where(tuple_(_STATE.c.session, _STATE.c.person).in_(chunk))
        )
    found = events_of(work, pairs)
    kept = _keep(work, ((pair, current(events)) for pair, events in found.items()))
    keep_changed(work, sessions, before)
    return kept


def _rebuild(work: UnitOfWork, sessions: list[str] | None) -> int:
    # nearly every pair has one event, and what that amounts to the database can say by itself
    pair = (_MARK.c.session, _MARK.c.person)
    chosen = () if sessions is None else (_MARK.c.session.in_(sessions),)
    status = func.min(_MARK.c.status)
    single = (
        select(*pair, status, func.min(_MARK.c.minutes), func.min(_MARK.c.id), literal(value=False))
        .where(*chosen)
        .group_by(*pair)
        .having(func.count() == 1, status != VOID)
    )
    names = ["session", "person", "status", "minutes", "mark", "conflict"]
    statement = insert(_STATE).from_select(names, single).execution_options(preserve_rowcount=True)
    kept = work.connection.execute(statement).rowcount
    several = select(*pair).where(*chosen).group_by(*pair).having(func.count() > 1).subquery()
    query = (
        _event_query()
        .join(
            several, (several.c.session == _MARK.c.session) & (several.c.person == _MARK.c.person)
        )
        .order_by(*pair)
    )
    rows = work.connection.execute(query).all()
    states = (
        (pair_of, current(Event(*row[2:]) for row in group))
        for pair_of, group in groupby(rows, key=lambda row: (row[0], row[1]))
    )
    return kept + _keep(work, states)


def _keep(work: UnitOfWork, states: Iterable[tuple[Pair, Current | None]]) -> int:
    rows = [
        {
            "session": session,
            "person": person,
            "status": state.event.status,
            "minutes": state.event.minutes,
            "mark": state.event.id,
            "conflict": state.conflict,
        }
        for (session, person), state in states
        if state is not None
    ]
    work.insert_many(MarkState, rows)
    return len(rows)


def _event_query() -> Select[Any]:
    names = ("session", "person", "id", "status", "at", "device", "counter", "replaces", "minutes")
    return select(*(_MARK.c[name] for name in names))


def _follow(event: Event, known: dict[str, Event], reached: set[str]) -> list[Event]:
    # the events from this one on along what they replace, as far as nobody has been there
    passed = []
    following: Event | None = event
    while following is not None and following.id not in reached:
        reached.add(following.id)
        passed.append(following)
        following = known.get(following.replaces or "")
    return passed


def _order_on_device(event: Event) -> tuple[int, dt.datetime, str]:
    return (-1 if event.counter is None else event.counter, event.at, event.id)


def _fixed_order(event: Event) -> tuple[Any, ...]:
    # two events of one id are refused on the way in; should they meet here, one is always taken
    return (*_order_on_device(event), event.status, event.device or "", event.replaces or "")


def _chunks(items: list[Item]) -> Iterator[list[Item]]:
    for first in range(0, len(items), _CHUNK):
        yield items[first : first + _CHUNK]
