"""Corrections of closed sessions: one person proposes with a reason, another one decides.

Nothing is overwritten: an approved correction becomes one more event of the log, a refused one
stays as a proposal that was refused, and both are part of what was ever recorded.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.locks import take_turn
from db.tables import Correction, Mark, MarkState, Person, TrainingClass, TrainingSession
from db.work import table_of
from trainer.attendance.closing import same_person, shut_sessions
from trainer.attendance.credit import STATUSES
from trainer.attendance.record import Wish, record_marks, retract_marks
from trainer.attendance.state import VOID
from trainer.attendance.untying import is_untying, untie_one
from trainer.attendance.wishes import check_wishes
from trainer.dataset.cells import printable
from trainer.errors import NotAllowed, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from db.work import UnitOfWork

PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
STATES: Final = (PROPOSED, APPROVED, REFUSED, WITHDRAWN)
#: So much of an id is enough where no other begins with it.
_SHORTEST: Final = 6
_CORRECTION = table_of(Correction)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction with what a person must know to decide it; ``counts`` is what counts now."""

    correction: Correction
    class_code: str
    date: dt.date
    period: str
    name: str
    counts: str | None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return correction_document(self.correction) | {
            "class": self.class_code,
            "date": self.date.isoformat(),
            "period": self.period,
            "name": self.name,
            "counts": self.counts,
        }


def correction_document(row: Correction) -> dict[str, Any]:
    """Return a correction as JSON holds it."""
    return row.model_dump()


def correct_mark(work: UnitOfWork, wish: Wish, *, reason: str | None) -> Mark | Correction | None:
    """Record a correction with its reason, or propose it where the session is closed.

    ``wish.status`` void leaves the person unmarked (None is returned then). Raise UsageError
    without a reason, Refused for what ``record_mark`` refuses.
    """
    why = _required(reason)
    take_turn(work.connection, "marks")
    if shut_sessions(work.connection, work.now, [wish.session]):
        return propose_correction(work, wish, reason=why)
    return _record(work, wish, why)


def mark_or_propose(work: UnitOfWork, wish: Wish, *, reason: str | None) -> Mark | Correction:
    """Record a mark, or propose it as a correction where the session is closed.

    Raise SessionClosed for a closed session without a reason, Refused as ``record_mark`` does.
    """
    take_turn(work.connection, "marks")
    if reason and shut_sessions(work.connection, work.now, [wish.session]):
        return propose_correction(work, wish, reason=reason)
    return record_marks(work, [wish])[0]


def propose_correction(work: UnitOfWork, wish: Wish, *, reason: str | None) -> Correction:
    """Keep a proposal for a second person; the proposer's earlier one for the pair is withdrawn.

    Raise UsageError without a reason, Refused where what is proposed counts already.
    """
    why = _required(reason)
    if wish.status != VOID:
        check_wishes(work, [wish])
    now = work.session.get(MarkState, (wish.session, wish.person))
    said = (now.status, now.minutes) if now else (VOID, None)
    if said == (wish.status, wish.minutes) and not (now and now.conflict):
        raise Refused(
            "that is what counts of {person} at this session already; nothing was proposed",
            person=wish.person,
        )
    query = select(Correction).where(
        _CORRECTION.c.session == wish.session,
        _CORRECTION.c.person == wish.person,
        _CORRECTION.c.state == PROPOSED,
    )
    for earlier in work.session.scalars(query):
        if same_person(earlier.asked_by, work.actor):
            _decide(work, earlier, WITHDRAWN, None)
    row = Correction(
        id=str(uuid.uuid4()),
        session=wish.session,
        person=wish.person,
        status=wish.status,
        minutes=wish.minutes,
        reason=why,
        asked_at=work.now,
        asked_by=work.actor,
        state=PROPOSED,
        base=now.mark if now else None,
    )
    work.session.add(row)
    return row


def approve_correction(work: UnitOfWork, id_: str, *, reason: str | None = None) -> Correction:
    """Approve a proposal: the event that it asks for is recorded now.

    Raise NotAllowed for the proposer, Refused where it is decided already or where something else
    counts by now than when it was proposed.
    """
    take_turn(work.connection, "marks")
    row = _find(work, id_)
    if same_person(row.asked_by, work.actor):
        raise NotAllowed(
            "{person} proposed the correction {id}, so another person must approve it; ask a "
            "colleague, or withdraw it with “trainer attendance refuse”",
            person=work.actor,
            id=row.id,
        )
    if is_untying(work, row):
        row.mark = untie_one(work, row)
        _decide(work, row, APPROVED, reason)
        return row
    now = work.session.get(MarkState, (row.session, row.person))
    if (now.mark if now else None) != row.base:
        raise Refused(
            "something else counts of {person} by now than when the correction {id} was proposed; "
            "refuse it, look at the history, and propose it again if need be",
            person=row.person,
            id=row.id,
        )
    wish = Wish(row.session, row.person, row.status, row.minutes)
    mark = _record(work, wish, row.reason, closed_too=True)
    row.mark = mark.id if mark else None
    _decide(work, row, APPROVED, reason)
    return row


def refuse_correction(work: UnitOfWork, id_: str, *, reason: str | None = None) -> Correction:
    """Refuse a proposal; by the proposer it is withdrawn."""
    row = _find(work, id_)
    own = same_person(row.asked_by, work.actor)
    _decide(work, row, WITHDRAWN if own else REFUSED, reason)
    return row


def list_corrections(
    session: Session, *, class_code: str | None = None, state: str | None = None
) -> list[Proposal]:
    """Return the corrections ever proposed, of one class and one state if given, newest first."""
    meeting, person, klass = (table_of(m) for m in (TrainingSession, Person, TrainingClass))
    now = table_of(MarkState)
    query = (
        select(
            Correction,
            meeting.c.class_code,
            meeting.c.date,
            meeting.c.period,
            person.c.name,
            now.c.status,
        )
        .join(meeting, meeting.c.uid == _CORRECTION.c.session)
        .join(klass, klass.c.code == meeting.c.class_code)
        .join(person, person.c.code == _CORRECTION.c.person)
        .outerjoin(
            now,
            (now.c.session == _CORRECTION.c.session) & (now.c.person == _CORRECTION.c.person),
        )
        .order_by(_CORRECTION.c.asked_at.desc(), _CORRECTION.c.id)
    )
    if class_code is not None:
        query = query.where(meeting.c.class_code == class_code)
    if state is not None:
        query = query.where(_CORRECTION.c.state == state)
    return [Proposal(*row) for row in session.execute(query)]


def corrections_of(session: Session, meeting: str, person: str) -> list[Correction]:
    """Return what was ever proposed for a person at a session, in the order of time."""
    query = (
        select(Correction)
        .where(_CORRECTION.c.session == meeting, _CORRECTION.c.person == person)
        .order_by(_CORRECTION.c.asked_at, _CORRECTION.c.id)
    )
    return list(session.scalars(query))


def take_over_corrections(work: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add corrections of another database, and what was decided there; return how many.

    One that is decided here stays as it is. Those of sessions or people unknown here stay away.
    """
    arriving = {row["id"]: row for row in rows}
    if not arriving:
        return 0
    meetings = set(work.connection.scalars(select(table_of(TrainingSession).c.uid)))
    people = set(work.connection.scalars(select(table_of(Person).c.code)))
    here = work.connection.execute(select(_CORRECTION)).mappings()
    known = {row["id"]: dict(row) for row in here}
    fresh, changed = [], []
    for id_, row in sorted(arriving.items()):
        if row["session"] not in meetings or row["person"] not in people:
            continue
        before = known.get(id_)
        if before is None:
            fresh.append(dict(row))
        elif before["state"] == PROPOSED and row["state"] != PROPOSED:
            changed.append((before, dict(row)))
    work.insert_many(Correction, fresh)
    work.update_many(Correction, changed)
    return len(fresh) + len(changed)


def _record(work: UnitOfWork, wish: Wish, reason: str, *, closed_too: bool = False) -> Mark | None:
    if wish.status == VOID:
        retract_marks(
            work,
            session=wish.session,
            persons=[wish.person],
            note=reason,
            closed_too=closed_too,
        )
        return None
    noted = Wish(wish.session, wish.person, wish.status, wish.minutes, reason)
    return record_marks(work, [noted], closed_too=closed_too)[0]


def _decide(work: UnitOfWork, row: Correction, state: str, reason: str | None) -> None:
    row.state, row.decided_at, row.decided_by = state, work.now, work.actor
    row.decided_reason = printable(reason or "") or None


def _find(work: UnitOfWork, id_: str) -> Correction:
    row = work.session.get(Correction, id_)
    if row is None and len(id_) >= _SHORTEST:
        query = select(Correction).where(_CORRECTION.c.id.startswith(id_, autoescape=True)).limit(2)
        found = list(work.session.scalars(query))
        row = found[0] if len(found) == 1 else None
    if row is None:
        raise Refused(
            "there is no correction {id}; “trainer attendance corrections” lists them", id=id_
        )
    if row.state != PROPOSED:
        raise Refused(
            "the correction {id} was decided by {person} already; propose another one if need be",
            id=id_,
            person=row.decided_by or "-",
        )
    return row


def _required(reason: str | None) -> str:
    why = printable(reason or "")
    if not why:
        raise UsageError("a correction needs a reason; give it with --reason")
    return why


#: What a correction may say: every status, and void to leave somebody unmarked.
CORRECTED: Final = (*STATUSES, VOID)
