"""From bytes to content lines: line ends, folds, characters, and the name, parameters and value.

Linear in the size of the file, whatever is in it; nothing here raises.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trainer.calendars.lint.findings import Report

LIMIT: Final = 75
BOM: Final = b"\xef\xbb\xbf"
WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DOUBLED: Final = re.compile(rb"\r\r+\n")
_LONE_LF: Final = re.compile(rb"(?<!\r)\n")
# other line ends and control characters of Unicode, and a byte order mark within the text
_UNSEEN: Final = re.compile("[\x80-\x9f\u2028\u2029\ufeff]")
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_SAFE: Final = r'[^"\x00-\x08\x0a-\x1f\x7f;:,]*+'
_QUOTED: Final = r'"[^"\x00-\x08\x0a-\x1f\x7f]*+"'
_ITEM: Final = rf"(?:{_QUOTED}|{_SAFE})"
_PARAMETER: Final = re.compile(rf";([A-Za-z0-9-]+)=({_ITEM}(?:,{_ITEM})*+)(?=[;:])")
_PARAMETER_ITEM: Final = re.compile(_ITEM)
_CARET: Final = re.compile(r"\^([n^'])")
_CARETS: Final = {"n": "\n", "^": "^", "'": '"'}


@dataclass(slots=True)
class ContentLine:
    """One logical line: where it begins (from 1), its name in capitals, parameters and value."""

    number: int
    name: str
    parameters: dict[str, tuple[str, ...]]
    value: str

    def parameter(self, name: str) -> str | None:
        """Return the first value of a parameter, or None."""
        values = self.parameters.get(name)
        return values[0] if values else None


def content_lines(data: bytes, report: Report) -> Iterator[ContentLine]:
    """Yield the file's content lines; what cannot be read as one is reported and left out."""
    for number, text in _logical_lines(data, report):
        line = _parse(number, text, report)
        if line is not None:
            yield line


def _logical_lines(data: bytes, report: Report) -> Iterator[tuple[int, str]]:
    """Yield unfolded lines with the number of their first physical line."""
    pieces: list[bytes] = []
    first = 1
    number = 0
    for number, raw in enumerate(_physical_lines(data, report), 1):
        if raw[:1] in {b" ", b"\t"}:
            if pieces:
                pieces.append(raw[1:])
                continue
            report.add(number, "stray-fold")
            raw = raw.lstrip(b" \t")  # noqa: PLW2901 - reads on as if the blank were not there
        if pieces:
            yield first, _text(pieces, first, report)
        pieces, first = ([raw], number) if raw else ([], number)
    if pieces:
        yield first, _text(pieces, first, report)


def _physical_lines(data: bytes, report: Report) -> Iterator[bytes]:
    """Yield lines without their ends; report BOM, line ends, length and blank lines."""
    if data.startswith(BOM):
        report.add(1, "bom")
        data = data[len(BOM) :]
    if b"\n" not in data and b"\r" in data:
        report.add(1, "cr-line-end")
        data = data.replace(b"\r", b"\r\n")
    if _DOUBLED.search(data):
        number = data.count(b"\n", 0, data.index(b"\r\r\n")) + 1
        report.add(number, "doubled-line-end", count=data.count(b"\r\r\n"))
        data = _DOUBLED.sub(b"\r\n", data)
    _report_line_ends(data, report)
    blank_since = 0
    for number, raw in enumerate(io.BytesIO(data), 1):
        line = _without_end(raw)
        if len(line) > LIMIT:
            report.add(number, "long-line", count=len(line))
        if not line:
            blank_since = blank_since or number
        elif blank_since:
            report.add(blank_since, "blank-line")
            blank_since = 0
        yield line
    if blank_since:
        report.add(blank_since, "final-blank-line")


def _without_end(raw: bytes) -> bytes:
    if raw.endswith(b"\r\n"):
        return raw[:-2]
    return raw[:-1] if raw.endswith(b"\n") else raw


def _report_line_ends(data: bytes, report: Report) -> None:
    """Report LF without CR, once for the file, and a last line without end."""
    lone = data.count(b"\n") - data.count(b"\r\n")
    if lone:
        first = _LONE_LF.search(data)
        assert first is not None
        number = data.count(b"\n", 0, first.start()) + 1
        report.add(number, "lf-line-end", count=lone)
    if not data.endswith(b"\n"):
        report.add(data.count(b"\n") + 1, "no-final-line-end")


def _text(pieces: list[bytes], first: int, report: Report) -> str:
    """Return the joined pieces as text; report characters that are split, broken or control."""
    raw = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if _CONTROL.search(raw):
        _report_control_characters(pieces, first, report)
    if raw.isascii():
        return raw.decode("ascii")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        report.add(_line_of(pieces, first, error.start), "not-utf8")
        return raw.decode(errors="replace")
    if _UNSEEN.search(text):
        _report_unseen(pieces, first, report)
    if len(pieces) > 1:
        for place, piece in enumerate(pieces[1:], first + 1):
            if piece[:1] and piece[0] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8: within a character
                report.add(place, "split-character")
    return text


def _report_control_characters(pieces: list[bytes], first: int, report: Report) -> None:
    for number, piece in enumerate(pieces, first):
        found = _CONTROL.search(piece)
        if found:
            report.add(number, "control-character", point=f"{found[0][0]:04X}")


def _report_unseen(pieces: list[bytes], first: int, report: Report) -> None:
    for number, piece in enumerate(pieces, first):
        found = _UNSEEN.search(piece.decode(errors="replace"))
        if found:
            report.add(number, "unseen-character", point=f"{ord(found[0]):04X}")


def _line_of(pieces: list[bytes], first: int, offset: int) -> int:
    """Return the physical line that holds the octet at ``offset`` of the joined pieces."""
    for number, piece in enumerate(pieces, first):
        if offset < len(piece):
            return number
        offset -= len(piece)
    return first + len(pieces) - 1


def _parse(number: int, text: str, report: Report) -> ContentLine | None:
    found = _NAME.match(text)
    if found is None or text[found.end() : found.end() + 1] not in {":", ";"}:
        report.add(number, "raw-newline", value=text)
        return None
    name, place = found[0].upper(), found.end()
    if text[place] == ":":
        return ContentLine(number, name, {}, text[place + 1 :])
    parameters: dict[str, tuple[str, ...]] = {}
    while text[place : place + 1] == ";":
        match = _PARAMETER.match(text, place)
        if match is None:
            report.add(number, "bad-parameter", property=name, value=text[place : place + 80])
            colon = text.find(":", place)
            if colon < 0:
                return None
            place = colon
            break
        parameter = match[1].upper()
        if parameter in parameters:
            report.add(number, "duplicate-parameter", property=name, parameter=parameter)
        parameters[parameter] = _items(match[2])
        place = match.end()
    return ContentLine(number, name, parameters, text[place + 1 :])


def _items(text: str) -> tuple[str, ...]:
    """Return the values of a parameter, unquoted and with carets decoded (RFC 6868)."""
    if '"' not in text and "," not in text and "^" not in text:
        return (text,)
    values: list[str] = []
    place = 0
    while place <= len(text):
        match = _PARAMETER_ITEM.match(text, place)
        assert match is not None
        item = match[0]
        value = item[1:-1] if item.startswith('"') else item
        values.append(_CARET.sub(lambda found: _CARETS[found[1]], value))
        place = match.end() + 1
    return tuple(values)
