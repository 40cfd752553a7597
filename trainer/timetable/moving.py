"""Changing single sessions by hand: moved, locked, unlocked, cancelled and brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlmodel import Session, col, select

from db.tables import TrainingSession
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.errors import Refused, StaleWrite, UsageError
from trainer.phrases import mark
from trainer.timetable.apply import refuse_broken, row_of
from trainer.timetable.checking import standing_breaches
from trainer.timetable.choosing import Selection, refuse_unknown_choice
from trainer.timetable.facts import Facts, key_of, read_facts
from trainer.timetable.meetings import draft_meetings
from trainer.timetable.rounds import rounds_of
from trainer.timetable.steps import record_step

#: The fewest letters of a uid that name a session.
SHORTEST: Final = 4
NOTHING: Final = Selection()
CANCELLED: Final = mark(
    "this session is cancelled; bring it back with “trainer timetable restore” before moving it"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a session is to go; a venue or teacher that is None stays.

    ``venues`` names by their uid the venues of sessions that are held jointly with it.
    """

    date: dt.date
    period: str
    venue: str | None = None
    teacher: str | None = None
    venues: Mapping[str, str] = field(default_factory=dict)


def find_session(facts: Facts, name: str) -> TrainingSession:
    """Return the session of a uid, of its first letters, or of CLASS/COURSE/SEQ.

    Raise Refused where there is none, or more than one.
    """
    found = [
        row
        for row in facts.sessions.values()
        if (len(name) >= SHORTEST and row.uid.startswith(name)) or name in _names(row)
    ]
    exact = [row for row in found if row.uid == name or "/".join(map(str, key_of(row))) == name]
    found = exact or found
    if not found:
        raise Refused(
            "there is no session “{name}”; give its uid, the first letters of it, or "
            "CLASS/COURSE/NUMBER as “trainer timetable show” lists them",
            name=name,
        )
    if len(found) > 1:
        raise Refused(
            "“{name}” stands for {count} sessions; give the whole uid or CLASS/COURSE/NUMBER",
            name=name,
            count=len(found),
        )
    return found[0]


def move_session(
    desk: Desk, name: str, target: Target, *, seen: Mapping[str, int] | None = None
) -> list[TrainingSession]:
    """Move a session, and with it those held jointly; return them as they are then.

    ``seen`` are the versions that somebody has looked at: raise StaleWrite where they are others
    by now. Raise Refused where it is fixed, or where it would break a hard rule there.
    """
    with desk.writing("timetable move") as work:
        facts = read_facts(work.session)
        _refuse_unknown(facts, target)
        chosen = find_session(facts, name)
        together = _together(facts, chosen)
        if seen is not None and seen != {row.uid: row.version for row in together}:
            raise StaleWrite(
                "somebody else changed this session meanwhile; look at it again and repeat your "
                "change"
            )
        for row in together:
            refuse_fixed(facts, row)
        office = facts.office
        rounds = rounds_of(facts)
        before = standing_breaches(work.session, desk.clock.today())
        pairs = []
        for row in together:
            start, end = office.instants(target.date, target.period, row.periods)
            place: dict[str, Any] = {
                "date": target.date,
                "period": target.period,
                "start": start,
                "end": end,
                "teacher": target.teacher or row.teacher,
            }
            venue = target.venue if row is chosen else None
            if row.uid in target.venues or venue:
                place["venue"] = target.venues.get(row.uid, venue)
                if place["venue"] != row.venue:
                    place["instead_of"] = None
            place["stops"] = rounds.order(TrainingSession(**{**row_of(row), **place}))
            pairs.append((row_of(row), place))
        work.update_many(TrainingSession, pairs)
        uids = [row.uid for row in together]
        refuse_broken(work, uids, desk.clock.today(), before)
        record_step(work, "move")
        work.commit()
        return _again(work, uids)


def set_locked(
    desk: Desk,
    names: Collection[str] = (),
    *,
    locked: bool,
    chosen: Selection = NOTHING,
) -> int:
    """Lock or unlock sessions by their names, and those chosen; return how many changed."""
    with desk.writing("timetable lock" if locked else "timetable unlock") as work:
        facts = read_facts(work.session)
        refuse_unknown_choice(facts, chosen)
        rows = {row.uid: row for row in (find_session(facts, name) for name in names)}
        rows |= {row.uid: row for row in facts.sessions.values() if chosen.takes(row)}
        changed = [row for row in rows.values() if row.locked != locked]
        work.update_many(TrainingSession, [(row_of(row), {"locked": locked}) for row in changed])
        if changed:
            record_step(work, "lock" if locked else "unlock")
        work.commit()
        return len(changed)


def locked_sessions(session: Session) -> list[TrainingSession]:
    """Return what is locked, in the order of time."""
    statement = select(TrainingSession).where(col(TrainingSession.locked))
    order = (col(TrainingSession.start), col(TrainingSession.class_code), col(TrainingSession.uid))
    return list(session.exec(statement.order_by(*order)))


def cancel_sessions(desk: Desk, names: Sequence[str], reason: str | None = None) -> int:
    """Cancel sessions; they stay known, and are not placed again. Raise Refused for held ones."""
    with desk.writing(reason or "timetable cancel") as work:
        facts = read_facts(work.session)
        rows = {row.uid: row for row in (find_session(facts, name) for name in names)}
        for row in rows.values():
            if row.status == "held" or row.uid in facts.marked:
                refuse_fixed(facts, row)
        changed = [row for row in rows.values() if row.status != "cancelled"]
        pairs = [(row_of(row), {"status": "cancelled"}) for row in changed]
        work.update_many(TrainingSession, pairs)
        if changed:
            record_step(work, "cancel")
        work.commit()
        return len(changed)


def bring_back(desk: Desk, names: Sequence[str]) -> int:
    """Let cancelled sessions take place after all, where they were.

    Raise Refused where one of them would break a hard rule there by now.
    """
    with desk.writing("timetable restore") as work:
        facts = read_facts(work.session)
        rows = {row.uid: row for row in (find_session(facts, name) for name in names)}
        changed = [row for row in rows.values() if row.status == "cancelled"]
        pairs = [(row_of(row), {"status": "planned"}) for row in changed]
        before = standing_breaches(work.session, desk.clock.today())
        work.update_many(TrainingSession, pairs)
        refuse_broken(work, [row.uid for row in changed], desk.clock.today(), before)
        if changed:
            record_step(work, "restore")
        work.commit()
        return len(changed)


def _names(row: TrainingSession) -> tuple[str, str]:
    class_code, course, seq = key_of(row)
    return f"{class_code}/{course}", f"{class_code}/{course}/{seq}"


def _together(facts: Facts, chosen: TrainingSession) -> list[TrainingSession]:
    for draft in draft_meetings(facts):
        rows = [share.session for share in draft.shares if share.session is not None]
        if any(row.uid == chosen.uid for row in rows):
            return rows
    raise Refused(CANCELLED)


def refuse_fixed(facts: Facts, row: TrainingSession) -> None:
    """Raise Refused where a session was held, has attendance recorded, or is locked."""
    if row.status == "held" or row.uid in facts.marked:
        raise Refused(
            "{course} of {class_} on {date} was held or has attendance recorded; it stays where it "
            "is",
            **_told(facts, row),
        )
    if row.locked:
        raise Refused(
            "{course} of {class_} on {date} is locked; unlock it first with l in its week, or with "
            "“trainer timetable unlock”",
            **_told(facts, row),
        )


def _told(facts: Facts, row: TrainingSession) -> dict[str, str]:
    return {
        "course": facts.courses[row.course].title,
        "class_": facts.classes[row.class_code].title,
        "date": row.date.isoformat(),
    }


def _refuse_unknown(facts: Facts, target: Target) -> None:
    if target.period not in facts.office.period_index:
        raise UsageError(
            "the office has no period “{period}”; it has {periods}",
            period=target.period,
            periods=", ".join(facts.office.period_index),
        )
    if target.venue is not None and target.venue not in facts.venues:
        raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=target.venue)
    if target.teacher is not None and target.teacher not in facts.teachers:
        raise Refused(
            "there is no teacher “{code}”; see the codes in teachers.csv", code=target.teacher
        )


def _again(work: UnitOfWork, uids: Collection[str]) -> list[TrainingSession]:
    return [row for uid, row in read_facts(work.session).sessions.items() if uid in uids]
