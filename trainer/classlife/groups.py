"""Groups of a class (编组): proposed, changed by hand, led by somebody; what was before stays.

A person's group on a day follows from the records up to that day: the one with the latest ``since``
counts, of equal ones the one recorded last. The roll call and the sign-in sheets show and filter by
these groups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import Session

from db.tables import ClassPost, GroupPlace
from trainer.classlife.balance import divide, join
from trainer.classlife.facts import ClassFacts, Member
from trainer.classlife.standing import in_force, read_standing, record
from trainer.errors import Refused, UsageError

if TYPE_CHECKING:
    from db.work import UnitOfWork

LEADER: Final = "组长"
_NUMERALS: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Group:
    """A group on a day: its leaders and its members."""

    name: str
    leaders: tuple[Member, ...]
    members: tuple[Member, ...]

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "group": self.name,
            "size": len(self.members),
            "leaders": [member.person for member in self.leaders],
            "members": [{"person": one.person, "name": one.name, "unit": one.unit,
                         "gender": one.gender, "category": one.category}
                        for one in self.members],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """A change of somebody's group: from a day on, from where, to where."""

    person: str
    since: dt.date | None
    group: str | None
    reason: str | None
    by: str | None
    at: dt.datetime


def group_name(number: int) -> str:
    """Return the name of a group by its number from 1 on: 第一组."""
    if number <= len(_NUMERALS):
        return f"第{_NUMERALS[number - 1]}组"
    tens, ones = divmod(number, 10)
    if tens < len(_NUMERALS):
        front = "" if tens == 1 else _NUMERALS[tens - 1]
        return f"第{front}十{_NUMERALS[ones - 1] if ones else ''}组"
    return f"第{number}组"


def in_order(names: Iterable[str]) -> list[str]:
    """Return names of groups in the order of their numbers, others after them by name."""
    numbers = {group_name(number): number for number in range(1, 100)}
    return sorted(set(names), key=lambda name: (numbers.get(name, len(numbers) + 1), name))


def groups_of(session: Session, class_code: str, on: dt.date) -> dict[str, str]:
    """Return the group of each person of a class on a day; whoever has none is left out."""
    return groups_among(read_standing(session, GroupPlace, class_code), on)


def groups_among(records: Sequence[GroupPlace], on: dt.date) -> dict[str, str]:
    """Return the group of each person on a day, of the records that stand."""
    latest: dict[str, GroupPlace] = {}
    for row in sorted(records, key=lambda row: (row.since or dt.date.min, row.at, row.id)):
        if row.since is None or row.since <= on:
            latest[row.person] = row
    return {person: row.group_name for person, row in latest.items() if row.group_name}


def list_groups(session: Session, facts: ClassFacts, on: dt.date) -> list[Group]:
    """Return the groups of a day with their present members, in the order of their names."""
    found = groups_of(session, facts.code, on)
    here = facts.present_on(on)
    leaders = {
        (row.part, row.person)
        for row in read_standing(session, ClassPost, facts.code)
        if row.body == "group" and in_force(row.from_date, row.to_date, on)
    }
    return [
        Group(
            name,
            tuple(one for one in here if (name, one.person) in leaders),
            tuple(one for one in here if found.get(one.person) == name),
        )
        for name in in_order(found[one.person] for one in here if one.person in found)
    ]


def ungrouped(session: Session, facts: ClassFacts, on: dt.date) -> tuple[Member, ...]:
    """Return the members on a day who are in no group."""
    found = groups_of(session, facts.code, on)
    return tuple(one for one in facts.present_on(on) if one.person not in found)


def history_of_groups(session: Session, class_code: str, person: str) -> list[Move]:
    """Return every change of a person's group in the order in which they took effect."""
    rows = [row for row in read_standing(session, GroupPlace, class_code) if row.person == person]
    rows.sort(key=lambda row: (row.since or dt.date.min, row.at, row.id))
    return [Move(row.person, row.since, row.group_name, row.reason, row.by, row.at) for row in rows]


def propose_groups(
    session: Session,
    facts: ClassFacts,
    on: dt.date,
    *,
    count: int | None = None,
    size: int | None = None,
    seed: int = 1,
    keep: bool = False,
) -> dict[str, str]:
    """Return a group for each member of a day: ``count`` groups, or as many as ``size`` asks for.

    With ``keep`` whoever has a group stays there, and the others join the smallest. Raise
    UsageError for numbers that make no groups.
    """
    here = facts.present_on(on)
    if keep:
        known = groups_of(session, facts.code, on)
        grouped = [one for one in here if one.person in known]
        if not grouped:
            raise Refused(
                "{class_code} has no groups on {date} that anybody could join; propose them first",
                class_code=facts.code,
                date=on,
            )
        names = in_order(known[one.person] for one in grouped)
        groups = {name: [one for one in grouped if known[one.person] == name] for name in names}
        joined = join(groups, (one for one in here if one.person not in known))
        return {one.person: known[one.person] for one in grouped} | joined
    parts = count if count is not None else -(-len(here) // size) if size else 0
    if not 1 <= parts <= max(len(here), 1):
        raise UsageError(
            "{count} people cannot be divided into {parts} groups; give a number from 1 to {count}",
            count=len(here),
            parts=parts,
        )
    return {
        person: group_name(number)
        for number, people in enumerate(divide(here, parts, seed), start=1)
        for person in people
    }


def store_groups(
    work: UnitOfWork,
    facts: ClassFacts,
    groups: Mapping[str, str],
    *,
    since: dt.date | None = None,
    reason: str | None = None,
) -> int:
    """Record each group that is another than before, from ``since`` on; return how many."""
    before = groups_of(work.session, facts.code, since or facts.first)
    changed = [person for person, name in sorted(groups.items()) if before.get(person) != name]
    known = _records_of_day(work, facts, since)
    for person in changed:
        _place(work, facts, person, groups[person], since, reason, known.get(person))
    return len(changed)


def move_to_group(
    work: UnitOfWork,
    facts: ClassFacts,
    person: str,
    group: str | None,
    *,
    since: dt.date | None = None,
    reason: str | None = None,
) -> None:
    """Put somebody into a group (or none) from a day on; earlier days keep what was."""
    facts.member(person)
    known = _records_of_day(work, facts, since)
    _place(work, facts, person, group or None, since, reason, known.get(person))


def _records_of_day(work: UnitOfWork, facts: ClassFacts, since: dt.date | None) -> dict[str, str]:
    # a second word about the same day corrects the first one
    rows = read_standing(work.session, GroupPlace, facts.code)
    return {row.person: row.id for row in rows if row.since == since}


def _place(
    work: UnitOfWork,
    facts: ClassFacts,
    person: str,
    group: str | None,
    since: dt.date | None,
    reason: str | None,
    replaces: str | None,
) -> None:
    record(
        work,
        GroupPlace,
        class_code=facts.code,
        person=person,
        group_name=group,
        since=since,
        reason=reason,
        replaces=replaces,
    )
