"""A class at a glance: groups, branch and committee, duty today, rooms, who is out, what to see to.

Plain data for a page of the app, a command's answer and the printed list.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from trainer.classlife.branch import Branch, branches_on
from trainer.classlife.checks import Finding, check_branch
from trainer.classlife.duty import Turn, read_turns
from trainer.classlife.exits import Exit, list_exits
from trainer.classlife.facts import ClassFacts, Member, read_class
from trainer.classlife.groups import Group, list_groups, ungrouped
from trainer.classlife.nights import Evening, open_evening
from trainer.classlife.posts import Holder, holders_of
from trainer.classlife.rooms import Lodger, Nights, lodgers
from trainer.classlife.rules import rules_of
from trainer.office import Office, read_office


@dataclass(frozen=True, slots=True)
class ClassPage:
    """All of a class's life on a day; ``out`` are those who are out with a permit now."""

    facts: ClassFacts
    date: dt.date
    now: dt.datetime
    office: Office
    groups: tuple[Group, ...]
    ungrouped: tuple[Member, ...]
    branches: tuple[Branch, ...]
    posts: tuple[Holder, ...]
    findings: tuple[Finding, ...]
    duty: tuple[Turn, ...]
    beds: tuple[Lodger, ...]
    out: tuple[Exit, ...]
    waiting: tuple[Exit, ...]
    overdue: tuple[Exit, ...]
    evening: Evening

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""

        def exits(found: tuple[Exit, ...]) -> list[dict[str, Any]]:
            return [one.document(self.office, self.now) for one in found]

        return {
            "class": self.facts.code,
            "title": self.facts.title,
            "date": self.date.isoformat(),
            "first": self.facts.first.isoformat(),
            "last": self.facts.last.isoformat(),
            "residential": self.facts.residential,
            "members": len(self.facts.present_on(self.date)),
            "groups": [group.document() for group in self.groups],
            "ungrouped": [one.person for one in self.ungrouped],
            "branches": [branch.document() for branch in self.branches],
            "posts": [holder.document() for holder in self.posts],
            "findings": [finding.document() for finding in self.findings],
            "duty": [turn.document() for turn in self.duty],
            "beds": [one.document() for one in self.beds],
            "out": exits(self.out),
            "requested": exits(self.waiting),
            "overdue": exits(self.overdue),
            "evening": self.evening.counts(),
        }


def read_page(session: Session, class_code: str, *, today: dt.date, now: dt.datetime) -> ClassPage:
    """Return the page of a class on the day of it that is nearest to ``today``; raise Refused."""
    office = read_office(session)
    facts, rules = read_class(session, office, class_code), rules_of(office)
    date = facts.within(today)
    exits = list_exits(session, class_code)
    return ClassPage(
        facts=facts,
        date=date,
        now=now,
        office=office,
        groups=tuple(list_groups(session, facts, date)),
        ungrouped=ungrouped(session, facts, date),
        branches=tuple(branches_on(session, facts, date)),
        posts=tuple(holders_of(session, facts, rules, date)),
        findings=tuple(check_branch(session, facts, rules, today)),
        duty=tuple(read_turns(session, facts, date)),
        beds=tuple(
            lodgers(
                session,
                nights=Nights(date, date + dt.timedelta(days=1)),
                class_code=class_code,
            )
        ),
        out=tuple(one for one in exits if one.is_out(now)),
        waiting=tuple(one for one in exits if one.state == "requested"),
        overdue=tuple(one for one in exits if one.is_overdue(now)),
        evening=open_evening(session, office, facts, date),
    )
