"""From a session to its event: the title, place, categories and notes that each reader needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from trainer.calendars.event import CalendarEvent
from trainer.calendars.journeys import ExtraRow
from trainer.calendars.sessions import SessionRow
from trainer.calendars.visits import round_of
from trainer.phrases import Phrase, mark, phrase


class Kind(StrEnum):
    """Whose calendar it is; also the name of its folder."""

    CLASS = "class"
    TEACHER = "teacher"
    VENUE = "venue"
    PERSON = "person"
    UNIT = "unit"
    FIELD_DAY = "field-day"


COLORS: Final = {
    Kind.CLASS: "steelblue",
    Kind.TEACHER: "seagreen",
    Kind.VENUE: "goldenrod",
    Kind.PERSON: "slateblue",
    Kind.UNIT: "teal",
    Kind.FIELD_DAY: "olivedrab",
}

_NAMES: Final = {
    Kind.CLASS: mark("{name}: timetable"),
    Kind.TEACHER: mark("{name}: teaching"),
    Kind.VENUE: mark("{name}: use"),
    Kind.PERSON: mark("{name}: training"),
    Kind.UNIT: mark("{name}: classes"),
    Kind.FIELD_DAY: mark("{name}: in the field"),
}

_OF_ONE_CLASS: Final = frozenset({Kind.CLASS, Kind.PERSON, Kind.FIELD_DAY})
"""Kinds of calendar whose reader need not be told the class in every title."""

_FROM_BASE: Final = mark("Meet at {place}; the bus leaves at {time} ({minutes} minutes on the way)")
_FROM_STOP: Final = mark("The bus leaves {place} at {time} ({minutes} minutes on the way)")
_STOP: Final = mark("{course}: {place}")
_WAY_TO: Final = mark("On the way to {place}")
_WAY_BACK: Final = mark("On the way back to {place}")

_STRANDS: Final = {
    "red": phrase("red education"),
    "theory": phrase("theory"),
    "practice": phrase("practice"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How an office words its events: its language and zone, and the choices of an export."""

    language: str
    zone: ZoneInfo
    buffer_minutes: int = 0
    alarm_minutes: int | None = None
    short: bool = False

    def calendar_name(self, kind: Kind, name: str) -> str:
        """Return the name under which a client shows the calendar."""
        return self._say(Phrase(_NAMES[kind], {"name": name}))

    def changes_name(self, name: str, since: int, number: int) -> str:
        """Return the name of a calendar's changes from one publication to another."""
        return self._say(
            phrase(
                "{name}, changes from version {since} to {number}",
                name=name,
                since=since,
                number=number,
            )
        )

    def event(self, row: SessionRow, kind: Kind) -> CalendarEvent:
        """Return the session as an event of a calendar of that kind.

        No trainee is ever named; events of a person's own calendar are marked private.
        """
        facts = row.facts
        latitude, _, longitude = facts.get("geo", "").partition(";")
        return CalendarEvent(
            uid=row.uid,
            start=row.start,
            end=row.end,
            title=self._title(row, kind),
            revised_at=row.revised_at,
            sequence=row.sequence,
            place=facts.get("venue_name", ""),
            address=facts.get("address", ""),
            geo=(float(latitude), float(longitude)) if longitude else None,
            categories=self._categories(row),
            notes=() if self.short else self._notes(row),
            cancelled=row.cancelled,
            private=kind is Kind.PERSON,
            alarm_minutes=self.alarm_minutes,
        )

    def stop(self, extra: ExtraRow, row: SessionRow, kind: Kind) -> CalendarEvent:
        """Return a stop of a session that visits several places as an event of its own."""
        facts = next((leg for leg in round_of(row.facts) if leg.kind == extra.kind), None)
        latitude, _, longitude = (facts.geo if facts else "").partition(";")
        title = self._title(row, kind)
        if kind is not Kind.VENUE:
            title = self._say(phrase(_STOP, course=title, place=extra.place))
        return CalendarEvent(
            uid=extra.uid,
            start=extra.start,
            end=extra.end,
            title=title,
            revised_at=extra.revised_at,
            sequence=extra.sequence,
            place=extra.place,
            address=facts.address if facts else "",
            geo=(float(latitude), float(longitude)) if longitude else None,
            categories=self._categories(row),
            notes=() if self.short else self._persons(row),
            cancelled=extra.cancelled,
            private=kind is Kind.PERSON,
        )

    def journey(self, row: ExtraRow, kind: Kind) -> CalendarEvent:
        """Return the way to a place, or back, as an event that blocks no time."""
        title = _WAY_BACK if row.kind == "back" else _WAY_TO
        return CalendarEvent(
            uid=row.uid,
            start=row.start,
            end=row.end,
            title=self._say(Phrase(title, {"place": row.place})),
            revised_at=row.revised_at,
            sequence=row.sequence,
            cancelled=row.cancelled,
            transparent=True,
            private=kind is Kind.PERSON,
        )

    def _title(self, row: SessionRow, kind: Kind) -> str:
        course = row.facts.get("course_title", row.uid)
        if kind in _OF_ONE_CLASS:
            return course
        title = row.facts.get("class_title", row.class_code)
        return self._say(phrase("{course} ({training_class})", course=course, training_class=title))

    def _categories(self, row: SessionRow) -> tuple[str, ...]:
        strand = row.facts.get("strand", "")
        words = _STRANDS.get(strand)
        series = row.facts.get("series", "")
        return tuple(filter(None, (series, self._say(words) if words else strand)))

    def _notes(self, row: SessionRow) -> tuple[str, ...]:
        notes = [*self._who(row)]
        if "bring" in row.facts:
            notes.append(phrase("Please bring: {things}", things=row.facts["bring"]))
        notes += self._departure(row)
        return tuple(self._say(note) for note in notes)

    def _persons(self, row: SessionRow) -> tuple[str, ...]:
        return tuple(self._say(note) for note in self._who(row))

    @staticmethod
    def _who(row: SessionRow) -> list[Phrase]:
        facts = row.facts
        notes = [phrase("Class: {name}", name=facts.get("class_title", row.class_code))]
        if "teacher_name" in facts:
            notes.append(phrase("Teacher: {name}", name=facts["teacher_name"]))
        if "head_teacher" in facts:
            notes.append(phrase("Head teacher: {name}", name=facts["head_teacher"]))
        return notes

    def _departure(self, row: SessionRow) -> Iterator[Phrase]:
        """Yield where and when the bus leaves: the way and the buffer before the start.

        It comes from the base, or from the stop before; nothing where the class stays at a site.
        """
        facts = row.facts
        if "comes_from" in facts:
            template, place, minutes = _FROM_STOP, facts["comes_from"], facts["onward_minutes"]
        elif "meeting_place" in facts:
            template, place, minutes = _FROM_BASE, facts["meeting_place"], facts["travel_minutes"]
        else:
            return
        leaves = row.start - dt.timedelta(minutes=int(minutes) + self.buffer_minutes)
        time = leaves.astimezone(self.zone).strftime("%H:%M")
        if int(minutes):
            yield phrase(template, place=place, time=time, minutes=int(minutes))

    def _say(self, words: Phrase) -> str:
        return words.text(self.language)
