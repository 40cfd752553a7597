"""Who might take the vacant posts of a class: proposed for a person to decide, never recorded.

A branch of few full members gets a secretary and a deputy, a larger one its committee (TB-2). In
it are proposed only its full members, those first whose own position says that they lead a party
organisation. Nobody is proposed for two posts, and units take turns as far as people allow.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from trainer.classlife.branch import Branch, appoint_officer, branches_on
from trainer.classlife.facts import ClassFacts, Member
from trainer.classlife.posts import Seat, appoint, holders_of
from trainer.classlife.rules import ClassRules

if TYPE_CHECKING:
    from db.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody who might take a post; ``of`` is the name of the branch, None for the class."""

    seat: Seat
    member: Member
    of: str | None


def propose_officers(
    session: Session, facts: ClassFacts, rules: ClassRules, on: dt.date
) -> tuple[Nominee, ...]:
    """Return somebody for each vacant post of the branches and the class committee of a day."""
    branches = branches_on(session, facts, on)
    holders = holders_of(session, facts, rules, on)
    taken = {(one.body, one.part, one.post) for one in holders}
    choice = _Choice(facts.members, {one.person for one in holders}, rules)
    leading = {*rules.branch.secretary, *rules.branch.deputy}
    found = []
    for seat, branch in _seats(facts, rules, branches, on):
        if (seat.body, seat.part, seat.post) not in taken:
            among = branch.members if branch else facts.present_on(on)
            if seat.body == "general":
                among = tuple(one for each in branches for one in each.members)
            member = choice.next(among, leads=seat.post in leading)
            if member is not None:
                found.append(Nominee(seat, member, branch.name if branch else None))
    return tuple(found)


def appoint_nominees(
    work: UnitOfWork,
    facts: ClassFacts,
    rules: ClassRules,
    nominees: Iterable[Nominee],
    *,
    first: dt.date | None = None,
) -> int:
    """Give every nominee the post from a day on; return how many there are."""
    count = 0
    for one in nominees:
        if one.seat.body == "committee":
            appoint(work, facts, one.seat, one.member.person, first=first)
        else:
            appoint_officer(work, facts, rules, one.seat, one.member.person, first=first)
        count += 1
    return count


def seats_of(
    facts: ClassFacts, rules: ClassRules, branches: Sequence[Branch], on: dt.date
) -> list[tuple[Seat, Branch | None]]:
    """Return the posts that the rules and usage want filled on a day, with their branches."""
    return list(_seats(facts, rules, branches, on))


def _seats(
    facts: ClassFacts, rules: ClassRules, branches: Sequence[Branch], on: dt.date
) -> Iterator[tuple[Seat, Branch | None]]:
    if len(branches) > 1:
        for post in rules.posts_of("general"):
            yield Seat("general", post), None
    for branch in branches:
        usual = rules.posts_of("branch")
        if len(branch.members) < rules.branch.committee_from:
            leading = {*rules.branch.secretary, *rules.branch.deputy}
            usual = tuple(post for post in usual if post in leading)
        for post in usual[: rules.branch.committee_most]:
            yield Seat("branch", post, branch.part), branch
    if facts.present_on(on):
        for post in rules.posts_of("committee"):
            yield Seat("committee", post), None


class _Choice:
    # gives each person once, units in turn

    def __init__(self, members: Sequence[Member], busy: set[str], rules: ClassRules) -> None:
        self._busy = set(busy)
        self._signs = rules.branch.secretary
        units = {one.person: one.unit for one in members}
        self._units = Counter(units[person] for person in busy if person in units)

    def next(self, among: Sequence[Member], *, leads: bool) -> Member | None:
        """Return who is next of some people and is not to be proposed again; None for nobody."""
        free = [one for one in among if one.person not in self._busy]
        if not free:
            return None
        chosen = min(
            free,
            key=lambda one: (
                not (leads and any(sign in (one.position or "") for sign in self._signs)),
                self._units[one.unit],
                one.person,
            ),
        )
        self._busy.add(chosen.person)
        self._units[chosen.unit] += 1
        return chosen
