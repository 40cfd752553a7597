"""Units, groups of units, and people."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import holds, one_of, reference, text_list


class Unit(SQLModel, table=True):
    """A unit of the organisation tree; ``second_parent`` is its second supervisor (双重管理)."""

    code: str = Field(primary_key=True)
    name: str
    kind: str | None = None
    parent: str | None = reference("unit.code")
    second_parent: str | None = reference("unit.code")
    lat: float | None = None
    lon: float | None = None

    __table_args__ = (
        holds("unit", "own_parent", "parent <> code"),
        holds("unit", "lat", "lat BETWEEN -90 AND 90"),
        holds("unit", "lon", "lon BETWEEN -180 AND 180"),
    )


class UnitGroup(SQLModel, table=True):
    """A group of units beside the tree (an alliance): its members share places and activities."""

    __tablename__ = "unit_group"

    code: str = Field(primary_key=True)
    name: str
    kind: str | None = None
    members: tuple[str, ...] = text_list()


class Person(SQLModel, table=True):
    """A cadre or party member; a guest met in the field is a person of category ``guest``."""

    code: str = Field(primary_key=True)
    name: str = Field(index=True)
    unit: str | None = reference("unit.code")
    position: str | None = None
    category: str | None = None
    tier: str | None = None
    party_status: str | None = None
    gender: str | None = None
    birth_year: int | None = None
    phone: str | None = None
    joined: dt.date | None = None
    left: dt.date | None = None

    __table_args__ = (
        one_of("person", "tier", words.TIERS),
        holds("person", "birth_year", "birth_year BETWEEN 1900 AND 2100"),
        holds("person", "stay", '"left" >= joined'),
    )


class Enrolment(SQLModel, table=True):
    """A person's dated place in a class; ``stint`` counts the times a person joined that class."""

    class_code: str = reference("training_class.code", primary_key=True, index=False)
    person: str = reference("person.code", primary_key=True)
    stint: int = Field(default=1, primary_key=True)
    status: str = "confirmed"
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    version: int = Field(default=1, nullable=False)

    __table_args__ = (
        one_of("enrolment", "status", words.ENROLMENT_STATES),
        holds("enrolment", "stint", "stint >= 1"),
        holds("enrolment", "stay", "to_date >= from_date"),
    )


class Unavailability(SQLModel, table=True):
    """A stretch of days (or one period of them) on which somebody or something is not to be had.

    Of a venue it may be an outside booking: who asked for it (``applicant``), and its ``state``.
    Without a state it holds, as an approved one does; ``reason`` says what it is for.
    """

    line: int | None = Field(default=None, primary_key=True)
    kind: str
    code: str = Field(index=True)
    date_from: dt.date
    date_to: dt.date
    period: str | None = None
    reason: str | None = None
    applicant: str | None = None
    state: str | None = None

    __table_args__ = (
        one_of("unavailability", "kind", words.UNAVAILABLE_KINDS),
        one_of("unavailability", "state", words.BOOKING_STATES),
        holds("unavailability", "days", "date_to >= date_from"),
    )
