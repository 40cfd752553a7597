"""Entering a mark, and correcting one: nothing is overwritten, and each entry says who made it.

Once the class is decided on, whoever typed a mark or decided does not change it: another person
does, and the decision is told as resting on other figures.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from db.tables import Score
from trainer.attendance.closing import same_person
from trainer.dataset.cells import printable
from trainer.errors import NotAllowed, Refused, UsageError
from trainer.outcomes.decisions import Decided
from trainer.outcomes.entries import AWAY, EXAM, Attempt, Marks, mark_of, passes
from trainer.outcomes.rules import CompletionRules
from trainer.phrases import mark

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.outcomes.facts import ClassBook

_PASSED: Final = frozenset({"pass", "passed", "通过", "及格"})
_FAILED: Final = frozenset({"fail", "failed", "不通过", "不及格"})
#: What takes a mark back when it stands in the place of a value.
VOID: Final = frozenset({"void", "作废", "撤销"})


_TOO_MANY: Final = mark(
    "{person} would have {count} attempts, and the rules allow {most}; give the reason with "
    "--reason if it counts all the same"
)

_PASSED_ALREADY: Final = mark(
    "{person} passed with {mark} at attempt {number}, so no retake is wanted; give the reason with "
    "--reason if it counts all the same"
)


class ScoreRefused(Refused):
    """A mark that the rules do not let pass; with a reason the same passes, which is kept."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a mark says: marks, a grade in words, or passed or not."""

    score: float | None = None
    grade: str | None = None
    passed: bool | None = None
    note: str | None = None

    @property
    def said(self) -> tuple[float | None, str | None, bool | None]:
        """What it says, as an entry holds it."""
        return (self.score, self.grade, self.passed)


@dataclass(frozen=True, slots=True)
class Wish:
    """A mark that somebody wants to enter."""

    person: str
    kind: str
    value: Value
    attempt: int | None = None
    date: dt.date | None = None
    title: str | None = None
    note: str | None = None
    examiner: str | None = None


def parse_value(text: str, rules: CompletionRules) -> Value:
    """Return what was typed for a mark; raise Refused for what is out of scale or no mark."""
    plain = text.strip().translate(_NARROW)
    word = plain.casefold()
    if plain in rules.works.grades:
        return Value(grade=plain)
    if word in _PASSED or word in _FAILED:
        return Value(passed=word in _PASSED)
    if word in AWAY:
        return Value(passed=False, note=plain)
    plain = plain.removesuffix("分").strip()
    if _FIGURES.fullmatch(plain) is None:
        raise Refused(
            "“{text}” is no mark; give marks from 0 to {full}, or one of: {grades}",
            text=text,
            full=f"{rules.exam.full:g}",
            grades=", ".join(rules.works.grades),
        )
    score = float(plain)
    if not 0 <= score <= rules.exam.full:
        raise Refused(
            "{text} is out of the scale; give marks from 0 to {full}",
            text=text,
            full=f"{rules.exam.full:g}",
        )
    return Value(score=score)


def kind_meant(word: str, rules: CompletionRules) -> str:
    """Return the kind that a word means; raise UsageError for one that there is none of."""
    kind = rules.kind_of(word)
    known = (EXAM, *rules.works.kinds)
    if kind not in known:
        raise UsageError(
            "there is no kind “{kind}” of mark; use one of: {known}",
            kind=word,
            known=", ".join((EXAM, "retake", *rules.works.kinds)),
        )
    return kind


def record_score(
    work: UnitOfWork,
    book: ClassBook,
    wish: Wish,
    decided: Mapping[str, Decided],
    *,
    reason: str | None = None,
    id_: str | None = None,
) -> Score | None:
    """Enter a mark; return None where just that stands already.

    Raise Refused for people who are not of the class, for another mark in place of one that stands,
    and for one retake too many (with a reason that passes). Raise NotAllowed for whoever decided.
    """
    rules = book.rules.rules
    _require_past(wish, book)
    trainee = book.of(wish.person).trainee
    if trainee.standing == "withdrawn":
        raise Refused(
            "{person} withdrew from {class_code}, so there is nothing to mark; check the code",
            person=wish.person,
            class_code=book.code,
        )
    kind = kind_meant(wish.kind, rules)
    attempts = trainee.marks.get(kind, ())
    number = wish.attempt or _next_attempt(wish, kind, attempts, rules)
    stands = next((one for one in attempts if one.number == number), None)
    if stands is not None:
        if not stands.disagrees and stands.entry.said == wish.value.said:
            _require_same_day(wish, stands)
            return None
        raise Refused(
            "{person} has {mark} for attempt {number} already; correct it with “trainer completion "
            "correct” and its reason",
            person=wish.person,
            mark=shown(stands),
            number=number,
        )
    if kind == EXAM:
        _check_retake(wish, number, attempts, rules, reason)
    _require_other(work, decided.get(wish.person), book.code, None)
    return _add(work, book.code, wish, kind, number, reason=reason, id_=id_)


def correct_score(
    work: UnitOfWork,
    book: ClassBook,
    wish: Wish,
    decided: Mapping[str, Decided],
    *,
    reason: str | None,
) -> Score:
    """Put another entry in the place of what stands for an attempt (the last if none is named).

    A value that says nothing takes it back. Raise UsageError without a reason, Refused where
    nothing stands or it says that already, NotAllowed for whoever typed it once it is decided.
    """
    why = printable(reason or "")
    if not why:
        raise UsageError("a correction needs a reason; give it with --reason")
    _require_past(wish, book)
    kind = kind_meant(wish.kind, book.rules.rules)
    attempts = book.of(wish.person).trainee.marks.get(kind, ())
    stands = _chosen(attempts, wish.attempt)
    if stands is None:
        raise Refused(
            "{person} has no such mark in {class_code}; “trainer completion explain {class_code} "
            "{person}” shows what there is",
            person=wish.person,
            class_code=book.code,
        )
    same_day = wish.date in (None, stands.entry.date)
    if not stands.disagrees and stands.entry.said == wish.value.said and same_day:
        raise Refused("that is what {person} has already; nothing was changed", person=wish.person)
    for entry in stands.entries:
        typed = work.session.get(Score, entry.id)
        _require_other(work, decided.get(wish.person), book.code, typed.by if typed else None)
    first, *others = stands.entries
    for entry in others:
        # one entry can stand in the place of one: the others are taken back
        empty = Wish(wish.person, wish.kind, Value(), stands.number)
        _add(work, book.code, empty, kind, stands.number, reason=why, replaces=entry.id)
    return _add(work, book.code, wish, kind, stands.number, reason=why, replaces=first.id)


def _require_past(wish: Wish, book: ClassBook) -> None:
    if wish.date is not None and wish.date > book.facts.today:
        raise Refused(
            "a mark of {date} lies ahead, for today is {today}; give the day on which it was",
            date=wish.date,
            today=book.facts.today,
        )


def _require_same_day(wish: Wish, stands: Attempt) -> None:
    known = stands.entry.date
    if wish.date is not None and known is not None and wish.date != known:
        raise Refused(
            "{person} has {mark} of {known} for attempt {number} already; if {date} is the right "
            "day, correct it with “trainer completion correct”, --date and its reason, and if it "
            "is another attempt, give --attempt",
            person=wish.person,
            mark=shown(stands),
            known=known,
            date=wish.date,
            number=stands.number,
        )


def shown(attempt: Attempt) -> str:
    """Return what stands for an attempt as people read it."""
    return mark_of(attempt.entry).text()


def last_of(marks: Marks, kind: str) -> Attempt | None:
    """Return somebody's last attempt at a kind."""
    attempts = marks.get(kind, ())
    return attempts[-1] if attempts else None


def _chosen(attempts: tuple[Attempt, ...], number: int | None) -> Attempt | None:
    if number is None:
        return attempts[-1] if attempts else None
    return next((one for one in attempts if one.number == number), None)


def _next_attempt(
    wish: Wish, kind: str, attempts: tuple[Attempt, ...], rules: CompletionRules
) -> int:
    if not attempts:
        return 2 if kind == EXAM and rules.is_retake(wish.kind) else 1
    last = attempts[-1]
    again = rules.is_retake(wish.kind) and last.number == 1
    if last.entry.said == wish.value.said and not again:
        return last.number
    more = kind != EXAM or again or not passes(last.entry, rules)
    return last.number + 1 if more else last.number


def _check_retake(
    wish: Wish,
    number: int,
    attempts: tuple[Attempt, ...],
    rules: CompletionRules,
    reason: str | None,
) -> None:
    most = 1 + rules.exam.retakes
    if number > most and rules.level == "block" and not reason:
        raise ScoreRefused(
            _TOO_MANY,
            person=wish.person,
            count=number,
            most=most,
        )
    passed = next((one for one in attempts if passes(one.entry, rules)), None)
    if passed is not None and number > passed.number and rules.level == "block" and not reason:
        raise ScoreRefused(
            _PASSED_ALREADY, person=wish.person, number=passed.number, mark=shown(passed)
        )
    if number > 1 and not any(one.number == number - 1 for one in attempts):
        raise Refused(
            "{person} has no mark for attempt {number} yet; enter that one first (“absent” where "
            "the trainee did not come)",
            person=wish.person,
            number=number - 1,
        )


def _require_other(
    work: UnitOfWork, known: Decided | None, class_code: str, typed_by: str | None
) -> None:
    if known is None or known.result is None:
        return
    if same_person(known.head.by, work.actor) or (typed_by and same_person(typed_by, work.actor)):
        raise NotAllowed(
            "the completion of {class_code} is decided, so another person than {actor}, who "
            "decided it or typed the mark, must change it; ask a colleague, or open it again first",
            class_code=class_code,
            actor=work.actor,
        )


def _add(
    work: UnitOfWork,
    class_code: str,
    wish: Wish,
    kind: str,
    number: int,
    *,
    reason: str | None = None,
    replaces: str | None = None,
    id_: str | None = None,
) -> Score:
    facts: dict[str, Any] = {
        "id": id_ or str(uuid.uuid4()),
        "class_code": class_code,
        "person": wish.person,
        "kind": kind,
        "attempt": number,
        "title": printable(wish.title or "") or None,
        "score": wish.value.score,
        "passed": wish.value.passed,
        "grade": wish.value.grade,
        "date": wish.date,
        "examiner": printable(wish.examiner or "") or None,
        "note": printable(wish.note or wish.value.note or "") or None,
        "at": work.now,
        "by": work.actor,
        "reason": printable(reason or "") or None,
        "replaces": replaces,
    }
    row = Score(**facts)
    work.session.add(row)
    return row


#: Marks as people write them: float() takes 7_6, 1e2 and nan for numbers, too.
_FIGURES: Final = re.compile(r"[+-]?\d+(?:\.\d*)?", re.ASCII)
#: Figures and the point as a Chinese keyboard writes them.
_NARROW: Final = str.maketrans("０１２３４５６７８９．", "0123456789.")
