"""Hours of a closing ceremony that is still to come, or of which nobody has marked anything yet.

Certificates are handed out at it, so they are ready before: it counts as attended until then, as
it does for the decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import and_, exists, or_, select
from sqlmodel import Session

from db.tables import Course, MarkState, TrainingSession
from db.work import table_of
from trainer.attendance.alerts.watch import Watch
from trainer.attendance.expected import CANCELLED
from trainer.clock import Clock
from trainer.desk import Desk
from trainer.office import Office
from trainer.outcomes.facts import Reader
from trainer.outcomes.rules import rules_for


@dataclass(frozen=True, slots=True)
class Ahead:
    """By person the quarter-hours of what is to come, and of what is over and unmarked."""

    coming: Mapping[str, int] = field(default_factory=dict)
    owed: Mapping[str, int] = field(default_factory=dict)


def ahead_in(
    session: Session, office: Office, class_codes: Collection[str], *, now: dt.datetime
) -> dict[str, Ahead]:
    """Return what certificates count ahead, of each class that has anything of the kind."""
    codes = _concerned(session, office, class_codes, now)
    if not codes:
        return {}
    desk = Desk("", "", Clock(office.timezone, source=lambda: now))
    watch = Watch(session, desk, codes[0] if len(codes) == 1 else None, office)
    reader = Reader(session, watch=watch)
    found = {}
    for code in codes:
        attended = {
            one.trainee.person: one.trainee.attended for one in reader.book(code).evaluations
        }
        found[code] = Ahead(
            {person: one.ahead for person, one in attended.items() if one.ahead},
            {person: one.owed for person, one in attended.items() if one.owed},
        )
    return found


def _concerned(
    session: Session, office: Office, class_codes: Collection[str], now: dt.datetime
) -> list[str]:
    # most classes have no such session, and need not be evaluated
    meeting, course, state = (table_of(each) for each in (TrainingSession, Course, MarkState))
    query = (
        select(meeting.c.class_code)
        .join(course, course.c.code == meeting.c.course)
        .where(
            and_(
                meeting.c.class_code.in_(sorted(class_codes)),
                meeting.c.status != CANCELLED,
                course.c.form.in_(rules_for(office).rules.deciding.ahead_of),
                or_(meeting.c.end > now, ~exists().where(state.c.session == meeting.c.uid)),
            )
        )
        .distinct()
    )
    return sorted(session.connection().scalars(query))
