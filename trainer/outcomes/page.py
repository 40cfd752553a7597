"""A class with what was decided of everybody, as the lists and explanations show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Completion, Score
from db.work import table_of
from trainer.attendance.alerts.watch import Watch
from trainer.desk import Desk
from trainer.outcomes.decisions import Decided, Support, read_decisions
from trainer.outcomes.evaluate import Evaluation
from trainer.outcomes.facts import ClassBook, Reader, read_book

_SCORE = table_of(Score)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody's evaluation, and what stands decided."""

    evaluation: Evaluation
    decided: Decided | None = None

    @property
    def result(self) -> str | None:
        """The result in force, None where none is."""
        return self.decided.result if self.decided else None

    @property
    def support(self) -> Support | None:
        """Whether the result in force still follows."""
        return self.decided.support(self.evaluation) if self.decided else None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        one = self.evaluation
        known = self.decided
        return {
            "person": one.trainee.person,
            "name": one.trainee.name,
            "unit": one.trainee.unit,
            "result": one.result,
            "conditions": [condition.document() for condition in one.conditions],
            "decided": self.result,
            "decision": known.head.document() if known else None,
            "override": bool(known and known.result and known.basis.override),
            "override_asked": known.asked.by if known and known.asked else None,
            "support": self.support,
        }


@dataclass(frozen=True, slots=True)
class Page:
    """A class with all lines."""

    book: ClassBook
    lines: tuple[Line, ...]

    def idle(self) -> dict[str, int]:
        """Return by kind of how many trainees a mark stands that decides nothing in this class."""
        kinds = (kind for one in self.book.evaluations for kind in one.trainee.marks)
        return Counter(kind for kind in kinds if not self.book.facts.wants(kind))

    def line(self, person: str) -> Line:
        """Return somebody's line; raise Refused for somebody who is not of the class."""
        whom = self.book.of(person).trainee.person
        return next(line for line in self.lines if line.evaluation.trainee.person == whom)

    def counts(self) -> dict[str, int]:
        """Return how many have each result by now, and of how many it is decided."""
        found = dict.fromkeys(
            ("completed", "not_completed", "cannot", "open", "left", "withdrawn", "exempt"), 0
        )
        for line in self.lines:
            found[line.evaluation.result] += 1
        found["decided"] = sum(line.result is not None for line in self.lines)
        found["unsupported"] = sum(line.support == "unsupported" for line in self.lines)
        return found


def read_page(session: Session, desk: Desk, class_code: str) -> Page:
    """Return a class with what was decided; raise Refused where there is no such class."""
    book = read_book(session, desk, class_code)
    return page_of(book, read_decisions(session, class_code).get(class_code, {}))


def page_of(book: ClassBook, decided: Mapping[str, Decided]) -> Page:
    """Return a class beside its decisions."""
    lines = (Line(one, decided.get(one.trainee.person)) for one in book.evaluations)
    return Page(book, tuple(lines))


def unsupported(
    session: Session,
    desk: Desk | None = None,
    class_codes: Collection[str] | None = None,
    *,
    watch: Watch | None = None,
) -> Iterator[tuple[ClassBook, Line]]:
    """Yield every decision that no longer follows, of some classes or of all that are decided.

    ``watch`` is a look at all of these classes, where the caller has one.
    """
    decisions = read_decisions(session)
    chosen = [code for code in sorted(decisions) if class_codes is None or code in class_codes]
    if not chosen:
        return
    reader = Reader(session, desk, watch=watch)
    for code in chosen:
        book = reader.book(code)
        for line in page_of(book, decisions[code]).lines:
            if line.support == "unsupported":
                yield book, line


def history_of(session: Session, class_code: str, person: str) -> list[dict[str, Any]]:
    """Return every entry and decision ever recorded of somebody, the oldest first."""
    rows = session.scalars(
        select(Score).where(_SCORE.c.class_code == class_code, _SCORE.c.person == person)
    )
    found = [{"what": "mark", **row.model_dump()} for row in rows]
    table = table_of(Completion)
    decided = session.scalars(
        select(Completion).where(table.c.class_code == class_code, table.c.person == person)
    )
    found += [{"what": "decision", **row.model_dump()} for row in decided]
    return sorted(found, key=lambda row: (str(row["at"] or ""), row["id"]))
