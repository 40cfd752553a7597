"""The append-only log of marks, the current state that it amounts to, and leave."""

import datetime as dt

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import LONG_INTEGER, holds, instant, one_of, reference, required_reference


class Mark(SQLModel, table=True):
    """One immutable event of the log: somebody marked somebody at a session.

    ``minutes`` are minutes missed; ``counter`` is the device's own count; ``replaces`` is the id of
    the mark that this one corrects or, with status ``void``, takes back (it may not be known yet).
    ``batch`` is the import of this database that brought it, None for what was recorded here; it is
    no part of the event and travels nowhere.
    """

    id: str = Field(primary_key=True)
    session: str = required_reference("session.uid", index=False)
    person: str = required_reference("person.code", index=False)
    status: str
    minutes: int | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    device: str | None = None
    counter: int | None = Field(default=None, sa_type=LONG_INTEGER)
    replaces: str | None = None
    note: str | None = None
    batch: int | None = None

    __table_args__ = (
        Index("ix_mark_session_person", "session", "person"),
        Index("ix_mark_person", "person"),
        Index("ix_mark_device_counter", "device", "counter"),
        one_of("mark", "status", words.MARK_STATUSES),
        holds("mark", "minutes", "minutes >= 0"),
    )


class MarkState(SQLModel, table=True):
    """What counts now for a person at a session, derived from the log in the same transaction.

    ``mark`` is the event that counts; ``conflict`` says that devices disagree and a person must
    decide. A row whose every mark was voided is not kept.
    """

    __tablename__ = "mark_state"

    session: str = reference("session.uid", primary_key=True, index=False)
    person: str = reference("person.code", primary_key=True)
    status: str
    minutes: int | None = None
    mark: str
    conflict: bool = Field(default=False, nullable=False)

    __table_args__ = (
        one_of("mark_state", "status", [word for word in words.MARK_STATUSES if word != "void"]),
    )


class Leave(SQLModel, table=True):
    """A leave request: from one period to another (blank = the whole day), its paper and state.

    Either end may be a time of day in the office's zone instead of a period.
    """

    __tablename__ = "leave_request"

    id: str = Field(primary_key=True)
    person: str = required_reference("person.code")
    class_code: str | None = reference("training_class.code")
    kind: str | None = None
    date_from: dt.date
    period_from: str | None = None
    date_to: dt.date
    period_to: str | None = None
    reason: str | None = None
    paper: str | None = None
    status: str | None = None
    approved_by: str | None = None
    asked_at: dt.date | None = None
    returned_at: dt.date | None = None
    time_from: dt.time | None = None
    time_to: dt.time | None = None
    version: int = Field(default=1, nullable=False)

    __table_args__ = (holds("leave_request", "days", "date_to >= date_from"),)


class LeaveStep(SQLModel, table=True):
    """A step of the ladder (LV-4) that somebody gave a leave request; a row never changes.

    ``reason`` says why it was given out of order, or by somebody who had given another.
    """

    __tablename__ = "leave_step"

    id: str = Field(primary_key=True)
    leave: str = required_reference("leave_request.id")
    step: str
    approver: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
