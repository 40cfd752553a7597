"""What approved leave takes of a session: whole, or so many minutes of its beginning or end.

Leave of part of a session suggests what the clock would say of whoever keeps to it (AT-2): late
where the beginning is missed, leaving early where the end is. Where it is the middle, both ends, or
more than makes somebody absent, it suggests ``leave`` with the minutes missed. Where leave and
official duty meet in one session, it suggests ``leave`` with the minutes of the leave alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sqlalchemy import or_, select
from sqlmodel import Session

from db.tables import Leave
from db.work import table_of
from trainer.attendance.leave import STANDS, Span, status_of, stretch_of
from trainer.attendance.rules import Rules, attendance_rules
from trainer.office import Office, Period

_LEAVE = table_of(Leave)
Spans: TypeAlias = "tuple[Span, ...]"


@dataclass(frozen=True, slots=True)
class Cover:
    """An approved leave that covers a session; ``whole`` where it covers all its periods.

    ``status`` and ``minutes`` are what it suggests; minutes are missed of a part.
    """

    leave: str
    kind: str | None
    reason: str | None
    whole: bool
    status: str
    minutes: int | None = None


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
    meeting = office.periods[first : first + count]
    found: dict[str, list[tuple[Any, Span]]] = {}
    for row in session.connection().execute(query):
        span = stretch_of(row).span_on(office, date)
        if span is not None and minutes_missed((span,), meeting):
            found.setdefault(row.person, []).append((row, span))
    return {person: _cover(office, rows, meeting) for person, rows in found.items()}


def united(spans: Iterable[Span]) -> Spans:
    """Return spans of minutes in their order, those that touch as one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def minutes_missed(spans: Iterable[Span], periods: Iterable[Period]) -> int:
    """Return how many minutes of some periods lie in the spans; breaks between them are none."""
    whole = united(spans)
    return sum(_within(whole, period) for period in periods)


def quarters_missed(spans: Iterable[Span], periods: Iterable[Period]) -> Fraction:
    """Return the exact share of the periods' quarter-hours that lies in the spans."""
    whole = united(spans)
    return sum(
        (
            Fraction(period.quarters * _within(whole, period), period.ends_at - period.starts_at)
            for period in periods
        ),
        Fraction(0),
    )


def _within(spans: Spans, period: Period) -> int:
    return sum(
        max(0, min(last, period.ends_at) - max(first, period.starts_at)) for first, last in spans
    )


def _cover(office: Office, rows: list[tuple[Any, Span]], meeting: tuple[Period, ...]) -> Cover:
    length = sum(period.ends_at - period.starts_at for period in meeting)
    spans = united(span for _row, span in rows)
    missed = minutes_missed(spans, meeting)
    # official duty is no leave, so leave says why wherever there is any
    granted = [(row, span) for row, span in rows if status_of(row.kind) == "leave"]
    of_leave = minutes_missed([span for _row, span in granted], meeting)
    # of several, the one that covers all of it says why; else the first
    rows = granted or rows
    wholly = (row for row, span in rows if minutes_missed((span,), meeting) == length)
    row = next(wholly, rows[0][0])
    if 0 < of_leave < missed:
        return Cover(row.id, row.kind, row.reason, False, "leave", of_leave)
    whole = missed == length
    status, minutes = status_of(row.kind), None
    if not whole:
        rules = attendance_rules(office)
        bounds = (meeting[0].starts_at, meeting[-1].ends_at)
        status, minutes = suggested(rules, status, spans, bounds)
    return Cover(row.id, row.kind, row.reason, whole, status, minutes)


def suggested(rules: Rules, status: str, spans: Spans, bounds: Span) -> tuple[str, int | None]:
    """Return status and minutes missed that leave of a part of a session speaks for."""
    start, end = bounds
    missed = sum(max(0, min(last, end) - max(first, start)) for first, last in spans)
    late = next((min(last, end) - start for first, last in spans if first <= start < last), 0)
    early = next((end - max(first, start) for first, last in spans if first < end <= last), 0)
    limit = rules.absent_after_minutes
    # official duty is never lateness, and whoever has leave is not absent
    if status == "duty" or missed not in (late, early) or (limit is not None and missed > limit):
        return status, missed
    word, allowed = (
        ("late", rules.late_after_minutes) if late else ("early", rules.early_after_minutes)
    )
    return (word, missed) if missed > (allowed or 0) else ("present", None)
