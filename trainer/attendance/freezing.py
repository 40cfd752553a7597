"""Freezing a period whose figures were reported upward, and lifting a freeze.

Up to the last frozen day every session is closed to single persons; ``trainer.attendance.changed``
keeps what a correction or a late arrival changes there.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlmodel import Session

from db.tables import AttendanceFreeze, ChangedLater, TrainingSession
from db.work import table_of
from trainer.attendance.closing import same_person
from trainer.errors import NotAllowed, Refused, UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork

_FREEZE = table_of(AttendanceFreeze)
_CHANGED = table_of(ChangedLater)
_SESSION = table_of(TrainingSession)


def freeze_until(
    work: UnitOfWork, until: dt.date, *, today: dt.date, reason: str | None = None
) -> AttendanceFreeze:
    """Freeze every session up to ``until``, that day counted; raise UsageError or Refused."""
    if until >= today:
        raise UsageError(
            "{date} is not over yet, so its figures cannot be frozen; give a day before {today}",
            date=until,
            today=today,
        )
    row = work.session.get(AttendanceFreeze, until)
    if row is not None and row.lifted_at is None:
        raise Refused(
            "everything up to {date} is frozen already; nothing needs to be done", date=until
        )
    if row is None:
        row = AttendanceFreeze(until=until, at=work.now, by=work.actor)
        work.session.add(row)
    else:
        _forget(work, until)
    row.at, row.by, row.reason = work.now, work.actor, reason
    row.lifted_at = row.lifted_by = row.lifted_reason = None
    work.session.flush()
    return row


def lift_freeze(work: UnitOfWork, until: dt.date, *, reason: str | None) -> AttendanceFreeze:
    """Lift a freeze; raise UsageError without a reason, NotAllowed for whoever froze it, Refused.

    Sessions that an earlier freeze covers stay frozen.
    """
    if not (reason or "").strip():
        raise UsageError("lifting a freeze needs a reason; give it with --reason")
    row = work.session.get(AttendanceFreeze, until)
    if row is None or row.lifted_at is not None:
        raise Refused(
            "nothing is frozen up to {date}; “trainer attendance freezes” lists what is", date=until
        )
    if same_person(row.by, work.actor):
        raise NotAllowed(
            "{person} froze the figures up to {date}, so another person must lift it; ask a "
            "colleague",
            person=work.actor,
            date=until,
        )
    row.lifted_at, row.lifted_by, row.lifted_reason = work.now, work.actor, reason
    work.session.flush()
    return row


def list_freezes(session: Session) -> list[AttendanceFreeze]:
    """Return every freeze, lifted ones too, the latest day first."""
    return list(session.scalars(select(AttendanceFreeze).order_by(_FREEZE.c.until.desc())))


def _forget(work: UnitOfWork, until: dt.date) -> None:
    # reported anew: what counts now is what was handed in, but for what earlier freezes cover
    earlier = work.connection.execute(
        select(func.max(_FREEZE.c.until)).where(
            _FREEZE.c.lifted_at.is_(None), _FREEZE.c.until < until
        )
    ).scalar()
    covered = select(_SESSION.c.uid).where(_SESSION.c.date <= until)
    if earlier is not None:
        covered = covered.where(_SESSION.c.date > earlier)
    work.connection.execute(delete(_CHANGED).where(_CHANGED.c.session.in_(covered)))
