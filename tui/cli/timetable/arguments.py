"""What several verbs of the timetable take."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainer.timetable.choosing import Selection


def date_of(text: str) -> dt.date:
    """Return a date as the user wrote it; raise UsageError for what is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("“{text}” is not a date; write it as 2023-03-01", text=text) from None


def selection_of(texts: Iterable[str]) -> Selection:
    """Return the sessions that ``class:CODE``, ``day:DATE`` and so on choose."""
    # the tables are imported only by those who need them
    from trainer.timetable.choosing import Selection

    found: dict[str, list[str]] = {"class": [], "day": [], "teacher": [], "venue": []}
    for text in texts:
        kind, colon, code = text.partition(":")
        if not colon or kind not in found or not code:
            raise UsageError(
                "“{text}” chooses nothing; write class:CODE, day:DATE, teacher:CODE or venue:CODE",
                text=text,
            )
        found[kind].append(code)
    return Selection(
        classes=tuple(found["class"]),
        days=tuple(map(date_of, found["day"])),
        teachers=tuple(found["teacher"]),
        venues=tuple(found["venue"]),
    )
