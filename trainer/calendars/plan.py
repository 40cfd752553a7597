"""The timetable sorted for calendars: which sessions each of them holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from trainer.calendars.choice import Choice, field_day
from trainer.calendars.journeys import ExtraRow
from trainer.calendars.members import Membership
from trainer.calendars.sessions import SessionRow
from trainer.calendars.visits import is_stop, round_of, venue_of
from trainer.calendars.wording import Kind

BY_MEMBERSHIP: Final = frozenset({Kind.PERSON, Kind.UNIT})
"""Kinds whose calendars follow from memberships in classes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions by the calendars that hold them, and by uid; ``visits`` are stops by venue."""

    rows: Mapping[Choice, Sequence[SessionRow]]
    by_uid: Mapping[str, SessionRow]
    memberships: Mapping[Choice, Sequence[Membership]]
    visits: Mapping[Choice, Sequence[ExtraRow]] = field(default_factory=dict)

    def rows_of(self, choice: Choice) -> list[SessionRow]:
        """Return the sessions of a calendar, each once."""
        if choice.kind in BY_MEMBERSHIP:
            return list(self._of_members(choice))
        return list(self.rows.get(choice, ()))

    def has(self, choice: Choice) -> bool:
        """Tell whether a calendar has a session, or a stop of one."""
        if choice.kind in BY_MEMBERSHIP:
            return next(self._of_members(choice), None) is not None
        return choice in self.rows or choice in self.visits

    def _of_members(self, choice: Choice) -> Iterator[SessionRow]:
        places = self.memberships.get(choice, ())
        told: set[str] = set()
        for membership in places:
            for row in self.rows.get(Choice(Kind.CLASS, membership.class_code), ()):
                if row.uid not in told and membership.covers(row.date):
                    told.add(row.uid)
                    yield row


def plan_of(
    rows: Iterable[SessionRow],
    memberships: Mapping[Choice, Sequence[Membership]],
    extras: Iterable[ExtraRow] = (),
) -> Plan:
    """Sort sessions into calendars; a class's day with a field site is one of its own.

    A stop is in the calendar of its venue, unless the session itself is held there.
    """
    listed = list(rows)
    afield = {(row.class_code, row.date) for row in listed if _is_afield(row)}
    found: dict[Choice, list[SessionRow]] = defaultdict(list)
    for row in listed:
        found[Choice(Kind.CLASS, row.class_code)].append(row)
        if row.teacher:
            found[Choice(Kind.TEACHER, row.teacher)].append(row)
        if row.venue:
            found[Choice(Kind.VENUE, row.venue)].append(row)
        if (row.class_code, row.date) in afield:
            found[field_day(row.class_code, row.date)].append(row)
    by_uid = {row.uid: row for row in listed}
    visits: dict[Choice, list[ExtraRow]] = defaultdict(list)
    for extra in extras:
        held = by_uid.get(extra.session)
        if held is not None and is_stop(extra.kind) and venue_of(extra.kind) != held.venue:
            visits[Choice(Kind.VENUE, venue_of(extra.kind))].append(extra)
    return Plan(dict(found), by_uid, memberships, dict(visits))


def _is_afield(row: SessionRow) -> bool:
    return row.facts.get("venue_kind") == "field_site" or bool(round_of(row.facts))
