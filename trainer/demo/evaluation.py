"""Evaluations of a few classes of the demonstration, with made-up answers from a seed."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, func, select

from db.tables import MarkState, TrainingSession
from db.tables.words import ATTENDED
from db.work import UnitOfWork
from trainer.desk import Desk
from trainer.evaluation.facts import Asked, Subject, rights_of
from trainer.evaluation.opening import Opening, close_evaluation, open_evaluation
from trainer.evaluation.urn import Answer, Ballot, Urn

#: How many classes are asked, and of what, in turn.
_CLASSES: Final = 6
_SCOPES: Final = ("courses", "class", "sessions")
_FEWEST: Final = 10
#: How many of a hundred answer, and how often a teacher's hours please how much.
_ANSWER: Final = 0.88
_MOODS: Final = ((0, 1, 8, 40, 51), (1, 2, 12, 45, 40), (1, 4, 20, 45, 30))
_REMARK: Final = 0.3
_REMARKS: Final = (
    "案例教学再多一些", "现场教学收获很大", "希望增加交流研讨时间", "课程安排紧凑合理",
    "建议提前发放学习资料", "住宿条件较好", "希望多请基层一线同志授课", "无",
    "理论讲得透彻", "午休时间偏短",
)  # fmt: skip


def evaluate_classes(desk: Desk, seed: int, until: dt.date | None = None) -> int:
    """Ask the first classes that are over by ``until``, and close; return how many there are."""
    chance = random.Random(seed)  # noqa: S311 - made-up answers, the same each time
    with desk.writing("demo evaluation") as work:
        found = _classes(work.session, until)
        for number, (code, last) in enumerate(found):
            scope = _SCOPES[number % len(_SCOPES)]
            asked = open_evaluation(work, Opening(code, scope=scope), last)
            _answer(work, asked, chance)
            close_evaluation(work, code, last + dt.timedelta(days=1))
        work.commit()
    return len(found)


def _classes(session: Session, until: dt.date | None) -> Sequence[tuple[str, dt.date]]:
    last = func.max(TrainingSession.date)
    statement = (
        select(TrainingSession.class_code, last)
        .join(MarkState, col(MarkState.session) == TrainingSession.uid)
        .where(col(MarkState.status).in_(ATTENDED))
        .group_by(TrainingSession.class_code)
        .having(func.count(func.distinct(MarkState.person)) >= _FEWEST)
        .order_by(last, TrainingSession.class_code)
        .limit(_CLASSES)
    )
    if until is not None:
        statement = statement.having(last < until)
    return session.exec(statement).all()


def _answer(work: UnitOfWork, asked: Asked, chance: random.Random) -> None:
    urn = Urn(work, asked.code, token=lambda: f"{chance.getrandbits(96):024x}")
    moods = {one.line: chance.choice(_MOODS) for one in asked.subjects}
    for number, (person, lines) in enumerate(rights_of(work.session, asked).items(), start=1):
        code = hashlib.sha256(f"{asked.code}:{chance.random()}".encode()).hexdigest()
        used = chance.random() < _ANSWER
        named = person if asked.named else None
        urn.ballots[code] = Ballot(
            code, "used" if used else "given", named, None if asked.named else number
        )
        if used:
            urn.put(
                {
                    one.line: _sheet(asked, one, moods[one.line], chance)
                    for one in asked.subjects
                    if one.line in lines
                }
            )
    urn.seal()


def _sheet(
    asked: Asked, subject: Subject, mood: tuple[int, ...], chance: random.Random
) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for question in asked.questions_of(subject):
        if question.kind == "text":
            if chance.random() < _REMARK:
                answers[question.key] = chance.choice(_REMARKS)
        else:
            places = range(1, len(question.choices) + 1)
            weights = mood[-len(places) :] if question.is_scale else [1] * len(places)
            answers[question.key] = chance.choices(places, weights)[0]
    return answers
