"""Answering: a sheet is checked against the questionnaire, taken apart, and its ballot spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainer.errors import Refused, UsageError
from trainer.evaluation.ballots import hash_of
from trainer.evaluation.facts import Asked, Subject, find_evaluation, rights_of
from trainer.evaluation.forms import Question
from trainer.evaluation.opening import require_open
from trainer.evaluation.urn import Answer, Urn, sweep

if TYPE_CHECKING:
    from trainer.desk import Desk

#: Answers by the line of their subject and the key of their question.
Parts = Mapping[int, Mapping[str, Answer]]
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """A code that may be used now, and what its holder is asked."""

    asked: Asked
    code: str
    subjects: tuple[Subject, ...]


def admit(desk: Desk, name: str, code: str) -> Ticket:
    """Return what the holder of a code is asked; raise Refused where it is not good, and why."""
    with desk.writing() as work:
        asked = find_evaluation(work.session, name)
        require_open(asked, desk.clock.today())
        return ticket_of(Urn(work, asked.code), asked, code)


def hand_in(desk: Desk, name: str, code: str, parts: Parts) -> int:
    """Count a sheet and spend its ballot, both or neither; return how many answers it had.

    Raise Refused or UsageError where the code is not good or the sheet is not complete.
    """
    with desk.writing() as work:
        asked = find_evaluation(work.session, name)
        require_open(asked, desk.clock.today())
        urn = Urn(work, asked.code)
        ticket = ticket_of(urn, asked, code)
        count = check_sheet(asked, ticket.subjects, parts)
        urn.put(parts)
        urn.spend(hash_of(asked.code, code))
        urn.seal()
        work.commit()
    sweep(desk.url)
    return count


def check_sheet(asked: Asked, subjects: tuple[Subject, ...], parts: Parts) -> int:
    """Return how many answers a sheet has; raise Refused or UsageError where it is not right.

    About each subject either all that must be answered is, or nothing.
    """
    allowed = {one.line: one for one in subjects}
    count = 0
    for line, answers in parts.items():
        if not answers:
            continue
        subject = allowed.get(line)
        if subject is None:
            raise Refused(
                "line {line} is not for whoever has this code; only those who attended may answer",
                line=line,
            )
        questions = {question.key: question for question in asked.questions_of(subject)}
        for key, answer in answers.items():
            if key not in questions:
                raise UsageError(
                    "line {line} has no question “{key}”; it has: {known}",
                    line=line,
                    key=key,
                    known=", ".join(questions),
                )
            _check_answer(questions[key], answer)
        missing = [one.key for one in questions.values() if one.required and one.key not in answers]
        if missing:
            raise Refused(
                "line {line} is not complete: {missing}; answer these too, or leave the line blank",
                line=line,
                missing=", ".join(missing),
            )
        count += len(answers)
    if not count:
        raise Refused("the sheet is blank; answer at least one question")
    return count


def answer_of(question: Question, text: str) -> Answer:
    """Return an answer as it was written: the number or the word of a choice, or free words.

    Raise UsageError for what is none.
    """
    text = text.strip()
    if question.kind == "text":
        if len(text) > LONGEST:
            raise UsageError(
                "the answer to “{key}” is longer than {most} letters; shorten it",
                key=question.key,
                most=LONGEST,
            )
        return text
    if text in question.choices:
        return question.choices.index(text) + 1
    if text.isdecimal() and 1 <= int(text) <= len(question.choices):
        return int(text)
    raise UsageError(
        "“{text}” is no answer to “{key}”; give one of: {known}",
        text=text,
        key=question.key,
        known=", ".join(f"{place} {word}" for place, word in enumerate(question.choices, start=1)),
    )


def _check_answer(question: Question, answer: Answer) -> None:
    if isinstance(answer, str) != (question.kind == "text"):
        raise UsageError("“{text}” is no answer to “{key}”", text=answer, key=question.key)
    answer_of(question, str(answer))


def ticket_of(urn: Urn, asked: Asked, code: str) -> Ticket:
    """Return what the holder of a code is asked; raise Refused where it is not good."""
    ballot = urn.ballots.get(hash_of(asked.code, code))
    if ballot is None:
        raise Refused("there is no such code; look at the slip and type it again")
    if ballot.state == "used":
        raise Refused("this code was used already; each may be used once")
    if ballot.state == "void":
        raise Refused("this code was replaced by another one and is void; use the new one")
    subjects, rights = asked.subjects, rights_of(urn.session, asked)
    if urn.answered() >= len(rights):
        raise Refused(
            "as many sheets were counted as people attended ({count}), on paper or by code; ask "
            "the office",
            count=len(rights),
        )
    if ballot.person is not None:
        lines = rights.get(ballot.person, frozenset())
        subjects = tuple(one for one in subjects if one.line in lines)
        if not subjects:
            raise Refused("whoever has this code has attended nothing, so nothing is asked")
    return Ticket(asked, code, tuple(one for one in subjects if asked.questions_of(one)))
