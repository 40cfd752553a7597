"""What came of a class: marks of exams and works, who completed it, and certificates.

All of it is append-only. An entry is a fact that somebody recorded; one that a later entry
``replaces`` is out, and a later one that states nothing takes back. So what holds now depends only
on the set of entries, in whatever order they came.
"""

import datetime as dt
import json
import uuid
from typing import Any, Final

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import JsonText, holds, instant, one_of, required_reference

#: The facts of a mark, by which marks without an id of their own are told apart.
SCORE_FACTS: Final = (
    "class_code", "person", "kind", "attempt", "title", "score", "passed", "grade", "date",
    "examiner", "note",
)  # fmt: skip
_NAMESPACE: Final = uuid.UUID("5f0f3c36-7c3f-5f7e-9d0b-6f6a2b5d1c47")


def score_identity(facts: dict[str, Any], above: str | None = None) -> str:
    """Return the id of a mark that came without one: the same facts have the same."""
    number = facts.get("score")
    date = facts.get("date")
    plain = {**facts, "score": None if number is None else float(number)}
    plain["date"] = date.isoformat() if isinstance(date, dt.date) else date
    text = json.dumps([*(plain.get(name) for name in SCORE_FACTS), above], ensure_ascii=False)
    return str(uuid.uuid5(_NAMESPACE, text))


class Score(SQLModel, table=True):
    """One assessment of a trainee: an exam, a retake (补考), a research report or another work.

    ``attempt`` counts the exam and its retakes from 1, or the works of a kind. ``score`` is in
    marks, ``grade`` in words (优秀, 良好 …), ``passed`` what the examiner said where neither is
    given. ``reason`` says why an entry ``replaces`` an earlier one; one with neither score, grade
    nor ``passed`` takes it back.
    """

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    kind: str | None = None
    attempt: int | None = None
    title: str | None = None
    score: float | None = None
    passed: bool | None = None
    grade: str | None = None
    date: dt.date | None = None
    examiner: str | None = None
    note: str | None = None
    at: dt.datetime | None = instant()
    by: str | None = None
    reason: str | None = None
    replaces: str | None = None

    __table_args__ = (holds("score", "attempt", "attempt >= 1"),)


class Completion(SQLModel, table=True):
    """A step of deciding whether a trainee completed a class (结业).

    ``result`` is the one in force from this entry on; none is in force after ``reopened``. An
    override is ``asked`` by one person (``result`` is still the one before) and ``confirmed`` or
    ``refused`` by another. ``figures`` are those of each condition at that time, ``rules`` the
    version of the rules that judged them.
    """

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    step: str
    result: str | None = None
    override: bool = Field(default=False, nullable=False)
    figures: dict[str, str] = Field(default_factory=dict, sa_type=JsonText, nullable=False)
    rules: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    replaces: str | None = None

    __table_args__ = (
        one_of("completion", "step", words.COMPLETION_STEPS),
        one_of("completion", "result", words.RESULTS),
    )


class Certificate(SQLModel, table=True):
    """A certificate of completion (结业证) as it was issued; its number is never used again.

    What it states is kept as it was printed. ``serial`` is its place in its ``series`` of numbers,
    ``code`` the check code by the key of that name, ``decision`` the entry of the completion that
    it rests on, and ``replaces`` the number of the one that it replaces for ``reason``.
    """

    number: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    name: str
    title: str
    from_date: dt.date
    to_date: dt.date
    quarters: int
    office: str
    issued_on: dt.date
    code: str
    key: str
    series: str | None = Field(default=None, index=True)
    serial: int | None = None
    decision: str | None = None
    replaces: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None

    __table_args__ = (
        holds("certificate", "serial", "serial >= 1"),
        holds("certificate", "quarters", "quarters >= 0"),
        holds("certificate", "days", "to_date >= from_date"),
    )


class CertificateStep(SQLModel, table=True):
    """What became of a certificate: printed, once more too, or revoked; a row never changes."""

    __tablename__ = "certificate_step"

    id: str = Field(primary_key=True)
    certificate: str = required_reference("certificate.number")
    step: str
    date: dt.date | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None

    __table_args__ = (one_of("certificate_step", "step", words.CERTIFICATE_STEPS),)
