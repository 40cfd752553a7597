"""The timetable sorted for calendars: which sessions each of them holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trainer.calendars.choice import Choice, field_day
from trainer.calendars.members import Membership
from trainer.calendars.sessions import SessionRow
from trainer.calendars.wording import Kind

BY_MEMBERSHIP: Final = frozenset({Kind.PERSON, Kind.UNIT})
"""Kinds whose calendars follow from memberships in classes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions by the calendars that hold them, and by uid."""

    rows: Mapping[Choice, Sequence[SessionRow]]
    by_uid: Mapping[str, SessionRow]
    memberships: Mapping[Choice, Sequence[Membership]]

    def rows_of(self, choice: Choice) -> list[SessionRow]:
        """Return the sessions of a calendar, each once."""
        if choice.kind in BY_MEMBERSHIP:
            return list(self._of_members(choice))
        return list(self.rows.get(choice, ()))

    def has(self, choice: Choice) -> bool:
        """Tell whether a calendar has a session."""
        if choice.kind in BY_MEMBERSHIP:
            return next(self._of_members(choice), None) is not None
        return choice in self.rows

    def _of_members(self, choice: Choice) -> Iterator[SessionRow]:
        places = self.memberships.get(choice, ())
        told: set[str] = set()
        for membership in places:
            for row in self.rows.get(Choice(Kind.CLASS, membership.class_code), ()):
                if row.uid not in told and membership.covers(row.date):
                    told.add(row.uid)
                    yield row


def plan_of(rows: Iterable[SessionRow], memberships: Mapping[Choice, Sequence[Membership]]) -> Plan:
    """Sort sessions into calendars; a class's day with a field site is one of its own."""
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
    return Plan(dict(found), {row.uid: row for row in listed}, memberships)


def _is_afield(row: SessionRow) -> bool:
    return row.facts.get("venue_kind") == "field_site"
