"""What somebody types about leaving the grounds: from when until when, where to and why.

``18:00-21:30 市医院 看病`` is today, ``0316 8:00-18:00 …`` another day, and with a second date
(``18:00-0317 7:00``) one stays away over night.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_DATE: Final = r"(?:(\d{1,2})[-/.月]?(\d{2})日?\s+)?"
_CLOCK: Final = r"(\d{1,2})[:.]?(\d{2})"
_SPAN: Final = re.compile(rf"{_DATE}{_CLOCK}\s*[-~]\s*{_DATE}{_CLOCK}(?:\s+(.*))?")
_TIME: Final = re.compile(rf"{_DATE}{_CLOCK}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A permit that is asked for; times are of the office's zone."""

    out: dt.datetime
    due: dt.datetime
    words: str


def exit_typed(text: str, today: dt.date) -> Wanted | None:
    """Return what is asked for; None where it makes no sense, or ends before it begins."""
    found = _SPAN.fullmatch(_plain(text))
    if found is None:
        return None
    month, day, hour, minute, end_month, end_day, end_hour, end_minute, words = found.groups()
    out = _moment(today, month, day, hour, minute)
    due = out and _moment(out.date(), end_month, end_day, end_hour, end_minute)
    if out is None or due is None or due <= out:
        return None
    return Wanted(out, due, (words or "").strip())


def moment_typed(text: str, today: dt.date) -> dt.datetime | None:
    """Return a time of day like 2145, of today unless a date comes before it; None for no sense."""
    found = _TIME.fullmatch(_plain(text))
    return _moment(today, *found.groups()) if found else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _moment(
    today: dt.date, month: str | None, day: str | None, hour: str, minute: str
) -> dt.datetime | None:
    try:
        date = dt.date(today.year, int(month), int(day)) if month and day else today
        return dt.datetime.combine(date, dt.time(int(hour), int(minute)))
    except ValueError:
        return None
