"""What several verbs of the timetable take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.errors import UsageError
from tui.cli.dates import date_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainer.timetable.choosing import Selection


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
