"""A signed paper sheet typed in: the numbers of its lines, and what is to be said of them.

``3 7 12`` are absent, ``3-6`` is a range, a letter changes what follows (``l 4 9 a 3``), ``9:12``
is twelve minutes late, and ``+`` at the end says that all the others who are unmarked were there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tui.rollbook import Said
from tui.words import STATUSES

_LETTERS: Final[Mapping[str, str]] = dict(zip("plevda", STATUSES, strict=True))
_TOKEN: Final = re.compile(r"([plevda])?(?:(\d{1,5})(?:-(\d{1,5})|:(\d{1,3}))?)?")
_TIMED: Final = ("late", "early")


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was understood: the marks by line number, whether the rest was there, and what was not.

    ``unknown`` are the words that make no sense, among them numbers that the sheet does not have.
    """

    marks: Mapping[int, Said] = field(default_factory=dict)
    rest: bool = False
    unknown: tuple[str, ...] = ()


def transcript_typed(text: str, lines: int) -> Transcript:
    """Return what was typed from a sheet of ``lines`` lines; the last word on a line counts."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"\s*([-:])\s*", r"\1", plain.replace("~", "-"))
    status, rest = "absent", False
    marks: dict[int, Said] = {}
    unknown: list[str] = []
    for word in re.split(r"[\s,;、。]+", plain):
        if not word:
            continue
        if word == "+":
            rest = True
            continue
        found = _TOKEN.fullmatch(word)
        if found is None:
            unknown.append(word)
            continue
        letter, first, last, minutes = found.groups()
        status = _LETTERS[letter] if letter else status
        if first is None:
            continue
        span = range(int(first), int(last or first) + 1)
        if not span or span[0] < 1 or span[-1] > lines:
            unknown.append(word)
            continue
        marks |= dict.fromkeys(span, _said(status, minutes))
    return Transcript(marks, rest, tuple(unknown))


def _said(status: str, minutes: str | None) -> Said:
    if minutes is None:
        return status, None
    return (status if status in _TIMED else "late"), int(minutes)
