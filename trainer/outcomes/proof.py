"""Proof that marks say something: a dataset is taken as it comes, and may bring what is no mark."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Score, TrainingClass
from db.work import table_of
from trainer.office import read_office
from trainer.outcomes.entries import Attempt, entry_of, mark_of, marks_by_person, off_scale
from trainer.outcomes.evaluate import work_name
from trainer.outcomes.rules import CompletionRules, rules_for
from trainer.phrases import Phrase, phrase

_SCORE = table_of(Score)
_CLASS = table_of(TrainingClass)


def score_flaws(session: Session) -> Iterator[Phrase]:
    """Yield the marks out of the scale, grades that nobody knows, and entries that disagree."""
    by_class: dict[str, list[Score]] = {}
    for row in session.scalars(select(Score).order_by(_SCORE.c.class_code, _SCORE.c.id)):
        by_class.setdefault(row.class_code, []).append(row)
    if not by_class:
        return
    office = read_office(session)
    query = select(_CLASS.c.code, _CLASS.c.series, _CLASS.c.measure).order_by(_CLASS.c.code)
    for code, series, measure in session.connection().execute(query):
        rows = by_class.get(code)
        if not rows:
            continue
        rules = rules_for(office, class_code=code, series=series, measure=measure).rules
        people = marks_by_person(entry_of(row, rules) for row in rows)
        for person, marks in people.items():
            for kind, attempts in marks.items():
                for attempt in attempts:
                    yield from _flaws(attempt, rules, class_code=code, person=person, kind=kind)


def _flaws(
    attempt: Attempt, rules: CompletionRules, *, class_code: str, person: str, kind: str
) -> Iterator[Phrase]:
    facts = {"class_code": class_code, "person": person, "kind": work_name(kind),
             "number": attempt.number}  # fmt: skip
    if attempt.disagrees:
        yield phrase(
            "{person} has two entries for attempt {number} at {kind} in {class_code} that "
            "disagree; correct one with “trainer completion correct”",
            **facts,
        )
        return
    entry = attempt.entry
    if off_scale(entry, rules):
        yield phrase(
            "the mark {mark} of {person} ({kind}, attempt {number}) in {class_code} is out of the "
            "scale from 0 to {full}; correct it with “trainer completion correct”",
            mark=mark_of(entry),
            full=f"{rules.exam.full:g}",
            **facts,
        )
    elif _is_unknown(entry.said, rules):
        yield phrase(
            "the grade “{mark}” of {person} ({kind}, attempt {number}) in {class_code} is none of "
            "{grades}; correct it with “trainer completion correct”",
            mark=mark_of(entry),
            grades=", ".join(rules.works.grades),
            **facts,
        )


def _is_unknown(said: tuple[float | None, str | None, bool | None], rules: CompletionRules) -> bool:
    # beside marks, or passed or not, a grade in other words harms nobody
    score, grade, passed = said
    return score is None and passed is None and grade not in rules.works.grades
