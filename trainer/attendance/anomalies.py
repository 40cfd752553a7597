"""Signing anomalies (AT-3): who may have signed for others, or from somewhere else.

Only marks by which people signed in themselves are looked at: those that name the person marked as
the one who recorded them, and those of a device that names nobody. A roll that a head teacher calls
marks sixty people in a minute on one device, and is no anomaly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, not_, or_, select
from sqlmodel import Session

from db.tables import Mark, MarkState, TrainingSession
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.expected import CANCELLED
from trainer.attendance.rules import Rules

_MARK = table_of(Mark)
_STATE = table_of(MarkState)
_SESSION = table_of(TrainingSession)


@dataclass(frozen=True, slots=True)
class Signed:
    """Marks of a session that look odd together; ``device`` where they share one."""

    session: str
    class_code: str
    date: dt.date
    period: str
    device: str
    marks: tuple[str, ...]


def signing_bursts(signed: Sequence[Any], rules: Rules) -> Iterator[Signed]:
    """Yield each burst: so many people who signed in on one device within so many seconds.

    ``signed`` are rows of ``read_signed``.
    """
    window = dt.timedelta(seconds=rules.signing_seconds)
    for _of, group in groupby(signed, key=attrgetter("uid", "device")):
        rows = list(group)
        burst: list[Any] = []
        for place, row in enumerate(rows):
            near = [other for other in rows[place:] if other.at - row.at <= window]
            people = {other.person for other in near}
            if len(people) >= rules.signing_people:
                burst += [other for other in near if other not in burst]
            elif burst and row is burst[-1]:
                yield _together(burst)
                burst = []
        if burst:
            yield _together(burst)


def signed_outside(signed: Sequence[Any], rules: Rules) -> Iterator[Signed]:
    """Yield, for each session, the marks signed before its window or after it.

    ``signed`` are rows of ``read_signed``.
    """
    before = dt.timedelta(minutes=rules.window_before_minutes)
    after = dt.timedelta(minutes=rules.window_after_minutes)
    for _uid, group in groupby(signed, key=attrgetter("uid")):
        rows = [row for row in group if not row.start - before <= row.at <= row.end + after]
        if rows:
            yield _together(rows)


def _together(rows: list[Any]) -> Signed:
    first = rows[0]
    return Signed(
        first.uid,
        first.class_code,
        first.date,
        first.period,
        first.device or "-",
        tuple(sorted(row.id for row in rows)),
    )


def read_signed(
    session: Session, since: dt.datetime, class_code: str | None = None
) -> Sequence[Any]:
    """Return the marks by which people signed themselves in, by session and device.

    A mark counts, or was replaced by a later one of its own person: whoever signs out has signed
    in all the same. Signing out itself is none: everybody leaves at once.
    """
    of_pair = and_(_STATE.c.session == _MARK.c.session, _STATE.c.person == _MARK.c.person)
    latest = _MARK.alias("latest")
    himself = _MARK.c.by == _MARK.c.person
    moved = or_(*(_MARK.c.note.like(times) for times in ("%-__:__", "__:__-", "-")))
    counts = or_(latest.c.id == _MARK.c.id, and_(himself, latest.c.by == _MARK.c.person))
    own = or_(_MARK.c.by == _MARK.c.person, and_(_MARK.c.by.is_(None), _MARK.c.device.is_not(None)))
    query = (
        select(
            _SESSION.c.uid,
            _SESSION.c.class_code,
            _SESSION.c.date,
            _SESSION.c.period,
            _SESSION.c.start,
            _SESSION.c.end,
            _MARK.c.id,
            _MARK.c.person,
            _MARK.c.at,
            _MARK.c.device,
        )
        .select_from(_SESSION)
        .join(_MARK, _MARK.c.session == _SESSION.c.uid)
        # by the key of the state, not by the mark's id: few marks are people's own, so that the
        # states of all others need not be looked at
        .join(_STATE, of_pair)
        .join(latest, latest.c.id == _STATE.c.mark)
        .where(_SESSION.c.end > since, _SESSION.c.status != CANCELLED, own)
        .where(counts, not_(and_(himself, _MARK.c.note.is_not(None), moved)))
        .where(_STATE.c.status.in_(ATTENDED))
        .order_by(_SESSION.c.start, _SESSION.c.uid, _MARK.c.device, _MARK.c.at, _MARK.c.id)
    )
    if class_code is not None:
        query = query.where(_SESSION.c.class_code == class_code)
    return session.connection().execute(query).all()
