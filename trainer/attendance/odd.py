"""Marks that are accepted but look odd: each is listed with the reason, none is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Mark, TrainingSession
from db.work import table_of
from trainer.attendance.expected import CANCELLED, read_memberships, stays_of
from trainer.attendance.state import VOID
from trainer.phrases import Phrase, mark

#: A roll is called from so long before a session on.
BEFORE: Final = dt.timedelta(hours=1)

KINDS: Final[Mapping[str, Phrase]] = {
    "guest": Phrase(mark("people who were not expected at the session (guests)")),
    "early": Phrase(mark("marks recorded before their session")),
    "future": Phrase(mark("marks recorded later than now: a clock is wrong")),
    "cancelled": Phrase(mark("marks of sessions that are cancelled: they count nowhere")),
    "dangling": Phrase(mark("corrections of marks that have not arrived yet")),
    "empty_void": Phrase(mark("retractions that name no mark")),
}


@dataclass(frozen=True, slots=True)
class Odd:
    """One odd mark; ``kind`` is one of KINDS."""

    kind: str
    mark: str
    session: str
    person: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "kind": self.kind,
            "message": KINDS[self.kind].text(),
            "mark": self.mark,
            "session": self.session,
            "person": self.person,
        }


def odd_events(
    session: Session, rows: Sequence[Mapping[str, Any]], *, now: dt.datetime
) -> Iterator[Odd]:
    """Yield what is odd about events that are in the log of ``session`` by now, in their order."""
    if not rows:
        return
    meetings = _meetings(session)
    stays = stays_of(read_memberships(session))
    known = _known(session, {row["replaces"] for row in rows if row["replaces"]})
    for row in rows:
        meeting = meetings[row["session"]]
        member = any(
            stay.covers(meeting.date) for stay in stays.get((meeting.class_code, row["person"]), ())
        )
        for kind, applies in (
            ("guest", not member and row["status"] != VOID),
            ("early", row["at"] < meeting.start - BEFORE),
            ("future", row["at"] > now),
            ("cancelled", meeting.status == CANCELLED),
            ("dangling", bool(row["replaces"]) and row["replaces"] not in known),
            ("empty_void", row["status"] == VOID and not row["replaces"]),
        ):
            if applies:
                yield Odd(kind, row["id"], row["session"], row["person"])


def _meetings(session: Session) -> dict[str, Any]:
    table = table_of(TrainingSession)
    names = ("uid", "class_code", "date", "start", "status")
    query = select(*(table.c[name] for name in names))
    return {row.uid: row for row in session.connection().execute(query)}


def _known(session: Session, ids: Iterable[str]) -> set[str]:
    table = table_of(Mark)
    wanted = sorted(ids)
    found: set[str] = set()
    for first in range(0, len(wanted), 500):
        query = select(table.c.id).where(table.c.id.in_(wanted[first : first + 500]))
        found |= set(session.connection().execute(query).scalars())
    return found
