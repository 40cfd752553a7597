"""Which letters the document font has: a name in any other would come out as empty boxes.

Only what is needed of the font's file is read: its directory, and of each face the table from
letters to shapes, in the one form that covers letters beyond the first 65,536.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

from trainer.errors import UsageError

_COLLECTION: Final = b"ttcf"
_SEGMENTED: Final = 12


def missing_letters(texts: Iterable[str]) -> str:
    """Return the letters of some texts that the document font lacks, each once, in their order.

    Raise UsageError where the extra ``pdf`` is not installed.
    """
    ranges = _covered()
    starts = [first for first, _last in ranges]
    letters = dict.fromkeys(letter for text in texts for letter in text)
    return "".join(letter for letter in letters if not _has(ranges, starts, ord(letter)))


def _has(ranges: tuple[tuple[int, int], ...], starts: list[int], letter: int) -> bool:
    place = bisect_right(starts, letter) - 1
    return place >= 0 and letter <= ranges[place][1]


@cache
def _covered() -> tuple[tuple[int, int], ...]:
    try:
        # an extra that few need, and heavy
        import manimgx_fonts_cjk
    except ModuleNotFoundError:
        raise UsageError(
            "PDF needs the extra “pdf”; install county-trainer[pdf], or choose another format"
        ) from None
    found: set[tuple[int, int]] = set()
    for path in sorted(Path(str(manimgx_fonts_cjk.__file__)).parent.glob("*.[ot]t[cf]")):
        with path.open("rb") as file:
            # the faces of a collection share most of their tables
            for place in sorted(set(_tables(file))):
                found.update(_ranges(file, place))
    return tuple(_joined(found))


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    # faces cover much the same: what touches or overlaps becomes one
    begun: tuple[int, int] | None = None
    for first, last in sorted(ranges):
        if begun is not None and first <= begun[1] + 1:
            begun = (begun[0], max(begun[1], last))
            continue
        if begun is not None:
            yield begun
        begun = (first, last)
    if begun is not None:
        yield begun


def _tables(file: BinaryIO) -> Iterator[int]:
    """Yield where each face's segmented table of letters begins."""
    for face in _faces(file):
        file.seek(face + 4)
        (count,) = struct.unpack(">H6x", file.read(8))
        directory = [struct.unpack(">4s4xI4x", file.read(16)) for _table in range(count)]
        for tag, place in directory:
            if tag == b"cmap":
                yield from _segmented(file, place)


def _faces(file: BinaryIO) -> tuple[int, ...]:
    tag, count = struct.unpack(">4s4xI", file.read(12))
    if tag != _COLLECTION:
        return (0,)
    return struct.unpack(f">{count}I", file.read(4 * count))


def _segmented(file: BinaryIO, place: int) -> Iterator[int]:
    file.seek(place)
    (count,) = struct.unpack(">2xH", file.read(4))
    offsets = {struct.unpack(">4xI", file.read(8))[0] for _table in range(count)}
    for offset in sorted(offsets):
        file.seek(place + offset)
        (form,) = struct.unpack(">H", file.read(2))
        if form == _SEGMENTED:
            yield place + offset


def _ranges(file: BinaryIO, place: int) -> Iterator[tuple[int, int]]:
    file.seek(place + 12)
    (count,) = struct.unpack(">I", file.read(4))
    for first, last, _shape in struct.iter_unpack(">III", file.read(12 * count)):
        yield first, last
