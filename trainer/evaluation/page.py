"""One closed evaluation as somebody may see it: subject by subject, all together, and remarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from trainer.evaluation.access import cells_for, teacher_acting
from trainer.evaluation.facts import Asked, Subject, find_evaluation
from trainer.evaluation.forms import Question
from trainer.evaluation.results import (
    Summary,
    read_cells,
    remarks_of,
    require_closed,
    summary_of,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The figures of an evaluation; ``remarks`` are None where there are too few."""

    asked: Asked
    subjects: tuple[tuple[Subject, Summary], ...]
    total: Summary
    remarks: tuple[tuple[Question, tuple[str, ...] | None], ...]

    def document(self) -> dict[str, Any]:
        """Return the page as JSON shows it."""
        return {
            "evaluation": self.asked.code,
            "class": self.asked.class_code,
            "title": self.asked.class_title,
            "form": self.asked.form.code,
            "opened": self.asked.opened,
            "closed": self.asked.closed,
            "threshold": self.asked.rule.threshold,
            "subjects": [
                subject.document() | summary.document() for subject, summary in self.subjects
            ],
            "total": self.total.document(),
            "remarks": [
                {"question": question.key, "text": question.text}
                | {"suppressed": texts is None, "remarks": list(texts or ())}
                for question, texts in self.remarks
            ],
        }


def read_page(session: Session, actor: str, name: str) -> Page:
    """Return the figures of an evaluation; raise Refused while it is open, NotAllowed.

    A teacher sees his own subjects, and no remarks: they are about the class.
    """
    asked = find_evaluation(session, name)
    require_closed(asked)
    cells = cells_for(session, actor, read_cells(session, [asked]))
    own = {cell.subject.line for cell in cells}
    subjects = tuple(
        (one, summary_of([cell for cell in cells if cell.subject.line == one.line]))
        for one in asked.subjects
        if one.line in own
    )
    remarks = {} if teacher_acting(session, actor) else remarks_of(session, asked)
    questions = {question.key: question for question in asked.form.questions}
    return Page(
        asked,
        subjects,
        summary_of(cells),
        tuple((questions[key], texts) for key, texts in remarks.items()),
    )
