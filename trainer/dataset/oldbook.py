"""How far the cells of an old workbook (.xls) reach, read from its records without unpacking any.

Such a file is a small file system of sectors (Compound File Binary), of which one stream holds the
workbook: records of a number, a length and data. A cell says its row and column itself, and two
cells are enough to say that a sheet has thousands of millions.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: An old sheet has no more columns.
MOST_COLUMNS: Final = 256
_STREAMS: Final = ("Workbook", "Book")
_HEADER: Final = 512
_SMALL: Final = 4096
_ENTRY: Final = 128
_NO_SECTOR: Final = 0xFFFFFFFA
_BEGIN: Final = 0x0809
#: Records that begin with the row and the column of a cell.
_CELLS: Final = frozenset(
    {0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BE, 0x00BD}
)
_RUNS: Final = frozenset({0x00BD, 0x00BE})


def sheets_of(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield of each sheet how many rows and columns its cells reach; raise ValueError."""
    try:
        stream = _workbook(data)
        yield from _reached(stream)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("no compound file") from error


def _workbook(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    if size not in (512, 4096) or small > size:
        raise ValueError("sectors of an unknown size")
    table = _table(data, size)
    folder = _chain(data, struct.unpack_from("<I", data, 48)[0], table, size)
    entries = _entries(folder)
    name = next((name for name in _STREAMS if name in entries), None)
    if name is None:
        raise ValueError("no workbook in it")
    first, length = entries[name]
    if length >= _SMALL:
        return _chain(data, first, table, size)[:length]
    places = _chain(data, struct.unpack_from("<I", data, 60)[0], table, size)
    inside = _chain(data, entries[""][0], table, size)
    pieces = struct.unpack(f"<{len(places) // 4}I", places[: len(places) // 4 * 4])
    return _chain(inside, first, pieces, small, start=0)[:length]


def _table(data: bytes, size: int) -> tuple[int, ...]:
    # which sector follows which: its own sectors are listed in the header, and in a chain beyond
    listed = list(struct.unpack_from("<109I", data, 76))
    following = struct.unpack_from("<I", data, 68)[0]
    seen: set[int] = set()
    while following < _NO_SECTOR and following not in seen:
        seen.add(following)
        more = struct.unpack_from(f"<{size // 4}I", data, _HEADER + following * size)
        listed += more[:-1]
        following = more[-1]
    found: list[int] = []
    for sector in listed:
        if sector < _NO_SECTOR:
            found += struct.unpack_from(f"<{size // 4}I", data, _place(sector, size))
        if len(found) * size > len(data) + size * size:
            break
    return tuple(found)


def _place(sector: int, size: int) -> int:
    return max(size, _HEADER) + sector * size


def _chain(
    data: bytes, first: int, table: tuple[int, ...], size: int, *, start: int | None = None
) -> bytes:
    pieces: list[bytes] = []
    sector, seen = first, 0
    while sector < _NO_SECTOR:
        seen += 1
        if seen > len(table) or sector >= len(table):
            raise ValueError("sectors in a ring")
        place = _place(sector, size) if start is None else start + sector * size
        pieces.append(data[place : place + size])
        sector = table[sector]
    return b"".join(pieces)


def _entries(folder: bytes) -> Mapping[str, tuple[int, int]]:
    # name to first sector and length; the root, which holds the small streams, has no name here
    found: dict[str, tuple[int, int]] = {}
    for place in range(0, len(folder) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", folder, place + 64)
        name = folder[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        root = 5
        found.setdefault(
            "" if kind == root else name, struct.unpack_from("<II", folder, place + 116)
        )
    return found


def _reached(stream: bytes) -> Iterator[tuple[int, int]]:
    rows = columns = place = 0
    head = struct.Struct("<HH")
    while place + head.size <= len(stream):
        kind, length = head.unpack_from(stream, place)
        place += head.size
        if kind == _BEGIN:
            yield rows, columns
            rows = columns = 0
        elif kind in _CELLS and length >= head.size:
            row, column = head.unpack_from(stream, place)
            if kind in _RUNS and place + length <= len(stream):
                column = max(column, struct.unpack_from("<H", stream, place + length - 2)[0])
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        place += length
    yield rows, columns
