"""The temporary branch (临时党支部) of a class: founded, led, checked, and ended with the class.

It studies, manages and supervises; it does not recruit, sanction or collect dues (TB-1). More full
members than one branch may have are divided by groups over several, under a general branch (TB-2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from db.tables import ClassBranch, ClassPost
from trainer.classlife.facts import ClassFacts, Member
from trainer.classlife.groups import groups_of, in_order
from trainer.classlife.posts import Seat, appoint, end_post, require_present
from trainer.classlife.rules import ClassRules, RuleBroken
from trainer.classlife.standing import in_force, read_standing, record
from trainer.errors import Refused

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch on a day with its full members; ``part`` tells several of one class apart."""

    id: str
    part: str | None
    name: str
    groups: tuple[str, ...]
    from_date: dt.date | None
    to_date: dt.date | None
    approved_by: str | None
    reason: str | None
    members: tuple[Member, ...]

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "part": self.part,
            "name": self.name,
            "groups": list(self.groups),
            "from": self.from_date.isoformat() if self.from_date else None,
            "to": self.to_date.isoformat() if self.to_date else None,
            "approved_by": self.approved_by,
            "reason": self.reason,
            "full_members": len(self.members),
            "members": [one.person for one in self.members],
        }


def branches_on(session: Session, facts: ClassFacts, on: dt.date | None) -> list[Branch]:
    """Return the branches of a day, or all that ever were, each with its full members then."""
    day = facts.within(on) if on else facts.first
    found = groups_of(session, facts.code, day)
    full = [one for one in facts.present_on(day) if one.full]
    rows = [
        row
        for row in read_standing(session, ClassBranch, facts.code)
        if on is None or in_force(row.from_date, row.to_date, on)
    ]
    return [
        Branch(
            id=row.id,
            part=row.part,
            name=row.name or facts.title,
            groups=row.groups,
            from_date=row.from_date,
            to_date=row.to_date,
            approved_by=row.approved_by,
            reason=row.reason,
            members=tuple(
                one for one in full if not row.groups or found.get(one.person) in row.groups
            ),
        )
        for row in sorted(rows, key=lambda row: (row.part or "", row.at))
    ]


def found_branch(
    work: UnitOfWork,
    facts: ClassFacts,
    rules: ClassRules,
    *,
    name: str | None = None,
    approved_by: str | None = None,
    override: str | None = None,
) -> list[ClassBranch]:
    """Found the branch of a class, or as many as its full members ask for, divided by groups.

    It lasts from the first to the last day of the class. Raise Refused where there is one already,
    where there are fewer full members than TB-1 wants (``override`` gives the reason for founding
    it all the same), or where a division needs groups that are not there.
    """
    if branches_on(work.session, facts, facts.last):
        raise Refused(
            "{class_code} has a temporary branch already; appoint its officers, or end it first",
            class_code=facts.code,
        )
    full = [one for one in facts.present_on(facts.first) if one.full]
    if len(full) < rules.branch.fewest:
        overrule(
            work,
            rules,
            "TB-1",
            facts.code,
            override,
            Refused(
                "{class_code} has {count} full members and a temporary branch needs {fewest} "
                "(TB-1); let the members join another branch, or give the reason (--override)",
                class_code=facts.code,
                count=len(full),
                fewest=rules.branch.fewest,
            ),
        )
    parts: list[tuple[str, ...]] = [()]
    if len(full) > rules.branch.most:
        parts = _divided(work.session, facts, full, rules.branch.most)
    title = name or f"{facts.title}临时党支部"
    return [
        record(
            work,
            ClassBranch,
            class_code=facts.code,
            part=str(number) if len(parts) > 1 else None,
            name=title if len(parts) == 1 else f"{title}（第{number}支部）",
            groups=groups,
            from_date=facts.first,
            to_date=facts.last,
            approved_by=approved_by,
            reason=override,
        )
        for number, groups in enumerate(parts, start=1)
    ]


def appoint_officer(
    work: UnitOfWork,
    facts: ClassFacts,
    rules: ClassRules,
    seat: Seat,
    person: str,
    *,
    first: dt.date | None = None,
    override: str | None = None,
) -> ClassPost:
    """Appoint somebody to a post of a branch, or of the general branch over several.

    Raise Refused where there is no such branch then, and for somebody who is not a full member of
    it (``override`` gives the reason for the appointment all the same).
    """
    day = first or facts.first
    require_present(facts, person, day)
    branches = branches_on(work.session, facts, day)
    if seat.body == "branch":
        branches = [branch for branch in branches if branch.part == seat.part]
    if not branches:
        raise Refused(
            "{class_code} has no such temporary branch on {date}; found it first, or name one of "
            "its several with --part",
            class_code=facts.code,
            date=day,
        )
    if all(person not in {one.person for one in branch.members} for branch in branches):
        overrule(
            work,
            rules,
            "TB-1",
            facts.code,
            override,
            Refused(
                "{person} is not a full member of {branch} and cannot be {post} of it (TB-1); "
                "appoint somebody who is, or give the reason (--override)",
                person=person,
                branch=branches[0].name,
                post=seat.post,
            ),
        )
    return appoint(work, facts, seat, person, first=first, reason=override)


def end_branch(
    work: UnitOfWork, facts: ClassFacts, last: dt.date, reason: str | None = None
) -> int:
    """End every branch of a class and its posts with a day; return how many branches there were."""
    rows = [
        row
        for row in read_standing(work.session, ClassBranch, facts.code)
        if row.to_date is None or row.to_date != last
    ]
    if not rows:
        raise Refused(
            "{class_code} has no temporary branch that would end on another day than {date}; "
            "nothing is to be done",
            class_code=facts.code,
            date=last,
        )
    for row in rows:
        record(
            work,
            ClassBranch,
            class_code=row.class_code,
            part=row.part,
            name=row.name,
            groups=row.groups,
            from_date=row.from_date,
            to_date=max(last, row.from_date or last),
            approved_by=row.approved_by,
            reason=reason or row.reason,
            replaces=row.id,
        )
    for post in read_standing(work.session, ClassPost, facts.code):
        later = post.to_date is None or post.to_date > last
        if post.body in ("branch", "general") and post.person and later:
            end_post(work, post, last, reason)
    return len(rows)


def overrule(
    work: UnitOfWork,
    rules: ClassRules,
    rule: str,
    class_code: str,
    override: str | None,
    refusal: Refused,
) -> None:
    """Raise the refusal where a rule blocks; with a reason keep in the trail that it was broken."""
    level = rules.levels.get(rule, "warn")
    if level == "block" and not override:
        raise RuleBroken.of(refusal)
    if override:
        work.note("override", "class_branch", class_code, rule=rule, reason=override)


def _divided(
    session: Session, facts: ClassFacts, full: Iterable[Member], most: int
) -> list[tuple[str, ...]]:
    found = groups_of(session, facts.code, facts.first)
    sizes: dict[str, int] = {}
    for one in full:
        if one.person not in found:
            raise Refused(
                "{person} of {class_code} is in no group, and more than {most} full members are "
                "divided over several branches by groups; put everybody into groups first",
                person=one.person,
                class_code=facts.code,
                most=most,
            )
        sizes[found[one.person]] = sizes.get(found[one.person], 0) + 1
    largest = max(sizes, key=lambda name: sizes[name])
    if sizes[largest] > most:
        raise Refused(
            "the group {group} of {class_code} has {count} full members, more than the {most} of "
            "one branch; make smaller groups first",
            group=largest,
            class_code=facts.code,
            count=sizes[largest],
            most=most,
        )
    return _packed(sizes, most)


def _packed(sizes: Mapping[str, int], most: int) -> list[tuple[str, ...]]:
    """Return groups packed into as few parts as fill well, each of ``most`` people at most."""
    fewest = -(-sum(sizes.values()) // most)
    for count in range(fewest, len(sizes) + 1):
        loads = [0] * count
        parts: list[list[str]] = [[] for _ in range(count)]
        for name in sorted(sizes, key=lambda name: (-sizes[name], in_order(sizes).index(name))):
            place = min(range(count), key=lambda place: loads[place])
            loads[place] += sizes[name]
            parts[place].append(name)
        if max(loads) <= most:
            return [tuple(in_order(part)) for part in parts]
    return [(name,) for name in in_order(sizes)]
