"""Leaving the grounds (外出审批): asked for, approved by the ladder, the return reported (销假).

A request and what became of it are records that never change; its state follows from them. Who has
to approve follows from the length by the ladder of leave (LV-4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import select
from sqlmodel import Session

from db.tables import ExitPermit, ExitStep, Person, TrainingSession
from db.work import table_of
from trainer.attendance.expected import CANCELLED
from trainer.attendance.ladder import ladder_of
from trainer.classlife.facts import ClassFacts
from trainer.classlife.standing import record
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import Phrase, mark

if TYPE_CHECKING:
    from db.work import UnitOfWork

State = Literal["requested", "approved", "refused", "cancelled", "returned"]
STATE_WORDS: Final[Mapping[str, Phrase]] = {
    "requested": Phrase(mark("requested")),
    "approved": Phrase(mark("approved")),
    "refused": Phrase(mark("refused")),
    "cancelled": Phrase(mark("cancelled")),
    "returned": Phrase(mark("returned")),
}
_DAY: Final = dt.timedelta(days=1)
_HALF: Final = 0.5
#: What weighs more where two databases disagree: whoever is back is back, whoever stayed stayed.
_WEIGHT: Final = {"approved": 1, "refused": 2, "cancelled": 3, "returned": 4}


@dataclass(frozen=True, slots=True)
class Exit:
    """A request to leave with its state; ``back_at`` is when the person was back."""

    id: str
    class_code: str
    person: str
    name: str
    out_at: dt.datetime
    due_at: dt.datetime
    destination: str | None
    reason: str | None
    state: State
    approver: str | None
    back_at: dt.datetime | None

    def is_out(self, at: dt.datetime) -> bool:
        """Tell whether the person is out with leave at an instant."""
        until = self.back_at or self.due_at
        return self.state in ("approved", "returned") and self.out_at <= at < until

    def is_overdue(self, now: dt.datetime) -> bool:
        """Tell whether the person should be back and has not reported."""
        return self.state == "approved" and self.due_at < now

    def document(self, office: Office, now: dt.datetime) -> dict[str, Any]:
        """Return it as JSON holds it, instants in the office's zone."""
        zone = office.zone
        return {
            "id": self.id,
            "class": self.class_code,
            "person": self.person,
            "name": self.name,
            "out_at": self.out_at.astimezone(zone).isoformat(),
            "due_at": self.due_at.astimezone(zone).isoformat(),
            "destination": self.destination,
            "reason": self.reason,
            "state": self.state,
            "approver": self.approver,
            "back_at": self.back_at.astimezone(zone).isoformat() if self.back_at else None,
            "overdue": self.is_overdue(now),
            "late_minutes": self.late_minutes(now),
        }

    def late_minutes(self, now: dt.datetime) -> int:
        """Return how many minutes after the deadline the person was, or still is not, back."""
        back = self.back_at or (now if self.state == "approved" else self.due_at)
        return max(int((back - self.due_at).total_seconds() // 60), 0)


def approver_for(office: Office, out_at: dt.datetime, due_at: dt.datetime) -> str:
    """Return who has to approve being out for so long, by the ladder of leave (LV-4)."""
    # counted as leave is: by half-days, what is begun counts whole
    halves = -((out_at - due_at) // (_DAY / 2))
    days = halves * _HALF
    steps = ladder_of(office)
    return next((step.by for step in steps if step.days is None or days <= step.days), steps[-1].by)


def ask_exit(
    work: UnitOfWork,
    facts: ClassFacts,
    person: str,
    *,
    out_at: dt.datetime,
    due_at: dt.datetime,
    destination: str | None = None,
    reason: str | None = None,
) -> ExitPermit:
    """Record a request; raise UsageError for a return before the start, Refused for a second one.

    Nobody can be out twice at once.
    """
    facts.member(person)
    if due_at <= out_at:
        raise UsageError("the return would come before the start; give the times the other way")
    for other in list_exits(work.session, facts.code, person=person):
        both = out_at < (other.back_at or other.due_at) and other.out_at < due_at
        if both and other.state in ("requested", "approved"):
            raise Refused(
                "{person} has asked to be out at that time already ({id}); cancel that request "
                "first",
                person=person,
                id=other.id,
            )
    return record(
        work,
        ExitPermit,
        class_code=facts.code,
        person=person,
        out_at=out_at,
        due_at=due_at,
        destination=destination,
        reason=reason,
    )


def approve_exit(work: UnitOfWork, permit: str, *, by: str | None = None) -> ExitStep:
    """Approve a request; the approver is the actor unless named."""
    return _step(work, permit, "approved", ("requested",), approver=by or work.actor)


def refuse_exit(
    work: UnitOfWork, permit: str, *, by: str | None = None, note: str | None = None
) -> ExitStep:
    """Refuse a request."""
    return _step(work, permit, "refused", ("requested",), approver=by or work.actor, note=note)


def cancel_exit(work: UnitOfWork, permit: str, *, note: str | None = None) -> ExitStep:
    """Cancel a request or a permit that nobody will use."""
    return _step(work, permit, "cancelled", ("requested", "approved"), note=note)


def report_return(
    work: UnitOfWork, permit: str, back_at: dt.datetime, *, note: str | None = None
) -> ExitStep:
    """Record when somebody was back (销假); raise Refused for an instant before the start."""
    row = find_exit(work.session, permit)
    if back_at < row.out_at:
        raise Refused(
            "{person} cannot be back before leaving; give the time of the return, or cancel the "
            "permit",
            person=row.person,
        )
    return _step(work, permit, "returned", ("approved",), back_at=back_at, note=note)


def _step(
    work: UnitOfWork, permit: str, step: str, states: tuple[str, ...], **facts: Any
) -> ExitStep:
    row = find_exit(work.session, permit)
    if row.state not in states:
        raise Refused(
            "the permit {id} of {person} is {status}, so this cannot be done with it; ask for a "
            "new one if need be",
            id=permit,
            person=row.person,
            status=STATE_WORDS[row.state],
        )
    return record(work, ExitStep, permit=permit, step=step, **facts)


def find_exit(session: Session, permit: str) -> Exit:
    """Return a request with its state; raise Refused where there is none."""
    row = session.get(ExitPermit, permit)
    if row is None:
        raise Refused(
            "there is no permit {id}; “trainer class out CLASS --json” shows their ids", id=permit
        )
    found = list_exits(session, row.class_code)
    return next(one for one in found if one.id == permit)


def list_exits(
    session: Session, class_code: str | None = None, *, person: str | None = None
) -> list[Exit]:
    """Return the requests (of one class, of one person) in the order of their start."""
    table, who = table_of(ExitPermit), table_of(Person)
    query = select(table, who.c.name).join(who, who.c.code == table.c.person)
    if class_code is not None:
        query = query.where(table.c.class_code == class_code)
    if person is not None:
        query = query.where(table.c.person == person)
    rows = session.execute(query.order_by(table.c.out_at, table.c.id)).all()
    steps = _steps(session, class_code)
    return [_exit(row, steps.get(row.id, ())) for row in rows]


def overdue_exits(session: Session, now: dt.datetime, class_code: str | None = None) -> list[Exit]:
    """Return who should be back by ``now`` and has not reported, of one class or all.

    The longest overdue come first. For alerts: each has ``class_code``, ``person``, ``name``,
    ``due_at`` and ``late_minutes(now)``.
    """
    found = [one for one in list_exits(session, class_code) if one.is_overdue(now)]
    return sorted(found, key=lambda one: (one.due_at, one.id))


def missed_sessions(session: Session, row: ExitPermit) -> int:
    """Return how many sessions of the class fall into a request: leave is to be asked for them."""
    table = table_of(TrainingSession)
    query = select(table.c.uid).where(
        table.c.class_code == row.class_code,
        table.c.status != CANCELLED,
        table.c.start < row.due_at,
        table.c.end > row.out_at,
    )
    return len(session.execute(query).all())


def _steps(session: Session, class_code: str | None) -> dict[str, list[Any]]:
    table, permit = table_of(ExitStep), table_of(ExitPermit)
    query = select(table)
    if class_code is not None:
        query = query.join(permit, permit.c.id == table.c.permit).where(
            permit.c.class_code == class_code
        )
    found: dict[str, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.permit, []).append(row)
    return found


def _exit(row: Any, steps: Iterable[Any]) -> Exit:
    # what counts is the same in whichever order the steps came together
    last = max(steps, key=lambda step: (_WEIGHT[step.step], step.at, step.id), default=None)
    decided = [step for step in steps if step.step in ("approved", "refused")]
    decision = max(decided, key=lambda step: (step.at, step.id), default=None)
    return Exit(
        id=row.id,
        class_code=row.class_code,
        person=row.person,
        name=row.name,
        out_at=row.out_at,
        due_at=row.due_at,
        destination=row.destination,
        reason=row.reason,
        state=last.step if last else "requested",
        approver=decision.approver if decision else None,
        back_at=last.back_at if last else None,
    )
