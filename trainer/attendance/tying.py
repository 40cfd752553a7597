"""Guests who turn out to be somebody (旁听人员认领): their marks are said of that person, and back.

Tying a guest to a person says each mark of the guest that stands once more, of the person, and
retracts the guest's by a void; untying does it the other way round. All of it is events of the log,
so it travels and is merged like any mark, and both acts can be looked up. What is said again keeps
instant, author and minutes, comes from a device named after the guest, and has the same id wherever
it is done. So what the person's own roll says differently is a conflict, which somebody decides; a
correction made since then stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session

from db.locks import take_turn
from db.tables import Mark, Person
from db.work import table_of
from trainer.attendance.closing import require_open
from trainer.attendance.device import device_of
from trainer.attendance.guests import GUEST
from trainer.attendance.record import next_counter
from trainer.attendance.retold import LIKE, first_told, retold
from trainer.attendance.state import VOID, Event, current, refresh
from trainer.dataset.cells import printable
from trainer.errors import Refused

if TYPE_CHECKING:
    from db.work import UnitOfWork

_MARK = table_of(Mark)
_PERSON = table_of(Person)
_EVENT: Final = ("id", "status", "at", "device", "counter", "replaces", "minutes")


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest, at how many sessions marks stand, and whom the guest is tied to, if to anybody."""

    code: str
    name: str
    unit: str | None
    sessions: int
    person: str | None

    def document(self) -> dict[str, Any]:
        """Return the guest as JSON holds it."""
        return {
            "code": self.code,
            "name": self.name,
            "unit": self.unit,
            "sessions": self.sessions,
            "person": self.person,
        }


def list_guests(session: Session) -> list[Guest]:
    """Return every guest, by name and code."""
    query = select(_PERSON.c.code, _PERSON.c.name, _PERSON.c.unit).where(
        _PERSON.c.category == GUEST
    )
    rows = session.connection().execute(query.order_by(_PERSON.c.name, _PERSON.c.code)).all()
    log = _Log(session, [row.code for row in rows])
    return [
        Guest(row.code, row.name, row.unit, len(log.standing(row.code)), log.tied_to(row.code))
        for row in rows
    ]


def tie_guest(
    work: UnitOfWork, *, guest: str, person: str, note: str | None = None, device: str | None = None
) -> int:
    """Say of ``person`` what is recorded of ``guest``; return at how many sessions.

    Raise Refused for who is no guest, no person of the roster, or tied to somebody else, and where
    nothing is recorded; SessionClosed at a closed session.
    """
    take_turn(work.connection, "marks")
    _check(work, guest, person)
    log = _Log(work.session, [guest])
    before = log.tied_to(guest)
    if before not in {None, person}:
        raise Refused(
            "{guest} is tied to {person}; “trainer attendance untie {guest}” comes first",
            guest=guest,
            person=before or "",
        )
    standing = log.standing(guest)
    if not standing and before is None:
        raise Refused(
            "nothing is recorded of {guest}, so there is nothing to tie; mark the person instead",
            guest=guest,
        )
    require_open(work, set(standing))
    _move(work, log, standing, to=person, note=note or f"{guest} → {person}", device=device)
    return len(standing)


def untie_guest(
    work: UnitOfWork, *, guest: str, note: str | None = None, device: str | None = None
) -> int:
    """Say of the guest again what was said of somebody in the guest's place; return how often.

    Raise Refused where the guest is not tied, SessionClosed at a closed session.
    """
    take_turn(work.connection, "marks")
    copies = tied_marks(work.session, guest)
    require_open(work, {row["session"] for row in copies})
    give_back(work, guest, copies, note=note, device=device)
    return len({row["session"] for row in copies})


def tied_marks(session: Session, guest: str) -> list[dict[str, Any]]:
    """Return what stands of somebody in a guest's place; raise Refused where that is nothing."""
    log = _Log(session, [guest])
    person = log.tied_to(guest)
    if person is None:
        raise Refused(
            "{guest} is tied to nobody; “trainer attendance guests” lists who is", guest=guest
        )
    return log.copies(guest, person)


def give_back(
    work: UnitOfWork,
    guest: str,
    copies: Iterable[Mapping[str, Any]],
    *,
    note: str | None = None,
    device: str | None = None,
) -> list[str]:
    """Say of a guest again what ``tied_marks`` found; return the ids of the new marks."""
    log = _Log(work.session, [guest])
    by_session: dict[str, list[dict[str, Any]]] = {}
    person = guest
    for row in copies:
        by_session.setdefault(row["session"], []).append(dict(row))
        person = row["person"]
    return _move(work, log, by_session, to=guest, note=note or f"{person} → {guest}", device=device)


def tie_arrived(work: UnitOfWork, persons: Collection[str]) -> int:
    """Say of whom tied guests are what has arrived of the guests since; return at how many."""
    query = select(_PERSON.c.code).where(_PERSON.c.category == GUEST)
    guests = sorted(set(work.connection.execute(query).scalars()).intersection(persons))
    log = _Log(work.session, guests)
    moved = 0
    for guest in guests:
        person, standing = log.tied_to(guest), log.standing(guest)
        if person is not None and standing:
            _move(work, log, standing, to=person, note=f"{guest} → {person}", device=None)
            moved += len(standing)
    return moved


class _Log:
    # all marks of some guests, and what was said of others in their place

    def __init__(self, session: Session, guests: Iterable[str]) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self._retracted: set[str] = set()
        self._read(session, _MARK.c.person, sorted(guests))
        # what was said of others in their place stands at the same sessions
        tagged = or_(_MARK.c.id.like(LIKE), _MARK.c.status == VOID)
        places = sorted({row["session"] for row in self._rows.values()})
        self._read(session, _MARK.c.session, places, tagged)

    def _read(
        self,
        session: Session,
        column: ColumnElement[str],
        wanted: list[str],
        *more: ColumnElement[bool],
    ) -> None:
        for first in range(0, len(wanted), 500):
            query = select(_MARK).where(column.in_(wanted[first : first + 500]), *more)
            for row in session.connection().execute(query).mappings():
                self._rows[row["id"]] = dict(row)
                if row["status"] == VOID and row["replaces"] is not None:
                    self._retracted.add(row["replaces"])

    def standing(self, guest: str) -> dict[str, list[dict[str, Any]]]:
        """Return by session the marks of a guest that stand."""
        by_session: dict[str, list[Event]] = {}
        for row in self._rows.values():
            if row["person"] == guest:
                event = Event(*(row[name] for name in _EVENT))
                by_session.setdefault(row["session"], []).append(event)
        found = {uid: current(events) for uid, events in sorted(by_session.items())}
        return {
            uid: [self._rows[head.id] for head in now.heads]
            for uid, now in found.items()
            if now is not None
        }

    def copies(self, guest: str, person: str | None = None) -> list[dict[str, Any]]:
        """Return what was said of others in a guest's place and was not taken back."""
        return [
            row
            for row in self._rows.values()
            if row["person"] != guest
            and row["status"] != VOID
            and person in {None, row["person"]}
            and row["id"] not in self._retracted
            and self.first_person(row["id"]) == guest
        ]

    def tied_to(self, guest: str) -> str | None:
        """Return the person of whom a guest's marks are said, if of anybody."""
        return min((row["person"] for row in self.copies(guest)), default=None)

    def first_person(self, id_: str) -> str | None:
        """Return of whom it was first said what an event with a tag says."""
        first = first_told(id_)
        row = self._rows.get(first) if first != id_ else None
        return row["person"] if row else None

    def times(self, first: str) -> int:
        """Return how often a mark was said again by now."""
        return sum(id_ != first and first_told(id_) == first for id_ in self._rows)

    def keep(self, row: dict[str, Any]) -> None:
        """Know an event that was just written."""
        self._rows[row["id"]] = row


def _move(
    work: UnitOfWork,
    log: _Log,
    marks: Mapping[str, Iterable[dict[str, Any]]],
    *,
    to: str,
    note: str,
    device: str | None,
) -> list[str]:
    own = device or device_of(work.connection.engine.url)
    counter = next_counter(work, own)
    rows: list[dict[str, Any]] = []
    for row in (row for several in marks.values() for row in several):
        again = _said_again(log, row, to)
        log.keep(again)
        void = dict.fromkeys(_MARK.columns.keys()) | {
            "id": str(uuid.uuid4()),
            "session": row["session"],
            "person": row["person"],
            "status": VOID,
            "at": work.now,
            "by": printable(work.actor) or None,
            "device": own,
            "counter": counter + len(rows) // 2,
            "replaces": row["id"],
            "note": printable(note) or None,
        }
        rows += [again, void]
    work.insert_many(Mark, rows)
    refresh(work, {(row["session"], row["person"]) for row in rows})
    return [row["id"] for row in rows[::2]]


def _said_again(log: _Log, row: dict[str, Any], person: str) -> dict[str, Any]:
    # whoever does the same elsewhere makes the same event, down to its id; an import
    # that brought the mark takes with it what follows from it
    first = first_told(row["id"])
    guest = log.first_person(row["id"]) or row["person"]
    device = row["device"] or ""
    if not device.startswith(guest):
        device = f"{guest} {device}".strip()
    return row | {
        "id": retold(first, person, log.times(first)),
        "person": person,
        "device": device,
        "replaces": None,
    }


def _check(work: UnitOfWork, guest: str, person: str) -> None:
    query = select(_PERSON.c.code, _PERSON.c.category).where(_PERSON.c.code.in_((guest, person)))
    known = {row.code: row.category for row in work.connection.execute(query)}
    for code in (guest, person):
        if code not in known:
            raise Refused(
                "there is no person {person} in the roster; check the code, or add the person "
                "first",
                person=code,
            )
    if known[guest] != GUEST:
        raise Refused(
            "{guest} is no guest; “trainer attendance guests” lists those there are", guest=guest
        )
    if known[person] == GUEST:
        raise Refused(
            "{person} is a guest as well; tie guests to somebody of the roster", person=person
        )
