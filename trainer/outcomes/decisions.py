"""What was decided on the completion of a class: a pure function of the set of its records.

An override is asked for by one person and confirmed by another; until then what held before holds.
What was decided is supported as long as the figures that it rests on are what they were, or come to
the same result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Completion
from db.work import table_of
from trainer.outcomes.evaluate import Evaluation

ASKED: Final = "asked"
REOPENED: Final = "reopened"
REFUSED: Final = "refused"
#: ``changed``: other figures than then, the same result; ``unsupported``: another result.
Support = Literal["supported", "changed", "unsupported"]
_COMPLETION: Final = table_of(Completion)


@dataclass(frozen=True, slots=True)
class Decision:
    """A record of the log of decisions."""

    id: str
    person: str
    step: str
    result: str | None
    override: bool
    figures: Mapping[str, str]
    rules: str | None
    reason: str | None
    at: dt.datetime
    by: str | None
    replaces: str | None = None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "id": self.id,
            "step": self.step,
            "result": self.result,
            "override": self.override,
            "rules": self.rules,
            "reason": self.reason,
            "at": self.at,
            "by": self.by,
            "figures": dict(self.figures),
        }


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands for somebody: the newest record, and all before it, the oldest first."""

    head: Decision
    history: tuple[Decision, ...] = field(default=())

    @property
    def result(self) -> str | None:
        """The result in force; None where nothing was decided, or it was opened again."""
        return self.head.result

    @property
    def asked(self) -> Decision | None:
        """The override that waits for a second person."""
        return self.head if self.head.step == ASKED else None

    @property
    def basis(self) -> Decision:
        """The record that says the result in force: what an override was asked over."""
        own = [one for one in self.history if one.step != ASKED]
        return own[-1] if self.head.step == ASKED and own else self.head

    def support(self, evaluation: Evaluation) -> Support | None:
        """Tell whether the result in force still follows; None where none is."""
        if self.result is None:
            return None
        if dict(self.basis.figures) == evaluation.figures():
            return "supported"
        if self.basis.override or evaluation.result == self.result:
            return "changed"
        if self.result == "not_completed" and evaluation.result == "cannot":
            return "changed"
        return "unsupported"


def read_decisions(
    session: Session, class_code: str | None = None
) -> dict[str, dict[str, Decided]]:
    """Return what stands, by class and person."""
    query = select(_COMPLETION)
    if class_code is not None:
        query = query.where(_COMPLETION.c.class_code == class_code)
    found: dict[str, dict[str, list[Decision]]] = {}
    for row in session.connection().execute(query).mappings():
        record = Decision(**{name: row[name] for name in Decision.__dataclass_fields__})
        of_class = found.setdefault(row["class_code"], {})
        of_class.setdefault(record.person, []).append(record)
    return {
        code: {person: decided(records) for person, records in people.items()}
        for code, people in found.items()
    }


def decided(records: Iterable[Decision]) -> Decided:
    """Return what stands of somebody's records; of several that nothing replaces the newest."""
    every = sorted(records, key=lambda one: (one.at, one.id))
    gone = {one.replaces for one in every if one.replaces}
    heads = [one for one in every if one.id not in gone]
    head = heads[-1] if heads else every[-1]
    return Decided(head, tuple(one for one in every if one is not head))
