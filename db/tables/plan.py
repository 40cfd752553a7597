"""The annual plan: courses, teachers, classes and their syllabi."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import (
    holds,
    late_text_list,
    one_of,
    reference,
    required_reference,
    text_list,
)


class Teacher(SQLModel, table=True):
    """Somebody who teaches; ``person`` ties a teacher to the roster, ``fee`` is yuan per hour."""

    code: str = Field(primary_key=True)
    name: str
    kind: str | None = None
    unit: str | None = reference("unit.code")
    person: str | None = reference("person.code")
    courses: tuple[str, ...] = text_list()
    max_per_week: int | None = None
    fee: int | None = None

    __table_args__ = (
        one_of("teacher", "kind", words.TEACHER_KINDS),
        holds("teacher", "max_per_week", "max_per_week >= 0"),
        holds("teacher", "fee", "fee >= 0"),
    )


class Course(SQLModel, table=True):
    """A course; ``periods`` is how many neighbouring periods of one day a meeting takes.

    ``stops`` are venues that each meeting visits, in whichever order serves; at each it stays
    ``stop_minutes``, or where these are blank an equal share of the time.
    """

    code: str = Field(primary_key=True)
    title: str
    strand: str | None = None
    focus: str | None = None
    form: str | None = None
    periods: int = Field(default=1, nullable=False)
    venue_kinds: tuple[str, ...] = text_list()
    venues: tuple[str, ...] = text_list()
    equipment: tuple[str, ...] = text_list()
    teachers: tuple[str, ...] = text_list()
    after: tuple[str, ...] = text_list()
    stops: tuple[str, ...] = late_text_list()
    stop_minutes: int | None = None

    __table_args__ = (
        one_of("course", "strand", words.STRANDS),
        one_of("course", "focus", words.FOCUSES),
        one_of("course", "form", words.FORMS),
        holds("course", "periods", "periods >= 1"),
        holds("course", "stop_minutes", "stop_minutes >= 1"),
    )


class TrainingClass(SQLModel, table=True):
    """A class (班次): what it is, who holds it, when it may run and how far it has come."""

    __tablename__ = "training_class"

    code: str = Field(primary_key=True)
    title: str
    series: str | None = Field(default=None, index=True)
    measure: str | None = None
    focus: str | None = None
    hosts: tuple[str, ...] = text_list()
    sponsor: str | None = reference("unit.code")
    size: int | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    max_days: int | None = None
    residential: bool | None = None
    accredited: bool | None = None
    head_teacher: str | None = reference("person.code")
    venues: tuple[str, ...] = text_list()
    stage: str = "proposed"
    version: int = Field(default=1, nullable=False)

    __table_args__ = (
        one_of("training_class", "measure", words.MEASURES),
        one_of("training_class", "focus", words.FOCUSES),
        one_of("training_class", "stage", words.STAGES),
        holds("training_class", "size", "size >= 0"),
        holds("training_class", "window", "latest >= earliest"),
        holds("training_class", "max_days", "max_days >= 1"),
    )


class SyllabusItem(SQLModel, table=True):
    """``count`` meetings of a course in a class; whatever else is given is fixed for them."""

    __tablename__ = "syllabus_item"

    class_code: str = reference("training_class.code", primary_key=True, index=False)
    line: int = Field(primary_key=True)
    course: str = required_reference("course.code")
    count: int = Field(default=1, nullable=False)
    teacher: str | None = reference("teacher.code")
    venue: str | None = reference("venue.code")
    date: dt.date | None = None
    period: str | None = None
    position: str | None = None
    joint: str | None = Field(default=None, index=True)

    __table_args__ = (
        one_of("syllabus_item", "position", words.POSITIONS),
        holds("syllabus_item", "count", "count >= 1"),
    )
