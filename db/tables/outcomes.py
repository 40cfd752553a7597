"""What came of a class: exam marks and graded works."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables.columns import required_reference


class Score(SQLModel, table=True):
    """One assessment of a trainee: an exam, a retake or a research report."""

    line: int | None = Field(default=None, primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    kind: str | None = None
    score: float | None = None
    passed: bool | None = None
    date: dt.date | None = None
    note: str | None = None
