"""Marks and completion of the demonstration's classes that are over and have an exam or a work.

Most pass at once, some by a retake, a few have it before them still; whoever was not at the exam
has to sit the retake. Chance hangs on class and person, so that a seed gives the same marks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Completion, Course, MarkState, Score, SyllabusItem, TrainingSession
from db.tables.outcomes import score_identity
from db.tables.words import ATTENDED
from db.work import table_of
from trainer.demo.roll_call import OFFICE
from trainer.desk import Desk
from trainer.outcomes.deciding import decide_class
from trainer.outcomes.entries import EXAM
from trainer.outcomes.facts import ClassBook, Reader

_MEAN: Final = 78
_SPREAD: Final = 9
#: How many of those who failed sat the retake by now, and how many passed it.
_RETAKEN: Final = 0.85
_PASSED: Final = 0.8
#: Grades of works, the best first, by their share.
_GRADES: Final = (0.25, 0.75, 0.98, 1.0)
_MARKED_AFTER: Final = dt.timedelta(days=2)
_RETAKE_AFTER: Final = dt.timedelta(days=14)


def mark_and_decide(desk: Desk, seed: int = 1) -> int:
    """Enter marks of every class that is over, and decide on it; return how many were decided."""
    with desk.writing("demo marks") as work:
        codes = _examined(work.session)
        reader = Reader(work.session, desk)
        there = _attended(work.session)
        # the marks that came with the dataset stay as they are
        known = set(work.session.scalars(select(table_of(Score).c.class_code).distinct()))
        books = [reader.book(code) for code in codes]
        over = [book for book in books if book.facts.over]
        rows = [
            row
            for book in over
            if book.code not in known
            for row in _marks(book, seed, there.get(book.code, frozenset()))
        ]
        work.insert_many(Score, rows, digest=True)
        for book in over:
            decide_class(work, reader.book(book.code))
        work.commit()
        table = table_of(Completion)
        return len(work.session.scalars(select(table.c.id)).all())


def _examined(session: Session) -> list[str]:
    # classes with an exam or a work in the syllabus
    item, course = table_of(SyllabusItem), table_of(Course)
    query = (
        select(item.c.class_code)
        .join(course, course.c.code == item.c.course)
        .where((course.c.form == EXAM) | course.c.title.contains("调研"))
        .distinct()
    )
    return sorted(session.scalars(query))


def _attended(session: Session) -> dict[str, frozenset[str]]:
    # by class who was at its exam
    state, meeting, course = (table_of(m) for m in (MarkState, TrainingSession, Course))
    query = (
        select(meeting.c.class_code, state.c.person)
        .join(state, state.c.session == meeting.c.uid)
        .join(course, course.c.code == meeting.c.course)
        .where(course.c.form == EXAM, state.c.status.in_(ATTENDED))
    )
    found: dict[str, set[str]] = {}
    for code, person in session.connection().execute(query):
        found.setdefault(code, set()).add(person)
    return {code: frozenset(people) for code, people in found.items()}


def _marks(book: ClassBook, seed: int, there: frozenset[str]) -> Iterator[dict[str, Any]]:
    rules = book.rules.rules
    last = book.facts.last
    assert last is not None
    for one in book.evaluations:
        person = one.trainee.person
        if one.trainee.standing != "member":
            continue
        rng = Random(f"{seed}/{book.code}/{person}/marks")  # noqa: S311 - a demonstration
        if book.facts.exam:
            day = book.facts.exam_on or last
            full, passing = int(rules.exam.full), int(rules.exam.passing)
            score = min(full - 1, max(passing - 25, round(rng.gauss(_MEAN, _SPREAD))))
            if person in there:
                yield _row(book, person, EXAM, 1, day, score=float(score))
            else:
                yield _row(book, person, EXAM, 1, day, passed=False, note="缺考")
            failed = person not in there or score < passing
            if failed and rng.random() < _RETAKEN:
                good = rng.random() < _PASSED
                again = rng.randint(passing, 80) if good else rng.randint(passing - 15, passing - 1)
                yield _row(book, person, EXAM, 2, last + _RETAKE_AFTER, score=float(again))
        for kind in book.facts.works:
            drawn = rng.random()
            place = next(number for number, share in enumerate(_GRADES) if drawn <= share)
            grade = rules.works.grades[min(place, len(rules.works.grades) - 1)]
            yield _row(book, person, kind, 1, last, grade=grade)


def _row(
    book: ClassBook, person: str, kind: str, attempt: int, day: dt.date, **facts: Any
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(table_of(Score).columns.keys())
    row |= {"class_code": book.code, "person": person, "kind": kind, "attempt": attempt}
    at = dt.datetime.combine(day + _MARKED_AFTER, dt.time(9), dt.UTC)
    row |= {"date": day, "at": at, "by": OFFICE, **facts}
    return {**row, "id": score_identity(row)}
