"""Alerts: what about attendance somebody should see to, worked out anew from what is recorded.

Each has an owner (the class's head teacher, until somebody takes it on) and a state: ``open`` while
it holds, ``taken`` and ``done`` as somebody said (``trainer.attendance.cases``), ``past`` where
somebody was absent twice running and has come again since, or came near the cap of a class that is
over. One that is done opens again when it rests on more than it did then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import and_, select
from sqlmodel import Session

from db.tables import Leave, Mark, MarkState, TrainingClass, TrainingSession
from db.work import table_of
from trainer.attendance.anomalies import signed_outside, signing_bursts
from trainer.attendance.cap import is_near_cap, out_of_reach, passes_cap, room_under_cap
from trainer.attendance.cases import Alert, with_cases
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
from trainer.attendance.making_up import read_healed
from trainer.attendance.rules import attendance_rules
from trainer.attendance.state import VOID, Pair
from trainer.desk import Desk
from trainer.office import Office, read_office
from trainer.phrases import Phrase, phrase

_SESSION = table_of(TrainingSession)
_STATE = table_of(MarkState)
TWICE: Final = 2
#: An unfinished roll is brought up for so long.
LOOK_BACK: Final = dt.timedelta(days=60)
_CHUNK: Final = 500
#: The policy rule behind a kind of alert, where there is one.
_RULES: Final = {
    "leave_over_cap": "LV-1",
    "leave_near_cap": "LV-1",
    "out_of_reach": "CO-1",
    "leave_overdue": "LV-4",
    "signing_burst": "AT-3",
    "signing_window": "AT-3",
}


def find_alerts(desk: Desk, class_code: str | None = None) -> list[Alert]:
    """Return every alert, of one class or all, the most pressing kind first."""
    with desk.reading() as session:
        return alerts_of(session, desk, class_code)


def alerts_of(session: Session, desk: Desk, class_code: str | None = None) -> list[Alert]:
    """Return the alerts as ``find_alerts`` does, within a session that is open already."""
    found = _Watch(session, read_office(session), desk, class_code).alerts()
    return with_cases(session, found)


class _Watch:
    def __init__(
        self, session: Session, office: Office, desk: Desk, class_code: str | None
    ) -> None:
        self._session = session
        self._office = office
        self._now = desk.clock.now()
        self._today = desk.clock.today()
        self._class = class_code
        self._healed = read_healed(session)
        self._rules = attendance_rules(office)
        self._meetings = self._read_meetings()
        self._by_status: dict[str, list[tuple[Pair, dict[str, str]]]] = {}
        klass = table_of(TrainingClass)
        rows = session.connection().execute(select(klass.c.code, klass.c.head_teacher))
        self._owners: Mapping[str, str | None] = {row[0]: row[1] for row in rows}

    def alerts(self) -> Iterator[Alert]:
        stays = stays_of(read_memberships(self._session, self._class))
        if self._office.levels.get("LV-1") != "off":
            yield from self._over_cap(stays)
        yield from self._out_of_reach(stays)
        yield from self._absent_twice(stays)
        yield from self._conflicts()
        yield from self._unmarked()
        yield from self._overdue()
        yield from self._out()
        if self._office.levels.get("AT-3") != "off":
            yield from self._signing()

    def _alert(
        self,
        kind: str,
        message: Phrase,
        class_code: str | None,
        *,
        person: str | None = None,
        session: str | None = None,
        state: str = "open",
        facts: Iterable[str] = (),
        since: dt.date | None = None,
    ) -> Alert:
        owner = self._owners.get(class_code or "")
        held = tuple(sorted(facts))
        return Alert(
            kind,
            _RULES.get(kind),
            class_code,
            person,
            session,
            owner,
            state,
            message,
            held,
            since=since,
        )

    def _over_cap(self, stays: Mapping[Pair, list[Membership]]) -> Iterator[Alert]:
        for (code, person), marks in self._marked("leave"):
            uids = marks.keys()
            of_person = self._of(code, stays.get((code, person), ()))
            quarters = {row.uid: self._quarters(row) for row in of_person}
            leave = sum(quarters.get(uid, 0) for uid in uids)
            total = sum(quarters.values())
            longest = max(quarters.values(), default=0)
            since = _latest(of_person, uids)
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
                yield self._alert(
                    "leave_over_cap",
                    message,
                    code,
                    person=person,
                    facts=[*marks.values(), f"total:{total}"],
                    since=since,
                )
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
                    "leave_near_cap",
                    message,
                    code,
                    person=person,
                    state=state,
                    facts=[*marks.values(), f"total:{total}"],
                    since=since,
                )

    def _absent_twice(self, stays: Mapping[Pair, list[Membership]]) -> Iterator[Alert]:
        for (code, person), marks in self._marked("absent"):
            held = [
                row for row in self._of(code, stays.get((code, person), ())) if row.end <= self._now
            ]
            run: list[str] = []
            longest = 0
            facts: list[str] = []
            began = since = None
            for row in held:
                run = [*run, marks[row.uid]] if row.uid in marks else []
                began = row.date if len(run) == 1 else began
                since = began if len(run) >= TWICE else since
                longest = max(longest, len(run))
                facts += run[-1:] if len(run) > TWICE else run if len(run) == TWICE else []
            if longest >= TWICE:
                message = phrase(
                    "{person} was absent {count} times running in {class_code}: ask why, and note "
                    "what was agreed",
                    person=person,
                    count=longest,
                    class_code=code,
                )
                state = "open" if len(run) >= TWICE else "past"
                yield self._alert(
                    "absent_running",
                    message,
                    code,
                    person=person,
                    state=state,
                    facts=facts,
                    since=since,
                )

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
                "conflict",
                message,
                found.class_code,
                person=found.person,
                session=found.session,
                facts=[side["id"] for side in found.marks],
                since=found.date,
            )

    def _unmarked(self) -> Iterator[Alert]:
        expected = expected_query().subquery()
        query = (
            select(expected.c.session, expected.c.person)
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
            .order_by(_SESSION.c.start, expected.c.session)
        )
        if self._class is not None:
            query = query.where(_SESSION.c.class_code == self._class)
        known = {row.uid: row for rows in self._meetings.values() for row in rows}
        missing: dict[str, set[str]] = {}
        for uid, person in self._session.connection().execute(query):
            missing.setdefault(uid, set()).add(person)
        voids = self._voids(missing)
        for uid, people in missing.items():
            row, count = known[uid], len(people)
            message = phrase(
                "{count} people are unmarked at the session of {class_code} on {date} {period}: "
                "finish the roll",
                count=count,
                class_code=row.class_code,
                date=row.date,
                period=row.period,
            )
            # who was marked and is not any more opens it again, though the name was there before
            facts = people | voids.get(uid, set())
            yield self._alert(
                "unmarked", message, row.class_code, session=uid, facts=facts, since=row.date
            )

    def _voids(self, missing: Mapping[str, set[str]]) -> dict[str, set[str]]:
        table = table_of(Mark)
        found: dict[str, set[str]] = {}
        uids = sorted(missing)
        for first in range(0, len(uids), _CHUNK):
            query = select(table.c.session, table.c.person, table.c.id).where(
                table.c.session.in_(uids[first : first + _CHUNK]), table.c.status == VOID
            )
            for uid, person, id_ in self._session.connection().execute(query):
                if person in missing[uid]:
                    found.setdefault(uid, set()).add(id_)
        return found

    def _overdue(self) -> Iterator[Alert]:
        table = table_of(Leave)
        query = (
            select(table.c.person, table.c.class_code, table.c.date_to, table.c.id)
            .where(
                table.c.status == APPROVED,
                table.c.returned_at.is_(None),
                table.c.date_to < self._today,
            )
            .order_by(table.c.date_to, table.c.id)
        )
        if self._class is not None:
            query = query.where(table.c.class_code == self._class)
        for person, code, last, id_ in self._session.connection().execute(query):
            message = phrase(
                "{person} was to be back after {last} and has not reported: ask, and record the "
                "return",
                person=person,
                last=last,
            )
            yield self._alert(
                "leave_overdue",
                message,
                code,
                person=person,
                facts=[id_],
                since=last,
            )

    def _out(self) -> Iterator[Alert]:
        # class life stands beside this room and knows of attendance
        from trainer.classlife.exits import overdue_exits

        for one in overdue_exits(self._session, self._now, self._class):
            due = one.due_at.astimezone(self._office.zone)
            message = phrase(
                "{person} of {class_code} was to be back by {due} and is still out: ring up, and "
                "record the return",
                person=one.person,
                class_code=one.class_code,
                due=f"{due:%Y-%m-%d %H:%M}",
            )
            yield self._alert(
                "exit_overdue",
                message,
                one.class_code,
                person=one.person,
                facts=[one.id],
                since=due.date(),
            )

    def _signing(self) -> Iterator[Alert]:
        since = self._now - LOOK_BACK
        rules = self._rules
        for burst in signing_bursts(self._session, rules, since, self._class):
            message = phrase(
                "{count} people signed in on {device} within {seconds} seconds at {class_code} on "
                "{date} {period}: ask whether somebody signed for others",
                count=len(burst.marks),
                device=burst.device,
                seconds=rules.signing_seconds,
                class_code=burst.class_code,
                date=burst.date,
                period=burst.period,
            )
            yield self._alert(
                "signing_burst",
                message,
                burst.class_code,
                session=burst.session,
                facts=burst.marks,
                since=burst.date,
            )
        for odd in signed_outside(self._session, rules, since, self._class):
            message = phrase(
                "{count} people signed in outside the time of the session of {class_code} on "
                "{date} {period}: check the clock, and whether they were there",
                count=len(odd.marks),
                class_code=odd.class_code,
                date=odd.date,
                period=odd.period,
            )
            yield self._alert(
                "signing_window",
                message,
                odd.class_code,
                session=odd.session,
                facts=odd.marks,
                since=odd.date,
            )

    def _out_of_reach(self, stays: Mapping[Pair, list[Membership]]) -> Iterator[Alert]:
        share = self._rules.required_share
        if not share:
            return
        missed = self._missed()
        for (code, person), marks in sorted(missed.items()):
            rows = self._of(code, stays.get((code, person), ()))
            quarters = {row.uid: self._quarters(row) for row in rows}
            total = sum(quarters.values())
            lost = sum(quarters.get(uid, 0) for uid in marks)
            if not out_of_reach(lost, total, share):
                continue
            message = phrase(
                "{person} has missed {missed} of {total} hours of {class_code}: even with all that "
                "is left the required {share} cannot be reached; decide what becomes of it, or let "
                "sessions be made up",
                person=person,
                missed=_shown(lost),
                total=_shown(total),
                class_code=code,
                share=f"{share:.0%}",
            )
            over = rows[-1].end < self._now - LOOK_BACK
            yield self._alert(
                "out_of_reach",
                message,
                code,
                person=person,
                state="past" if over else "open",
                facts=[*marks.values(), f"total:{total}"],
                since=_latest(rows, marks),
            )

    def _missed(self) -> dict[Pair, dict[str, str]]:
        found: dict[Pair, dict[str, str]] = {}
        for status in ("absent", "leave"):
            for pair, marks in self._marked(status):
                kept = {
                    uid: id_ for uid, id_ in marks.items() if (uid, pair[1]) not in self._healed
                }
                found[pair] = found.get(pair, {}) | kept
        return found

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

    def _marked(self, status: str) -> list[tuple[Pair, dict[str, str]]]:
        # by class and person, the mark of each session
        if status in self._by_status:
            return self._by_status[status]
        query = (
            select(_SESSION.c.class_code, _STATE.c.person, _STATE.c.session, _STATE.c.mark)
            .join(_SESSION, _SESSION.c.uid == _STATE.c.session)
            .where(_STATE.c.status == status, _SESSION.c.status != CANCELLED)
        )
        if self._class is not None:
            query = query.where(_SESSION.c.class_code == self._class)
        found: dict[Pair, dict[str, str]] = {}
        for code, person, uid, id_ in self._session.connection().execute(query):
            # leave stays leave (LV-1); an absence that was made up for is none
            if status == "leave" or (uid, person) not in self._healed:
                found.setdefault((code, person), {})[uid] = id_
        self._by_status[status] = sorted(found.items())
        return self._by_status[status]

    def _quarters(self, row: Any) -> int:
        return session_quarters(self._office, row.period, row.periods)


def _latest(rows: Iterable[Any], uids: Container[str]) -> dt.date | None:
    return max((row.date for row in rows if row.uid in uids), default=None)


def _shown(quarters: int) -> str:
    return f"{hours(quarters):.2f}".rstrip("0").rstrip(".")
