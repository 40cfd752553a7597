"""What one leave means before it is granted: which sessions it touches, and the cap (LV-1).

The sum without it and with it is that of the alerts, of the same register at the same moment; so
what a clerk is told while asking is what the alert would say afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Course, Leave, MarkState, TrainingSession
from db.work import table_of
from trainer.attendance.alerts.granted import granted_leave
from trainer.attendance.alerts.hours import leave_of
from trainer.attendance.alerts.watch import Watch, open_watch
from trainer.attendance.cap import passes_cap, room_under_cap
from trainer.attendance.covers import minutes_missed
from trainer.attendance.leave import Stretch, stretch_of
from trainer.office import QUARTERS, Office

if TYPE_CHECKING:
    from trainer.attendance.state import Pair
    from trainer.desk import Desk

RULE: Final = "LV-1"
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class TouchedSession:
    """A session that a leave covers; ``whole``, or ``minutes`` of it; ``status`` if marked."""

    uid: str
    class_code: str
    course_title: str
    date: dt.date
    start: dt.time
    end: dt.time
    whole: bool
    minutes: int
    status: str | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Leave of somebody in a class, in hours: without the one that is weighed and with it.

    ``limit`` is how much may be granted (LV-1); ``over`` tells that it is passed with this leave,
    where the office has the rule.
    """

    class_code: str
    before: Fraction
    after: Fraction
    limit: Fraction
    total: Fraction
    over: bool
    sessions: tuple[TouchedSession, ...]


def weigh_leave(
    session: Session,
    desk: Desk,
    office: Office,
    *,
    person: str,
    stretch: Stretch,
    class_code: str | None = None,
    kind: str = "personal",
    leave: str | None = None,
) -> tuple[Weighed, ...]:
    """Return what a leave means in each class that it speaks of; none for no member.

    ``leave`` is its id where it has been asked for: without it then means without that one. Days
    after a return are not covered any more.
    """
    watch = open_watch(session, desk, class_code, office)
    others = [row for row in watch.leaves if row.person == person and row.id != leave]
    this = Leave(
        id=leave or "", person=person, class_code=class_code, kind=kind,
        date_from=stretch.date_from, date_to=stretch.date_to,
        period_from=stretch.period_from, period_to=stretch.period_to,
        time_from=stretch.time_from, time_to=stretch.time_to,
        returned_at=next((row.returned_at for row in watch.leaves if row.id == leave), None),
    )  # fmt: skip
    without, with_it = (granted_leave(watch, rows) for rows in (others, [*others, this]))
    found = []
    for pair in sorted(watch.pairs_of(person, class_code)):
        total = watch.share(pair).total
        before, after = (
            leave_of(watch, pair, granted.get(pair, {})).amount for granted in (without, with_it)
        )
        found.append(
            Weighed(
                class_code=pair[0],
                before=_hours(before),
                after=_hours(after),
                limit=_hours(room_under_cap(0, total)),
                total=_hours(total),
                over=passes_cap(after, total) and office.levels.get(RULE) != "off",
                sessions=_touched(watch, pair, this),
            )
        )
    return tuple(found)


def _hours(quarters: Fraction | int) -> Fraction:
    return Fraction(quarters) / QUARTERS


def _touched(watch: Watch, pair: Pair, leave: Leave) -> tuple[TouchedSession, ...]:
    covered = list(_covered(watch, pair, leave))
    uids = [meeting.uid for meeting, _missed, _whole in covered]
    titles, marked = _titles(watch.session, uids), _marked(watch.session, pair[1], uids)
    zone = watch.office.zone
    return tuple(
        TouchedSession(
            uid=meeting.uid,
            class_code=pair[0],
            course_title=titles.get(meeting.uid, ""),
            date=meeting.date,
            start=meeting.start.astimezone(zone).time(),
            end=meeting.end.astimezone(zone).time(),
            whole=whole,
            minutes=missed,
            status=marked.get(meeting.uid),
        )
        for meeting, missed, whole in covered
    )


def _covered(watch: Watch, pair: Pair, leave: Leave) -> Iterator[tuple[Any, int, bool]]:
    stretch, office = stretch_of(leave), watch.office
    for meeting in watch.share(pair).meetings:
        span = stretch.span_on(office, meeting.date)
        if span is None or meeting.period not in office.period_index:
            continue
        if leave.returned_at is not None and leave.returned_at < meeting.date:
            continue
        periods = office.meeting_periods(meeting.period, meeting.periods)
        missed = minutes_missed((span,), periods)
        if missed:
            length = sum(period.ends_at - period.starts_at for period in periods)
            yield meeting, missed, missed == length


def _titles(session: Session, uids: Sequence[str]) -> dict[str, str]:
    one, course = table_of(TrainingSession), table_of(Course)
    found: dict[str, str] = {}
    for first in range(0, len(uids), _CHUNK):
        query = (
            select(one.c.uid, course.c.title)
            .join(course, course.c.code == one.c.course)
            .where(one.c.uid.in_(uids[first : first + _CHUNK]))
        )
        found |= {row.uid: row.title for row in session.connection().execute(query)}
    return found


def _marked(session: Session, person: str, uids: Sequence[str]) -> dict[str, str]:
    state = table_of(MarkState)
    found: dict[str, str] = {}
    for first in range(0, len(uids), _CHUNK):
        query = select(state.c.session, state.c.status).where(
            state.c.person == person, state.c.session.in_(uids[first : first + _CHUNK])
        )
        found |= {row.session: row.status for row in session.connection().execute(query)}
    return found
