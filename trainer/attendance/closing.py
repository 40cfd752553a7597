"""Closing rolls: from then on one person proposes a correction and another one decides.

A session is closed by a person (``close_sessions``), by the office's policy so many days after
its date (``close_after_days``), or because its period is frozen (``trainer.attendance.freezing``).
Marks that come in from elsewhere are taken all the same: they are facts, listed as odd.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select
from sqlmodel import Session

from db.tables import AttendanceFreeze, OfficeSettings, SessionClosing, TrainingSession
from db.work import table_of
from trainer.attendance.expected import CANCELLED
from trainer.attendance.rules import rules_from
from trainer.attendance.sheet import find_session, require_class
from trainer.errors import NotAllowed, Refused, UsageError
from trainer.office import Office
from trainer.phrases import mark

if TYPE_CHECKING:
    from db.work import UnitOfWork

_SESSION = table_of(TrainingSession)
_CLOSING = table_of(SessionClosing)
_FREEZE = table_of(AttendanceFreeze)
_CHUNK: Final = 500
_CLOSED: Final = mark(
    "the session of {class_code} on {date} is closed; propose a correction with “trainer "
    "attendance correct” and its reason, and a second person decides"
)
_FROZEN: Final = mark(
    "the session of {class_code} on {date} is in a period that is frozen; propose a correction "
    "with “trainer attendance correct” and its reason, and a second person decides"
)


class SessionClosed(Refused):
    """A mark was wanted at a session that is closed: propose a correction instead."""


@dataclass(frozen=True, slots=True)
class Shut:
    """Why a session takes no marks of its own any more: ``why`` is person, policy or freeze."""

    session: str
    class_code: str
    date: dt.date
    period: str
    why: str
    since: dt.datetime
    by: str | None = None
    reason: str | None = None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "session": self.session,
            "class": self.class_code,
            "date": self.date.isoformat(),
            "period": self.period,
            "why": self.why,
            "since": self.since,
            "by": self.by,
            "reason": self.reason,
        }


def shut_sessions(
    connection: Connection, now: dt.datetime, uids: Collection[str] | None = None
) -> dict[str, Shut]:
    """Return those of the sessions (None: all) that are closed or frozen at ``now``, by uid."""
    freeze = connection.execute(
        select(_FREEZE).where(_FREEZE.c.lifted_at.is_(None)).order_by(_FREEZE.c.until.desc())
    ).first()
    days, zone = _policy(connection)
    if freeze is None and days is None:
        query = _CLOSING.c.closed
        wanted = select(_CLOSING.c.session).where(query)
        if connection.execute(wanted.limit(1)).first() is None:
            return {}
    found: dict[str, Shut] = {}
    for row in _rows(connection, uids):
        shut = _shut(row, freeze, days, zone)
        if shut is not None and shut.since <= now:
            found[row.uid] = shut
    return found


def require_open(work: UnitOfWork, uids: Collection[str]) -> None:
    """Raise SessionClosed where one of the sessions is closed or frozen."""
    for shut in shut_sessions(work.connection, work.now, uids).values():
        frozen = shut.why == "freeze"
        raise SessionClosed(_FROZEN if frozen else _CLOSED, class_code=shut.class_code,
                            date=shut.date)  # fmt: skip


def close_sessions(work: UnitOfWork, uids: Sequence[str], *, reason: str | None = None) -> int:
    """Close those of the sessions that have begun and are not closed by a person; return how many.

    Raise Refused where none of them has begun.
    """
    begun = [
        row for row in _rows(work.connection, uids)
        if row.status != CANCELLED and (row.start <= work.now or row.status == "held")
    ]  # fmt: skip
    if not begun:
        raise Refused(
            "none of these sessions has begun, so there is nothing to close; choose sessions that "
            "were held"
        )
    closed = 0
    for row in begun:
        if row.closed:
            continue
        _say(work, row.uid, closed=True, reason=reason)
        closed += 1
    return closed


def reopen_sessions(work: UnitOfWork, uids: Sequence[str], *, reason: str | None) -> int:
    """Open closed sessions again; return how many.

    Raise UsageError without a reason, NotAllowed for whoever closed one of them, Refused for
    sessions in a frozen period or where none is closed.
    """
    if not (reason or "").strip():
        raise UsageError("opening a closed session needs a reason; give it with --reason")
    shut = shut_sessions(work.connection, work.now, uids)
    if not shut:
        raise Refused("none of these sessions is closed; nothing was changed")
    for one in shut.values():
        if one.why == "freeze":
            raise Refused(
                "the session of {class_code} on {date} is in a period that is frozen; lift the "
                "freeze first, or propose a correction",
                class_code=one.class_code,
                date=one.date,
            )
        if one.why == "person" and same_person(one.by, work.actor):
            raise NotAllowed(
                "{person} closed the session of {class_code} on {date}, so another person must "
                "open it again; ask a colleague",
                person=work.actor,
                class_code=one.class_code,
                date=one.date,
            )
    for uid in shut:
        _say(work, uid, closed=False, reason=reason)
    return len(shut)


def sessions_to_close(
    session: Session,
    office: Office,
    *,
    class_code: str | None = None,
    date: dt.date | None = None,
    period: str | None = None,
) -> list[str]:
    """Return the uids of a class's, a day's, or a class's sessions on a day; raise Refused."""
    if class_code is not None:
        require_class(session, class_code)
        if date is not None and period is not None:
            return [find_session(session, office, class_code, date, period)]
    query = select(_SESSION.c.uid).where(_SESSION.c.status != CANCELLED)
    if class_code is not None:
        query = query.where(_SESSION.c.class_code == class_code)
    if date is not None:
        query = query.where(_SESSION.c.date == date)
    return list(session.connection().scalars(query.order_by(_SESSION.c.start, _SESSION.c.uid)))


def same_person(one: str | None, other: str | None) -> bool:
    """Tell whether two names of users mean the same one."""
    return (one or "").strip().casefold() == (other or "").strip().casefold()


def _say(work: UnitOfWork, uid: str, *, closed: bool, reason: str | None) -> None:
    row = work.session.get(SessionClosing, uid)
    if row is None:
        row = SessionClosing(session=uid, closed=closed, at=work.now, by=work.actor)
        work.session.add(row)
    row.closed, row.at, row.by, row.reason = closed, work.now, work.actor, reason
    work.session.flush()


def _policy(connection: Connection) -> tuple[int | None, ZoneInfo]:
    # the document as it is kept: checking all of it at every key would cost more than the mark
    document = connection.execute(select(table_of(OfficeSettings).c.document)).scalar() or {}
    rules = rules_from(document.get("policies") or {})
    return rules.close_after_days, ZoneInfo(document.get("timezone") or "Asia/Shanghai")


def _shut(row: Any, freeze: Any, days: int | None, zone: ZoneInfo) -> Shut | None:
    facts = (row.uid, row.class_code, row.date, row.period)
    if freeze is not None and row.date <= freeze.until:
        return Shut(*facts, "freeze", freeze.at, freeze.by, freeze.reason)
    if row.closed is not None:
        return Shut(*facts, "person", row.at, row.by, row.reason) if row.closed else None
    if days is None:
        return None
    end = dt.datetime.combine(row.date + dt.timedelta(days=days + 1), dt.time(), zone)
    return Shut(*facts, "policy", end.astimezone(dt.UTC))


def _rows(connection: Connection, uids: Collection[str] | None) -> Iterator[Any]:
    names = ("uid", "class_code", "date", "period", "start", "status")
    query = select(
        *(_SESSION.c[name] for name in names),
        *(_CLOSING.c[name] for name in ("closed", "at", "by", "reason")),
    ).outerjoin(_CLOSING, _CLOSING.c.session == _SESSION.c.uid)
    if uids is None:
        yield from connection.execute(query.where(_SESSION.c.status != CANCELLED))
        return
    wanted = sorted(set(uids))
    for first in range(0, len(wanted), _CHUNK):
        yield from connection.execute(
            query.where(_SESSION.c.uid.in_(wanted[first : first + _CHUNK]))
        )


def closed_of_class(
    session: Session, now: dt.datetime, class_code: str | None = None
) -> Mapping[str, Shut]:
    """Return every closed session, of one class or all, in the order of their dates."""
    found = shut_sessions(session.connection(), now)
    ordered = sorted(
        found.values(), key=lambda one: (one.date, one.class_code, one.period, one.session)
    )
    return {
        one.session: one for one in ordered if class_code is None or one.class_code == class_code
    }
