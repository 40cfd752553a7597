"""From the engine's solution to stored sessions, in one unit of work, or not at all."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, select

from db.tables import PublishedSession, TrainingSession
from db.work import UnitOfWork
from trainer.errors import Refused, StaleWrite
from trainer.timetable.build import Built
from trainer.timetable.checking import (
    Breaches,
    broken_by,
    standing_breaches,
)
from trainer.timetable.engine.problem import Part, Placement, Problem, stands_in
from trainer.timetable.facts import Facts, Key
from trainer.timetable.meetings import Share
from trainer.timetable.rounds import Rounds

#: The columns that a solution decides.
PLACED: Final = (
    *("date", "period", "periods", "start", "end", "venue", "teacher", "joint", "stops"),
    "instead_of",
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """How many sessions were made, moved and taken away."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    @property
    def changed(self) -> int:
        """How many sessions changed in any way."""
        return self.inserted + self.updated + self.deleted


def apply_placements(
    work: UnitOfWork,
    built: Built,
    placements: Mapping[int, Placement | None],
    today: dt.date,
) -> Stored:
    """Store where meetings are placed, by their number; None takes a meeting off the timetable.

    A session keeps its uid. Fixed sessions are left alone. Raise StaleWrite where the timetable
    changed since ``built`` was read, and Refused where a session would break a hard rule: then
    nothing may be committed.
    """
    _refuse_stale(work, built)
    known = published_uids(work.session, built.facts)
    inserted: list[Row] = []
    updated: list[tuple[Row, Row]] = []
    deleted: list[Row] = [row_of(session) for session in built.surplus]
    for share, place in decided_places(built, placements):
        session = share.session
        if place is None:
            deleted += [row_of(session)] if session else []
        elif session is None:
            inserted.append(new_row(share, place, known))
        elif any(getattr(session, name) != place[name] for name in PLACED):
            updated.append((row_of(session), place))
    leaving = {row["class_code"] for row in deleted}
    before = standing_breaches(work.session, today, leaving)
    work.delete_many(TrainingSession, deleted)
    work.update_many(TrainingSession, updated)
    work.insert_many(TrainingSession, inserted)
    changed = [row["uid"] for row in inserted] + [was["uid"] for was, _ in updated]
    refuse_broken(work, changed, today, before)
    return Stored(len(inserted), len(updated), len(deleted))


def decided_places(
    built: Built, placements: Mapping[int, Placement | None]
) -> Iterator[tuple[Share, Row | None]]:
    """Yield each class's share of these meetings with its columns, None for one without a place.

    Shares whose session is fixed are left out.
    """
    rounds = Rounds(built)
    for number, placement in placements.items():
        for part, share in enumerate(built.drafts[number].shares):
            if share.session is not None and built.facts.is_fixed(share.session):
                continue
            place = None if placement is None else _place(built, number, part, placement)
            if place is not None and built.facts.courses[share.key[1]].stops:
                place["stops"] = _order(rounds, share, place)
            yield share, place


def _order(rounds: Rounds, share: Share, place: Row) -> tuple[str, ...]:
    """Return the order of a round's stops: that which is stored, where it fits there."""
    stored = share.session.stops if share.session else ()
    row = TrainingSession(uid="", class_code=share.key[0], course=share.key[1], **place)
    row.stops = stored
    return rounds.order(row)


def refuse_broken(
    work: UnitOfWork, uids: Collection[str], today: dt.date, before: Breaches
) -> None:
    """Raise Refused where one of these sessions, as now written, breaks a hard rule.

    And where their change makes worse what there was ``before`` of soft rules made hard.
    """
    broken = broken_by(work.session, today, uids, before)
    if broken:
        raise Refused(
            "the timetable would break the rule {rule}: {message}; nothing was stored, choose "
            "another date, period, venue or teacher",
            rule=broken[0].rule,
            message=broken[0].message,
        )


def row_of(session: TrainingSession) -> Row:
    """Return a session as a plain row."""
    return session.model_dump()


def _refuse_stale(work: UnitOfWork, built: Built) -> None:
    rows = work.session.exec(select(TrainingSession.uid, TrainingSession.version))
    if dict(rows.all()) != {uid: each.version for uid, each in built.facts.sessions.items()}:
        raise StaleWrite(
            "somebody else changed the timetable meanwhile; look at it again and repeat your change"
        )


def published_uids(session: Session, facts: Facts) -> dict[Key, str]:
    """Return the uid under which a meeting was published before it was taken off the timetable."""
    statement = select(PublishedSession).where(col(PublishedSession.last).is_(None))
    return {
        (row.class_code, row.course, row.seq): row.uid
        for row in session.exec(statement)
        if row.uid not in facts.sessions
    }


def _place(built: Built, number: int, part: int, placement: Placement) -> Row:
    problem, draft = built.problem, built.drafts[number]
    period = problem.periods[placement.period].code
    periods = problem.meetings[number].length
    start, end = built.facts.office.instants(placement.day, period, periods)
    venue = placement.venues[part]
    return {
        "date": placement.day,
        "period": period,
        "periods": periods,
        "start": start,
        "end": end,
        "venue": None if venue is None else problem.venues[venue].code,
        "teacher": None if placement.teacher is None else problem.teachers[placement.teacher].code,
        "joint": draft.joint,
        "stops": (),
        "instead_of": _stands_in_for(problem, problem.meetings[number].parts[part], venue),
    }


def _stands_in_for(problem: Problem, part: Part, venue: int | None) -> str | None:
    """Return the site for which a venue stands in while the weather is bad."""
    site = part.instead_of
    if site is None or not stands_in(problem, part, venue):
        return None
    return problem.venues[site].code


def new_row(share: Share, place: Row, known: Mapping[Key, str]) -> Row:
    """Return the row of a new session, under the uid by which its meeting is known, if it is."""
    class_code, course, seq = share.key
    return {
        "uid": known.get(share.key) or str(uuid.uuid4()),
        "class_code": class_code,
        "course": course,
        "seq": seq,
        **place,
        "status": "planned",
        "locked": False,
        "version": 1,
    }
