"""Who approves leave: somebody of the roster, a teacher, or whom the office states for a step.

An approver is typed, so two spellings may be one person: a code and a name, large and small
letters, a space more. ``[policies.attendance.approvers]`` of the office's settings states by step
who may give it, by code or name; for the first step a class states its head teacher.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Table, func, literal, or_, select
from sqlmodel import Session

from db.tables import Leave, Person, Teacher, TrainingClass
from db.work import table_of
from trainer.attendance.ladder import HEAD_TEACHER, said
from trainer.errors import UsageError
from trainer.office import Office
from trainer.phrases import Phrase, phrase

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Giver:
    """Whoever an approver's name may mean: several of one name, or just the name as it is."""

    who: frozenset[str]
    known: bool

    def is_same(self, other: Giver) -> bool:
        """Tell whether both may be one person."""
        return not self.who.isdisjoint(other.who)

    def is_person(self, code: str) -> bool:
        """Tell whether it is this person of the roster and nobody else."""
        return self.who == {_of_roster(code)}


class Givers:
    """Looks up whom approvers' names mean, by code or name, of the roster or the teachers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Giver] = {}

    def meant(self, text: str | None) -> Giver:
        """Return whom a name means; whoever is not known is just the name."""
        self.look_up([text])
        return self._known[_folded(text)]

    def look_up(self, texts: Iterable[str | None]) -> None:
        """Look several names up at once."""
        wanted = {_folded(text): (text or "").strip() for text in texts}
        fresh = [plain for plain in wanted if plain not in self._known]
        for first in range(0, len(fresh), _CHUNK):
            self._look_up({plain: wanted[plain] for plain in fresh[first : first + _CHUNK]})

    def _look_up(self, wanted: Mapping[str, str]) -> None:
        found: dict[str, set[str]] = {plain: set() for plain in wanted}
        names = sorted({*wanted, *wanted.values()} - {""})
        person, teacher = table_of(Person), table_of(Teacher)
        people = select(person.c.code, person.c.name, literal(None).label("teacher"))
        teachers = select(teacher.c.person, teacher.c.name, teacher.c.code)
        asked = people.where(_is(person, names)).union_all(teachers.where(_is(teacher, names)))
        for code, name, of in self._session.connection().execute(asked) if names else ():
            meant = _of_roster(code) if code else f"teacher {of}"
            for plain in {_folded(name), _folded(of or code)} & found.keys():
                found[plain].add(meant)
        for plain, who in found.items():
            self._known[plain] = Giver(frozenset(who or {plain}), known=bool(who))


def _is(table: Table, names: Collection[str]) -> ColumnElement[bool]:
    name = table.c.name
    return or_(func.lower(table.c.code).in_(names), name.in_(names), func.lower(name).in_(names))


def may_give(givers: Givers, office: Office, step: str, giver: Giver) -> bool:
    """Tell whether somebody is among those whom the office states for a step, if it states any."""
    stated = stated_approvers(office).get(step)
    return stated is None or any(giver.is_same(givers.meant(text)) for text in stated)


def stated_approvers(office: Office) -> Mapping[str, tuple[str, ...]]:
    """Return by step whom the office states as approvers; raise UsageError."""
    rules = office.policies.get("attendance")
    given = rules.get("approvers", {}) if isinstance(rules, Mapping) else {}
    if not isinstance(given, Mapping) or not all(
        isinstance(names, list | tuple) and names and all(isinstance(name, str) for name in names)
        for names in given.values()
    ):
        raise UsageError(
            "the setting policies.attendance.approvers is not usable; list for each step the codes "
            "or names of those who may give it"
        )
    return {step: tuple(names) for step, names in given.items()}


def doubts_about(
    session: Session, office: Office, leave: Leave, step: str, approver: str | None
) -> Phrase | None:
    """Return what to look at again about an approver whom no setting states, None for nothing."""
    if step in stated_approvers(office):
        return None
    givers = Givers(session)
    giver = givers.meant(approver)
    if not giver.known:
        return phrase(
            "{by} is neither in the roster nor among the teachers, and the office states nobody "
            "for {step}: check who approved",
            by=approver or "-",
            step=said(step),
        )
    if step != HEAD_TEACHER or leave.class_code is None:
        return None
    training = session.get(TrainingClass, leave.class_code)
    head = training.head_teacher if training else None
    if head is None or giver.is_same(givers.meant(head)):
        return None
    return phrase(
        "the head teacher of {class_code} is {head}, not {by}: check who approved",
        class_code=leave.class_code,
        head=head,
        by=approver or "-",
    )


def _of_roster(code: str) -> str:
    return f"person {code}"


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").split()).casefold()
