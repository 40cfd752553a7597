"""A mark as it is typed from paper: what it says, for which attempt, and what it would replace.

``76`` is marks, ``yx`` a grade by its initials, ``qk`` somebody who did not come. ``=`` before a
mark corrects the last one; another mark in the place of one that stands does, too.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainer.errors import Refused
from trainer.phrases import say, text_of
from tui.outcomewords import kind_name, mark_said

if TYPE_CHECKING:
    from trainer.outcomes.entries import Attempt
    from trainer.outcomes.evaluate import Evaluation
    from trainer.outcomes.facts import ClassBook
    from trainer.outcomes.rules import CompletionRules
    from trainer.outcomes.scoring import Value

#: What is typed for people who did not come, or handed nothing in.
_AWAY: Final = ("缺考", "未交")
RETAKE: Final = "retake"
EXAM: Final = "exam"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a line means; without a value nothing is stored, ``known`` where it stands already."""

    said: str
    value: Value | None = None
    attempt: int | None = None
    corrects: bool = False
    known: bool = False


def kind_of(word: str) -> str:
    """Return the kind under which marks of a word are kept: a retake is one of the exam."""
    return EXAM if word == RETAKE else word


def mark_typed(typed: str, word: str, one: Evaluation, book: ClassBook) -> Meant:
    """Return what a line means for a trainee; what is wrong with it is said."""
    trainee = one.trainee
    text = unicodedata.normalize("NFKC", typed).strip()
    forced = text.startswith("=")
    try:
        value = _value_typed(text.removeprefix("=").strip(), book.rules.rules)
    except Refused as error:
        return Meant(text_of(error))
    number, stands = _place(word, one, book)
    last = (trainee.marks.get(kind_of(word)) or (None,))[-1]
    void = value.said == (None, None, None)
    if (forced or void) and last is not None:
        number, stands = last.number, last
    if number is None or (void and stands is None):
        return Meant(say("{name} has no {kind} that is open", name=trainee.name,
                         kind=kind_name(word)))  # fmt: skip
    said = say("taken back") if void else value_said(value, word, book.rules.rules)
    if stands is None:
        if number > 1:
            said = say("{mark}, attempt {number}", mark=said, number=number)
        return Meant(said, value, number)
    if stands.entry.said == value.said and not stands.disagrees:
        return Meant(say("{name} has that mark already; nothing was changed", name=trainee.name),
                     known=True)  # fmt: skip
    said = say("{mark} in the place of {old}: Enter asks for the reason", mark=said,
               old=mark_said(stands))  # fmt: skip
    return Meant(said, value, number, corrects=True)


def value_said(value: Value, word: str, rules: CompletionRules) -> str:
    """Return a mark, and whether it passes."""
    # whatever has read a class has imported it
    from trainer.outcomes.entries import Entry, passes

    entry = Entry("", "", kind_of(word), 1, value.score, value.grade, value.passed)
    said = value.grade or value.note or (f"{value.score:g}" if value.score is not None else "")
    verdict = say("passed") if passes(entry, rules) else say("not passed")
    return f"{said}  {verdict}".strip()


def lacks(word: str, one: Evaluation, book: ClassBook) -> bool:
    """Tell whether a mark of a kind is still to be entered for somebody."""
    trainee = one.trainee
    if trainee.standing in ("left", "withdrawn"):
        return False
    if word == RETAKE:
        # whatever has read a class has imported it
        from trainer.outcomes.marksheet import must_retake

        return must_retake(one)
    attempts = trainee.marks.get(word, ())
    if word == EXAM or not attempts:
        return not attempts
    number, stands = _place(word, one, book)
    return number is not None and stands is None


def _place(word: str, one: Evaluation, book: ClassBook) -> tuple[int | None, Attempt | None]:
    # the attempt that a mark is for, and what stands there; None where none is open
    attempts = one.trainee.marks.get(kind_of(word), ())
    if word == EXAM:
        return 1, next((first for first in attempts if first.number == 1), None)
    last = attempts[-1] if attempts else None
    if word == RETAKE:
        if lacks(RETAKE, one, book):
            return (last.number if last else 1) + 1, None
        return (last.number, last) if last and last.number > 1 else (None, None)
    # whatever has read a class has imported it
    from trainer.outcomes.entries import passes

    passed = sum(passes(attempt.entry, book.rules.rules) for attempt in attempts)
    if last is None or passed < book.facts.works.get(word, 1):
        return (last.number if last else 0) + 1, None
    return last.number, last


def _value_typed(text: str, rules: CompletionRules) -> Value:
    # whatever has read a class has imported it
    from trainer.outcomes.scoring import VOID, Value, parse_value
    from trainer.roster.search import pinyin_of

    if text.casefold() in VOID:
        return Value()
    if text.isascii() and text.isalpha():
        words = (*rules.works.grades, *_AWAY)
        readings = {word: [r for pair in pinyin_of(word) for r in pair] for word in words}
        near = [word for word, known in readings.items()
                if any(reading.startswith(text.lower()) for reading in known)]  # fmt: skip
        if len(near) == 1:
            return parse_value(near[0], rules)
    return parse_value(text, rules)
