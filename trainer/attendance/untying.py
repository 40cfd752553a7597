"""Untying a guest at rolls that are closed: proposed mark by mark, decided by a second person.

What was said of somebody in the guest's place is told apart by its id, and a proposal names it
where other corrections name what counts (``base``). Approving it gives the mark back to the guest,
with its instant, author and minutes, just as untying at an open roll does.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from db.locks import take_turn
from db.tables import Correction, Mark
from db.work import table_of
from trainer.attendance.closing import require_open, shut_sessions
from trainer.attendance.tying import give_back, tied_marks
from trainer.dataset.cells import printable
from trainer.errors import Refused

if TYPE_CHECKING:
    from db.work import UnitOfWork

_PROPOSED: Final = "proposed"
_CORRECTION = table_of(Correction)


@dataclass(frozen=True, slots=True)
class Untied:
    """At how many sessions a guest has the marks back, and what waits for a second person."""

    sessions: int
    proposals: tuple[Correction, ...] = ()


def untie_or_propose(work: UnitOfWork, *, guest: str, reason: str | None) -> Untied:
    """Untie a guest where rolls are open, and propose it where they are closed.

    What is proposed already stays as it is. Raise Refused where the guest is not tied,
    SessionClosed at a closed session without a reason.
    """
    take_turn(work.connection, "marks")
    copies = tied_marks(work.session, guest)
    sessions = {row["session"] for row in copies}
    why = printable(reason or "")
    if not why:
        require_open(work, sessions)
    shut = shut_sessions(work.connection, work.now, sorted(sessions))
    open_ = [row for row in copies if row["session"] not in shut]
    if open_:
        give_back(work, guest, open_, note=why or None)
    query = select(_CORRECTION.c.base).where(
        _CORRECTION.c.person == guest, _CORRECTION.c.state == _PROPOSED
    )
    waiting = set(work.connection.scalars(query))
    closed = [row for row in copies if row["session"] in shut and row["id"] not in waiting]
    proposals = tuple(_proposal(work, guest, row, why) for row in closed)
    work.session.add_all(proposals)
    return Untied(len({row["session"] for row in open_}), proposals)


def is_untying(work: UnitOfWork, row: Correction) -> bool:
    """Tell whether a correction gives a guest a mark back that is said of somebody else."""
    mark = work.session.get(Mark, row.base) if row.base else None
    return mark is not None and mark.person != row.person


def untie_one(work: UnitOfWork, row: Correction) -> str:
    """Give the mark of a proposal back, return the new one's id; raise Refused where it is gone."""
    copies = [one for one in tied_marks(work.session, row.person) if one["id"] == row.base]
    if not copies:
        raise Refused(
            "what {guest} was to have back is not said of anybody any more; refuse the correction "
            "{id}, and look at the history",
            guest=row.person,
            id=row.id,
        )
    (mark,) = give_back(work, row.person, copies, note=row.reason)
    return mark


def _proposal(work: UnitOfWork, guest: str, row: Mapping[str, Any], why: str) -> Correction:
    return Correction(
        id=str(uuid.uuid4()),
        session=row["session"],
        person=guest,
        status=row["status"],
        minutes=row["minutes"],
        reason=f"{row['person']} → {guest}: {why}",
        asked_at=work.now,
        asked_by=work.actor,
        state=_PROPOSED,
        base=row["id"],
    )
