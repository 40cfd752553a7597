"""What has changed in a frozen period since its figures were handed in.

What a correction or a late arrival changes there is kept with what counted before, so that a report
can say which of its figures are no longer those that were handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import Session

from db.tables import AttendanceFreeze, ChangedLater, MarkState, TrainingSession
from db.work import table_of

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: A session and a person, as ``trainer.attendance.state`` (which imports this) calls it.
Pair = tuple[str, str]
#: A status, and the minutes missed.
Counted = tuple[str, int | None]

_FREEZE = table_of(AttendanceFreeze)
_CHANGED = table_of(ChangedLater)
_SESSION = table_of(TrainingSession)
_STATE = table_of(MarkState)
_CHUNK: Final = 500


def states_of_frozen(work: UnitOfWork, sessions: Iterable[str]) -> dict[Pair, Counted] | None:
    """Return what counts at those of the sessions that are frozen; None where nothing is."""
    until = work.connection.execute(
        select(func.max(_FREEZE.c.until)).where(_FREEZE.c.lifted_at.is_(None))
    ).scalar()
    if until is None:
        return None
    query = (
        select(_STATE.c.session, _STATE.c.person, _STATE.c.status, _STATE.c.minutes)
        .join(_SESSION, _SESSION.c.uid == _STATE.c.session)
        .where(_SESSION.c.date <= until)
    )
    found: dict[Pair, Counted] = {}
    for chunk in _chunks(sessions):
        for row in work.connection.execute(query.where(_STATE.c.session.in_(chunk))):
            found[row[0], row[1]] = (row[2], row[3])
    return found


def keep_changed(
    work: UnitOfWork, sessions: Iterable[str], before: dict[Pair, Counted] | None
) -> None:
    """Keep what counted before for everybody of whom something else counts now."""
    if before is None:
        return
    uids = list(sessions)
    now = states_of_frozen(work, uids) or {}
    changed = {pair for pair in before.keys() | now.keys() if before.get(pair) != now.get(pair)}
    if not changed:
        return
    query = select(_CHANGED.c.session, _CHANGED.c.person)
    for chunk in _chunks(uids):
        known = work.connection.execute(query.where(_CHANGED.c.session.in_(chunk)))
        changed -= {(row[0], row[1]) for row in known}
    rows = []
    for session, person in sorted(changed):
        status, minutes = before.get((session, person), (None, None))
        rows.append(
            {"session": session, "person": person, "status": status, "minutes": minutes}
            | {"at": work.now}
        )
    work.insert_many(ChangedLater, rows)


def changed_since(session: Session) -> dict[Pair, Counted | None]:
    """Return what counted when it was frozen of everybody of whom something else counts now."""
    query = select(
        _CHANGED.c.session, _CHANGED.c.person, _CHANGED.c.status, _CHANGED.c.minutes,
        _STATE.c.status.label("now"), _STATE.c.minutes.label("now_minutes"),
    ).outerjoin(
        _STATE, (_STATE.c.session == _CHANGED.c.session) & (_STATE.c.person == _CHANGED.c.person)
    )  # fmt: skip
    found: dict[Pair, Counted | None] = {}
    for row in session.connection().execute(query):
        if (row.status, row.minutes) != (row.now, row.now_minutes):
            found[row.session, row.person] = (row.status, row.minutes) if row.status else None
    return found


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(set(items))
    for first in range(0, len(ordered), _CHUNK):
        yield ordered[first : first + _CHUNK]
