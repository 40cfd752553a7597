"""Deciding who completed a class, overriding with a second person, and opening it again.

A decision keeps the figures of each condition and the version of the rules. Nothing is overwritten:
each step is one more record. Whoever decided does not open again, and whoever asks for an override
does not confirm it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from db.locks import take_turn
from db.tables import Completion
from trainer.attendance.closing import same_person
from trainer.dataset.cells import printable
from trainer.errors import NotAllowed, Refused, UsageError
from trainer.outcomes.decisions import ASKED, REOPENED, Decided, read_decisions
from trainer.phrases import Phrase, phrase

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.outcomes.evaluate import Evaluation
    from trainer.outcomes.facts import ClassBook


#: The conditions that the sessions still to come may turn.
_ATTENDANCE: Final = frozenset({"leave", "absence", "share", "hours"})


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody of whom nothing was decided, and why."""

    person: str
    name: str
    why: Phrase

    def document(self) -> dict[str, str]:
        """Return it as JSON holds it."""
        return {"person": self.person, "name": self.name, "reason": self.why.text()}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What deciding did: the result of each, who was decided already, and who is left open.

    ``closed`` are those who have not completed it only because it is final, whoever has no mark at
    all first.
    """

    results: dict[str, str]
    already: tuple[str, ...]
    left: tuple[Left, ...]
    closed: tuple[Left, ...] = ()

    def count(self, result: str) -> int:
        """Return how many got a result."""
        return list(self.results.values()).count(result)

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "decided": self.results,
            "already": list(self.already),
            "left": [one.document() for one in self.left],
            "closed": [one.document() for one in self.closed],
        }


def decide_class(work: UnitOfWork, book: ClassBook, *, final: bool = False) -> Outcome:
    """Decide on everybody of a class of whom the rules say something; commit the work yourself.

    With ``final`` whoever is still open once the class is over has not completed it. Raise Refused
    where the class has sessions to come.
    """
    _require_over(book)
    take_turn(work.connection, "marks")
    before = read_decisions(work.session, book.code).get(book.code, {})
    results: dict[str, str] = {}
    already, left, closed = [], [], []
    for one in book.evaluations:
        known = before.get(one.trainee.person)
        if known is not None and known.result is not None:
            already.append(one.trainee.person)
            continue
        result = _result(one, book, final=final)
        if result is None:
            left.append(Left(one.trainee.person, one.trainee.name, _why_open(one)))
            continue
        results[one.trainee.person] = result
        if result != one.result and one.result == "open":
            closed.append(one)
        _record(work, book, one, known, step="decided", result=result)
    # a roll of marks that was never entered is seen before anybody fails for it
    closed.sort(key=lambda one: bool(one.trainee.marks))
    told = (Left(one.trainee.person, one.trainee.name, _why_closed(one, book)) for one in closed)
    return Outcome(results, tuple(already), tuple(left), tuple(told))


def ask_override(
    work: UnitOfWork, book: ClassBook, person: str, *, reason: str | None
) -> Completion:
    """Ask that somebody counts as having completed against the rules (CO-1).

    Where the rule warns only, it is done at once; where it blocks another person confirms. Raise
    UsageError without a reason, Refused for whom the rules let pass.
    """
    why = _required(reason)
    _require_over(book)
    take_turn(work.connection, "marks")
    one = book.of(person)
    known = _known(work, book, person)
    if known is not None and known.result == "completed":
        raise Refused(
            "{person} counts as having completed {class_code} already; nothing was changed",
            person=person,
            class_code=book.code,
        )
    if one.result == "completed":
        raise Refused(
            "{person} meets every condition of {class_code}; decide without an override",
            person=person,
            class_code=book.code,
        )
    blocks = book.rules.rules.level == "block"
    result = (known.result if known else None) if blocks else "completed"
    step = ASKED if blocks else "confirmed"
    return _record(work, book, one, known, step=step, result=result, override=True, reason=why)


def answer_override(
    work: UnitOfWork, book: ClassBook, person: str, *, confirm: bool, reason: str | None = None
) -> Completion:
    """Confirm or refuse an override that another person asked for.

    Raise NotAllowed where the same person would confirm, Refused where none was asked for.
    """
    take_turn(work.connection, "marks")
    known = _known(work, book, person)
    if known is None or known.asked is None:
        raise Refused(
            "no override was asked for {person} in {class_code}; “trainer completion show "
            "{class_code}” lists those that wait",
            person=person,
            class_code=book.code,
        )
    if confirm and same_person(known.asked.by, work.actor):
        raise NotAllowed(
            "{actor} asked for the override of {person}, so another person must confirm it; ask a "
            "colleague, or withdraw it with --refuse",
            actor=work.actor,
            person=person,
        )
    result = "completed" if confirm else known.asked.result
    why = printable(reason or "") or known.asked.reason
    step = "confirmed" if confirm else "refused"
    override = confirm or known.basis.override
    return _record(
        work, book, book.of(person), known, step=step, result=result, override=override, reason=why
    )


def reopen_class(
    work: UnitOfWork, book: ClassBook, *, reason: str | None, people: Collection[str] = ()
) -> tuple[str, ...]:
    """Open what was decided again, of a class or of ``people``; return of whom.

    Raise UsageError without a reason, NotAllowed for whoever decided, Refused where nothing is
    decided.
    """
    why = _required(reason)
    take_turn(work.connection, "marks")
    standing = read_decisions(work.session, book.code).get(book.code, {})
    chosen = {
        person: known
        for person, known in sorted(standing.items())
        if (known.result is not None or known.asked) and (not people or person in people)
    }
    if not chosen:
        raise Refused(
            "nothing is decided in {class_code} that could be opened again; nothing was changed",
            class_code=book.code,
        )
    for known in chosen.values():
        if same_person(known.head.by, work.actor):
            raise NotAllowed(
                "{person} decided on {class_code}, so another person must open it again; ask a "
                "colleague",
                person=work.actor,
                class_code=book.code,
            )
    for person, known in chosen.items():
        _record(work, book, person, known, step=REOPENED, result=None, reason=why)
    return tuple(chosen)


def _record(
    work: UnitOfWork,
    book: ClassBook,
    whom: Evaluation | str,
    known: Decided | None,
    *,
    step: str,
    result: str | None,
    override: bool = False,
    reason: str | None = None,
) -> Completion:
    row = Completion(
        id=str(uuid.uuid4()),
        class_code=book.code,
        person=whom if isinstance(whom, str) else whom.trainee.person,
        step=step,
        result=result,
        override=override,
        figures={} if isinstance(whom, str) else whom.figures(),
        rules=book.rules.version,
        reason=reason,
        at=work.now,
        by=work.actor,
        replaces=known.head.id if known else None,
    )
    work.session.add(row)
    return row


def _result(one: Evaluation, book: ClassBook, *, final: bool) -> str | None:
    if one.result == "withdrawn":
        return "withdrawn"
    if one.result == "left":
        return None
    if one.result == "completed" or book.rules.rules.level in ("report", "off"):
        return "completed"
    if one.result == "not_completed":
        return "not_completed"
    # leave from a ceremony to come may be given back: nobody fails for it before
    waits = book.facts.ahead and any(condition.id in _ATTENDANCE for condition in one.failing)
    return "not_completed" if final and one.result == "open" and not waits else None


def _why_open(one: Evaluation) -> Phrase:
    if one.result == "left":
        return one.conditions[0].message
    for condition in one.failing:
        return condition.mend or condition.message
    return phrase("exempt (EX-1)")


def _why_closed(one: Evaluation, book: ClassBook) -> Phrase:
    wanted = book.facts.exam or book.facts.works
    if wanted and not one.trainee.marks:
        return phrase("no mark at all")
    return one.failing[0].message


def _require_over(book: ClassBook) -> None:
    if not book.facts.sessions:
        raise Refused(
            "{class_code} has no session on the timetable, so nothing can be decided; put it on "
            "the timetable first",
            class_code=book.code,
        )
    if not book.facts.over:
        raise Refused(
            "{class_code} is not over ({count} sessions are still to come), so nothing can be "
            "decided yet; decide after its last session",
            class_code=book.code,
            count=book.facts.to_come,
        )


def _known(work: UnitOfWork, book: ClassBook, person: str) -> Decided | None:
    return read_decisions(work.session, book.code).get(book.code, {}).get(person)


def _required(reason: str | None) -> str:
    why = printable(reason or "")
    if not why:
        raise UsageError("this needs a reason; give it with --reason")
    return why
