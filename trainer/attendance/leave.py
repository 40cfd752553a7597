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
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import or_, select
from sqlmodel import Session

from db.locks import take_turn
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
#: From a minute of the day to another one, which is counted no more.
Span: TypeAlias = "tuple[int, int]"
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one period to another, both counted, on days both counted; None = the day's end.

    Either end may be a time of day instead of a period.
    """

    date_from: dt.date
    date_to: dt.date
    period_from: str | None = None
    period_to: str | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None

    def span_on(self, office: Office, date: dt.date) -> Span | None:
        """Return from which minute of ``date`` to which the stretch runs, None for no minute."""
        if not self.date_from <= date <= self.date_to:
            return None
        first, last = 0, _DAY
        if date == self.date_from:
            first = _minute(self.time_from) if self.time_from else self._begin(office)
        if date == self.date_to:
            last = _minute(self.time_to) if self.time_to else self._end(office)
        return (first, last) if first < last else None

    def periods_on(self, office: Office, date: dt.date) -> tuple[int, ...]:
        """Return the places in the day of which the stretch covers a minute on ``date``."""
        span = self.span_on(office, date)
        return tuple(
            place
            for place, period in enumerate(office.periods)
            if span and period.starts_at < span[1] and span[0] < period.ends_at
        )

    def _begin(self, office: Office) -> int:
        place = office.period_index.get(self.period_from or "")
        return 0 if place is None else office.periods[place].starts_at

    def _end(self, office: Office) -> int:
        place = office.period_index.get(self.period_to or "")
        return _DAY if place is None else office.periods[place].ends_at


def stretch_of(row: Any) -> Stretch:
    """Return the stretch of a leave request."""
    return Stretch(
        row.date_from, row.date_to, row.period_from, row.period_to, row.time_from, row.time_to
    )


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


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
    """Record a request; raise Refused for what is unknown, UsageError for what makes no sense.

    What just the same was asked for already is refused as well.
    """
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
    _check_ends(office, stretch)
    _check_known(work, person, class_code)
    _check_new(work, person, class_code, kind, stretch)
    leave = Leave(
        id=str(uuid.uuid4()),
        person=person,
        class_code=class_code,
        kind=kind,
        date_from=stretch.date_from,
        period_from=stretch.period_from,
        date_to=stretch.date_to,
        period_to=stretch.period_to,
        time_from=stretch.time_from,
        time_to=stretch.time_to,
        reason=reason,
        paper=paper,
        status=REQUESTED,
        asked_at=work.now.astimezone(office.zone).date(),
    )
    work.session.add(leave)
    return leave


def _check_known(work: UnitOfWork, person: str, class_code: str | None) -> None:
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


def _check_new(
    work: UnitOfWork, person: str, class_code: str | None, kind: str, stretch: Stretch
) -> None:
    take_turn(work.connection, "leave")
    query = select(Leave).where(
        _LEAVE.c.person == person, _LEAVE.c.status.in_((REQUESTED, APPROVED))
    )
    for row in work.session.scalars(query):
        if (row.class_code, row.kind, stretch_of(row)) == (class_code, kind, stretch):
            raise Refused(
                "{person} has asked for just this leave already ({leave}, {status}); cancel that "
                "one first if this is meant instead",
                person=person,
                leave=row.id,
                status=STATE_WORDS[row.status or REQUESTED],
            )


def _check_ends(office: Office, stretch: Stretch) -> None:
    ends = ((stretch.period_from, stretch.time_from), (stretch.period_to, stretch.time_to))
    for period, time in ends:
        if period is not None and time is not None:
            raise UsageError(
                "leave begins or ends with a period ({period}) or at a time ({time}), not both; "
                "give one of the two",
                period=period,
                time=f"{time:%H:%M}",
            )
        if period is not None and period not in office.period_index:
            raise UsageError(
                "there is no period “{period}”; the office has {known}",
                period=period,
                known=", ".join(office.period_index),
            )
    if stretch.date_from == stretch.date_to and stretch.span_on(office, stretch.date_from) is None:
        if stretch.time_from or stretch.time_to:
            raise UsageError(
                "the leave would end at {last}, not after it begins at {first}; give the times the "
                "other way round",
                first=_said_end(stretch.period_from, stretch.time_from),
                last=_said_end(stretch.period_to, stretch.time_to),
            )
        raise UsageError(
            "the leave would end with {last}, before it begins with {first}; give the periods the "
            "other way round",
            first=stretch.period_from,
            last=stretch.period_to,
        )


def _said_end(period: str | None, time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else period or "-"


def approve_leave(work: UnitOfWork, leave: str, *, by: str | None = None) -> Leave:
    """Approve a request as a whole; the approver is the actor unless named.

    ``approve_step`` (approving.py) goes up the ladder and comes here with the last step.
    """
    row = find_leave(work, leave, (REQUESTED,))
    row.status, row.approved_by = APPROVED, by or work.actor
    return row


def refuse_leave(work: UnitOfWork, leave: str, *, by: str | None = None) -> Leave:
    """Refuse a request."""
    row = find_leave(work, leave, (REQUESTED,))
    row.status, row.approved_by = REFUSED, by or work.actor
    return row


def cancel_leave(work: UnitOfWork, leave: str) -> Leave:
    """Cancel a request or an approved leave: its suggestion is gone, and no mark is touched."""
    row = find_leave(work, leave, (REQUESTED, APPROVED))
    row.status = CANCELLED
    return row


def hand_in_paper(work: UnitOfWork, leave: str, paper: str) -> Leave:
    """Keep the paper that somebody brought later; raise UsageError for a blank one."""
    row = find_leave(work, leave, (REQUESTED, APPROVED, RETURNED))
    shown = printable(paper)
    if not shown:
        raise UsageError("the paper has no name; write which it is, such as a hospital's note")
    row.paper = shown
    return row


def return_from_leave(work: UnitOfWork, leave: str, date: dt.date) -> Leave:
    """Report somebody back on ``date`` (销假)."""
    row = find_leave(work, leave, (APPROVED,))
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


def find_leave(work: UnitOfWork, leave: str, states: tuple[str, ...]) -> Leave:
    """Return a request that is in one of the states; raise Refused."""
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
