"""How far roll calls have come, for many sessions at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlmodel import Session

from db.tables import MarkState, TrainingSession
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.expected import expected_query

_STATE = table_of(MarkState)
_SESSION = table_of(TrainingSession)
#: How many days back an unfinished roll call is still brought up.
_LOOK_BACK = 30


@dataclass(frozen=True, slots=True)
class Progress:
    """Of those expected at a session: how many are marked, were there, and are disagreed about."""

    expected: int = 0
    marked: int = 0
    attended: int = 0
    conflicts: int = 0

    @property
    def unmarked(self) -> int:
        """How many are expected and not marked yet."""
        return self.expected - self.marked


@dataclass(frozen=True, slots=True)
class OpenBefore:
    """Sessions of the days before a date whose roll is not finished, and the latest such day."""

    sessions: int
    latest: dt.date | None


def progress_of(session: Session, uids: Sequence[str]) -> Mapping[str, Progress]:
    """Return the progress of each session; one at which nobody is expected has nothing to do."""
    found = dict.fromkeys(uids, Progress())
    for first in range(0, len(uids), 500):
        expected = expected_query().where(_SESSION.c.uid.in_(uids[first : first + 500])).subquery()
        query = (
            select(
                expected.c.session,
                func.count(),
                func.count(_STATE.c.person),
                func.sum(case((_STATE.c.status.in_(ATTENDED), 1), else_=0)),
                func.sum(case((_STATE.c.conflict, 1), else_=0)),
            )
            .outerjoin(
                _STATE,
                and_(_STATE.c.session == expected.c.session, _STATE.c.person == expected.c.person),
            )
            .group_by(expected.c.session)
        )
        for row in session.connection().execute(query):
            found[row[0]] = Progress(*(int(number) for number in row[1:]))
    return found


def open_before(session: Session, date: dt.date) -> OpenBefore:
    """Return what the thirty days before ``date`` have left unmarked."""
    span = (_SESSION.c.date >= date - dt.timedelta(days=_LOOK_BACK), _SESSION.c.date < date)
    query = select(_SESSION.c.uid, _SESSION.c.date).where(*span, _SESSION.c.status != "cancelled")
    dates = {row[0]: row[1] for row in session.connection().execute(query)}
    progress = progress_of(session, list(dates))
    left = [dates[uid] for uid, one in progress.items() if one.unmarked]
    return OpenBefore(len(left), max(left, default=None))
