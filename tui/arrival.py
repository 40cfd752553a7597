"""What somebody types about when a person came and went: minutes, or times by the clock.

``12`` is twelve minutes late, ``0842`` or ``8:42`` came at that time, ``-15`` left fifteen minutes
before the end, ``-11:40`` left at that time, and ``8:42-11:40`` says both.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

from tui.rollbook import Said

_MINUTES: Final = re.compile(r"\d{1,2}")
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})|(\d{1,2})(\d{2})")
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59


def arrival_typed(text: str, start: dt.time, end: dt.time) -> Said | None:
    """Return status and minutes missed of a session from ``start`` to ``end``; None for no sense.

    Of somebody who came late and left early both are counted, and the status is the greater's.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("~", "-")
    came, dash, went = plain.partition("-")
    if not came and not went:
        return None
    begin, finish = _of_day(start), _of_day(end)
    late = _missed(came, begin) if came else 0
    early = _missed(went, finish, back=True) if dash and went else 0
    if late is None or early is None or (dash and not went):
        return None
    missed = late + early
    if missed >= finish - begin:
        return "absent", finish - begin
    if not missed:
        return "present", None
    return ("late" if late >= early else "early"), missed


def _missed(typed: str, against: int, *, back: bool = False) -> int | None:
    if _MINUTES.fullmatch(typed):
        return int(typed)
    clock = _CLOCK.fullmatch(typed)
    if clock is None:
        return None
    hour, minute = (int(part) for part in clock.groups() if part is not None)
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        return None
    at = hour * 60 + minute
    return max(0, against - at if back else at - against)


def _of_day(time: dt.time) -> int:
    return time.hour * 60 + time.minute
