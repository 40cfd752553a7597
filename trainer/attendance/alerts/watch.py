"""What the alerts look at, read once: sessions, owners, who missed what, and who was a member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from db.tables import Leave, MarkState, TrainingClass, TrainingSession
from db.work import table_of
from trainer.attendance.cases import Alert
from trainer.attendance.credit import session_quarters
from trainer.attendance.expected import CANCELLED, Membership, read_memberships, stays_of
from trainer.attendance.leave import STANDS
from trainer.attendance.making_up import read_healed
from trainer.attendance.rules import Rules, attendance_rules
from trainer.attendance.state import Pair
from trainer.desk import Desk
from trainer.office import Office, read_office
from trainer.phrases import Phrase

SESSION: Final = table_of(TrainingSession)
STATE: Final = table_of(MarkState)
#: So long is what lies back brought up: an unfinished roll, a signing anomaly.
LOOK_BACK: Final = dt.timedelta(days=60)
LEAVE: Final = "leave"
ABSENT: Final = "absent"
#: The policy rule behind a kind of alert, where there is one.
_RULES: Final = {
    "leave_over_cap": "LV-1",
    "leave_near_cap": "LV-1",
    "out_of_reach": "CO-1",
    "leave_overdue": "LV-4",
    "leave_split": "LV-4",
    "leave_steps": "LV-4",
    "paper_missing": "LV-2",
    "signing_burst": "AT-3",
    "completion_unsupported": "CO-1",
    "certificate_unsupported": "CO-1",
    "signing_window": "AT-3",
}


@dataclass(frozen=True, slots=True)
class Share:
    """The sessions of a class within somebody's membership, in the order of time."""

    meetings: tuple[Any, ...]
    quarters: Mapping[str, int]
    total: int
    longest: int

    def amount(self, uids: Iterable[str]) -> int:
        """Return the quarter-hours of some of the sessions; those of others are none."""
        return sum(self.quarters.get(uid, 0) for uid in uids)

    def part(self, uid: str, minutes: int) -> Fraction:
        """Return the quarter-hours that so many minutes of a session are, breaks within counted."""
        row = next((row for row in self.meetings if row.uid == uid), None)
        if row is None:
            return Fraction(0)
        length = int((row.end - row.start).total_seconds() // 60)
        return self.quarters[uid] * Fraction(min(minutes, length), max(length, 1))


@dataclass(frozen=True, slots=True)
class Missed:
    """What somebody missed in a class: by session the mark that says so.

    ``healed`` are the sessions that were made up for. Leave stays leave (LV-1) all the same; an
    absence that was made up for is none, so that ``absent`` lacks it. ``minutes`` are
    those of leave that was marked with how much of the session it took.
    """

    leave: Mapping[str, str]
    absent: Mapping[str, str]
    healed: frozenset[str]
    minutes: Mapping[str, int]

    @property
    def lost(self) -> dict[str, str]:
        """What was missed for good, in whichever way."""
        return {uid: mark for uid, mark in self.leave.items() if uid not in self.healed} | dict(
            self.absent
        )


@dataclass(slots=True)
class _Marks:
    leave: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    healed: set[str] = field(default_factory=set)
    minutes: dict[str, int] = field(default_factory=dict)


class Watch:
    """One look at the register, by one clock: of one class, or of all."""

    def __init__(
        self, session: Session, desk: Desk, class_code: str | None, office: Office
    ) -> None:
        self.session = session
        self.office = office
        self.class_code = class_code
        self.rules: Rules = attendance_rules(office)
        self.now = desk.clock.now()
        self.today = desk.clock.today()
        self._shares: dict[tuple[str, tuple[tuple[dt.date | None, dt.date | None], ...]], Share]
        self._shares = {}
        self._owners: dict[str, str | None] = {}
        self._meetings: dict[str, list[Any]] = {}
        self._read_classes()

    def alert(
        self,
        kind: str,
        message: Phrase,
        class_code: str | None,
        *,
        person: str | None = None,
        session: str | None = None,
        state: str = "open",
        facts: Iterable[str] = (),
        since: Iterable[dt.date] = (),
    ) -> Alert:
        """Return an alert with its owner, its rule and the day since when it holds.

        That is the latest of ``since``. Whoever marks ahead of the clock makes it hold today.
        """
        latest = max((min(date, self.today) for date in since), default=None)
        return Alert(
            kind,
            _RULES.get(kind),
            class_code,
            person,
            session,
            self._owners.get(class_code or ""),
            state,
            message,
            tuple(sorted(facts)),
            since=latest,
        )

    def share(self, pair: Pair) -> Share:
        """Return what of a class's sessions concerns a person; both are (class, person)."""
        stays = self._stays.get(pair, ())
        key = (pair[0], tuple((stay.first, stay.last) for stay in stays))
        found = self._shares.get(key)
        if found is None:
            found = self._shares[key] = self._share(pair[0], stays)
        return found

    def pairs_of(self, person: str, class_code: str | None) -> list[Pair]:
        """Return (class, person) of a person's classes, or of the one that is named."""
        codes = self._classes_of.get(person, ()) if class_code is None else (class_code,)
        return [(code, person) for code in codes if (code, person) in self._stays]

    def meeting(self, uid: str) -> Any:
        """Return a session that is not cancelled."""
        return self._by_uid[uid]

    @cached_property
    def leaves(self) -> list[Any]:
        """Every leave that was approved, returned from or not, of the class or of all classes."""
        table = table_of(Leave)
        query = select(table).where(table.c.status.in_(STANDS)).order_by(table.c.id)
        if self.class_code is not None:
            query = query.where(
                or_(table.c.class_code.is_(None), table.c.class_code == self.class_code)
            )
        return list(self.session.connection().execute(query))

    @cached_property
    def missed(self) -> Mapping[Pair, Missed]:
        """By (class, person), in their order: what was missed."""
        healed = read_healed(self.session, stays=lambda: self._stays)
        query = (
            select(SESSION.c.class_code, STATE.c.person, STATE.c.session, STATE.c.mark,
                   STATE.c.status, STATE.c.minutes)
            .join(SESSION, SESSION.c.uid == STATE.c.session)
            .where(STATE.c.status.in_((LEAVE, ABSENT)), SESSION.c.status != CANCELLED)
        )  # fmt: skip
        if self.class_code is not None:
            query = query.where(SESSION.c.class_code == self.class_code)
        found: dict[Pair, _Marks] = {}
        for code, person, uid, mark, status, minutes in self.session.connection().execute(query):
            marks = found.setdefault((code, person), _Marks())
            if (uid, person) in healed:
                marks.healed.add(uid)
            if status == LEAVE:
                marks.leave[uid] = mark
                if minutes is not None:
                    marks.minutes[uid] = minutes
            elif uid not in marks.healed:
                marks.absent[uid] = mark
        return {
            pair: Missed(marks.leave, marks.absent, frozenset(marks.healed), marks.minutes)
            for pair, marks in sorted(found.items())
        }

    @cached_property
    def _stays(self) -> Mapping[Pair, list[Membership]]:
        return stays_of(read_memberships(self.session, self.class_code))

    @cached_property
    def _classes_of(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, person in self._stays:
            found.setdefault(person, []).append(code)
        return found

    @cached_property
    def _by_uid(self) -> Mapping[str, Any]:
        return {row.uid: row for rows in self._meetings.values() for row in rows}

    def _read_classes(self) -> None:
        # every class, with its sessions where it has any: a class without may have leave overdue
        klass = table_of(TrainingClass)
        names = ("uid", "class_code", "date", "period", "periods", "start", "end")
        takes_place = and_(SESSION.c.class_code == klass.c.code, SESSION.c.status != CANCELLED)
        query = (
            select(klass.c.code, klass.c.head_teacher, *(SESSION.c[name] for name in names))
            .outerjoin(SESSION, takes_place)
            .order_by(klass.c.code, SESSION.c.start, SESSION.c.uid)
        )
        for row in self.session.connection().execute(query):
            self._owners[row.code] = row.head_teacher
            if row.uid is not None and self.class_code in (None, row.code):
                self._meetings.setdefault(row.code, []).append(row)

    def _share(self, code: str, stays: Sequence[Membership]) -> Share:
        rows = tuple(
            row
            for row in self._meetings.get(code, ())
            if any(stay.covers(row.date) for stay in stays)
        )
        quarters = {row.uid: session_quarters(self.office, row.period, row.periods) for row in rows}
        return Share(rows, quarters, sum(quarters.values()), max(quarters.values(), default=0))


def open_watch(
    session: Session, desk: Desk, class_code: str | None = None, office: Office | None = None
) -> Watch:
    """Return a look at one class or all, by the desk's clock."""
    return Watch(session, desk, class_code, office or read_office(session))
