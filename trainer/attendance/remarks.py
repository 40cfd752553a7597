"""What is to be said of a leave request: that it overlaps another, is idle, or is part of a longer.

Nothing of it is refused but the same again. Leave that overlaps counts once, for the roll and for
the cap; leave that touches no session suggests nothing. Leave in pieces with no session between
them is one absence: by its whole length others may have to approve it (LV-4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Leave, TrainingSession
from db.work import table_of
from trainer.attendance.covers import minutes_missed
from trainer.attendance.expected import expected_query
from trainer.attendance.ladder import days_of, said, steps_for, steps_needed
from trainer.attendance.leave import APPROVED, REQUESTED, RETURNED, Stretch, stretch_of
from trainer.office import Office
from trainer.phrases import Phrase, phrase, say

_LEAVE = table_of(Leave)
_SESSION = table_of(TrainingSession)
_IN_FORCE: Final = (REQUESTED, APPROVED, RETURNED)
_DAY: Final = 24 * 60
#: Leave that begins later than so many days after other leave has nothing to do with it.
_APART: Final = 7
#: A minute counted from the first day that there is.
Moment: TypeAlias = int
Held: TypeAlias = "Sequence[tuple[Moment, Moment]]"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know of a request; ``kind`` is ``overlap``, ``idle`` or ``split``.

    ``leaves`` are the other requests that it speaks of.
    """

    kind: str
    message: Phrase
    leaves: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"kind": self.kind, "message": self.message.text(), "leaves": list(self.leaves)}


def remarks_on(session: Session, office: Office, row: Leave) -> list[Remark]:
    """Return what is to be said of a request, in the order of its gravity."""
    others = [one for one in _of_person(session, row.person) if one.id != row.id]
    held = held_by(session, office, row.person, row.class_code)
    found = [_overlap(row, one) for one in others if _overlaps(office, row, one)]
    if not any(_touches(office, row, *meeting) for meeting in _meetings(session, row)):
        found.append(_idle(row))
    near = [row, *(one for one in others if _same_class(row, one))]
    pieces = next((run for run in runs_of(office, near, held) if row in run), [row])
    more = steps_of_run(office, pieces)
    if more:
        days = f"{days_of(office, *map(stretch_of, pieces)):g}"
        found.append(_split(row, [one.id for one in pieces if one is not row], days, more))
    return found


def runs_of(office: Office, rows: Iterable[Any], held: Held) -> Iterator[list[Any]]:
    """Yield leave of one person in runs: no session lies between one and the next.

    ``held`` are the moments from which to which the person's sessions last; leave that touches none
    of them is in no run.
    """
    run: list[Any] = []
    last = 0
    for row in sorted(rows, key=lambda row: (*_moments(office, row), row.id)):
        begin, end = _moments(office, row)
        if not any(begin < stop and start < end for start, stop in held):
            continue
        between = any(last < stop and start < begin for start, stop in held)
        if run and (between or begin > last + _APART * _DAY):
            yield run
            run = []
        last = max(last, end) if run else end
        run.append(row)
    if run:
        yield run


def steps_of_run(office: Office, run: Sequence[Any]) -> tuple[str, ...]:
    """Return who would have to approve leave in pieces as one, and has no say in any of them."""
    if len(run) == 1:
        return ()
    pieces = {step for row in run for step in steps_needed(office, stretch_of(row))}
    days = days_of(office, *map(stretch_of, run))
    return tuple(step for step in steps_for(office, days) if step not in pieces)


def held_by(
    session: Session, office: Office, person: str, class_code: str | None = None
) -> list[tuple[Moment, Moment]]:
    """Return from which to which moment each session lasts at which somebody is expected."""
    expected = expected_query().subquery()
    query = (
        select(_SESSION.c.date, _SESSION.c.period, _SESSION.c.periods)
        .join(expected, expected.c.session == _SESSION.c.uid)
        .where(expected.c.person == person)
    )
    if class_code is not None:
        query = query.where(_SESSION.c.class_code == class_code)
    return [
        moments_of(office, date, period, count)
        for date, period, count in session.connection().execute(query)
        if period in office.period_index
    ]


def moments_of(office: Office, date: dt.date, period: str, count: int) -> tuple[Moment, Moment]:
    """Return from which to which moment a meeting lasts."""
    periods = office.meeting_periods(period, count)
    return _moment(date, periods[0].starts_at), _moment(date, periods[-1].ends_at)


def _of_person(session: Session, person: str) -> list[Leave]:
    query = select(Leave).where(_LEAVE.c.person == person, _LEAVE.c.status.in_(_IN_FORCE))
    return list(session.scalars(query.order_by(_LEAVE.c.date_from, _LEAVE.c.id)))


def _moments(office: Office, row: Any) -> tuple[Moment, Moment]:
    stretch: Stretch = stretch_of(row)
    first = stretch.span_on(office, stretch.date_from) or (0, 0)
    last = stretch.span_on(office, stretch.date_to) or (0, 0)
    end = _moment(stretch.date_to, last[1])
    if row.returned_at is not None:
        end = min(end, _moment(row.returned_at, _DAY))
    return _moment(stretch.date_from, first[0]), end


def _moment(date: dt.date, minute: int) -> Moment:
    return date.toordinal() * _DAY + minute


def _overlaps(office: Office, row: Leave, other: Leave) -> bool:
    (first, last), (begin, end) = _moments(office, row), _moments(office, other)
    return _same_class(row, other) and first < end and begin < last


def _same_class(row: Leave, other: Leave) -> bool:
    return None in (row.class_code, other.class_code) or row.class_code == other.class_code


def _overlap(row: Leave, other: Leave) -> Remark:
    stretch = stretch_of(other)
    return Remark(
        "overlap",
        phrase(
            "it overlaps leave that {person} has from {first} to {last} ({leave}): what both cover "
            "counts once; cancel one of the two if it is meant instead",
            person=row.person,
            first=_end_said(stretch.date_from, stretch.period_from, stretch.time_from),
            last=_end_said(stretch.date_to, stretch.period_to, stretch.time_to),
            leave=other.id,
        ),
        (other.id,),
    )


def _end_said(date: dt.date, period: str | None, time: dt.time | None) -> str:
    return f"{date} {f'{time:%H:%M}' if time else period or ''}".rstrip()


def _idle(row: Leave) -> Remark:
    if row.class_code is None:
        return Remark(
            "idle",
            phrase(
                "{person} has no session in that time, so the leave changes nothing: check the "
                "dates",
                person=row.person,
            ),
        )
    return Remark(
        "idle",
        phrase(
            "{person} has no session of {class_code} in that time, so the leave changes nothing: "
            "check the dates and the class",
            person=row.person,
            class_code=row.class_code,
        ),
    )


def _split(row: Leave, others: list[str], days: str, more: Sequence[str]) -> Remark:
    return Remark(
        "split",
        phrase(
            "with other leave of {person} ({leaves}) it makes {days} days without a session "
            "between: as one leave it would go to {approver} as well",
            person=row.person,
            leaves=", ".join(others),
            days=days,
            approver=say(", ").join(said(step) for step in more),
        ),
        tuple(others),
    )


def _meetings(session: Session, row: Leave) -> list[tuple[Any, ...]]:
    expected = expected_query().where(_SESSION.c.date.between(row.date_from, row.date_to))
    if row.class_code is not None:
        expected = expected.where(_SESSION.c.class_code == row.class_code)
    found = expected.subquery()
    query = (
        select(_SESSION.c.date, _SESSION.c.period, _SESSION.c.periods)
        .join(found, found.c.session == _SESSION.c.uid)
        .where(found.c.person == row.person)
    )
    return [tuple(one) for one in session.connection().execute(query)]


def _touches(office: Office, row: Leave, date: dt.date, period: str, count: int) -> bool:
    span = stretch_of(row).span_on(office, date)
    if span is None or period not in office.period_index:
        return False
    return minutes_missed((span,), office.meeting_periods(period, count)) > 0
