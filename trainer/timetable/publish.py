"""Publishing: the draft becomes version k of the timetable, of which calendars then speak.

A session's published states are rows of ``published_session``, each holding from one publication
to another. A state that changed gets the next sequence number and the instant of the publication;
one that did not stays as it is, so that calendars without changes stay the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from db.tables import Publication, PublishedSession, TrainingSession
from db.work import UnitOfWork
from trainer.calendars.facts import event_facts, read_directory
from trainer.calendars.journeys import publish_journeys
from trainer.desk import Desk
from trainer.errors import Refused
from trainer.timetable.changes import Change, compare, kinds_of
from trainer.timetable.facts import Facts, read_facts
from trainer.timetable.notices import Notice, notices_of

#: What a publication takes over from a session as it is.
COPIED = (
    "uid",
    "class_code",
    "course",
    "seq",
    "date",
    "period",
    "periods",
    "start",
    "end",
    "venue",
    "teacher",
    "joint",
)


@dataclass(frozen=True, slots=True)
class Published:
    """Version ``number`` of the timetable: what it changed and whom that concerns.

    ``made`` is False where nothing had changed: ``number`` is then the version there was.
    """

    number: int
    made: bool
    at: dt.datetime
    sessions: int
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]

    def counts(self) -> dict[str, int]:
        """Return how many sessions changed in each way."""
        found: dict[str, int] = {}
        for change in self.changes:
            for kind in change.kinds:
                found[kind] = found.get(kind, 0) + 1
        return found


def publish(desk: Desk, note: str | None = None) -> Published:
    """Make the next version of the timetable from the draft; the same draft makes none.

    Raise Refused where there is no session to publish.
    """
    with desk.writing(note or "timetable publish") as work:
        facts = read_facts(work.session)
        number = last_number(work.session)
        before = published_sessions(work.session)
        if not facts.sessions and not before:
            raise Refused(
                "there is no session to publish; make a timetable with “trainer timetable solve” "
                "first"
            )
        after = _states(work, facts, before, number + 1)
        changes = compare(before, after)
        count = sum(state.status != "cancelled" for state in after)
        if number and not changes:
            _mark_published(work, facts)
            work.commit()
            at = work.session.get_one(Publication, number).at
            return Published(number, made=False, at=at, sessions=count, changes=(), notices=())
        _write(work, changes, number + 1, note)
        _mark_published(work, facts)
        publish_journeys(work, number + 1, _now(work))
        work.note("publish", "timetable", str(number + 1), changes=len(changes))
        at = _now(work)
        work.commit()
        notices = notices_of(facts, changes)
        return Published(number + 1, True, at, count, changes, notices)


def last_number(session: Session) -> int:
    """Return the number of the last publication, 0 where there is none."""
    return session.exec(select(func.max(col(Publication.number)))).one() or 0


def published_sessions(session: Session, number: int | None = None) -> Sequence[PublishedSession]:
    """Return every session's state as of publication ``number`` (the last one if not given).

    Cancelled ones are among them, in the order of time.
    """
    statement = select(PublishedSession)
    if number is None:
        statement = statement.where(col(PublishedSession.last).is_(None))
    else:
        still = or_(col(PublishedSession.last).is_(None), col(PublishedSession.last) >= number)
        statement = statement.where(col(PublishedSession.first) <= number, still)
    order = (col(PublishedSession.start), col(PublishedSession.uid))
    return session.exec(statement.order_by(*order)).all()


def changes_between(session: Session, older: int, newer: int) -> tuple[Change, ...]:
    """Return what publication ``newer`` changed since ``older``; 0 is before the first one."""
    before = published_sessions(session, older) if older else ()
    return compare(before, published_sessions(session, newer))


def _now(work: UnitOfWork) -> dt.datetime:
    # a calendar counts whole seconds
    return work.now.replace(microsecond=0)


def _states(
    work: UnitOfWork, facts: Facts, before: Sequence[PublishedSession], number: int
) -> list[PublishedSession]:
    """Return the draft as states of publication ``number``; what vanished from it is cancelled."""
    known = {state.uid: state for state in before}
    said = event_facts(
        read_directory(work.session, facts.office),
        [row for row in facts.sessions.values() if _status(facts, row) != "cancelled"],
    )
    states = [
        _state(facts, row, known.get(row.uid), said, number, _now(work))
        for row in facts.sessions.values()
    ]
    gone = [_gone(state, number, _now(work)) for state in before if state.uid not in facts.sessions]
    return [*states, *gone]


def _status(facts: Facts, row: TrainingSession) -> str:
    if row.status == "cancelled" or facts.classes[row.class_code].stage == "cancelled":
        return "cancelled"
    return "held" if row.status == "held" else "published"


def _state(
    facts: Facts,
    row: TrainingSession,
    before: PublishedSession | None,
    said: Mapping[str, dict[str, str]],
    number: int,
    now: dt.datetime,
) -> PublishedSession:
    status = _status(facts, row)
    if status == "cancelled" and before is not None:
        # a calendar keeps saying where and when it would have been
        return _gone(before, number, now)
    values: dict[str, Any] = {name: getattr(row, name) for name in COPIED}
    return PublishedSession(
        **values,
        first=number,
        sequence=0 if before is None else before.sequence + 1,
        revised_at=now,
        status=status,
        facts=said.get(row.uid, {}),
    )


def _gone(before: PublishedSession, number: int, now: dt.datetime) -> PublishedSession:
    values: dict[str, Any] = {name: getattr(before, name) for name in COPIED}
    return PublishedSession(
        **values,
        first=number,
        sequence=before.sequence + 1,
        revised_at=now,
        status="cancelled",
        facts=before.facts,
    )


def _write(work: UnitOfWork, changes: Sequence[Change], number: int, note: str | None) -> None:
    assert all(kinds_of(change.before, change.after) for change in changes)
    row = {"number": number, "at": _now(work), "by": work.actor, "note": note}
    work.insert_many(Publication, [row])
    ended = [
        (before.model_dump(), {"last": number - 1})
        for change in changes
        if (before := change.before) is not None
    ]
    work.update_many(PublishedSession, ended)
    work.insert_many(PublishedSession, [change.after.model_dump() for change in changes])


def _mark_published(work: UnitOfWork, facts: Facts) -> None:
    planned = [
        (row.model_dump(), {"status": "published"})
        for row in facts.sessions.values()
        if row.status == "planned" and _status(facts, row) != "cancelled"
    ]
    work.update_many(TrainingSession, planned)
