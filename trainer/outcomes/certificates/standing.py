"""Valid certificates that no longer agree with what they rest on: each with what is wrong.

A mark, a score, a membership or a decision may change after a certificate was given out. Nothing is
revoked by that: a person looks at what is listed here, and revokes, replaces or decides anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlmodel import Session

from trainer.attendance.credit import hours
from trainer.desk import Desk
from trainer.office import read_office
from trainer.outcomes.certificates.checking import seal_state
from trainer.outcomes.certificates.earned import Earned, earned_in
from trainer.outcomes.certificates.facts import Issued, read_certificates
from trainer.outcomes.certificates.holders import holders_of
from trainer.outcomes.decisions import read_decisions
from trainer.outcomes.evaluate import Evaluation
from trainer.outcomes.facts import Reader
from trainer.phrases import Phrase, phrase

COMPLETED: Final = "completed"
Kind = Literal["decision", "hours", "name", "double", "altered"]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A valid certificate and one thing in which it does not agree with the office's data."""

    kind: Kind
    certificate: Issued
    message: Phrase

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "kind": self.kind,
            "message": self.message.text(),
            "number": self.certificate.number,
            "class": self.certificate.class_code,
            "person": self.certificate.person,
            "name": self.certificate.name,
        }


def unsupported_certificates(
    session: Session, desk: Desk, certificates: Collection[Issued]
) -> list[Unsupported]:
    """Return what does not agree of the valid ones among ``certificates``, in their order."""
    valid = [one for one in certificates if one.state == "valid"]
    classes = sorted({one.class_code for one in valid})
    if not classes:
        return []
    earned = earned_in(session, read_office(session), classes, now=desk.clock.now())
    grounds = _grounds(session, desk, classes)
    having = Counter((one.class_code, one.person) for one in valid)
    found: list[Unsupported] = []
    for one in valid:
        found += _of_register(session, one, having[one.class_code, one.person])
        found += _of_decision(one, grounds[one.class_code])
        found += _of_facts(one, earned)
    return found


def unbacked_certificates(session: Session, class_code: str | None = None) -> list[Issued]:
    """Return the valid certificates of whoever has no decision in force that gives one."""
    decisions = read_decisions(session, class_code)

    def is_backed(one: Issued) -> bool:
        decided = decisions.get(one.class_code, {}).get(one.person)
        return decided is not None and decided.result == COMPLETED

    found = read_certificates(session, class_code=class_code)
    return [one for one in found if one.state == "valid" and not is_backed(one)]


def certificate_flaws(session: Session, desk: Desk) -> list[Phrase]:
    """Return what does not agree of any certificate, for the proof that a database is whole."""
    found = unsupported_certificates(session, desk, read_certificates(session))
    return [one.message for one in found]


def _grounds(
    session: Session, desk: Desk, classes: Sequence[str]
) -> dict[str, dict[str, Phrase | None]]:
    """Return of each class why each person counts no longer as having completed it, if so."""
    # one look at all classes costs less than one at each of many
    reader = Reader(session, desk, None if len(classes) > 1 else classes[0])
    found = {}
    for code in classes:
        book = reader.book(code)
        decided = read_decisions(session, code).get(code, {})
        unmet = {
            one.trainee.person: _unmet(one)
            for one in book.evaluations
            if one.trainee.person in decided
            and decided[one.trainee.person].support(one) == "unsupported"
        }
        holders = holders_of(session, code)
        found[code] = {
            person: holder.why or unmet.get(person) for person, holder in holders.items()
        }
    return found


def _unmet(one: Evaluation) -> Phrase:
    conditions = one.failing
    return conditions[0].message if conditions else phrase("the rules no longer let it pass")


def _of_register(session: Session, one: Issued, count: int) -> Iterator[Unsupported]:
    if seal_state(session, one) == "altered":
        yield Unsupported(
            "altered",
            one,
            phrase(
                "{number}: what the register says of it is not what was issued; compare with a "
                "backup and the audit trail",
                number=one.number,
            ),
        )
    if count > 1:
        yield Unsupported(
            "double",
            one,
            phrase(
                "{number}: {name} has {count} valid certificates of {class_code}; revoke all but "
                "one",
                number=one.number,
                name=one.name,
                count=count,
                class_code=one.class_code,
            ),
        )


def _of_decision(one: Issued, grounds: Mapping[str, Phrase | None]) -> Iterator[Unsupported]:
    why = grounds.get(one.person, phrase("not in the class any more"))
    if why is not None:
        yield Unsupported(
            "decision",
            one,
            phrase(
                "{number}: {name} no longer counts as having completed {class_code}: {why}; "
                "decide anew, or revoke it",
                number=one.number,
                name=one.name,
                class_code=one.class_code,
                why=why,
            ),
        )


def _of_facts(one: Issued, earned: Mapping[str, Earned]) -> Iterator[Unsupported]:
    its = earned.get(one.class_code)
    has = its.quarters.get(one.person, 0) if its else 0
    # a ceremony counts before it is held, and none the less while nobody has called its roll
    owed = its.owed.get(one.person, 0) if its else 0
    if one.quarters not in (has, has + owed):
        yield Unsupported(
            "hours",
            one,
            phrase(
                "{number}: it says {said} hours, but {name} has earned {hours} in {class_code}; "
                "replace it, or correct the marks",
                number=one.number,
                said=f"{one.hours:g}",
                name=one.name,
                hours=f"{hours(has):g}",
                class_code=one.class_code,
            ),
        )
    if one.name_now != one.name:
        yield Unsupported(
            "name",
            one,
            phrase(
                "{number}: it says {name}, but the roster says {now}; replace it, or correct the "
                "roster",
                number=one.number,
                name=one.name,
                now=one.name_now,
            ),
        )
