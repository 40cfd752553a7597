"""Sessions of the timetable, and what was published of them."""

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import (
    JsonText,
    holds,
    instant,
    late_text_list,
    one_of,
    reference,
    required_reference,
)


class TrainingSession(SQLModel, table=True):
    """One meeting of one class on its date, from ``period`` on for ``periods`` periods.

    ``uid`` is a random UUID made with the session and never changed. ``seq`` counts the meetings of
    a course in a class from 1. Sessions of equal ``joint`` are one meeting of several classes.
    ``stops`` are the venues of a field day in the order in which they are visited. ``instead_of``
    is the outdoor site for which its venue stands in while the weather is bad.
    """

    __tablename__ = "session"

    uid: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code", index=False)
    course: str = required_reference("course.code")
    seq: int
    date: dt.date = Field(index=True)
    period: str
    periods: int
    start: dt.datetime = instant(nullable=False, index=True)
    end: dt.datetime = instant(nullable=False)
    venue: str | None = reference("venue.code")
    teacher: str | None = reference("teacher.code")
    status: str = "planned"
    locked: bool = Field(default=False, nullable=False)
    joint: str | None = None
    stops: tuple[str, ...] = late_text_list()
    instead_of: str | None = None
    version: int = Field(default=1, nullable=False)

    __table_args__ = (
        UniqueConstraint("class_code", "course", "seq", name="uq_session_meeting"),
        one_of("session", "status", words.SESSION_STATES),
        holds("session", "seq", "seq >= 1"),
        holds("session", "periods", "periods >= 1"),
        holds("session", "span", '"end" > start'),
    )


class Publication(SQLModel, table=True):
    """Version ``number`` of the timetable: when and by whom it was made."""

    number: int = Field(primary_key=True)
    at: dt.datetime = instant(nullable=False)
    by: str
    note: str | None = None


class PublishedSession(SQLModel, table=True):
    """A session as calendars speak of it; ``sequence`` rises with every published change.

    ``first`` and ``last`` are the publications between which this state held (``last`` blank: it
    still does); ``revised_at`` is the instant of the publication that brought it. ``facts`` keeps
    what an event says besides (titles, names), so that a changed name is a published change too.
    """

    __tablename__ = "published_session"

    uid: str = Field(primary_key=True)
    first: int = reference("publication.number", primary_key=True)
    last: int | None = None
    sequence: int = 0
    revised_at: dt.datetime = instant(nullable=False)
    class_code: str = Field(index=True)
    course: str
    seq: int
    date: dt.date
    period: str
    periods: int
    start: dt.datetime = instant(nullable=False)
    end: dt.datetime = instant(nullable=False)
    venue: str | None = None
    teacher: str | None = None
    status: str
    joint: str | None = None
    facts: dict[str, str] = Field(default_factory=dict, sa_type=JsonText, nullable=False)

    __table_args__ = (one_of("published_session", "status", words.PUBLISHED_STATES),)
