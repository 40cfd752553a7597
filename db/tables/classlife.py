"""Life in a class: groups, branch and committee, duty, rooms, evening checks, leaving the grounds.

Every table but the rooms is an append-only log. A row is a fact that somebody recorded; one that a
later row ``replaces`` is out, and a later row without a subject takes back and states nothing. So
what holds now depends only on the set of rows, and bringing two databases together is a set union.
"""

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


class Room(SQLModel, table=True):
    """A room with beds of a place; ``gender`` is blank where anybody may have it."""

    code: str = Field(primary_key=True)
    venue: str | None = reference("venue.code")
    name: str
    beds: int
    gender: str | None = None
    note: str | None = None

    __table_args__ = (holds("room", "beds", "beds >= 0"),)


class GroupPlace(SQLModel, table=True):
    """A person's place in a group (编组) of a class from a day on; no group = out of all groups."""

    __tablename__ = "group_place"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    group_name: str | None = None
    since: dt.date | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    replaces: str | None = None


class ClassBranch(SQLModel, table=True):
    """A temporary branch (临时党支部) of a class; it comprises some groups, or where none all."""

    __tablename__ = "class_branch"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    part: str | None = None
    name: str | None = None
    groups: tuple[str, ...] = text_list()
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    approved_by: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    replaces: str | None = None

    __table_args__ = (holds("class_branch", "stay", "to_date >= from_date"),)


class ClassPost(SQLModel, table=True):
    """A post that a person holds in a branch, in the class committee or in a group."""

    __tablename__ = "class_post"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    body: str
    part: str | None = None
    post: str
    person: str | None = reference("person.code")
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    duties: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    replaces: str | None = None

    __table_args__ = (
        one_of("class_post", "body", words.BODIES),
        holds("class_post", "stay", "to_date >= from_date"),
    )


class DutyTurn(SQLModel, table=True):
    """A turn of the duty rota (值班表): on a day, a person or a whole group."""

    __tablename__ = "duty_turn"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    date: dt.date
    person: str | None = reference("person.code")
    group_name: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    replaces: str | None = None


class DutyEntry(SQLModel, table=True):
    """An entry of the duty log (值班日志); an amendment names the entry that it ``replaces``."""

    __tablename__ = "duty_entry"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    date: dt.date
    person: str | None = reference("person.code")
    text: str
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    device: str | None = None
    replaces: str | None = None


class BedPlace(SQLModel, table=True):
    """A person's bed for the nights from ``from_date`` to the one before ``to_date``."""

    __tablename__ = "bed_place"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    room: str | None = reference("room.code")
    bed: int | None = None
    from_date: dt.date
    to_date: dt.date
    fixed: bool = Field(default=False, nullable=False)
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    replaces: str | None = None

    __table_args__ = (
        holds("bed_place", "nights", "to_date > from_date"),
        holds("bed_place", "bed", "bed >= 1"),
    )


class NightCheck(SQLModel, table=True):
    """What an evening roll call (晚点名) found of a person: in the room, out by permit, missing."""

    __tablename__ = "night_check"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    date: dt.date
    person: str = required_reference("person.code")
    status: str
    note: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None
    device: str | None = None
    replaces: str | None = None

    __table_args__ = (one_of("night_check", "status", words.NIGHT_STATUSES),)


class ExitPermit(SQLModel, table=True):
    """A request to leave the grounds (外出审批), with the instant by which the person is back."""

    __tablename__ = "exit_permit"

    id: str = Field(primary_key=True)
    class_code: str = required_reference("training_class.code")
    person: str = required_reference("person.code")
    out_at: dt.datetime = instant(nullable=False)
    due_at: dt.datetime = instant(nullable=False)
    destination: str | None = None
    reason: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None

    __table_args__ = (holds("exit_permit", "span", "due_at > out_at"),)


class ExitStep(SQLModel, table=True):
    """What became of a request: approved, refused, cancelled, or the person's return (销假)."""

    __tablename__ = "exit_step"

    id: str = Field(primary_key=True)
    permit: str = required_reference("exit_permit.id")
    step: str
    approver: str | None = None
    back_at: dt.datetime | None = instant()
    note: str | None = None
    at: dt.datetime = instant(nullable=False)
    by: str | None = None

    __table_args__ = (one_of("exit_step", "step", words.EXIT_STEPS),)
