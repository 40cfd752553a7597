"""What stands around the log of marks: closings, corrections, imports, exemptions, make-ups."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import (
    holds,
    instant,
    one_of,
    reference,
    required_reference,
    text_list,
)


class SessionClosing(SQLModel, table=True):
    """That a session's roll was closed, or opened again; the last word of a person on it.

    Where there is no row the office's policy decides (closed so many days after, or never).
    """

    __tablename__ = "session_closing"

    session: str = reference("session.uid", primary_key=True, index=False)
    closed: bool = Field(nullable=False)
    at: dt.datetime = instant(nullable=False)
    by: str
    reason: str | None = None


class AttendanceFreeze(SQLModel, table=True):
    """All sessions up to a day are frozen: their figures were reported upward.

    A freeze that was lifted stays as a row with who lifted it, when and why.
    """

    __tablename__ = "attendance_freeze"

    until: dt.date = Field(primary_key=True)
    at: dt.datetime = instant(nullable=False)
    by: str
    reason: str | None = None
    lifted_at: dt.datetime | None = instant()
    lifted_by: str | None = None
    lifted_reason: str | None = None


class ChangedLater(SQLModel, table=True):
    """What counted for somebody at a session when its period was frozen, and has changed since.

    ``status`` is None for somebody who was unmarked then.
    """

    __tablename__ = "changed_later"

    session: str = reference("session.uid", primary_key=True, index=False)
    person: str = reference("person.code", primary_key=True)
    status: str | None = None
    minutes: int | None = None
    at: dt.datetime = instant(nullable=False)


class Correction(SQLModel, table=True):
    """A correction of a closed session, proposed by one person and decided by another.

    ``status`` void proposes to leave the person unmarked. ``base`` is the mark that counted when it
    was proposed, ``mark`` the event that came of it.
    """

    id: str = Field(primary_key=True)
    session: str = required_reference("session.uid")
    person: str = required_reference("person.code")
    status: str
    minutes: int | None = None
    reason: str
    asked_at: dt.datetime = instant(nullable=False)
    asked_by: str
    state: str
    decided_at: dt.datetime | None = instant()
    decided_by: str | None = None
    decided_reason: str | None = None
    base: str | None = None
    mark: str | None = None

    __table_args__ = (
        one_of("correction", "status", words.MARK_STATUSES),
        one_of("correction", "state", words.CORRECTION_STATES),
        holds("correction", "minutes", "minutes >= 0"),
    )


class MarkBatch(SQLModel, table=True):
    """One import or merge of marks, or the undoing of one: who, when, from what, how many.

    Events name their batch (``mark.batch``). ``undoes`` is the batch that an undoing takes back.
    """

    __tablename__ = "mark_batch"

    number: int = Field(primary_key=True)
    kind: str
    source: str
    digest: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str
    new: int
    known: int = 0
    restored: int = 0
    undoes: int | None = None
    undone_at: dt.datetime | None = instant()
    undone_by: str | None = None
    undone_reason: str | None = None

    __table_args__ = (one_of("mark_batch", "kind", words.BATCH_KINDS),)


class Exemption(SQLModel, table=True):
    """Somebody of whom attendance is not required from one day to another, and why (EX-1)."""

    line: int | None = Field(default=None, primary_key=True)
    person: str = required_reference("person.code")
    class_code: str | None = reference("training_class.code")
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    reason: str

    __table_args__ = (holds("exemption", "stay", "to_date >= from_date"),)


class MakeUp(SQLModel, table=True):
    """Whoever missed session ``missed`` makes it up at ``session``; only ``person``, if given."""

    __tablename__ = "make_up"

    line: int | None = Field(default=None, primary_key=True)
    session: str = required_reference("session.uid")
    missed: str = required_reference("session.uid")
    person: str | None = reference("person.code")
    note: str | None = None

    __table_args__ = (holds("make_up", "other", "missed <> session"),)


class AlertCase(SQLModel, table=True):
    """What somebody did about an alert: took it on, or saw to it and wrote down how.

    ``facts`` are what the alert rested on then; it opens again when it rests on more.
    """

    __tablename__ = "alert_case"

    key: str = Field(primary_key=True)
    kind: str
    class_code: str | None = None
    person: str | None = None
    session: str | None = None
    state: str
    owner: str
    at: dt.datetime = instant(nullable=False)
    by: str
    note: str | None = None
    facts: tuple[str, ...] = text_list()

    __table_args__ = (one_of("alert_case", "state", words.CASE_STATES),)
