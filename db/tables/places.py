"""Where teaching happens: venues, their accreditation and the travel between them."""

import datetime as dt

from sqlmodel import Field, SQLModel

from db.tables import words
from db.tables.columns import holds, one_of, reference, text_list


class Venue(SQLModel, table=True):
    """A classroom, field teaching site, activity room, external place or online room.

    ``parallel`` is the number of meetings it holds at once; ``season_from`` and ``season_to`` are
    ``MM-DD`` and may wrap the year's end; ``closed_weekdays`` are ISO digits (1 = Monday).
    ``part_of`` is the larger venue of which it is a part, ``plan_b`` the one used instead when the
    weather is bad; whoever writes them sees to it that there is one, since SQLite adds no deferred
    reference to a table that exists. ``exam_capacity`` counts instead of ``capacity`` at an exam.
    ``guides`` lead so many groups at once, each of at most ``group_size`` people.
    """

    code: str = Field(primary_key=True)
    name: str
    kind: str
    unit: str | None = reference("unit.code")
    capacity: int | None = None
    parallel: int = Field(default=1, nullable=False)
    equipment: tuple[str, ...] = text_list()
    lat: float | None = None
    lon: float | None = None
    open_from: dt.time | None = None
    open_to: dt.time | None = None
    season_from: str | None = None
    season_to: str | None = None
    closed_weekdays: tuple[str, ...] = text_list()
    shared_with: tuple[str, ...] = text_list()
    accredited_until: dt.date | None = None
    part_of: str | None = None
    exam_capacity: int | None = None
    outdoor: bool | None = None
    plan_b: str | None = None
    guides: int | None = None
    group_size: int | None = None
    safety_contact: str | None = None
    safety_phone: str | None = None
    notes: str | None = None

    __table_args__ = (
        one_of("venue", "kind", words.VENUE_KINDS),
        holds("venue", "capacity", "capacity >= 0"),
        holds("venue", "parallel", "parallel >= 1"),
        holds("venue", "lat", "lat BETWEEN -90 AND 90"),
        holds("venue", "lon", "lon BETWEEN -180 AND 180"),
        holds("venue", "open", "open_from < open_to"),
        holds("venue", "exam_capacity", "exam_capacity >= 0"),
        holds("venue", "guides", "guides >= 0"),
        holds("venue", "group_size", "group_size >= 1"),
    )


class AccreditationItem(SQLModel, table=True):
    """One item of the ten haves (十有) of a venue, with its evidence and date."""

    __tablename__ = "accreditation"

    venue: str = reference("venue.code", primary_key=True, index=False)
    item: str = Field(primary_key=True)
    evidence: str | None = None
    date: dt.date | None = None


class Travel(SQLModel, table=True):
    """Minutes between two venues that override what their coordinates give."""

    from_venue: str = reference("venue.code", primary_key=True, index=False)
    to_venue: str = reference("venue.code", primary_key=True)
    minutes: int

    __table_args__ = (holds("travel", "minutes", "minutes >= 0"),)
