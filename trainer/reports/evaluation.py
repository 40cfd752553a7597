"""The report of teaching evaluation: figures of closed evaluations, with small cells suppressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from trainer.desk import Desk
from trainer.errors import NotAllowed, UsageError
from trainer.evaluation.access import cells_for, teacher_acting
from trainer.evaluation.results import (
    Cell,
    Figures,
    Summary,
    closed_evaluations,
    read_cells,
    summary_of,
)
from trainer.evaluation.rules import evaluation_rules
from trainer.office import read_office
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.attendance import check_period, period_phrase
from trainer.reports.report import Column, Report

#: A group's key and name by each dimension; None where a cell has none of that dimension.
_GROUPS: Final[Mapping[str, Callable[[Cell], tuple[str | None, str | None]]]] = {
    "class": lambda cell: (cell.asked.class_code, cell.asked.class_title),
    "course": lambda cell: (cell.subject.course, cell.subject.course_title),
    "teacher": lambda cell: (cell.subject.teacher, cell.subject.teacher_name),
    "venue": lambda cell: (cell.subject.venue, cell.subject.venue_name),
    "series": lambda cell: (cell.asked.series, cell.asked.series),
    "month": lambda cell: (f"{cell.day:%Y-%m}", f"{cell.day:%Y-%m}"),
}
GROUPS: Final = tuple(_GROUPS)
_TITLES: Final = {
    "class": mark("class"),
    "course": mark("course"),
    "teacher": mark("teacher"),
    "venue": mark("venue"),
    "series": mark("series"),
    "month": mark("month"),
}


def evaluation_report(
    desk: Desk, *, first: dt.date | None = None, last: dt.date | None = None, by: str = "class"
) -> Report:
    """Return the figures by a dimension: of each group over all, then question by question.

    Teachers come in the order of their score drawn towards that of all by the office's
    ``shrinkage``: few sheets move it little. Raise UsageError for a dimension that there is not,
    NotAllowed where somebody may not look.
    """
    check_period(first, last)
    if by not in _GROUPS:
        raise UsageError(
            "an evaluation cannot be seen by {by}; use one of: {known}",
            by=by,
            known=", ".join(GROUPS),
        )
    with desk.reading() as session:
        rules = evaluation_rules(read_office(session))
        evaluations = closed_evaluations(session)
        cells = cells_for(session, desk.actor, read_cells(session, evaluations))
        if by != "teacher" and teacher_acting(session, desk.actor) is not None:
            raise NotAllowed("a teacher may look at his own results only; ask with --by teacher")
    cells = [
        cell
        for cell in cells
        if (first is None or cell.day >= first) and (last is None or cell.day <= last)
    ]
    total = summary_of(cells)
    groups: dict[str, list[Cell]] = {}
    names: dict[str, str | None] = {}
    for cell in cells:
        key, name = _GROUPS[by](cell)
        if key is not None:
            groups.setdefault(key, []).append(cell)
            names[key] = name
    found = [(key, own, summary_of(own)) for key, own in sorted(groups.items())]
    ranked = {
        key: own.drawn_towards(total.score or 0, rules.shrinkage) for key, _cells, own in found
    }
    if by == "teacher":
        found.sort(key=lambda group: (-(ranked[group[0]] or 0), group[0]))
    rows: list[dict[str, Any]] = []
    for key, own, summary in found:
        head = {by: key, "key": key, "name": names[key]}
        extra = {"ranked": ranked[key]} if by == "teacher" else {}
        rows.append(head | _overall(own, summary) | extra)
        rows += [head | _one(figures) | dict.fromkeys(extra) for figures in summary.questions]
    named = phrase("name") if by == "teacher" else phrase("title")
    return Report(
        "evaluation",
        phrase("Teaching evaluation"),
        period_phrase(first, last),
        (
            Column(by, Phrase(_TITLES[by]), "text"),
            *(() if by in ("series", "month") else (Column("name", named, "text"),)),
            Column("text", phrase("question"), "text"),
            Column("n", phrase("answers")),
            Column("rate", phrase("answered"), "rate"),
            Column("mean", phrase("mean"), "number"),
            Column("median", phrase("median"), "number"),
            Column("score", phrase("score of 100"), "number"),
            *((Column("ranked", phrase("score for the ranking"), "number"),)
              if by == "teacher" else ()),
            Column("shares", phrase("how many gave which"), "text"),
        ),
        tuple(rows),
        {by: None, "key": None, "name": say("total")} | _overall(cells, total),
    )  # fmt: skip


def _overall(cells: Sequence[Cell], summary: Summary) -> dict[str, Any]:
    """Return the row of a group over all its questions; ``n`` are its sheets, not its answers."""
    return {
        "question": None,
        "text": say("all questions"),
        "evaluations": len({cell.asked.code for cell in cells}),
        "suppressed": summary.sheets is None,
        "n": summary.sheets,
        "invited": summary.invited,
        "rate": summary.rate,
        "mean": None,
        "median": None,
        "score": summary.score,
        "distribution": None,
        "shares": say("too few or too alike to be shown") if summary.sheets is None else "",
    }


def _one(figures: Figures) -> dict[str, Any]:
    """Return the row of one question of a group."""
    document = figures.document()
    shares = say("not shown")
    if figures.counts is not None:
        pairs = zip(figures.question.choices, figures.counts, strict=True)
        shares = "  ".join(f"{word} {count}" for word, count in reversed(list(pairs)) if count)
    return document | {"evaluations": None, "invited": None, "rate": None, "shares": shares}
