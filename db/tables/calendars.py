"""What calendars must remember: events beside the sessions, secret feeds, and what a server has."""

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables.columns import holds, instant


class ExtraEvent(SQLModel, table=True):
    """An event that belongs to a session without being one: the way to it, or back from it.

    Of a session that visits several places also each stop (``stop:CODE``, the venue's code) and
    the way to it (``way:CODE``).
    ``uid`` is a random UUID made once for a session and ``kind`` and kept for good. The other
    columns are the event as it was last published, in publication ``first``; blank until then.
    """

    __tablename__ = "extra_event"

    uid: str = Field(primary_key=True)
    session: str = Field(index=True)
    kind: str
    first: int | None = Field(default=None, index=True)
    sequence: int = 0
    revised_at: dt.datetime | None = instant()
    start: dt.datetime | None = instant()
    end: dt.datetime | None = instant()
    place: str | None = None
    cancelled: bool = Field(default=False, nullable=False)

    __table_args__ = (
        UniqueConstraint("session", "kind", name="uq_extra_event_kind"),
        holds(
            "extra_event",
            "kind",
            "kind IN ('to', 'back') OR substr(kind, 1, 5) = 'stop:' OR substr(kind, 1, 4) = 'way:'",
        ),
    )


class Feed(SQLModel, table=True):
    """A calendar that is served under a name which nobody can guess; renewing it ends the name."""

    number: int | None = Field(default=None, primary_key=True)
    kind: str
    code: str
    secret: str = Field(unique=True)
    made_at: dt.datetime = instant(nullable=False)
    ended_at: dt.datetime | None = instant()


class RemoteItem(SQLModel, table=True):
    """What a calendar server was last given, with the entity tag that it answered.

    ``digest`` is that of the bytes sent, ``meaning`` that of what they say, however a server may
    write it. ``collection`` is the address of a calendar; it never holds a name or password.
    """

    __tablename__ = "remote_item"

    collection: str = Field(primary_key=True)
    uid: str = Field(primary_key=True)
    etag: str
    digest: str
    meaning: str
