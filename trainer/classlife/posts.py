"""Posts that people hold in a class: in its branch, its committee (班委) and its groups.

A post is given from a day on. Whoever held it before held it up to the day before; nothing of what
was is lost.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import Session

from db.tables import ClassPost
from db.tables.words import BODIES
from trainer.classlife.facts import ClassFacts
from trainer.classlife.groups import groups_of, in_order
from trainer.classlife.rules import ClassRules
from trainer.classlife.standing import in_force, read_standing, record
from trainer.errors import Refused, UsageError
from trainer.phrases import Phrase, mark

if TYPE_CHECKING:
    from db.work import UnitOfWork

#: Posts that several people may hold at once.
_SHARED: Final = frozenset({"委员", "组员"})
_DAY: Final = dt.timedelta(days=1)
BODY_WORDS: Final[dict[str, Phrase]] = {
    "branch": Phrase(mark("temporary branch")),
    "general": Phrase(mark("temporary general branch")),
    "committee": Phrase(mark("class committee")),
    "group": Phrase(mark("group")),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of a body; ``part`` says of which branch or group, where there are several."""

    body: str
    post: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post on a day, with the duties in words."""

    id: str
    body: str
    part: str | None
    post: str
    person: str
    name: str
    duties: str
    from_date: dt.date | None
    to_date: dt.date | None
    reason: str | None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "body": self.body,
            "part": self.part,
            "post": self.post,
            "person": self.person,
            "name": self.name,
            "duties": self.duties,
            "from": self.from_date.isoformat() if self.from_date else None,
            "to": self.to_date.isoformat() if self.to_date else None,
            "reason": self.reason,
        }


def holders_of(
    session: Session, facts: ClassFacts, rules: ClassRules, on: dt.date | None = None
) -> list[Holder]:
    """Return who holds which post on a day (ever, where none is given), in the usual order."""
    names = {member.person: member.name for member in facts.members}
    found = [
        Holder(
            id=row.id,
            body=row.body,
            part=row.part,
            post=row.post,
            person=row.person,
            name=names.get(row.person, row.person),
            duties=row.duties or rules.duties_of(row.body, row.post),
            from_date=row.from_date,
            to_date=row.to_date,
            reason=row.reason,
        )
        for row in read_standing(session, ClassPost, facts.code)
        if row.person and (on is None or in_force(row.from_date, row.to_date, on))
    ]
    order = {body: rules.posts_of(body) for body in BODIES}
    return sorted(
        found,
        key=lambda one: (
            BODIES.index(one.body),
            one.part or "",
            order[one.body].index(one.post) if one.post in order[one.body] else len(BODIES) * 99,
            one.post,
            one.from_date or dt.date.min,
            one.person,
        ),
    )


def appoint(
    work: UnitOfWork,
    facts: ClassFacts,
    seat: Seat,
    person: str,
    *,
    first: dt.date | None = None,
    duties: str | None = None,
    reason: str | None = None,
) -> ClassPost:
    """Give somebody a post from a day on; whoever held it before held it up to the day before.

    Raise UsageError for a body that there is not, Refused for somebody who is no member then.
    """
    if seat.body not in BODIES:
        raise UsageError(
            "there is no body “{body}” in a class; use one of: {known}",
            body=seat.body,
            known=", ".join(BODIES),
        )
    day = first or facts.first
    facts.outside(day)
    require_present(facts, person, day)
    if seat.body == "group":
        _require_group(work.session, facts, seat.part, day)
    replaces = None
    if seat.post not in _SHARED:
        for row in _held(work.session, facts, seat, day):
            if row.person == person:
                raise Refused(
                    "{person} holds the post “{post}” already; name another, or end it first",
                    person=person,
                    post=seat.post,
                )
            begun = row.from_date or facts.first
            if begun >= day:
                replaces = row.id
            else:
                end_post(work, row, day - _DAY)
    return record(
        work,
        ClassPost,
        class_code=facts.code,
        body=seat.body,
        part=seat.part,
        post=seat.post,
        person=person,
        from_date=day,
        duties=duties,
        reason=reason,
        replaces=replaces,
    )


def _require_group(session: Session, facts: ClassFacts, group: str | None, day: dt.date) -> None:
    known = in_order(groups_of(session, facts.code, day).values())
    if group in known:
        return
    if not known:
        raise Refused(
            "{class_code} has no groups on {date}; “trainer class groups {class_code}” divides it "
            "first",
            class_code=facts.code,
            date=day,
        )
    raise Refused(
        "there is no group “{group}” in {class_code} on {date}; name one of: {known} (--part)",
        group=group or "",
        class_code=facts.code,
        date=day,
        known=", ".join(known),
    )


def require_present(facts: ClassFacts, person: str, day: dt.date) -> None:
    """Raise Refused for somebody who is not a member of the class on a day."""
    if facts.member(person) not in facts.present_on(day):
        raise Refused(
            "{person} is not a member of {class_code} on {date}; appoint from a day of the "
            "membership",
            person=person,
            class_code=facts.code,
            date=day,
        )


def dismiss(
    work: UnitOfWork,
    facts: ClassFacts,
    seat: Seat,
    person: str,
    *,
    last: dt.date,
    reason: str | None = None,
) -> ClassPost:
    """End somebody's post with a day; raise Refused where the person does not hold it then."""
    facts.outside(last)
    for row in _held(work.session, facts, seat, last):
        if row.person == person:
            return end_post(work, row, last, reason)
    raise Refused(
        "{person} does not hold the post “{post}” on {date}; “trainer class show {class_code}” "
        "lists who holds what",
        person=person,
        post=seat.post,
        date=last,
        class_code=facts.code,
    )


def end_post(
    work: UnitOfWork, row: ClassPost, last: dt.date, reason: str | None = None
) -> ClassPost:
    """Record that a post ends with a day."""
    return record(
        work,
        ClassPost,
        class_code=row.class_code,
        body=row.body,
        part=row.part,
        post=row.post,
        person=row.person,
        from_date=row.from_date,
        to_date=max(last, row.from_date or last),
        duties=row.duties,
        reason=reason or row.reason,
        replaces=row.id,
    )


def _held(session: Session, facts: ClassFacts, seat: Seat, on: dt.date) -> list[ClassPost]:
    return [
        row
        for row in read_standing(session, ClassPost, facts.code)
        if (row.body, row.part, row.post) == (seat.body, seat.part, seat.post)
        and row.person
        and (row.to_date is None or on <= row.to_date)
    ]
