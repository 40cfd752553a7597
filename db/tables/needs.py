"""What is needed: surveys, responses, suggestions and applications to run a class."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables.columns import holds, reference, text_list


class Survey(SQLModel, table=True):
    """A training-needs survey; ``targets_at_least`` is a lower bound ("more than 2,300")."""

    code: str = Field(primary_key=True)
    title: str
    opened: dt.date | None = None
    closed: dt.date | None = None
    audience: str | None = None
    targets_at_least: int | None = None
    questions: tuple[str, ...] = text_list()

    __table_args__ = (
        holds("survey", "targets_at_least", "targets_at_least >= 0"),
        holds("survey", "days", "closed >= opened"),
    )


class Response(SQLModel, table=True):
    """One person's answer to a survey: focus, topic, the measure wished for, the problem met."""

    line: int | None = Field(default=None, primary_key=True)
    survey: str = reference("survey.code")
    person: str | None = reference("person.code")
    unit: str | None = reference("unit.code")
    answered_at: dt.date | None = None
    focus: str | None = None
    topic: str | None = None
    measure_wish: str | None = None
    problem: str | None = None


class Suggestion(SQLModel, table=True):
    """A suggestion and what became of it: merged, adopted in a class, or rejected with a reason."""

    code: str = Field(primary_key=True)
    survey: str | None = reference("survey.code")
    unit: str | None = reference("unit.code")
    person: str | None = reference("person.code")
    text: str | None = None
    topic: str | None = None
    state: str | None = None
    merged_into: str | None = reference("suggestion.code")
    became: str | None = reference("training_class.code")
    reason: str | None = None


class Application(SQLModel, table=True):
    """A unit's application to run a class, and the class that came of it."""

    code: str = Field(primary_key=True)
    unit: str | None = reference("unit.code")
    title: str | None = None
    topic: str | None = None
    audience: str | None = None
    size: int | None = None
    days: float | None = None
    month: int | None = None
    measure: str | None = None
    reason: str | None = None
    state: str | None = None
    class_code: str | None = reference("training_class.code")

    __table_args__ = (holds("application", "month", "month BETWEEN 1 AND 12"),)
