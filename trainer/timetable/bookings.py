"""Outside bookings of a venue: asked for by somebody, approved or refused, and what they block.

They are rows of unavailable.csv with an applicant and a state. An approved one keeps the timetable
out of the venue; a refused one hinders nobody; one that is only asked for does so where the office
says ``[policies.bookings] asked = "block"``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from db.tables import TrainingSession, Unavailability
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.errors import Refused, UsageError
from trainer.office import Office
from trainer.phrases import mark, phrase
from trainer.timetable.facts import Facts, holds, read_facts
from trainer.timetable.guiding import stays_of
from trainer.timetable.places import kin_of
from trainer.timetable.rounds import rounds_of

STATES: Final = {
    "asked": mark("asked for"),
    "approved": mark("approved"),
    "refused": mark("refused"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: a venue, from day to day, all day or in some periods, and why."""

    venue: str
    first: dt.date
    last: dt.date
    applicant: str
    purpose: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking: its number, what was asked for, its state, and the sessions in its way."""

    number: int
    venue: str
    venue_name: str
    first: dt.date
    last: dt.date
    period: str | None
    applicant: str
    purpose: str
    state: str
    blocks: bool
    sessions: tuple[str, ...]

    @property
    def state_name(self) -> str:
        """Return its state in words."""
        return phrase(STATES[self.state]).text()

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "number": self.number,
            "venue": self.venue,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "period": self.period,
            "applicant": self.applicant,
            "purpose": self.purpose,
            "state": self.state,
            "blocks": self.blocks,
            "sessions": list(self.sessions),
        }


def ask_booking(desk: Desk, wish: Wish) -> list[Booking]:
    """Note that somebody wants a venue; return one booking for each period, or one for all day.

    Raise Refused for an unknown venue, UsageError for days or periods that make no sense.
    """
    with desk.writing("timetable booking ask") as work:
        facts = read_facts(work.session)
        _refuse_senseless(facts, wish)
        last = work.session.exec(select(func.max(col(Unavailability.line)))).one() or 0
        rows: list[dict[str, Any]] = [
            {
                "line": last + place,
                "kind": "venue",
                "code": wish.venue,
                "date_from": wish.first,
                "date_to": wish.last,
                "period": period,
                "reason": wish.purpose,
                "applicant": wish.applicant,
                "state": "asked",
            }
            for place, period in enumerate(wish.periods or (None,), start=1)
        ]
        work.insert_many(Unavailability, rows)
        work.commit()
    return [_booking(facts, Unavailability(**row)) for row in rows]


def decide_bookings(
    desk: Desk, numbers: Collection[int], state: str, *, anyway: bool = False
) -> list[Booking]:
    """Approve or refuse bookings, whatever was decided before; return them as they are then.

    Raise Refused for a number that is no booking, and for an approval with sessions in its way or
    of what somebody else has, unless it is given ``anyway``: the checker then names those sessions.
    """
    with desk.writing("timetable booking " + state) as work:
        facts = read_facts(work.session)
        rows = [_row(work, number) for number in dict.fromkeys(numbers)]
        found = [_booking(facts, row) for row in rows]
        for each in found:
            if state == "approved" and each.sessions and not anyway:
                raise Refused(
                    "sessions stand in the way of booking {number} of {venue}: {count}, the first "
                    "is {session}; move them first (“trainer timetable replan --venue-closed”), "
                    "or approve it with --anyway",
                    number=each.number,
                    venue=each.venue_name,
                    count=len(each.sessions),
                    session=_name(facts.sessions[each.sessions[0]]),
                )
        if state == "approved" and not anyway:
            _refuse_taken(facts, rows)
        pairs = [(row.model_dump(), {"state": state}) for row in rows if row.state != state]
        work.update_many(Unavailability, pairs)
        work.commit()
        decided = ({**row.model_dump(), "state": state} for row in rows)
        return [_booking(facts, Unavailability(**row)) for row in decided]


def bookings(
    session: Session, *, venue: str | None = None, since: dt.date | None = None
) -> list[Booking]:
    """Return the bookings that are not over by ``since``, in the order of their days."""
    facts = read_facts(session)
    if venue is not None and venue not in facts.venues:
        raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=venue)
    statement = select(Unavailability).where(col(Unavailability.state).is_not(None))
    found = [
        _booking(facts, row)
        for row in session.exec(statement)
        if row.kind == "venue"
        and venue in (None, row.code)
        and (since is None or row.date_to >= since)
    ]
    return sorted(found, key=lambda each: (each.first, each.venue, each.number))


def _row(work: UnitOfWork, number: int) -> Unavailability:
    row = work.session.get(Unavailability, number)
    if row is None or row.kind != "venue" or row.state is None:
        raise Refused(
            "there is no booking {number}; “trainer timetable booking list” shows their numbers",
            number=number,
        )
    return row


def _refuse_senseless(facts: Facts, wish: Wish) -> None:
    if wish.venue not in facts.venues:
        raise Refused("there is no venue “{code}”; see the codes in venues.csv", code=wish.venue)
    if wish.last < wish.first:
        raise UsageError(
            "{last} is before {first}; give the first day and then the last one",
            first=wish.first.isoformat(),
            last=wish.last.isoformat(),
        )
    for period in wish.periods:
        if period not in facts.office.period_index:
            raise UsageError(
                "the office has no period “{period}”; it has {periods}",
                period=period,
                periods=", ".join(facts.office.period_index),
            )


def _refuse_taken(facts: Facts, rows: Sequence[Unavailability]) -> None:
    """Raise Refused where a venue is somebody else's at that time, or is closed."""
    own = {row.line for row in rows}
    had = [
        row
        for row in facts.unavailable
        if row.kind == "venue" and row.state in (None, "approved") and row.line not in own
    ]
    for row in rows:
        kin = kin_of(facts, row.code)
        for other in had:
            if other.code in kin and _at_one_time(facts.office, row, other):
                raise Refused(
                    "booking {number} of {venue} is at a time for which it is given away already, "
                    "or closed: {holder}, {first} to {last}; agree on another time, or approve "
                    "it with --anyway",
                    number=row.line,
                    venue=facts.venues[row.code].name,
                    holder=" ".join(filter(None, (other.applicant, other.reason))) or other.code,
                    first=other.date_from.isoformat(),
                    last=other.date_to.isoformat(),
                )
        had.append(row)


def _at_one_time(office: Office, row: Unavailability, other: Unavailability) -> bool:
    if row.date_to < other.date_from or other.date_to < row.date_from:
        return False
    periods = {each.period for each in (row, other) if each.period in office.period_index}
    # without a period it is all day
    return len(periods) < 2 or None in (row.period, other.period)  # noqa: PLR2004


def _booking(facts: Facts, row: Unavailability) -> Booking:
    venue = facts.venues.get(row.code)
    return Booking(
        number=row.line or 0,
        venue=row.code,
        venue_name=venue.name if venue else row.code,
        first=row.date_from,
        last=row.date_to,
        period=row.period,
        applicant=row.applicant or "",
        purpose=row.reason or "",
        state=row.state or "approved",
        blocks=holds(facts.office, row),
        sessions=tuple(each.uid for each in _in_the_way(facts, row)),
    )


def _in_the_way(facts: Facts, row: Unavailability) -> Sequence[TrainingSession]:
    """Return the sessions that use the venue, its hall or its parts in the booking's time."""
    kin = kin_of(facts, row.code)
    near = [
        each
        for each in facts.sessions.values()
        if row.date_from <= each.date <= row.date_to and each.status != "cancelled"
    ]
    rounds = rounds_of(facts) if near else None
    found = []
    for each in near:
        assert rounds is not None
        stays = [stay for stay in stays_of(rounds, each) if stay.venue in kin]
        if any(_meets(facts.office, row, each.date, stay.start, stay.end) for stay in stays):
            found.append(each)
    return sorted(found, key=lambda each: (each.start, each.uid))


def _meets(
    office: Office, row: Unavailability, day: dt.date, start: dt.datetime, end: dt.datetime
) -> bool:
    if row.period is None or row.period not in office.period_index:
        return True
    begins, ends = office.instants(day, row.period, 1)
    return start < ends and begins < end


def _name(row: TrainingSession) -> str:
    return f"{row.class_code}/{row.course}/{row.seq} {row.date.isoformat()} {row.period}"
