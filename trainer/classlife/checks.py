"""Whether a class's temporary branch is as the rules want it (TB-1, TB-2), told in words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from trainer.classlife.branch import Branch, branches_on
from trainer.classlife.facts import ClassFacts
from trainer.classlife.posts import Holder, holders_of
from trainer.classlife.rules import ClassRules, Level
from trainer.phrases import Phrase, phrase

_OVER: Final = ("closed", "cancelled")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as a rule wants it; ``branch`` says in which of several."""

    rule: str
    level: Level
    branch: str | None
    message: Phrase

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "rule": self.rule,
            "level": self.level,
            "branch": self.branch,
            "message": self.message.text(),
        }


def check_branch(
    session: Session, facts: ClassFacts, rules: ClassRules, today: dt.date
) -> list[Finding]:
    """Return everything about the branch of a class that is not as TB-1 and TB-2 want it."""
    found = _Check(session, facts, rules, today).findings()
    return [finding for finding in found if finding.level != "off"]


class _Check:
    def __init__(
        self, session: Session, facts: ClassFacts, rules: ClassRules, today: dt.date
    ) -> None:
        self._facts = facts
        self._rules = rules
        self._today = today
        self._day = facts.within(today)
        self._branches = branches_on(session, facts, self._day)
        self._ever = branches_on(session, facts, None)
        self._holders = holders_of(session, facts, rules, self._day)

    def _finding(self, rule: str, message: Phrase, branch: Branch | None = None) -> Finding:
        level = self._rules.levels.get(rule, "warn")
        return Finding(rule, level, branch.part if branch else None, message)

    def findings(self) -> Iterator[Finding]:
        full = [one for one in self._facts.present_on(self._day) if one.full]
        code, rules = self._facts.code, self._rules.branch
        if not self._branches and len(full) >= rules.fewest:
            yield self._finding(
                "TB-1",
                phrase(
                    "{class_code} has {count} full members and no temporary branch: found one",
                    class_code=code,
                    count=len(full),
                ),
            )
        for branch in self._branches:
            yield from self._of_size(branch)
            yield from self._of_officers(branch)
        for branch in self._ever:
            yield from self._of_days(branch)
        if len(self._branches) > 1 and not any(one.body == "general" for one in self._holders):
            yield self._finding(
                "TB-2",
                phrase(
                    "{class_code} has {count} branches and no temporary general branch: appoint "
                    "its secretary",
                    class_code=code,
                    count=len(self._branches),
                ),
            )
        yield from self._of_doubles()

    def _of_size(self, branch: Branch) -> Iterator[Finding]:
        rules, count = self._rules.branch, len(branch.members)
        if count < rules.fewest:
            message = phrase(
                "{branch} has {count} full members, fewer than {fewest}: end it and let its "
                "members join another branch",
                branch=branch.name,
                count=count,
                fewest=rules.fewest,
            )
            yield self._finding("TB-1", message, branch)
        if count > rules.most:
            message = phrase(
                "{branch} has {count} full members, more than {most}: divide it",
                branch=branch.name,
                count=count,
                most=rules.most,
            )
            yield self._finding("TB-2", message, branch)

    def _of_officers(self, branch: Branch) -> Iterator[Finding]:
        rules = self._rules.branch
        officers = [
            one for one in self._holders if one.body == "branch" and one.part == branch.part
        ]
        posts = {one.post for one in officers}
        if not posts.intersection(rules.secretary):
            message = phrase("{branch} has no secretary: appoint one", branch=branch.name)
            yield self._finding("TB-1", message, branch)
        members = {one.person for one in branch.members}
        for one in officers:
            if one.person not in members:
                message = phrase(
                    "{person} is {post} of {branch} and not a full member of it: appoint somebody "
                    "who is",
                    person=one.person,
                    post=one.post,
                    branch=branch.name,
                )
                yield self._finding("TB-1", message, branch)
        yield from self._of_committee(branch, {one.person for one in officers}, posts)

    def _of_committee(
        self, branch: Branch, officers: set[str], posts: set[str]
    ) -> Iterator[Finding]:
        rules, count = self._rules.branch, len(branch.members)
        if count >= rules.committee_from:
            if not rules.committee_least <= len(officers) <= rules.committee_most:
                message = phrase(
                    "{branch} has {count} full members and {officers} in its committee: it wants "
                    "{least} to {most}",
                    branch=branch.name,
                    count=count,
                    officers=len(officers),
                    least=rules.committee_least,
                    most=rules.committee_most,
                )
                yield self._finding("TB-2", message, branch)
            return
        if posts - {*rules.secretary, *rules.deputy}:
            message = phrase(
                "{branch} has {count} full members, fewer than {limit}: it has a secretary and a "
                "deputy, and no committee",
                branch=branch.name,
                count=count,
                limit=rules.committee_from,
            )
            yield self._finding("TB-2", message, branch)

    def _of_days(self, branch: Branch) -> Iterator[Finding]:
        facts = self._facts
        if branch.from_date is not None and branch.from_date < facts.first:
            message = phrase(
                "{branch} begins on {date}, before the class on {first}: it begins with the class",
                branch=branch.name,
                date=branch.from_date,
                first=facts.first,
            )
            yield self._finding("TB-1", message, branch)
        over = facts.stage in _OVER or self._today > facts.last
        if branch.to_date is None or branch.to_date > facts.last:
            if over or branch.to_date is not None:
                message = phrase(
                    "{branch} does not end with the class on {last}: end it",
                    branch=branch.name,
                    last=facts.last,
                )
                yield self._finding("TB-1", message, branch)
        elif branch.to_date < facts.last and not over:
            message = phrase(
                "{branch} ends on {date}, before the class on {last}: it ends with the class",
                branch=branch.name,
                date=branch.to_date,
                last=facts.last,
            )
            yield self._finding("TB-1", message, branch)

    def _of_doubles(self) -> Iterator[Finding]:
        # two databases may each have appointed somebody: both are kept, and a person decides
        held: dict[tuple[str, str | None, str], list[Holder]] = {}
        for one in self._holders:
            held.setdefault((one.body, one.part, one.post), []).append(one)
        leading = {*self._rules.branch.secretary, *self._rules.branch.deputy}
        leading.update(self._rules.posts_of("committee")[:1])
        for (_body, _part, post), holders in held.items():
            if post in leading and len(Counter(one.person for one in holders)) > 1:
                message = phrase(
                    "several people are {post} at once ({people}): end all but one of these posts",
                    post=post,
                    people=", ".join(one.person for one in holders),
                )
                yield self._finding("TB-1", message)
