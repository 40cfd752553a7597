"""One calendar out of many: its kind and code, and why it cannot be had."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from trainer.calendars.wording import Kind
from trainer.errors import Refused, UsageError
from trainer.phrases import mark

#: The kinds that “everything” means; units and field days are asked for by name.
COMMON: Final = (Kind.CLASS, Kind.TEACHER, Kind.VENUE, Kind.PERSON)

_UNKNOWN: Final = {
    Kind.CLASS: mark("there is no class “{code}”; see the codes in classes.csv or in the app"),
    Kind.TEACHER: mark("there is no teacher “{code}”; see the codes in teachers.csv or in the app"),
    Kind.VENUE: mark("there is no venue “{code}”; see the codes in venues.csv or in the app"),
    Kind.PERSON: mark("there is no person “{code}”; see the codes in people.csv or in the app"),
    Kind.UNIT: mark("there is no unit “{code}”; see the codes in units.csv or in the app"),
    Kind.FIELD_DAY: mark(
        "there is no field day “{code}”; name a class and a day on which it is at a field site"
    ),
}
_EMPTY: Final = {
    Kind.CLASS: mark(
        "class “{code}” has no session to show; put it on the timetable and publish it, "
        "or export the draft with --draft"
    ),
    Kind.TEACHER: mark(
        "teacher “{code}” has no session to show; choose another, or export the draft with --draft"
    ),
    Kind.VENUE: mark(
        "venue “{code}” has no session to show; choose another, or export the draft with --draft"
    ),
    Kind.PERSON: mark(
        "person “{code}” has no session to show; enrol the person in a class that has sessions, "
        "or export the draft with --draft"
    ),
    Kind.UNIT: mark(
        "unit “{code}” has no session to show; neither it nor its people have a class with "
        "sessions: choose another, or export the draft with --draft"
    ),
    Kind.FIELD_DAY: _UNKNOWN[Kind.FIELD_DAY],
}


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """One calendar: of what kind, and of which code (a field day's is ``CLASS:DATE``)."""

    kind: Kind
    code: str

    def unknown(self) -> Refused:
        """Return the error that there is no such thing."""
        return Refused(_UNKNOWN[self.kind], code=self.code)

    def empty(self) -> Refused:
        """Return the error that it has no session."""
        return Refused(_EMPTY[self.kind], code=self.code)


def field_day(class_code: str, date: dt.date) -> Choice:
    """Return the choice of a class's day at field sites."""
    return Choice(Kind.FIELD_DAY, f"{class_code}:{date.isoformat()}")


def check_field_day(text: str) -> None:
    """Raise UsageError where ``text`` is not a class and a date."""
    class_code, colon, date = text.rpartition(":")
    try:
        dt.date.fromisoformat(date)
    except ValueError:
        colon = ""
    if not class_code or not colon:
        raise UsageError(
            "“{text}” is not a field day; write the class and the date, as K1:2023-03-08",
            text=text,
        )
