"""What somebody types about leave: when, which kind, the paper, and why.

An empty line is the session that one comes from. ``pm`` or ``下午`` is the afternoon of that day,
``2`` the second of the sessions listed, ``1 3`` the first to the third, ``14:30-16:00`` minutes,
``0316`` a day, ``0316-0318`` or ``0316pm-0318am`` several. A kind of leave may stand anywhere
before the reason (``病假``, ``bj``, ``sick``); ``+`` says that the paper is there, ``+诊断证明``
which it is. All else is the reason.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trainer.attendance.leave import Stretch
from trainer.office import Office

_KINDS: Final[Mapping[str, str]] = {
    "病假": "sick", "bj": "sick", "sick": "sick",
    "事假": "personal", "sj": "personal", "personal": "personal",
    "公假": "duty", "gj": "duty", "duty": "duty",
}  # fmt: skip
_PARTS: Final[Mapping[str, str]] = {
    "上午": "AM", "am": "AM", "sw": "AM",
    "下午": "PM", "pm": "PM", "xw": "PM",
    "晚上": "EVE", "eve": "EVE", "ws": "EVE",
}  # fmt: skip
_WHOLE: Final = ("全天", "day", "qt")
_DAYS: Final[Mapping[str, int]] = {
    "今天": 0, "today": 0, "jt": 0,
    "明天": 1, "tomorrow": 1, "mt": 1,
    "后天": 2, "ht": 2,
}  # fmt: skip
_PART: Final = "|".join(_PARTS)
_DATE: Final = re.compile(r"(\d{1,2})(?:[-./](\d{1,2})|月(\d{1,2})日?)|(\d{2})(\d{2})")
_CLOCK: Final = re.compile(r"(\d{1,2}):?(\d{2})")
_ON: Final = re.compile(r"\+(\d{1,2})")
_END: Final = re.compile(rf"(.*?)({_PART}|\d{{1,2}}:\d{{2}})?", re.DOTALL)
_SPAN: Final = re.compile(r"([^-]*(?:\d{1,2}-\d{1,2}(?=\D))?[^-]*)-([^-]*)")
_NUMBER: Final = re.compile(r"\d{1,2}")
_DASHES: Final = str.maketrans(dict.fromkeys("至到~—–－", "-"))
_MOST_NUMBERS: Final = 2


@dataclass(frozen=True, slots=True)
class Listed:
    """A session that leave may be asked for by its number."""

    uid: str
    date: dt.date
    first: str
    last: str
    start: dt.time
    end: dt.time
    title: str

    def __str__(self) -> str:
        """Return its times and what it is about."""
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.title}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a line is understood by: the day that is meant, the sessions listed, the class's days.

    ``this`` is the session that an empty line means.
    """

    office: Office
    day: dt.date
    first: dt.date
    last: dt.date
    listed: Sequence[Listed] = ()
    this: Listed | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """Leave as it was typed; ``paper`` empty says that the customary one is there."""

    stretch: Stretch
    kind: str
    reason: str | None = None
    paper: str | None = None


@dataclass(frozen=True, slots=True)
class _End:
    # one end of leave, as far as it was said; ``digits`` may be a date or a time
    date: dt.date | None = None
    part: str | None = None
    time: dt.time | None = None
    digits: str = ""


@dataclass(slots=True)
class _Said:
    # what the words before the reason have said
    day: dt.date | None = None
    part: str | None = None
    span: tuple[_End, _End] | None = None
    whole: bool = False
    kind: str | None = None
    paper: str | None = None


def leave_typed(text: str, frame: Frame, kind: str = "personal") -> Typed | None:
    """Return what is asked for, of ``kind`` unless it is said; None where it makes no sense."""
    plain = unicodedata.normalize("NFKC", text).strip()
    said, numbers = _Said(), list[int]()
    words = plain.split()
    reason: list[str] = []
    for word in words:
        if _is_paper(word):
            said.paper = word[1:]
        elif reason or not _take(word.lower(), frame, said, numbers):
            if not reason and word[0].isdigit():
                # a time that nobody understands is no reason
                return None
            reason.append(word)
    stretch = _of_numbers(frame, numbers, said) if numbers else _stretch(frame, said)
    if stretch is None:
        return None
    return Typed(stretch, said.kind or kind, " ".join(reason) or None, said.paper)


def _is_paper(word: str) -> bool:
    return word.startswith("+") and not _ON.fullmatch(word)


def _take(word: str, frame: Frame, said: _Said, numbers: list[int]) -> bool:
    """Take a word for what it says; tell whether it says anything."""
    if word in _KINDS:
        said.kind = _KINDS[word]
    elif word in _PARTS:
        said.part = _PARTS[word]
    elif word in _WHOLE:
        said.whole = True
    elif _NUMBER.fullmatch(word):
        numbers.append(int(word))
    elif (day := _date(word, frame)) is not None:
        said.day = day
    elif (span := _span(word, frame)) is not None:
        said.span = span
    else:
        end = _end(word, frame)
        if end is None or end.date is None or end.part is None:
            return False
        said.day, said.part = end.date, end.part
    return True


def _of_numbers(frame: Frame, numbers: Sequence[int], said: _Said) -> Stretch | None:
    if said.day or said.part or said.span or said.whole or len(numbers) > _MOST_NUMBERS:
        # which of both is meant?
        return None
    if not all(1 <= number <= len(frame.listed) for number in numbers):
        return None
    first, last = (frame.listed[number - 1] for number in (min(numbers), max(numbers)))
    return Stretch(first.date, last.date, first.first, last.last)


def _stretch(frame: Frame, said: _Said) -> Stretch | None:
    day = said.day or frame.day
    if said.span is not None:
        return _between(frame.office, day, *said.span)
    if said.part is not None:
        return _between(frame.office, day, _End(part=said.part), _End(part=said.part))
    if said.day is not None or said.whole:
        return Stretch(day, day)
    this = frame.this
    return Stretch(this.date, this.date, this.first, this.last) if this else None


def _between(office: Office, day: dt.date, one: _End, other: _End) -> Stretch | None:
    first = one.date or day
    last = other.date or first
    begin, end = _periods(office, one.part), _periods(office, other.part)
    stretch = Stretch(
        first, last, begin[0] if begin else None, end[-1] if end else None, one.time, other.time
    )
    unknown = (one.part and not begin) or (other.part and not end)
    backwards = last < first or (first == last and stretch.span_on(office, first) is None)
    return None if unknown or backwards else stretch


def _periods(office: Office, part: str | None) -> list[str]:
    return [period.code for period in office.periods if part and period.part == part]


def _span(word: str, frame: Frame) -> tuple[_End, _End] | None:
    found = _SPAN.fullmatch(word.translate(_DASHES))
    if found is None or word.translate(_DASHES) == "-":
        return None
    sides = [_end(side, frame) if side else _End() for side in found.groups()]
    one, other = sides
    if one is None or other is None:
        return None
    if one.digits or other.digits:
        return _settled(one, other, frame)
    return one, other


def _settled(one: _End, other: _End, frame: Frame) -> tuple[_End, _End] | None:
    """Tell dates from times where only digits were typed: what lies in the class's days is one."""
    dates = [_date(end.digits, frame) if end.digits else end.date for end in (one, other)]
    first, last = dates
    if first and last and frame.first <= first <= last <= frame.last:
        return _End(first, one.part), _End(last, other.part)
    times = [_time(end.digits) if end.digits else end.time for end in (one, other)]
    if any(end.digits and time is None for end, time in zip((one, other), times, strict=True)):
        return None
    return _End(one.date, one.part, times[0]), _End(other.date, other.part, times[1])


def _end(text: str, frame: Frame) -> _End | None:
    found = _END.fullmatch(text)
    day, said = found.groups() if found else ("", None)
    part = _PARTS.get(said or "")
    time = _time(said) if said and part is None else None
    if said is None and day.isdigit():
        return _End(digits=day)
    date = _date(day, frame) if day else None
    if (day and date is None) or (said and part is None and time is None):
        return None
    return _End(date, part, time)


def _date(text: str, frame: Frame) -> dt.date | None:
    if text in _DAYS:
        return frame.day + dt.timedelta(days=_DAYS[text])
    if on := _ON.fullmatch(text):
        return frame.day + dt.timedelta(days=int(on[1]))
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    month, day = (int(part) for part in found.groups() if part)
    near: list[dt.date] = []
    for year in range(frame.day.year - 1, frame.day.year + 2):
        try:
            near.append(dt.date(year, month, day))
        except ValueError:
            continue
    return min(near, key=lambda date: abs((date - frame.day).days), default=None)


def _time(text: str | None) -> dt.time | None:
    found = _CLOCK.fullmatch(text or "")
    try:
        return dt.time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None
