"""What somebody types about days on which something is away: first and last, and why."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from tui.screens.dates import date_typed

_DASH: Final = re.compile(r"[-~至到–—]")


@dataclass(frozen=True, slots=True)
class Days:
    """Some days, both ends counted, and why."""

    first: dt.date
    last: dt.date
    reason: str | None = None


def days_typed(text: str, near: dt.date) -> Days | None:
    """Return the days that ``0316``, ``3-16``, ``0316-0318`` or ``3.16-3.18 出差`` mean, or None.

    An empty line is the day of ``near``.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    word, _blank, rest = plain.partition(" ")
    reason = " ".join(rest.split()) or None
    if not word:
        return Days(near, near)
    day = date_typed(word, near)
    # in +7-+9 each end is counted from the day
    if day is not None and "+" not in word[1:]:
        return Days(day, day, reason)
    for place in (found.start() for found in _DASH.finditer(word)):
        first, last = date_typed(word[:place], near), date_typed(word[place + 1 :], near)
        if first is not None and last is not None and first <= last:
            return Days(first, last, reason)
    return None
