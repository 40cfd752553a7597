"""The demonstration's marks: the same for a seed, in scale, and decided where the class is over."""

from __future__ import annotations

import pytest

from tests.factories.completing import School
from trainer.attendance.device import VARIABLE
from trainer.demo.outcomes import mark_and_decide
from trainer.desk import Desk
from trainer.outcomes.facts import ClassBook


def marks_of(book: ClassBook) -> dict[str, list[object]]:
    """Return what everybody has, by person."""
    return {
        one.trainee.person: [
            (kind, attempt.number, attempt.entry.said)
            for kind, attempts in sorted(one.trainee.marks.items())
            for attempt in attempts
        ]
        for one in book.evaluations
    }


def test_marks_hang_on_class_and_person(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve of C1: another seed gives other marks, everybody a report, whoever was away a 缺考."""
    monkeypatch.setenv(VARIABLE, "laptop")
    school = School(Desk(sqlite_url, "clerk"))
    people = [f"P{number:02}" for number in range(12)]
    school.people(*people)
    uids = school.course_of("C1", people)
    school.mark_all(uids, people, {("P03", 6): "absent"})
    assert mark_and_decide(school.desk) >= 8
    found = marks_of(school.book("C1"))
    assert all(any(row[0] == "report" for row in rows) for rows in found.values())  # type: ignore[index]
    assert ("exam", 1, (None, None, False)) in found["P03"]
    scores = [row[2][0] for rows in found.values() for row in rows if row[0] == "exam"]  # type: ignore[index]
    assert all(score is None or 0 <= score <= 100 for score in scores)
    assert len({score for score in scores if score is not None}) > 5
    # what is there is left alone, and nobody is decided on twice
    count = mark_and_decide(school.desk)
    assert marks_of(school.book("C1")) == found
    assert mark_and_decide(school.desk) == count
