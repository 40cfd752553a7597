"""Who of a class may hold a certificate: whoever completed it by the decision in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Enrolment, Person
from db.work import table_of
from trainer.attendance.expected import CONFIRMED
from trainer.attendance.who import person_meant
from trainer.outcomes.decisions import REFUSED, read_decisions
from trainer.outcomes.decisions import Decided as Standing
from trainer.outcomes.evaluate import condition_name
from trainer.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody of a class with the decision in force; ``id`` is its record, None without any.

    ``why`` says why no certificate can be issued, None where one can.
    """

    person: str
    name: str
    id: str | None
    why: Phrase | None

    @property
    def completed(self) -> bool:
        """Tell whether the person completed the class, by the rules or against them by two."""
        return self.why is None


def holders_of(session: Session, class_code: str) -> dict[str, Holder]:
    """Return everybody of a class, members and those decided on, by unit and code."""
    standing = read_decisions(session, class_code).get(class_code, {})
    members = _members(session, class_code)
    return {
        person.code: _decided(person, standing.get(person.code), members)
        for person in _people(session, members | standing.keys())
    }


def holder_meant(session: Session, text: str, class_code: str | None) -> str:
    """Return the person whom a code or name means; of several of one name whoever is of the class.

    Raise Refused for nobody of the roster, and for several.
    """
    return person_meant(
        session, text, lambda: frozenset(holders_of(session, class_code) if class_code else ())
    )


def _members(session: Session, class_code: str) -> set[str]:
    table = table_of(Enrolment)
    query = select(table.c.person).where(
        table.c.class_code == class_code, table.c.status == CONFIRMED
    )
    return set(session.connection().scalars(query))


def _people(session: Session, codes: Collection[str]) -> list[Any]:
    table = table_of(Person)
    query = (
        select(table.c.code, table.c.name)
        .where(table.c.code.in_(sorted(codes)))
        .order_by(table.c.unit, table.c.code)
    )
    return list(session.connection().execute(query))


def _decided(person: Any, standing: Standing | None, members: Collection[str]) -> Holder:
    why = _why_not(standing)
    if why is None and person.code not in members:
        why = phrase("no confirmed member of the class any more")
    # a question that waits for its answer leaves the record that said the result in force
    return Holder(person.code, person.name, standing.basis.id if standing else None, why)


def _why_not(standing: Standing | None) -> Phrase | None:
    if standing is None:
        return phrase("the completion is not decided yet")
    if standing.result == "completed":
        return None
    if standing.asked is not None:
        return phrase("an override was asked for, and a second person has to confirm it")
    if standing.result == "withdrawn":
        return phrase("withdrawn from the class")
    if standing.result is None:
        return phrase("the decision was opened again, and there is no new one yet")
    # what was refused was an override: its reason is none against completing
    own = None if standing.basis.step == REFUSED else standing.basis.reason
    reason = own or _lacking(standing.basis.figures)
    if reason:
        return phrase("decided as not completed ({reason})", reason=reason)
    return phrase("decided as not completed")


def _lacking(figures: Mapping[str, str]) -> Phrase | None:
    # what was not met; else what was still open when it was decided for good
    for wanted in ("unmet", "open"):
        names = [name.removesuffix(".state") for name, said in figures.items()
                 if name.endswith(".state") and said == wanted]  # fmt: skip
        if names:
            places = "/".join(f"{{m{number}}}" for number in range(len(names)))
            said = {f"m{number}": condition_name(name) for number, name in enumerate(sorted(names))}
            return Phrase(places, said)
    return None
