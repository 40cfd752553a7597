"""The calendars that were asked for, made one at a time: whole, or what changed since then."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from trainer.calendars.choice import Choice
from trainer.calendars.event import CalendarDocument, CalendarEvent
from trainer.calendars.journeys import ExtraRow
from trainer.calendars.plan import Plan
from trainer.calendars.sessions import SessionRow
from trainer.calendars.visits import in_round, is_stop
from trainer.calendars.wording import COLORS, Kind, Wording
from trainer.office import Office

NAMESPACE: Final = uuid.UUID("5ad0d8a6-3f47-4c1c-8f1e-8d1f6f2c9b77")
"""Of the UIDs of calendars, which follow from the office, the kind and the code."""

REFRESH: Final = dt.timedelta(hours=6)
"""How often a reader should ask for a calendar again."""

WITH_TRAVEL: Final = frozenset({Kind.CLASS, Kind.PERSON, Kind.UNIT, Kind.FIELD_DAY})
"""Kinds of calendar whose readers are on the bus all day."""


@dataclass(frozen=True, slots=True)
class Since:
    """What a reader has already: the timetable ``before``, as publication ``number`` left it."""

    number: int
    current: int
    before: Plan


@dataclass(slots=True)
class Selection:
    """The calendars that were asked for, made one at a time.

    ``extras`` are the ways and stops by session. With ``since`` each calendar is what changed: one
    of which nothing changed is left out, and what another calendar holds now is cancelled in it.
    """

    office: Office
    wording: Wording
    choices: tuple[Choice, ...]
    names: Mapping[Choice, str]
    plan: Plan
    extras: Mapping[str, Sequence[ExtraRow]] = field(default_factory=dict)
    since: Since | None = None
    _events: dict[tuple[Kind, str], CalendarEvent] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """What sets the names of files apart that hold changes: between which publications."""
        return f".changes-{self.since.number}-{self.since.current}" if self.since else ""

    def documents(self) -> Iterator[tuple[Choice, CalendarDocument]]:
        """Yield each choice with its calendar, in order of kind and code."""
        for choice in self.choices:
            events = self.events_of(choice)
            if events:
                yield choice, self._document(choice, events)

    def events_of(self, choice: Choice) -> tuple[CalendarEvent, ...]:
        """Return the events of a calendar, or of what changed in it."""
        rows = self._rows(choice)
        events = [self._event(row, choice.kind) for row in rows]
        if self.extras:
            events += self._extra_events(choice, rows)
        return tuple(events)

    def _extra_events(self, choice: Choice, rows: Sequence[SessionRow]) -> Iterator[CalendarEvent]:
        """Yield the ways and stops of a calendar; a venue's are the stops at it."""
        gone = {row.uid for row in rows if row.cancelled}
        fresh = self._fresh(choice, rows)
        told = (
            self.plan.visits.get(choice, ())
            if choice.kind is Kind.VENUE
            else (
                extra
                for uid in self._uids(choice, rows)
                for extra in self.extras.get(uid, ())
                if choice.kind in WITH_TRAVEL or in_round(extra.kind)
            )
        )
        for extra in told:
            if self._is_told(extra, gone, fresh):
                yield self._extra_event(self._stopped(extra, gone), choice.kind)

    def _extra_event(self, extra: ExtraRow, kind: Kind) -> CalendarEvent:
        row = self.plan.by_uid.get(extra.session)
        if row is not None and is_stop(extra.kind):
            return self.wording.stop(extra, row, kind)
        return self.wording.journey(extra, kind)

    def _fresh(self, choice: Choice, rows: Sequence[SessionRow]) -> set[str]:
        """Return the sessions that this calendar did not hold before."""
        if self.since is None:
            return set()
        before = {row.uid for row in self.since.before.rows_of(choice)}
        return {row.uid for row in rows if row.uid not in before and not row.cancelled}

    def _document(self, choice: Choice, events: tuple[CalendarEvent, ...]) -> CalendarDocument:
        key = f"{self.office.name}/{choice.kind}/{choice.code}{self.suffix}"
        name = self.wording.calendar_name(choice.kind, self.names[choice])
        if self.since:
            name = self.wording.changes_name(name, self.since.number, self.since.current)
        return CalendarDocument(
            uid=str(uuid.uuid5(NAMESPACE, key)),
            name=name,
            zone=self.office.timezone,
            events=events,
            color=COLORS[choice.kind],
            # what changed is read once; only whole calendars are asked for again
            refresh=None if self.since else REFRESH,
        )

    def _rows(self, choice: Choice) -> list[SessionRow]:
        rows = self.plan.rows_of(choice)
        if self.since is None:
            return rows
        before = {row.uid for row in self.since.before.rows_of(choice)}
        told = [
            row
            for row in rows
            if (row.publication > self.since.number or row.uid not in before)
            and (row.uid in before or not row.cancelled)
        ]
        here = {row.uid for row in rows}
        left = (self.plan.by_uid[uid] for uid in sorted(before - here) if uid in self.plan.by_uid)
        return [*told, *(replace(row, cancelled=True) for row in left)]

    def _uids(self, choice: Choice, rows: Sequence[SessionRow]) -> list[str]:
        """Return the sessions whose journeys a calendar shows: also those that stay as they are."""
        uids = [row.uid for row in rows]
        if self.since:
            uids += [row.uid for row in self.plan.rows_of(choice)]
        return list(dict.fromkeys(uids))

    def _is_told(self, extra: ExtraRow, gone: set[str], fresh: set[str]) -> bool:
        if self.since is None or extra.publication > self.since.number:
            return True
        return extra.session in gone or (extra.session in fresh and not extra.cancelled)

    @staticmethod
    def _stopped(extra: ExtraRow, gone: set[str]) -> ExtraRow:
        return replace(extra, cancelled=True) if extra.session in gone else extra

    def _event(self, row: SessionRow, kind: Kind) -> CalendarEvent:
        # the event of a session is the same for every person of the class
        if row is not self.plan.by_uid.get(row.uid):
            return self.wording.event(row, kind)
        key = (kind, row.uid)
        event = self._events.get(key)
        if event is None:
            event = self._events[key] = self.wording.event(row, kind)
        return event
