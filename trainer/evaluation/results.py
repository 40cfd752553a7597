"""What evaluations come to: figures of groups, from whole blocks of closed evaluations only.

A group is any set of subjects: those of a class, a teacher, a month. Its figures are sums of the
blocks (see ``trainer.evaluation.suppress``) that lie wholly within it, so that figures of different
groups never come to anything finer than a block. An evaluation that is open has no figures: those
before and after one more answer would tell it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Evaluation, EvaluationRemark, EvaluationTally
from db.work import table_of
from trainer.errors import Refused
from trainer.evaluation.facts import Asked, Subject, read_asked
from trainer.evaluation.forms import Question
from trainer.evaluation.suppress import Counts, added
from trainer.evaluation.urn import SHEETS

_EVALUATION = table_of(Evaluation)
_TALLY = table_of(EvaluationTally)
_REMARK = table_of(EvaluationRemark)
_DIGITS: Final = 2
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """The answers to one question about one subject, and the block that they may be shown in.

    ``block`` is blank where they may not be shown at all. The ``counts`` of all its cells stand in
    the first of them: which of them had which is not kept.
    """

    asked: Asked
    subject: Subject
    question: Question
    counts: Counts
    sheets: int
    block: tuple[int, ...]

    @property
    def place(self) -> tuple[str, int]:
        """The evaluation and the line of the subject."""
        return self.asked.code, self.subject.line

    @property
    def day(self) -> dt.date:
        """The day that the subject belongs to: its own, or that of opening."""
        return self.subject.date or self.asked.opened


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one question in a group; ``n`` None says that they are not shown.

    ``mean`` and ``median`` are of the scale from 1 on, ``score`` is the mean from 0 to 100.
    """

    form: str
    question: Question
    n: int | None = None
    counts: Counts | None = None
    mean: float | None = None
    median: float | None = None
    score: float | None = None
    points: Fraction = Fraction(0)

    def document(self) -> dict[str, Any]:
        """Return the figures as JSON shows them."""
        return {
            "form": self.form,
            "question": self.question.key,
            "text": self.question.text,
            "kind": self.question.kind,
            "suppressed": self.counts is None,
            "n": self.n,
            "mean": self.mean,
            "median": self.median,
            "score": self.score,
            "distribution": None
            if self.counts is None
            else dict(zip(self.question.choices, self.counts, strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of a group: of each question, and over all scales.

    ``sheets`` and ``invited`` are of the subjects of which anything is shown; None is nothing.
    """

    questions: tuple[Figures, ...]
    sheets: int | None
    invited: int | None
    answers: int
    points: Fraction

    @property
    def rate(self) -> float | None:
        """The share of those who might have answered that did."""
        if not self.sheets or not self.invited:
            return None
        return round(self.sheets / self.invited, 4)

    @property
    def score(self) -> float | None:
        """The mean of all answers on scales, each from 0 to 100."""
        return round(float(self.points / self.answers), _DIGITS) if self.answers else None

    def document(self) -> dict[str, Any]:
        """Return the figures as JSON shows them."""
        return {
            "suppressed": self.sheets is None,
            "n": self.sheets,
            "invited": self.invited,
            "rate": self.rate,
            "score": self.score,
            "questions": [figures.document() for figures in self.questions],
        }

    def drawn_towards(self, score: float, weight: int) -> float | None:
        """Return the score as if ``weight`` more sheets had given ``score``: few move little."""
        own = self.score
        if own is None or self.sheets is None:
            return None
        return round((own * self.sheets + score * weight) / (self.sheets + weight), _DIGITS)


def closed_evaluations(session: Session) -> list[Asked]:
    """Return all evaluations whose figures may be shown, in the order of their codes."""
    query = select(_EVALUATION).where(_EVALUATION.c.closed.is_not(None))
    rows = session.connection().execute(query.order_by(_EVALUATION.c.code)).all()
    return [read_asked(session, row) for row in rows]


def require_closed(asked: Asked) -> None:
    """Raise Refused where an evaluation is open: its figures are not shown."""
    if asked.closed is None:
        raise Refused(
            "the evaluation {code} is open, and figures that change with each sheet would tell who "
            "answered what; “trainer evaluation close {class_code}” closes it",
            code=asked.code,
            class_code=asked.class_code,
        )


def read_cells(session: Session, evaluations: Iterable[Asked]) -> list[Cell]:
    """Return the cells of closed evaluations with their blocks, for those who add them up only."""
    counts: dict[str, dict[tuple[int, str], dict[int, int]]] = defaultdict(dict)
    blocks: dict[str, dict[tuple[int, str], int]] = defaultdict(dict)
    columns = ("evaluation", "subject", "question", "choice", "count", "block")
    query = select(*(_TALLY.c[name] for name in columns))
    for evaluation, subject, question, choice, count, block in session.connection().execute(query):
        counts[evaluation].setdefault((subject, question), {})[choice] = count
        if block is not None:
            blocks[evaluation][subject, question] = block
    found: list[Cell] = []
    for asked in evaluations:
        require_closed(asked)
        found += _cells_of(asked, counts[asked.code], blocks[asked.code])
    return found


def _cells_of(
    asked: Asked,
    counts: Mapping[tuple[int, str], Mapping[int, int]],
    blocks: Mapping[tuple[int, str], int],
) -> Iterable[Cell]:
    for question in asked.form.questions:
        if question.kind == "text":
            continue
        places = range(1, len(question.choices) + 1)
        cells: dict[int, Counts] = {}
        for subject in asked.subjects:
            own = counts.get((subject.line, question.key), {})
            if own or question in asked.questions_of(subject):
                cells[subject.line] = tuple(own.get(place, 0) for place in places)
        members: dict[int, list[int]] = defaultdict(list)
        for line in cells:
            if (line, question.key) in blocks:
                members[blocks[line, question.key]].append(line)
        for line, found in cells.items():
            sheets = counts.get((line, SHEETS), {}).get(0, 0)
            block = tuple(members.get(blocks.get((line, question.key), 0), ()))
            yield Cell(asked, asked.subject(line), question, found, sheets, block)


def summary_of(cells: Sequence[Cell]) -> Summary:
    """Return the figures of a group, given all of its cells."""
    by_question: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        by_question.setdefault(_sort_of(cell), []).append(cell)
    found = []
    shown_cells: dict[tuple[str, int], Cell] = {}
    for own in by_question.values():
        shown = _whole_blocks(own)
        shown_cells |= {cell.place: cell for cell in shown}
        found.append(_figures(own[-1].asked.form.name, own[-1].question, shown))
    return Summary(
        questions=tuple(found),
        sheets=sum(cell.sheets for cell in shown_cells.values()) if shown_cells else None,
        invited=sum(cell.subject.invited or 0 for cell in shown_cells.values())
        if shown_cells
        else None,
        answers=sum(one.n or 0 for one in found if one.question.is_scale),
        points=sum((one.points for one in found), Fraction(0)),
    )


def _sort_of(cell: Cell) -> tuple[object, ...]:
    """Return what answers must share to be added: the question, in all versions alike in choices.

    The words of a scale may change, how many there are may not: the best of four is no four of
    five.
    """
    question = cell.question
    choices = len(question.choices) if question.is_scale else question.choices
    return cell.asked.form.name, question.key, question.kind, choices


def _whole_blocks(cells: Sequence[Cell]) -> list[Cell]:
    places = {cell.place for cell in cells}
    return [
        cell
        for cell in cells
        if cell.block and all((cell.asked.code, line) in places for line in cell.block)
    ]


def _figures(form: str, question: Question, cells: Sequence[Cell]) -> Figures:
    if not cells:
        return Figures(form, question)
    counts = added([cell.counts for cell in cells])
    n = sum(counts)
    if not question.is_scale:
        return Figures(form, question, n=n, counts=counts)
    total = sum(place * count for place, count in enumerate(counts, start=1))
    points = Fraction(_WHOLE * (total - n), len(counts) - 1)
    return Figures(
        form,
        question,
        n=n,
        counts=counts,
        mean=round(total / n, _DIGITS),
        median=_median(counts),
        score=round(float(points / n), _DIGITS),
        points=points,
    )


def _median(counts: Counts) -> float:
    values = [place for place, count in enumerate(counts, start=1) for _ in range(count)]
    middle = len(values) // 2
    return (values[middle] + values[~middle]) / 2


def remarks_of(session: Session, asked: Asked) -> dict[str, tuple[str, ...] | None]:
    """Return the free words to each question that asks for them, None where there are too few.

    They come in an order that follows from their letters alone, for the whole evaluation, never for
    a teacher, a course or a session.
    """
    require_closed(asked)
    query = select(_REMARK.c.question, _REMARK.c.text).where(_REMARK.c.evaluation == asked.code)
    texts: dict[str, list[str]] = defaultdict(list)
    for row in session.connection().execute(query):
        texts[row.question].append(row.text)
    return {
        question.key: _shuffled(asked.code, texts[question.key])
        if len(texts[question.key]) >= asked.rule.threshold
        else None
        for question in asked.form.questions
        if question.kind == "text"
    }


def _shuffled(salt: str, texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        sorted(texts, key=lambda text: hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest())
    )
