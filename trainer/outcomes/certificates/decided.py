"""Who of a class completed it by the decisions in force: what a certificate may rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Completion, Enrolment, Person
from db.work import table_of
from trainer.attendance.expected import CONFIRMED
from trainer.phrases import Phrase, phrase

#: Steps that set a result; a question that waits for its answer changes none.
_SETTING: Final = ("decided", "confirmed", "reopened")


@dataclass(frozen=True, slots=True)
class Decided:
    """Somebody of a class with the decision in force; ``id`` None is not decided.

    ``why`` says why no certificate can be issued, None where one can.
    """

    person: str
    name: str
    id: str | None
    why: Phrase | None
    override: bool = False

    @property
    def completed(self) -> bool:
        """Tell whether the person completed the class, by the rules or against them by two."""
        return self.why is None


def decided_in(session: Session, class_code: str) -> dict[str, Decided]:
    """Return everybody of a class, members and those decided on, by unit and code."""
    entries: dict[str, list[Any]] = {}
    table = table_of(Completion)
    query = select(table).where(table.c.class_code == class_code)
    for row in session.connection().execute(query):
        entries.setdefault(row.person, []).append(row)
    members = _members(session, class_code)
    return {
        person.code: _decided(person, entries.get(person.code, ()), members)
        for person in _people(session, members | entries.keys())
    }


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


def _decided(person: Any, rows: Iterable[Any], members: Collection[str]) -> Decided:
    every = list(rows)
    gone = {row.replaces for row in every if row.replaces}
    left = sorted((row for row in every if row.id not in gone), key=lambda row: (row.at, row.id))
    setting = [row for row in every if row.step in _SETTING]
    last = left[-1] if left else None
    # an answer that waits leaves the result, and with it the entry that set it, as they were
    source = max(setting, key=lambda row: (row.at, row.id), default=None)
    identity = source.id if source is not None and last is not None else None
    why = _why_not(last)
    if why is None and person.code not in members:
        why = phrase("no confirmed member of the class any more")
    override = bool(last is not None and last.override)
    return Decided(person.code, person.name, identity, why, override)


def _why_not(last: Any) -> Phrase | None:
    if last is None:
        return phrase("the completion is not decided yet")
    if last.result == "completed":
        return None
    if last.step == "asked":
        return phrase("an override was asked for, and a second person has to confirm it")
    if last.result == "withdrawn":
        return phrase("withdrawn from the class")
    if last.result is None:
        return phrase("the decision was opened again, and there is no new one yet")
    unmet = [
        name.removesuffix(".state")
        for name, state in sorted(last.figures.items())
        if name.endswith(".state") and state == "unmet"
    ]
    reason = last.reason or ", ".join(unmet)
    if reason:
        return phrase("decided as not completed ({reason})", reason=reason)
    return phrase("decided as not completed")
