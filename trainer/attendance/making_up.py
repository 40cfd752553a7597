"""Making up for what was missed (补课): sessions tied to missed ones, whose absence they heal.

Whoever was expected at a session, did not attend it, and attended the session that makes it up has
attended the missed one: it counts there, and nowhere twice. Whoever stays away from the make-up
session has missed one session, not two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select, union
from sqlmodel import Session

from db.tables import MakeUp, MarkState, Person, TrainingSession
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.attendance.expected import CANCELLED, Membership, read_memberships, stays_of
from trainer.attendance.state import Pair
from trainer.errors import Refused

if TYPE_CHECKING:
    from db.work import UnitOfWork

_LINK = table_of(MakeUp)
_SESSION = table_of(TrainingSession)
_STATE = table_of(MarkState)


@dataclass(frozen=True, slots=True)
class Healed:
    """How somebody made up for a session: where, and with which status."""

    session: str
    status: str
    conflict: bool


def tie_make_up(
    work: UnitOfWork,
    *,
    session: str,
    missed: str,
    person: str | None = None,
    note: str | None = None,
) -> MakeUp:
    """Say that a session makes up for a missed one, for ``person`` only if given; raise Refused."""
    if session == missed:
        raise Refused("a session cannot make up for itself; name another one that was missed")
    rows = {uid: work.session.get(TrainingSession, uid) for uid in (session, missed)}
    for uid, meeting in rows.items():
        if meeting is None or meeting.status == CANCELLED:
            raise Refused(
                "there is no session {session} that takes place; choose one of the timetable",
                session=uid,
            )
    if person is not None and work.session.get(Person, person) is None:
        raise Refused(
            "there is no person {person} in the roster; check the code, or add the person first",
            person=person,
        )
    known = work.session.scalars(
        select(MakeUp).where(
            _LINK.c.session == session,
            _LINK.c.missed == missed,
            _LINK.c.person.is_(None) if person is None else _LINK.c.person == person,
        )
    ).first()
    if known is not None:
        return known
    row = MakeUp(session=session, missed=missed, person=person, note=note)
    work.session.add(row)
    work.session.flush()
    return row


def read_links(session: Session) -> list[tuple[str, str, str | None]]:
    """Return (make-up session, missed session, person or None for everybody) of sessions held."""
    make_up, missed = _SESSION.alias("make_up_session"), _SESSION.alias("missed_session")
    query = (
        select(_LINK.c.session, _LINK.c.missed, _LINK.c.person)
        .join(make_up, make_up.c.uid == _LINK.c.session)
        .join(missed, missed.c.uid == _LINK.c.missed)
        .where(and_(make_up.c.status != CANCELLED, missed.c.status != CANCELLED))
        .order_by(make_up.c.start, _LINK.c.session, _LINK.c.missed, _LINK.c.person)
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(query)]


def read_healed(
    session: Session,
    links: Iterable[tuple[str, str, str | None]] | None = None,
    stays: Callable[[], Mapping[Pair, list[Membership]]] | None = None,
) -> Mapping[Pair, Healed]:
    """Return by (missed session, person) how it was made up for; the first time counts.

    ``stays`` gives the memberships, where the caller has them already.
    """
    wanted = read_links(session) if links is None else list(links)
    if not wanted:
        return {}
    states, meetings = _states(session), _meetings(session)
    of_pair = stays() if stays else stays_of(read_memberships(session))
    found: dict[Pair, Healed] = {}
    for make_up, missed, only in wanted:
        code, date = meetings[missed]
        for person, state in states.get(make_up, {}).items():
            if only not in (None, person) or state.status not in ATTENDED:
                continue
            was = states.get(missed, {}).get(person)
            member = any(stay.covers(date) for stay in of_pair.get((code, person), ()))
            if member and (was is None or was.status not in ATTENDED):
                found.setdefault((missed, person), Healed(make_up, state.status, state.conflict))
    return found


def _states(session: Session) -> dict[str, dict[str, Any]]:
    tied = union(select(_LINK.c.session), select(_LINK.c.missed)).subquery()
    query = select(_STATE).where(_STATE.c.session.in_(tied.select()))
    found: dict[str, dict[str, Any]] = {}
    for row in session.connection().execute(query):
        found.setdefault(row.session, {})[row.person] = row
    return found


def _meetings(session: Session) -> dict[str, tuple[str, Any]]:
    query = select(_SESSION.c.uid, _SESSION.c.class_code, _SESSION.c.date).where(
        _SESSION.c.uid.in_(select(_LINK.c.missed))
    )
    return {uid: (code, date) for uid, code, date in session.connection().execute(query)}
