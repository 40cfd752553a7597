"""Leave (请假): asked for, approved or refused, cancelled, and returned from (销假).

Approved leave never writes a mark and never overwrites one: it suggests ``leave`` (or ``duty`` for
official business) for whoever is unmarked at the sessions that it covers, and a person takes that
over when the roll is called. So cancelling leave takes back nothing but its own suggestion.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select
from sqlmodel import Session

from db.tables import Leave, Person, TrainingClass
from db.work import table_of
from trainer.dataset.cells import printable
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import Phrase, mark

if TYPE_CHECKING:
    from db.work import UnitOfWork

KINDS: Final = ("sick", "personal", "duty")
REQUESTED: Final = "requested"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
CANCELLED: Final = "cancelled"
RETURNED: Final = "returned"
KIND_WORDS: Final[Mapping[str, Phrase]] = {
    "sick": Phrase(mark("sick leave")),
    "personal": Phrase(mark("personal leave")),
    "duty": Phrase(mark("official duty")),
}
STATE_WORDS: Final[Mapping[str, Phrase]] = {
    "requested": Phrase(mark("requested")),
    "approved": Phrase(mark("approved")),
    "refused": Phrase(mark("refused")),
    "cancelled": Phrase(mark("cancelled")),
    "returned": Phrase(mark("returned")),
}
STATES: Final = tuple(STATE_WORDS)
#: States in which leave stands: whoever has returned was away before.
STANDS: Final = (APPROVED, RETURNED)
_LEAVE = table_of(Leave)


@dataclass(frozen=True, slots=True)
class Cover:
    """An approved leave that covers a session; ``whole`` where it covers all its periods."""

    leave: str
    kind: str | None
    reason: str | None
    whole: bool

    @property
    def status(self) -> str:
        """The status that the leave suggests."""
        return status_of(self.kind)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one period to another, both counted, on days both counted; None = the day's end."""

    date_from: dt.date
    date_to: dt.date
    period_from: str | None = None
    period_to: str | None = None

    def periods_on(self, office: Office, date: dt.date) -> range:
        """Return the places in the day that the stretch covers on ``date``."""
        if not self.date_from <= date <= self.date_to:
            return range(0)
        index = office.period_index
        first = index.get(self.period_from or "", 0) if date == self.date_from else 0
        last = index.get(self.period_to or "", len(index) - 1)
        return range(first, (last if date == self.date_to else len(index) - 1) + 1)


def read_covers(
    session: Session, office: Office, class_code: str, date: dt.date, period: str, count: int
) -> Mapping[str, Cover]:
    """Return by person the approved leave that covers a session of a class, in whole or in part."""
    query = (
        select(_LEAVE)
        .where(
            _LEAVE.c.status.in_(STANDS),
            _LEAVE.c.date_from <= date,
            _LEAVE.c.date_to >= date,
            or_(_LEAVE.c.returned_at.is_(None), _LEAVE.c.returned_at >= date),
            or_(_LEAVE.c.class_code.is_(None), _LEAVE.c.class_code == class_code),
        )
        .order_by(_LEAVE.c.id)
    )
    first = office.period_index.get(period, 0)
    meeting = set(range(first, first + count))
    covers: dict[str, Cover] = {}
    for row in session.connection().execute(query):
        away = meeting & set(stretch_of(row).periods_on(office, date))
        whole = away == meeting
        known = covers.get(row.person)
        if away and (known is None or (whole and not known.whole)):
            covers[row.person] = Cover(row.id, row.kind, row.reason, whole)
    return covers


def stretch_of(row: Any) -> Stretch:
    """Return the stretch of a leave request."""
    return Stretch(row.date_from, row.date_to, row.period_from, row.period_to)


def status_of(kind: str | None) -> str:
    """Return the status that leave of a kind suggests."""
    return "duty" if kind == "duty" else "leave"


def ask_leave(
    work: UnitOfWork,
    office: Office,
    *,
    person: str,
    stretch: Stretch,
    class_code: str | None = None,
    kind: str = "personal",
    reason: str | None = None,
    paper: str | None = None,
) -> Leave:
    """Record a request; raise Refused for what is unknown, UsageError for what makes no sense."""
    if kind not in KINDS:
        raise UsageError(
            "there is no kind of leave “{kind}”; use one of: {known}",
            kind=kind,
            known=", ".join(KINDS),
        )
    if stretch.date_to < stretch.date_from:
        raise UsageError(
            "the leave would end on {last}, before it begins on {first}; give the dates the other "
            "way round",
            first=stretch.date_from,
            last=stretch.date_to,
        )
    _check_periods(office, stretch)
    if work.session.get(Person, person) is None:
        raise Refused(
            "there is no person {person} in the roster; check the code, or add the person first",
            person=person,
        )
    if class_code is not None and work.session.get(TrainingClass, class_code) is None:
        raise Refused(
            "there is no class {class_code}; “trainer export DIR” writes them all into classes.csv",
            class_code=class_code,
        )
    leave = Leave(
        id=str(uuid.uuid4()),
        person=person,
        class_code=class_code,
        kind=kind,
        date_from=stretch.date_from,
        period_from=stretch.period_from,
        date_to=stretch.date_to,
        period_to=stretch.period_to,
        reason=reason,
        paper=paper,
        status=REQUESTED,
        asked_at=work.now.astimezone(office.zone).date(),
    )
    work.session.add(leave)
    return leave


def _check_periods(office: Office, stretch: Stretch) -> None:
    for period in (stretch.period_from, stretch.period_to):
        if period is not None and period not in office.period_index:
            raise UsageError(
                "there is no period “{period}”; the office has {known}",
                period=period,
                known=", ".join(office.period_index),
            )
    if stretch.date_from == stretch.date_to and not stretch.periods_on(office, stretch.date_from):
        raise UsageError(
            "the leave would end with {last}, before it begins with {first}; give the periods the "
            "other way round",
            first=stretch.period_from,
            last=stretch.period_to,
        )


def approve_leave(work: UnitOfWork, leave: str, *, by: str | None = None) -> Leave:
    """Approve a request; the approver is the actor unless named."""
    row = _find(work, leave, (REQUESTED,))
    row.status, row.approved_by = APPROVED, by or work.actor
    return row


def refuse_leave(work: UnitOfWork, leave: str, *, by: str | None = None) -> Leave:
    """Refuse a request."""
    row = _find(work, leave, (REQUESTED,))
    row.status, row.approved_by = REFUSED, by or work.actor
    return row


def cancel_leave(work: UnitOfWork, leave: str) -> Leave:
    """Cancel a request or an approved leave: its suggestion is gone, and no mark is touched."""
    row = _find(work, leave, (REQUESTED, APPROVED))
    row.status = CANCELLED
    return row


def hand_in_paper(work: UnitOfWork, leave: str, paper: str) -> Leave:
    """Keep the paper that somebody brought later; raise UsageError for a blank one."""
    row = _find(work, leave, (REQUESTED, APPROVED, RETURNED))
    shown = printable(paper)
    if not shown:
        raise UsageError("the paper has no name; write which it is, such as a hospital's note")
    row.paper = shown
    return row


def return_from_leave(work: UnitOfWork, leave: str, date: dt.date) -> Leave:
    """Report somebody back on ``date`` (销假)."""
    row = _find(work, leave, (APPROVED,))
    if date < row.date_from:
        raise Refused(
            "{person} cannot be back on {date}, before the leave began on {first}; give the day "
            "of the return, or cancel the leave",
            person=row.person,
            date=date,
            first=row.date_from,
        )
    row.status, row.returned_at = RETURNED, date
    return row


def list_leaves(
    session: Session, *, class_code: str | None = None, status: str | None = None
) -> list[Leave]:
    """Return the requests, newest first, of one class and one state if given."""
    query = select(Leave)
    if class_code is not None:
        query = query.where(or_(_LEAVE.c.class_code == class_code, _LEAVE.c.class_code.is_(None)))
    if status is not None:
        query = query.where(_LEAVE.c.status == status)
    return list(session.scalars(query.order_by(_LEAVE.c.date_from.desc(), _LEAVE.c.id)))


def _find(work: UnitOfWork, leave: str, states: tuple[str, ...]) -> Leave:
    row = work.session.get(Leave, leave)
    if row is None:
        raise Refused(
            "there is no leave {leave}; “trainer attendance leave list” shows them", leave=leave
        )
    if row.status not in states:
        raise Refused(
            "the leave {leave} of {person} is {status}, so this cannot be done with it; ask for a "
            "new one if need be",
            leave=leave,
            person=row.person,
            status=STATE_WORDS.get(row.status or "", row.status or "-"),
        )
    return row
