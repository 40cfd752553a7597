"""A badge is shown at the door: whether that is coming or going, and what is told of it.

Somebody may switch to coming or to going. By itself (``AUTO``) a badge means coming, unless its
owner is there already and either the session is about to end (``going_before_minutes``) or the
coming is long enough ago (``going_after_minutes``, off unless given): then it means going. Whoever
has left and shows it again before the end is back. A badge that is read twice at once
(``same_entry_minutes``) is one showing, and once the session is over nobody comes any more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from db.tables import Person
from trainer.attendance.presence import Missed, missed_of
from trainer.attendance.rules import Rules, attendance_rules
from trainer.attendance.sheet import SessionFacts, session_facts
from trainer.attendance.signin import Belongs, let_in, person_at_door, whereabouts
from trainer.attendance.signout import SignedOut, Stay, let_back, let_out, stay_of
from trainer.office import Office

if TYPE_CHECKING:
    from db.work import UnitOfWork

Way = Literal["auto", "in", "out"]
AUTO: Final[Way] = "auto"
WAYS: Final[tuple[Way, ...]] = ("auto", "in", "out")
#: What a showing amounted to; the last of them says that nothing tells of a coming.
What = Literal["came", "in_already", "back", "left", "out_already", "not_here"]


@dataclass(frozen=True, slots=True)
class Scan:
    """Whose badge was shown and what it amounted to; ``status`` is None for who is not here.

    ``late`` and ``early`` are minutes as far as they count by AT-2; ``at`` is when the person came
    or left. ``belongs`` are the day's sessions of somebody who is not expected here.
    """

    what: What
    person: str
    name: str
    status: str | None
    late: int
    early: int
    at: dt.datetime | None
    expected: bool
    belongs: tuple[Belongs, ...] = ()

    def in_zone(self, zone: ZoneInfo) -> Scan:
        """Return it with its instants in a zone, as people are told."""
        belongs = tuple(
            replace(one, start=one.start.astimezone(zone), end=one.end.astimezone(zone))
            for one in self.belongs
        )
        return replace(self, belongs=belongs, at=self.at.astimezone(zone) if self.at else None)


def scan_badge(
    work: UnitOfWork,
    office: Office,
    *,
    session: str,
    badge: str,
    way: Way = AUTO,
    code: str | None = None,
) -> Scan:
    """Record that the owner of a badge comes or goes, by the clock; commit the work yourself.

    ``badge`` and ``code`` are as for ``sign_in``. Raise Refused for who is unknown.
    """
    facts = session_facts(work.session, session)
    person = person_at_door(work, office, session=session, badge=badge, code=code)
    stay = stay_of(work, office, facts, person)
    rules = attendance_rules(office)
    meant = way if way != AUTO else meant_by_clock(rules, facts.end, stay, work.now)
    if meant == "in":
        return _coming(work, office, facts, person, stay)
    if stay is None:
        return _stranger(work, facts, person)
    gone = let_out(work, office, facts, stay)
    return _gone(work, rules, facts, gone)


def meant_by_clock(
    rules: Rules, end: dt.datetime, stay: Stay | None, now: dt.datetime
) -> Literal["in", "out"]:
    """Return whether a badge that is shown now means coming or going."""
    same = dt.timedelta(minutes=rules.same_entry_minutes)
    closing = now >= going_from(rules, end)
    if stay is None:
        return "in" if now < end else "out"
    if stay.left is not None:
        return "out" if closing or now - stay.left < same else "in"
    if stay.arrived is not None and now - stay.arrived < same:
        return "in"
    after = rules.going_after_minutes
    long_there = (
        after is not None
        and stay.arrived is not None
        and now - stay.arrived >= dt.timedelta(minutes=after)
    )
    return "out" if closing or long_there else "in"


def going_from(rules: Rules, end: dt.datetime) -> dt.datetime:
    """Return the instant from which on a badge of somebody who is there means going."""
    return end - dt.timedelta(minutes=rules.going_before_minutes)


def _coming(
    work: UnitOfWork, office: Office, facts: SessionFacts, person: str, stay: Stay | None
) -> Scan:
    rules = attendance_rules(office)
    if stay is not None and stay.left is not None:
        name = work.session.get_one(Person, person).name
        status = let_back(work, office, facts, stay)
        expected, belongs = whereabouts(work, facts, person)
        return Scan("back", person, name, status, 0, 0, work.now, expected, belongs)
    signed = let_in(work, office, facts, person)
    arrived = work.now if not signed.already else stay.arrived if stay else None
    missed = missed_of(facts.start, None, arrived, None)
    told = missed if signed.status == "absent" else missed.counted(rules)
    return Scan(
        "in_already" if signed.already else "came",
        person,
        signed.name,
        signed.status,
        told.late,
        0,
        arrived,
        signed.expected,
        signed.belongs,
    )


def _gone(work: UnitOfWork, rules: Rules, facts: SessionFacts, gone: SignedOut) -> Scan:
    told: Missed = gone.missed if gone.status == "absent" else gone.missed.counted(rules)
    expected, belongs = whereabouts(work, facts, gone.person)
    return Scan(
        "out_already" if gone.already else "left",
        gone.person,
        gone.name,
        gone.status,
        told.late,
        told.early,
        gone.left,
        expected,
        belongs,
    )


def _stranger(work: UnitOfWork, facts: SessionFacts, person: str) -> Scan:
    name = work.session.get_one(Person, person).name
    expected, belongs = whereabouts(work, facts, person)
    return Scan("not_here", person, name, None, 0, 0, None, expected, belongs)
