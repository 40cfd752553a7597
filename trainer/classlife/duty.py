"""The duty rota of a class (值班表), changes of turns, and the duty log (值班日志).

Turns go to people or to whole groups, over the days of the class, and only to those who are there:
members on that day without approved leave. Turns of the past stay as they were and count.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from db.tables import DutyEntry, DutyTurn, GroupPlace
from trainer.attendance.device import device_of
from trainer.classlife.facts import ClassFacts, read_on_leave
from trainer.classlife.fairness import share_turns
from trainer.classlife.groups import groups_among
from trainer.classlife.standing import read_log, read_standing, record
from trainer.errors import Refused, UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn: on a day, a person or a group, with their names; ``present`` tells if they are."""

    id: str
    date: dt.date
    person: str | None
    group: str | None
    name: str
    present: bool
    reason: str | None

    @property
    def who(self) -> str:
        """The person's code or the group's name."""
        return self.person or self.group or ""

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "date": self.date.isoformat(),
            "person": self.person,
            "group": self.group,
            "name": self.name,
            "present": self.present,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the duty log; ``amends`` is the entry that it amends, which stays."""

    id: str
    date: dt.date
    person: str | None
    name: str
    text: str
    at: dt.datetime
    by: str | None
    amends: str | None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "id": self.id,
            "date": self.date.isoformat(),
            "person": self.person,
            "name": self.name,
            "text": self.text,
            "at": self.at.isoformat(),
            "by": self.by,
            "amends": self.amends,
        }


def duty_days(facts: ClassFacts) -> list[dt.date]:
    """Return the days that have duty: those with sessions; of a residential class every day."""
    if facts.residential or not facts.days:
        count = (facts.last - facts.first).days + 1
        return [facts.first + dt.timedelta(days=number) for number in range(count)]
    return list(facts.days)


def read_turns(session: Session, facts: ClassFacts, on: dt.date | None = None) -> list[Turn]:
    """Return the turns of a class (of one day), by day and name."""
    names = {member.person: member.name for member in facts.members}
    rows = [
        row
        for row in read_standing(session, DutyTurn, facts.code)
        if (row.person or row.group_name) and (on is None or row.date == on)
    ]
    here = _available(session, facts, sorted({row.date for row in rows}), of_groups=False)
    groups = _available(session, facts, sorted({row.date for row in rows}), of_groups=True)
    found = [
        Turn(
            id=row.id,
            date=row.date,
            person=row.person,
            group=row.group_name,
            name=names.get(row.person, row.person) if row.person else row.group_name,
            present=(
                row.person in here[row.date] if row.person else row.group_name in groups[row.date]
            ),
            reason=row.reason,
        )
        for row in rows
    ]
    return sorted(found, key=lambda turn: (turn.date, turn.group or "", turn.person or ""))


def plan_rota(
    work: UnitOfWork,
    facts: ClassFacts,
    *,
    of_groups: bool = False,
    each_day: int = 1,
    since: dt.date | None = None,
    seed: int = 1,
) -> int:
    """Share the turns from ``since`` on (all, if not given) anew; return how many there are.

    Raise UsageError for a number below one, Refused where nobody could have a turn.
    """
    if each_day < 1:
        raise UsageError("nobody would be on duty; give a number from 1 on")
    days = [day for day in duty_days(facts) if since is None or day >= since]
    available = _available(work.session, facts, days, of_groups=of_groups)
    if not any(available.values()):
        if of_groups:
            raise Refused(
                "{class_code} has no groups that could be on duty; propose groups first",
                class_code=facts.code,
            )
        raise Refused(
            "{class_code} has nobody who could be on duty from then on; check its members and days",
            class_code=facts.code,
        )
    old = [row for row in read_standing(work.session, DutyTurn, facts.code)
           if row.person or row.group_name]  # fmt: skip
    kept = [row for row in old if since is not None and row.date < since]
    before = Counter(row.group_name if of_groups else row.person for row in kept)
    turns = share_turns(
        days,
        available,
        each_day=each_day,
        before={who: count for who, count in before.items() if who},
        seed=seed,
    )
    _store(work, facts, turns, [row for row in old if row not in kept], of_groups=of_groups)
    return sum(len(people) for people in turns.values())


def _store(
    work: UnitOfWork,
    facts: ClassFacts,
    turns: Mapping[dt.date, list[str]],
    old: list[DutyTurn],
    *,
    of_groups: bool,
) -> None:
    wanted = [(day, who) for day, people in sorted(turns.items()) for who in people]
    have = {(row.date, row.group_name if of_groups else row.person): row for row in old}
    stale = [row for key, row in have.items() if key not in set(wanted)]
    stale += [row for row in old if row not in have.values()]
    for day, who in wanted:
        if (day, who) not in have:
            # a turn of the same day that is no more makes room for this one
            place = next((row for row in stale if row.date == day), None)
            if place is not None:
                stale.remove(place)
            _turn(work, facts, day, who, of_groups=of_groups, replaces=place.id if place else None)
    for row in stale:
        _turn(work, facts, row.date, None, of_groups=of_groups, replaces=row.id)


def _turn(
    work: UnitOfWork,
    facts: ClassFacts,
    day: dt.date,
    who: str | None,
    *,
    of_groups: bool,
    replaces: str | None,
    reason: str | None = None,
) -> DutyTurn:
    return record(
        work,
        DutyTurn,
        class_code=facts.code,
        date=day,
        person=None if of_groups else who,
        group_name=who if of_groups else None,
        reason=reason,
        replaces=replaces,
    )


def give_turn(
    work: UnitOfWork, facts: ClassFacts, date: dt.date, who: str, other: str, *, reason: str
) -> None:
    """Give somebody's turn of a day to somebody else; raise Refused where that cannot be."""
    row = _find(work.session, facts, date, who)
    _hand(work, facts, row, other, reason)


def swap_turns(
    work: UnitOfWork,
    facts: ClassFacts,
    one: tuple[dt.date, str],
    two: tuple[dt.date, str],
    *,
    reason: str,
) -> None:
    """Let two change their turns, each given as (day, who); raise Refused where that cannot be."""
    first = _find(work.session, facts, *one)
    second = _find(work.session, facts, *two)
    if first.date == second.date:
        raise Refused(
            "both turns are on {date}, so nothing would change; name turns of two days",
            date=first.date,
        )
    _hand(work, facts, first, two[1], reason)
    _hand(work, facts, second, one[1], reason)


def _find(session: Session, facts: ClassFacts, date: dt.date, who: str) -> DutyTurn:
    for row in read_standing(session, DutyTurn, facts.code):
        if row.date == date and who in (row.person, row.group_name):
            found: DutyTurn = row
            return found
    raise Refused(
        "{who} has no turn on {date} in {class_code}; “trainer class rota {class_code}” lists them",
        who=who,
        date=date,
        class_code=facts.code,
    )


def _hand(work: UnitOfWork, facts: ClassFacts, row: DutyTurn, who: str, reason: str) -> None:
    of_groups = row.group_name is not None
    if who not in _available(work.session, facts, [row.date], of_groups=of_groups)[row.date]:
        raise Refused(
            "{who} is not there on {date}: no member or group of {class_code} then, or on leave; "
            "name another",
            who=who,
            date=row.date,
            class_code=facts.code,
        )
    taken = [
        turn
        for turn in read_standing(work.session, DutyTurn, facts.code)
        if turn.date == row.date and who in (turn.person, turn.group_name)
    ]
    if taken:
        raise Refused("{who} is on duty on {date} already; name another", who=who, date=row.date)
    _turn(work, facts, row.date, who, of_groups=of_groups, replaces=row.id, reason=reason)


def write_entry(
    work: UnitOfWork,
    facts: ClassFacts,
    date: dt.date,
    text: str,
    *,
    person: str | None = None,
    amends: str | None = None,
) -> DutyEntry:
    """Write into the duty log of a day; raise Refused for an unknown entry, UsageError for none."""
    if not text.strip():
        raise UsageError("the entry is empty; write what happened")
    facts.outside(date)
    if person is not None:
        facts.member(person)
    known = {row.id for row in read_log(work.session, DutyEntry, facts.code)}
    if amends is not None and amends not in known:
        raise Refused(
            "there is no entry {entry} in the duty log of {class_code}; “trainer class log "
            "{class_code} --json” shows their ids",
            entry=amends,
            class_code=facts.code,
        )
    return record(
        work,
        DutyEntry,
        class_code=facts.code,
        date=date,
        person=person,
        text=text.strip(),
        device=device_of(work.connection.engine.url),
        replaces=amends,
    )


def read_duty_log(session: Session, facts: ClassFacts, on: dt.date | None = None) -> list[Entry]:
    """Return every entry of the duty log (of one day), amended ones too, in their order."""
    names = {member.person: member.name for member in facts.members}
    rows = [row for row in read_log(session, DutyEntry, facts.code) if on is None or row.date == on]
    rows.sort(key=lambda row: (row.date, row.at, row.id))
    return [
        Entry(
            id=row.id,
            date=row.date,
            person=row.person,
            name=names.get(row.person or "", row.person or ""),
            text=row.text,
            at=row.at,
            by=row.by,
            amends=row.replaces,
        )
        for row in rows
    ]


def _available(
    session: Session, facts: ClassFacts, days: list[dt.date], *, of_groups: bool
) -> dict[dt.date, set[str]]:
    away = read_on_leave(session, facts, days)
    here = {day: {one.person for one in facts.present_on(day)} - away[day] for day in days}
    if not of_groups:
        return here
    found: dict[dt.date, set[str]] = {}
    records = read_standing(session, GroupPlace, facts.code)
    for day in days:
        groups = groups_among(records, day)
        found[day] = {groups[person] for person in here[day] if person in groups}
    return found
