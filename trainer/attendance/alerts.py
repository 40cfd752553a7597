"""Alerts: what about attendance somebody should see to, worked out anew from what is recorded.

Each has an owner (the class's head teacher) and a state: ``open`` while it holds now, ``past``
where somebody was absent twice running and has come again since, or came near the cap of a class
that is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlmodel import Session

from db.tables import Leave, MarkState, TrainingClass, TrainingSession
from db.work import table_of
from trainer.attendance.cap import is_near_cap, passes_cap, room_under_cap
from trainer.attendance.conflicts import list_conflicts
from trainer.attendance.credit import hours, session_quarters
from trainer.attendance.expected import (
    CANCELLED,
    Membership,
    expected_query,
    read_memberships,
    stays_of,
)
from trainer.attendance.leave import APPROVED
from trainer.attendance.state import Pair
from trainer.desk import Desk
from trainer.office import Office, read_office
from trainer.phrases import Phrase, phrase

_SESSION = table_of(TrainingSession)
_STATE = table_of(MarkState)
TWICE: Final = 2
#: An unfinished roll is brought up for so long.
LOOK_BACK: Final = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to see to; ``rule`` is the policy rule behind it, where there is one."""

    kind: str
    rule: str | None
    class_code: str | None
    person: str | None
    session: str | None
    owner: str | None
    state: str
    message: Phrase

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "kind": self.kind,
            "rule": self.rule,
            "class": self.class_code,
            "person": self.person,
            "session": self.session,
            "owner": self.owner,
            "state": self.state,
            "message": self.message.text(),
        }


def find_alerts(desk: Desk, class_code: str | None = None) -> list[Alert]:
    """Return every alert, of one class or all, the most pressing kind first."""
    with desk.reading() as session:
        return list(_Watch(session, read_office(session), desk, class_code).alerts())


class _Watch:
    def __init__(
        self, session: Session, office: Office, desk: Desk, class_code: str | None
    ) -> None:
        self._session = session
        self._office = office
        self._now = desk.clock.now()
        self._today = desk.clock.today()
        self._class = class_code
        self._meetings = self._read_meetings()
        klass = table_of(TrainingClass)
        rows = session.connection().execute(select(klass.c.code, klass.c.head_teacher))
        self._owners: Mapping[str, str | None] = {row[0]: row[1] for row in rows}

    def alerts(self) -> Iterator[Alert]:
        stays = stays_of(read_memberships(self._session, self._class))
        if self._office.levels.get("LV-1") != "off":
            yield from self._over_cap(stays)
        yield from self._absent_twice(stays)
        yield from self._conflicts()
        yield from self._unmarked()
        yield from self._overdue()

    def _alert(
        self,
        kind: str,
        message: Phrase,
        class_code: str | None,
        *,
        person: str | None = None,
        session: str | None = None,
        rule: str | None = None,
        state: str = "open",
    ) -> Alert:
        owner = self._owners.get(class_code or "")
        return Alert(kind, rule, class_code, person, session, owner, state, message)

    def _over_cap(self, stays: Mapping[Pair, list[Membership]]) -> Iterator[Alert]:
        for (code, person), uids in self._marked("leave"):
            of_person = self._of(code, stays.get((code, person), ()))
            quarters = {row.uid: self._quarters(row) for row in of_person}
            leave = sum(quarters.get(uid, 0) for uid in uids)
            total = sum(quarters.values())
            longest = max(quarters.values(), default=0)
            facts = {
                "person": person,
                "class_code": code,
                "leave": _shown(leave),
                "total": _shown(total),
            }
            if passes_cap(leave, total):
                message = phrase(
                    "{person} has {leave} of {total} hours of {class_code} on leave, more than a "
                    "seventh: confirm the withdrawal, or give the reason against it",
                    **facts,
                )
                yield self._alert("leave_over_cap", message, code, person=person, rule="LV-1")
            elif is_near_cap(leave, total, longest):
                message = phrase(
                    "{person} has {leave} of {total} hours of {class_code} on leave; {room} more "
                    "may be granted: tell the trainee",
                    room=_shown(room_under_cap(leave, total)),
                    **facts,
                )
                # once the class is over nobody can ask for more
                state = "open" if of_person[-1].end > self._now else "past"
                yield self._alert(
                    "leave_near_cap", message, code, person=person, rule="LV-1", state=state
                )

    def _absent_twice(self, stays: Mapping[Pair, list[Membership]]) -> Iterator[Alert]:
        for (code, person), uids in self._marked("absent"):
            held = [
                row for row in self._of(code, stays.get((code, person), ())) if row.end <= self._now
            ]
            run = 0
            longest = 0
            for row in held:
                run = run + 1 if row.uid in uids else 0
                longest = max(longest, run)
            if longest >= TWICE:
                message = phrase(
                    "{person} was absent {count} times running in {class_code}: ask why, and note "
                    "what was agreed",
                    person=person,
                    count=longest,
                    class_code=code,
                )
                state = "open" if run >= TWICE else "past"
                yield self._alert("absent_running", message, code, person=person, state=state)

    def _conflicts(self) -> Iterator[Alert]:
        for found in list_conflicts(self._session, self._class):
            message = phrase(
                "two devices disagree about {person} in {class_code} on {date} {period}: decide "
                "with “trainer attendance resolve”",
                person=found.person,
                class_code=found.class_code,
                date=found.date,
                period=found.period,
            )
            yield self._alert(
                "conflict", message, found.class_code, person=found.person, session=found.session
            )

    def _unmarked(self) -> Iterator[Alert]:
        expected = expected_query().subquery()
        query = (
            select(expected.c.session, func.count())
            .join(_SESSION, _SESSION.c.uid == expected.c.session)
            .outerjoin(
                _STATE,
                and_(_STATE.c.session == expected.c.session, _STATE.c.person == expected.c.person),
            )
            .where(
                _STATE.c.person.is_(None),
                _SESSION.c.end <= self._now,
                _SESSION.c.end > self._now - LOOK_BACK,
            )
            .group_by(expected.c.session, _SESSION.c.start)
            .order_by(_SESSION.c.start, expected.c.session)
        )
        if self._class is not None:
            query = query.where(_SESSION.c.class_code == self._class)
        known = {row.uid: row for rows in self._meetings.values() for row in rows}
        for uid, count in self._session.connection().execute(query):
            row = known[uid]
            message = phrase(
                "{count} people are unmarked at the session of {class_code} on {date} {period}: "
                "finish the roll",
                count=count,
                class_code=row.class_code,
                date=row.date,
                period=row.period,
            )
            yield self._alert("unmarked", message, row.class_code, session=uid)

    def _overdue(self) -> Iterator[Alert]:
        table = table_of(Leave)
        query = (
            select(table.c.person, table.c.class_code, table.c.date_to)
            .where(
                table.c.status == APPROVED,
                table.c.returned_at.is_(None),
                table.c.date_to < self._today,
            )
            .order_by(table.c.date_to, table.c.id)
        )
        if self._class is not None:
            query = query.where(table.c.class_code == self._class)
        for person, code, last in self._session.connection().execute(query):
            message = phrase(
                "{person} was to be back after {last} and has not reported: ask, and record the "
                "return",
                person=person,
                last=last,
            )
            yield self._alert("leave_overdue", message, code, person=person, rule="LV-4")

    def _read_meetings(self) -> dict[str, list[Any]]:
        names = ("uid", "class_code", "date", "period", "periods", "start", "end")
        query = (
            select(*(_SESSION.c[name] for name in names))
            .where(_SESSION.c.status != CANCELLED)
            .order_by(_SESSION.c.class_code, _SESSION.c.start, _SESSION.c.uid)
        )
        if self._class is not None:
            query = query.where(_SESSION.c.class_code == self._class)
        found: dict[str, list[Any]] = {}
        for row in self._session.connection().execute(query):
            found.setdefault(row.class_code, []).append(row)
        return found

    def _of(self, code: str, stays: Any) -> list[Any]:
        # the sessions of a class within somebody's membership, in the order of time
        rows = self._meetings.get(code, [])
        return [row for row in rows if any(stay.covers(row.date) for stay in stays)]

    def _marked(self, status: str) -> list[tuple[Pair, set[str]]]:
        query = (
            select(_SESSION.c.class_code, _STATE.c.person, _STATE.c.session)
            .join(_SESSION, _SESSION.c.uid == _STATE.c.session)
            .where(_STATE.c.status == status, _SESSION.c.status != CANCELLED)
        )
        if self._class is not None:
            query = query.where(_SESSION.c.class_code == self._class)
        found: dict[Pair, set[str]] = {}
        for code, person, uid in self._session.connection().execute(query):
            found.setdefault((code, person), set()).add(uid)
        return sorted(found.items())

    def _quarters(self, row: Any) -> int:
        return session_quarters(self._office, row.period, row.periods)


def _shown(quarters: int) -> str:
    return f"{hours(quarters):.2f}".rstrip("0").rstrip(".")
