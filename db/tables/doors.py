"""Ways in: keys of the rotating code, cards of people, and what door devices saw of them."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import instant, one_of, required_reference


class CodeKey(SQLModel, table=True):
    """A secret key in hexadecimal: the office's own (``scope`` blank), or that of one class.

    It is never shown and never part of a dataset; a class taken along carries its own key only.
    """

    __tablename__ = "code_key"

    scope: str = Field(primary_key=True)
    key: str


class DoorCard(SQLModel, table=True):
    """A card that a person opens doors with, by the number that the devices write."""

    __tablename__ = "door_card"

    card: str = Field(primary_key=True)
    person: str = required_reference("person.code")


class DoorEvent(SQLModel, table=True):
    """Something that a door device saw of a person; ``direction`` is blank where it does not tell.

    The id follows from what it says, so that the same line of two logs is one event. ``batch`` is
    the import that brought it, None where it came with a dataset.
    """

    __tablename__ = "door_event"

    id: str = Field(primary_key=True)
    device: str
    person: str = required_reference("person.code")
    at: dt.datetime = instant(nullable=False, index=True)
    direction: str | None = None
    batch: int | None = None

    __table_args__ = (one_of("door_event", "direction", words.DIRECTIONS),)
