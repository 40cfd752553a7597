"""What somebody types about when a person came and went: minutes, or times by the clock.

``12`` is twelve minutes late, ``0842`` or ``8:42`` came at that time, ``-15`` left fifteen minutes
before the end, ``-11:40`` left at that time, and ``8:42-11:40`` says both. What it amounts to is
said by the same rule as at badges and doors.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

from trainer.attendance.presence import Missed, said_by_hand
from trainer.attendance.rules import Rules
from tui.rollbook import Said

_MINUTES: Final = re.compile(r"\d{1,3}")
_LATE: Final = re.compile(r"\d{1,2}")
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})|(\d{1,2})(\d{2})")
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_HOUR: Final = 60


def arrival_typed(text: str, start: dt.time, end: dt.time, rules: Rules) -> Said | None:
    """Return status and minutes missed of a session from ``start`` to ``end``; None for no sense.

    Of somebody who came late and left early both are counted.
    """
    came, dash, went = _plain(text).partition("-")
    if not came and not went:
        return None
    begin, finish = _of_day(start), _of_day(end)
    late = _missed(came, begin) if came else 0
    early = _missed(went, finish, back=True) if dash and went else 0
    if late is None or early is None or (dash and not went):
        return None
    return said_by_hand(rules, Missed(late, early, finish - begin))


def by_limits(said: Said, start: dt.time, end: dt.time, rules: Rules) -> Said:
    """Return what a status with minutes amounts to by the office's limits; without them as said."""
    status, minutes = said
    length = _of_day(end) - _of_day(start)
    if minutes is None:
        return said
    if status == "late":
        return said_by_hand(rules, Missed(late=minutes, length=length))
    return said_by_hand(rules, Missed(early=minutes, length=length))


def departure_typed(text: str, start: dt.time, end: dt.time) -> int | None:
    """Return how many minutes before the end somebody left; None for no sense.

    ``20`` is twenty minutes, ``1140`` or ``11:40`` is a time within the session.
    """
    typed = _plain(text).removeprefix("-")
    length = _of_day(end) - _of_day(start)
    if not _MINUTES.fullmatch(typed):
        early = _missed(typed, _of_day(end), back=True)
    elif int(typed) <= length:
        early = int(typed)
    else:
        # more minutes than there were: 940 is a time
        early = _missed(typed, _of_day(end), back=True)
    return early if early is not None and early <= length else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("~", "-")


def _missed(typed: str, against: int, *, back: bool = False) -> int | None:
    if _LATE.fullmatch(typed):
        return int(typed)
    clock = _CLOCK.fullmatch(typed)
    if clock is None:
        return None
    hour, minute = (int(part) for part in clock.groups() if part is not None)
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        return None
    at = hour * _HOUR + minute
    return max(0, against - at if back else at - against)


def _of_day(time: dt.time) -> int:
    return time.hour * _HOUR + time.minute
