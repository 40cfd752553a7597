"""The facts that attendance figures are worked out from, read in a few statements.

Marks come summed by the database per (class, person, status) and, where asked, per venue, strand
or month of their sessions. Only the marks that need a look at their session come one by one: those
of sessions that have not begun yet, and those of people whose membership does not simply cover the
whole class (late joiners, leavers, guests).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from db.tables import Course, MakeUp, MarkState, TrainingClass, TrainingSession
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.changed import changed_since
from trainer.attendance.credit import credit_shares, credited, session_quarters
from trainer.attendance.expected import (
    CANCELLED,
    Membership,
    read_exempt,
    read_memberships,
    stays_of,
)
from trainer.attendance.making_up import Healed, read_healed, read_links
from trainer.attendance.state import Pair
from trainer.office import Office

HELD: Final = "held"
_SESSION = table_of(TrainingSession)
_COURSE = table_of(Course)
_CLASS = table_of(TrainingClass)
_STATE = table_of(MarkState)
_LINK = table_of(MakeUp)
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Held:
    """One session of the period that is not cancelled; ``due`` says that it has been held.

    It has when it has begun by the clock, is kept as held, or somebody is recorded as having been
    there. ``meeting`` is the same for the sessions of a joint meeting of several classes.
    """

    uid: str
    class_code: str
    date: dt.date
    meeting: str
    quarters: int
    venue: str | None
    strand: str | None
    series: str | None
    due: bool
    makes_up: bool = False
    #: the part of the day in which it begins (AM, PM, EVE), empty where its period is unknown
    part: str = ""

    @property
    def month(self) -> str:
        """The month in which it is held, as ``2023-02``."""
        return f"{self.date:%Y-%m}"


@dataclass(frozen=True, slots=True)
class MarkSum:
    """Marks of one status of a person in a class, in one bucket; ``quarters`` are credited."""

    class_code: str
    person: str
    bucket: str | None
    status: str
    count: int
    quarters: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class SingleMark:
    """One current mark with its session."""

    session: str
    person: str
    status: str
    conflict: bool
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the figures of a period rest on.

    ``spans`` are the first and last dates of each class. ``sums`` and ``singles`` do not overlap:
    ``sums`` are marks of members at sessions that were held; whether a single mark's person was
    expected is decided by ``stays``.
    """

    sessions: Mapping[str, Held]
    spans: Mapping[str, tuple[dt.date, dt.date]]
    stays: Mapping[Pair, list[Membership]]
    sums: tuple[MarkSum, ...]
    singles: tuple[SingleMark, ...]
    #: parts of memberships during which attendance is not required (EX-1)
    exempt: Mapping[Pair, list[Membership]] = field(default_factory=dict)
    #: of whom something else counts than when the period was frozen, with the session
    changed: tuple[Pair, ...] = ()


def read_facts(
    session: Session,
    office: Office,
    *,
    now: dt.datetime,
    first: dt.date | None,
    last: dt.date | None,
    bucket: str | None = None,
    singly: bool = False,
) -> Facts:
    """Return the facts of the sessions from ``first`` to ``last``, both days counted.

    ``bucket`` is what sums are kept apart by: venue, strand, month or nothing. With ``singly``
    every mark comes one by one and there are no sums.
    """
    chosen = _in_period(first, last)
    sessions, early = _sessions(session, office, chosen, now)
    spans = _spans(sessions.values())
    stays = stays_of(stay for stay in read_memberships(session) if stay.class_code in spans)
    begun = or_(_SESSION.c.start <= now, _SESSION.c.status == HELD)
    exempt = stays_of(stay for stay in read_exempt(session) if stay.class_code in spans)
    links = read_links(session)
    apart = _SESSION.c.uid.notin_(_linked()) if links else true()
    sums = [] if singly else _sums(session, office, and_(chosen, begun, apart), bucket)
    odd = None if singly else _odd_pairs(sums, stays, spans)
    singles = [] if odd == set() else list(_singles(session, and_(chosen, begun, apart), odd))
    if early:
        singles += _singles(session, and_(chosen, ~begun, apart), None)
    if links:
        sessions = _with_makes_up(sessions, links)
        marks = list(_singles(session, and_(chosen, ~apart), None))
        singles += _made_up(marks, read_healed(session, links), sessions)
    changed = tuple(pair for pair in changed_since(session) if pair[0] in sessions)
    kept = tuple(item for item in sums if (item.class_code, item.person) not in (odd or ()))
    due = _with_due(sessions, singles)
    return Facts(due, spans, stays, kept, tuple(singles), exempt, changed)


def _linked() -> Select[Any]:
    return select(_LINK.c.session).union(select(_LINK.c.missed)).subquery().select()


def _with_makes_up(
    sessions: dict[str, Held], links: Iterable[tuple[str, str, str | None]]
) -> dict[str, Held]:
    # a session that makes up for others adds nothing to what is expected
    whole = {make_up for make_up, _missed, person in links if person is None}
    return sessions | {
        uid: replace(sessions[uid], makes_up=True) for uid in whole if uid in sessions
    }


def _made_up(
    marks: Iterable[SingleMark], healed: Mapping[Pair, Healed], sessions: Mapping[str, Held]
) -> Iterator[SingleMark]:
    """Yield marks where they count: who made up for a session has attended that one."""
    used = {(how.session, person) for (_missed, person), how in healed.items()}
    for mark in marks:
        pair = (mark.session, mark.person)
        stayed_away = sessions[mark.session].makes_up and mark.status not in ATTENDED
        if pair not in healed and pair not in used and not stayed_away:
            yield mark
    for (missed, person), how in healed.items():
        if missed in sessions:
            yield SingleMark(missed, person, how.status, how.conflict, made_up=True)


def _in_period(first: dt.date | None, last: dt.date | None) -> ColumnElement[bool]:
    wanted = [_SESSION.c.status != CANCELLED]
    if first is not None:
        wanted.append(_SESSION.c.date >= first)
    if last is not None:
        wanted.append(_SESSION.c.date <= last)
    return and_(*wanted)


def _sessions(
    session: Session, office: Office, chosen: ColumnElement[bool], now: dt.datetime
) -> tuple[dict[str, Held], bool]:
    # the sessions, and whether any of them has not begun yet
    names = ("uid", "class_code", "date", "period", "periods", "start", "venue", "joint", "status")
    query = (
        select(*(_SESSION.c[name] for name in names), _COURSE.c.strand, _CLASS.c.series)
        .join(_COURSE, _COURSE.c.code == _SESSION.c.course)
        .join(_CLASS, _CLASS.c.code == _SESSION.c.class_code)
        .where(chosen)
    )
    found: dict[str, Held] = {}
    early = False
    quarters: dict[tuple[str, int], int] = {}
    for row in session.connection().execute(query):
        span = (row.period, row.periods)
        if span not in quarters:
            quarters[span] = session_quarters(office, *span)
        begun = row.start <= now or row.status == HELD
        early = early or not begun
        found[row.uid] = Held(
            row.uid,
            row.class_code,
            row.date,
            f"{row.joint}/{row.start.isoformat()}" if row.joint else row.uid,
            quarters[span],
            row.venue,
            row.strand,
            row.series,
            begun,
            part=office.part_of(row.period),
        )
    return found, early


def _sums(
    session: Session, office: Office, chosen: ColumnElement[bool], bucket: str | None
) -> list[MarkSum]:
    apart = _bucket(bucket)
    query = (
        select(
            _SESSION.c.class_code,
            _STATE.c.person,
            apart,
            _STATE.c.status,
            func.count(),
            func.sum(_credit(session, office)),
            func.sum(cast(_STATE.c.conflict, Integer)),
        )
        .select_from(_SESSION)
        .join(_STATE, _STATE.c.session == _SESSION.c.uid)
        .where(chosen)
        .group_by(_SESSION.c.class_code, _STATE.c.person, _STATE.c.status)
    )
    if bucket is not None:
        query = query.group_by(apart)
    if bucket == "strand":
        query = query.join(_COURSE, _COURSE.c.code == _SESSION.c.course)
    return [
        MarkSum(row[0], row[1], _label(row[2]), row[3], row[4], int(row[5]), int(row[6]))
        for row in session.connection().execute(query).all()
    ]


def _label(bucket: Any) -> str | None:
    # a month comes as a number in both dialects
    return bucket if bucket is None or isinstance(bucket, str) else _month(int(bucket))


def _month(number: int) -> str:
    return f"{number // 100:04}-{number % 100:02}"


def _bucket(name: str | None) -> ColumnElement[Any]:
    if name == "venue":
        return _SESSION.c.venue
    if name == "strand":
        return _COURSE.c.strand
    if name == "month":
        return 100 * extract("year", _SESSION.c.date) + extract("month", _SESSION.c.date)
    return null()


def _credit(session: Session, office: Office) -> ColumnElement[int]:
    # quarter-hours that one mark credits, by its status and the length of its session
    query = select(_SESSION.c.period, _SESSION.c.periods).distinct()
    spans = sorted((row[0], row[1]) for row in session.connection().execute(query))
    shares = credit_shares(office)
    by_share: dict[float, list[str]] = {}
    for status, share in shares.items():
        by_share.setdefault(share, []).append(status)
    whens = [
        (
            and_(
                _STATE.c.status.in_(statuses),
                _SESSION.c.period == period,
                _SESSION.c.periods == count,
            ),
            credited(share, session_quarters(office, period, count)),
        )
        for share, statuses in by_share.items()
        if share
        for period, count in spans
    ]
    return case(*whens, else_=0) if whens else cast(literal(0), Integer)


def _spans(sessions: Iterable[Held]) -> dict[str, tuple[dt.date, dt.date]]:
    spans: dict[str, tuple[dt.date, dt.date]] = {}
    for held in sessions:
        low, high = spans.get(held.class_code, (held.date, held.date))
        spans[held.class_code] = (min(low, held.date), max(high, held.date))
    return spans


def _odd_pairs(
    sums: Iterable[MarkSum],
    stays: Mapping[Pair, list[Membership]],
    spans: Mapping[str, tuple[dt.date, dt.date]],
) -> set[Pair]:
    # marked (class, person) whose marks must be looked at one by one
    marked = {(item.class_code, item.person) for item in sums}
    return {
        pair
        for pair in marked
        if not any(
            stay.covers(spans[pair[0]][0]) and stay.covers(spans[pair[0]][1])
            for stay in stays.get(pair, ())
        )
    }


def _singles(
    session: Session, chosen: ColumnElement[bool], pairs: set[Pair] | None
) -> Iterator[SingleMark]:
    base = (
        select(
            _STATE.c.session,
            _STATE.c.person,
            _STATE.c.status,
            _STATE.c.conflict,
            _SESSION.c.class_code,
        )
        .select_from(_SESSION)
        .join(_STATE, _STATE.c.session == _SESSION.c.uid)
        .where(chosen)
    )
    for query in _by_person(base, pairs):
        for uid, person, status, conflict, class_code in session.connection().execute(query):
            if pairs is None or (class_code, person) in pairs:
                yield SingleMark(uid, person, status, bool(conflict))


def _by_person(base: Select[Any], pairs: set[Pair] | None) -> Iterator[Select[Any]]:
    people = sorted({person for _class, person in pairs}) if pairs else []
    if pairs is None or len(people) > 10 * _CHUNK:
        yield base
        return
    for first in range(0, len(people), _CHUNK):
        yield base.where(_STATE.c.person.in_(people[first : first + _CHUNK]))


def _with_due(sessions: dict[str, Held], singles: Iterable[SingleMark]) -> dict[str, Held]:
    # somebody was seen there: it has been held, whatever this machine's clock says
    seen = {mark.session for mark in singles if mark.status in ATTENDED}
    return sessions | {uid: replace(sessions[uid], due=True) for uid in seen}
