"""A calendar's busy times as unavailability of a teacher, a venue or a person.

The reason of each row says where it comes from: the source's name and a digest of the event's UID.
By that the rows of a source are known again, and replaced when it is read anew; the past stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeAlias

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from db.tables import (
    ExtraEvent,
    Person,
    Teacher,
    TrainingClass,
    TrainingSession,
    Unavailability,
    Venue,
)
from db.work import UnitOfWork
from trainer.calendars.busy import DAY, Busy, read_busy
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.office import Office, read_office
from trainer.phrases import mark

HORIZON: Final = dt.timedelta(days=366)
Row: TypeAlias = tuple[dt.date, dt.date, str | None, str]
"""First day, last day, period (None: whole days) and reason."""

_TABLES: Final[dict[str, type[SQLModel]]] = {"teacher": Teacher, "venue": Venue, "person": Person}
_UNKNOWN: Final = {
    "teacher": mark("there is no teacher “{code}”; see the codes in teachers.csv or in the app"),
    "venue": mark("there is no venue “{code}”; see the codes in venues.csv or in the app"),
    "person": mark("there is no person “{code}”; see the codes in people.csv or in the app"),
}


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a calendar tells of: ``kind`` is teacher, venue or person; ``source`` names it."""

    kind: str
    code: str
    source: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What reading a calendar changed, and the sessions (uids) that lie in the times it takes."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    kept: int
    touched: tuple[str, ...]


def import_busy(
    desk: Desk,
    data: bytes,
    whose: Whose,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    titles: bool = False,
    dry_run: bool = False,
) -> Refreshed:
    """Make the busy times in ``data`` the unavailability of somebody or of a venue.

    Rows of the same source from ``first`` on (today) are replaced; those before stay. ``last`` is
    a year from now, or when the last class ends. Raises Refused for an unknown code and for what
    cannot be read as a calendar.
    """
    with desk.writing("calendar busy") as work:
        office = read_office(work.session)
        if work.session.get(_TABLES[whose.kind], whose.code) is None:
            raise Refused(_UNKNOWN[whose.kind], code=whose.code)
        since = first or desk.clock.today()
        until = last or _horizon(work.session, desk.clock.today())
        busy = read_busy(data, since, until, office.zone, own=_own(work.session))
        wanted = dict.fromkeys(
            row for each in busy for row in _rows(each, office, whose.source, titles=titles)
        )
        stored = {_row(each): each for each in _stored(work.session, whose, since)}
        added = tuple(row for row in wanted if row not in stored)
        removed = tuple(row for row in stored if row not in wanted)
        result = Refreshed(
            added, removed, len(stored) - len(removed), _touched(work.session, whose, busy)
        )
        if not dry_run and (added or removed):
            work.delete_many(Unavailability, [stored[row].model_dump() for row in removed])
            work.insert_many(Unavailability, _new(work, whose, added))
            work.commit()
    return result


def _rows(busy: Busy, office: Office, source: str, *, titles: bool) -> Iterator[Row]:
    """Yield the whole days and single periods that a stretch touches."""
    reason = f"{source} #{busy.mark}"
    if titles and busy.title:
        reason = f"{reason} {busy.title}"
    days = [(day, _periods(busy, office, day)) for day in _days(busy, office)]
    for whole, group in groupby(days, key=lambda each: len(each[1]) == len(office.periods)):
        listed = list(group)
        if whole:
            yield listed[0][0], listed[-1][0], None, reason
        else:
            for day, periods in listed:
                yield from ((day, day, period, reason) for period in periods)


def _days(busy: Busy, office: Office) -> Iterator[dt.date]:
    day = busy.start.astimezone(office.zone).date()
    last = (busy.end - dt.timedelta(microseconds=1)).astimezone(office.zone).date()
    while day <= last:
        yield day
        day += DAY


def _periods(busy: Busy, office: Office, day: dt.date) -> list[str]:
    return [
        period.code
        for period in office.periods
        if office.instant(day, period.start) < busy.end
        and busy.start < office.instant(day, period.end)
    ]


def _stored(session: Session, whose: Whose, since: dt.date) -> Sequence[Unavailability]:
    """Return the rows of the source that are not over."""
    rows = session.exec(
        select(Unavailability)
        .where(Unavailability.kind == whose.kind, Unavailability.code == whose.code)
        .where(col(Unavailability.date_to) >= since)
        .order_by(col(Unavailability.line))
    )
    return [row for row in rows if (row.reason or "").startswith(f"{whose.source} #")]


def _row(stored: Unavailability) -> Row:
    return stored.date_from, stored.date_to, stored.period, stored.reason or ""


def _new(work: UnitOfWork, whose: Whose, rows: Iterable[Row]) -> list[dict[str, Any]]:
    # a dataset brings its own line numbers: the database's counter may lag behind them
    last = work.session.exec(select(func.max(col(Unavailability.line)))).one() or 0
    names = ("date_from", "date_to", "period", "reason")
    return [
        {
            "line": line,
            "kind": whose.kind,
            "code": whose.code,
            **dict(zip(names, row, strict=True)),
        }
        for line, row in enumerate(rows, last + 1)
    ]


def _horizon(session: Session, today: dt.date) -> dt.date:
    latest = session.exec(select(func.max(col(TrainingClass.latest)))).one()
    return max(filter(None, (latest, today + HORIZON)))


def _own(session: Session) -> set[str]:
    """Return the UIDs of this office's own events, which a subscriber's calendar holds too."""
    sessions = session.exec(select(TrainingSession.uid))
    return {*sessions, *session.exec(select(ExtraEvent.uid))}


def _touched(session: Session, whose: Whose, busy: Sequence[Busy]) -> tuple[str, ...]:
    if not busy or whose.kind == "person":
        return ()
    place = TrainingSession.teacher if whose.kind == "teacher" else TrainingSession.venue
    rows = session.exec(
        select(TrainingSession)
        .where(col(place) == whose.code, TrainingSession.status != "cancelled")
        .where(col(TrainingSession.end) > busy[0].start)
        .order_by(col(TrainingSession.start), TrainingSession.uid)
    )
    return tuple(
        row.uid
        for row in rows
        if any(each.start < row.end and row.start < each.end for each in busy)
    )
