"""Workbooks of marks that are broken in ways that a spreadsheet program never writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from xlsxwriter import Workbook

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_MILLION = b" " * 1_000_000


def good(rows: Iterable[Iterable[object]]) -> bytes:
    """Return a workbook with a sheet ``marks`` of these rows; what begins with = is a formula."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("marks")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def rewritten(data: bytes, name: str, parts: Iterable[bytes]) -> bytes:
    """Return a workbook with one of its entries written anew."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        with new.open(name, "w") as file:
            for part in parts:
                file.write(part)
    return out.getvalue()


def _sheet(*inside: bytes) -> Iterator[bytes]:
    yield f'<?xml version="1.0"?><worksheet {_SPACE}><sheetData>'.encode()
    yield from inside
    yield b"</sheetData></worksheet>"


def _entities() -> bytes:
    names = "abcdefghij"
    lines = ['<!ENTITY a "aaaaaaaaaa">']
    lines += [f'<!ENTITY {name} "{10 * f"&{below};"}">' for below, name in pairwise(names)]
    head = f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]><worksheet {_SPACE}><sheetData>'
    return f'{head}<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'.encode()


#: How a good workbook is broken.
BREAKINGS: dict[str, Callable[[bytes], bytes]] = {
    "no zip at all": lambda _: b"hello",
    "half of it": lambda data: data[: len(data) // 2],
    "nothing": lambda _: b"",
    "a sheet that ends within a tag": lambda data: rewritten(data, SHEET, [b"<worksheet><row"]),
    "a text that there is not": lambda data: rewritten(
        data, SHEET, _sheet(b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')
    ),
    "entities within entities": lambda data: rewritten(data, SHEET, [_entities()]),
    "a cell in the last corner": lambda data: rewritten(
        data, SHEET, _sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    ),
    "a row beyond all rows": lambda data: rewritten(
        data, SHEET, _sheet(b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>')
    ),
    "a wide row and many short ones": lambda data: rewritten(
        data, SHEET, _sheet(b"<row>" + b"<c/>" * 9_000 + b"</row>", b"<row><c/></row>" * 9_000)
    ),
    "300 MB of nothing": lambda data: rewritten(data, SHEET, _sheet(*[_MILLION] * 300)),
    "300 MB of one text": lambda data: rewritten(data, STRINGS, [_MILLION] * 300),
}


def write(path: Path, kind: str, rows: Iterable[Iterable[object]]) -> Path:
    """Write a workbook of rows, broken in one of the ways."""
    path.write_bytes(BREAKINGS[kind](good(rows)))
    return path
