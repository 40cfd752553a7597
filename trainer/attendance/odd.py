"""Marks that are accepted but look odd: each is listed with the reason, none is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Mark, TrainingSession
from db.work import table_of
from trainer.attendance.closing import shut_sessions
from trainer.attendance.expected import CANCELLED, read_memberships, stays_of
from trainer.attendance.state import VOID
from trainer.phrases import Phrase, mark

#: A roll is called from so long before a session on.
BEFORE: Final = dt.timedelta(hours=1)

#: What of an event decides whether it is odd.
FACTS: Final = ("id", "session", "person", "status", "at", "replaces")

KINDS: Final[Mapping[str, Phrase]] = {
    "guest": Phrase(mark("people who were not expected at the session (guests)")),
    "early": Phrase(mark("marks recorded before their session")),
    "future": Phrase(mark("marks recorded later than now: a clock is wrong")),
    "cancelled": Phrase(mark("marks of sessions that are cancelled: they count nowhere")),
    "closed": Phrase(mark("marks of sessions that were closed already")),
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


class OddWatch:
    """Looks at events on their way into the log; what it finds stays in their order.

    Rows are tuples in the order of ``names``, columns of the log.
    """

    def __init__(self, session: Session, names: Sequence[str], *, now: dt.datetime) -> None:
        self._session = session
        self._now = now
        self._meetings = _meetings(session, now)
        self._stays = stays_of(read_memberships(session))
        # nearly everybody is a member for good: told without a look at dates
        self._settled = {
            pair
            for pair, stays in self._stays.items()
            if any(stay.first is None and stay.last is None for stay in stays)
        }
        self._facts = itemgetter(*(names.index(name) for name in FACTS))
        self._found: list[Odd] = []
        #: the marks that findings say may be missing, by the finding's place in the list
        self._replaced: dict[int, str] = {}

    def look(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Look at events; they need not be stored yet, but their sessions must be known."""
        now, meetings, settled = self._now, self._meetings, self._settled
        for event in map(self._facts, rows):
            _id, session, person, status, at, replaces = event
            meeting = meetings[session]
            if (
                (meeting.class_code, person) in settled
                and meeting.opens <= at <= now
                and status != VOID
                and replaces is None
                and not meeting.off
            ):
                continue
            self._judge(meeting, *event)

    def found(self) -> tuple[Odd, ...]:
        """Return what is odd, once all events are stored: corrections look for what they name."""
        known = _known(self._session, set(self._replaced.values()))
        return tuple(
            odd
            for place, odd in enumerate(self._found)
            if place not in self._replaced or self._replaced[place] not in known
        )

    def _judge(
        self,
        meeting: _Meeting,
        id_: str,
        session: str,
        person: str,
        status: str,
        at: dt.datetime,
        replaces: str | None,
    ) -> None:
        stays = self._stays.get((meeting.class_code, person), ())
        member = any(stay.covers(meeting.date) for stay in stays)
        for kind, applies in (
            ("guest", not member and status != VOID),
            ("early", at < meeting.opens),
            ("future", at > self._now),
            ("cancelled", meeting.cancelled),
            ("closed", meeting.closed),
            ("dangling", bool(replaces)),
            ("empty_void", status == VOID and not replaces),
        ):
            if applies:
                if kind == "dangling" and replaces:
                    self._replaced[len(self._found)] = replaces
                self._found.append(Odd(kind, id_, session, person))


class _Meeting(NamedTuple):
    class_code: str
    date: dt.date
    opens: dt.datetime
    cancelled: bool
    closed: bool

    @property
    def off(self) -> bool:
        """Tell whether any mark of the session is odd."""
        return self.cancelled or self.closed


def _meetings(session: Session, now: dt.datetime) -> dict[str, _Meeting]:
    table = table_of(TrainingSession)
    names = ("uid", "class_code", "date", "start", "status")
    query = select(*(table.c[name] for name in names))
    shut = shut_sessions(session.connection(), now)
    return {
        uid: _Meeting(code, date, start - BEFORE, status == CANCELLED, uid in shut)
        for uid, code, date, start, status in session.connection().execute(query)
    }


def _known(session: Session, ids: Iterable[str]) -> set[str]:
    table = table_of(Mark)
    wanted = sorted(ids)
    found: set[str] = set()
    for first in range(0, len(wanted), 500):
        query = select(table.c.id).where(table.c.id.in_(wanted[first : first + 500]))
        found |= set(session.connection().execute(query).scalars())
    return found
