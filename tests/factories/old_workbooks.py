"""Workbooks of other kinds than .xlsx, made by hand: OpenDocument sheets and old .xls files."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_SIZE = 512


def ods(*rows: str, head: str = "") -> bytes:
    """Return an OpenDocument workbook with a sheet ``marks`` of rows that are written as XML."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {_SPACES}>'
        f'<office:body><office:spreadsheet><table:table table:name="marks">{"".join(rows)}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def ods_row(*cells: str, times: int = 1) -> str:
    """Return a row of an OpenDocument sheet; a cell like ``*7`` stands for seven blank ones."""
    inside = "".join(
        f'<table:table-cell table:number-columns-repeated="{cell[1:]}"/>'
        if cell.startswith("*")
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
        "</table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{inside}</table:table-row>'


def xls(cells: Iterable[tuple[int, int, float]], *, name: str = "marks", padding: int = 0) -> bytes:
    """Return an old workbook of one sheet with numbers at (row, column).

    With ``padding`` the stream is long enough to lie in sectors of its own.
    """
    globals_ = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x06))
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x06))
    for row, column, number in cells:
        sheet += _record(0x0203, struct.pack("<HHHd", row, column, 0, number))
    sheet += _record(0x000A, b"") + b"\x00" * padding
    named = struct.pack("<BB", len(name), 0) + name.encode("latin-1")
    place = len(globals_) + 4 + 6 + len(named) + 4
    globals_ += _record(0x0085, struct.pack("<IBB", place, 0, 0) + named) + _record(0x000A, b"")
    return _compound(globals_ + sheet)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    # sector 0 the table, 1 the folder, 2 the small table, then the stream or the small streams
    small = len(stream) < 4096
    data = stream + b"\x00" * (-len(stream) % _SIZE)
    count = len(data) // _SIZE
    chain = [*range(4, 3 + count), 0xFFFFFFFE]
    table = [0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, *chain]
    table += [0xFFFFFFFF] * (_SIZE // 4 - len(table))
    pieces = -(-len(stream) // 64)
    minor = [*range(1, pieces), 0xFFFFFFFE] if small else []
    minor += [0xFFFFFFFF] * (_SIZE // 4 - len(minor))
    root = (3, len(data)) if small else (0xFFFFFFFE, 0)
    folder = _entry("Root Entry", 5, *root, child=1)
    folder += _entry("Workbook", 2, 0 if small else 3, len(stream))
    folder += b"\x00" * (_SIZE - len(folder))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    parts = (head, struct.pack("<128I", *table), folder, struct.pack("<128I", *minor), data)
    return b"".join(parts)


def _entry(name: str, kind: int, first: int, length: int, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    entry = text + b"\x00" * (64 - len(text)) + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + b"\x00" * 36
    return entry + struct.pack("<IQ", first, length)
