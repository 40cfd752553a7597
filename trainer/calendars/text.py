"""Text of a content line: cleaned, escaped, then folded at 75 octets (RFC 5545, 3.1 and 3.3.11)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LIMIT: Final = 75
"""Octets of a physical line, without its CRLF."""

# UTF-8: every octet of a character but its first is 10xxxxxx
CONTINUATION_MASK: Final = 0xC0
CONTINUATION: Final = 0x80
BACKSLASH: Final = 0x5C

# what some reader or other takes for the end of a line
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_SUSPECT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPACES: Final = re.compile(r"\s+")
_RESERVED: Final = re.compile(r"[\\;,\n]")
_ESCAPES: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_CARETS: Final = {"^": "^^", "\n": "^n", '"': "^'"}
_CARETED: Final = re.compile('[\\^\n"]')


def clean_text(text: str) -> str:
    """Return ``text`` with every line end as a newline and without control characters.

    A tab becomes a space, half a surrogate pair the replacement character; lines lose the blanks at
    their ends, since readers differ about those.
    """
    if _SUSPECT.search(text):
        text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
        text = _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))
        return "\n".join(line.strip() for line in text.split("\n")).strip()
    return text.strip()


def clean_line(text: str) -> str:
    """Return ``text`` as one line: cleaned, and every run of blanks or newlines as one space."""
    return _SPACES.sub(" ", clean_text(text)).strip()


def escape_text(text: str) -> str:
    """Escape backslash, semicolon, comma and newline for a TEXT value."""
    return _RESERVED.sub(lambda found: _ESCAPES[found[0]], text)


def quote_parameter(text: str) -> str:
    """Return ``text`` as a quoted parameter value, with its carets escaped (RFC 6868)."""
    return '"' + _CARETED.sub(lambda found: _CARETS[found[0]], text) + '"'


def fold(line: bytes) -> bytes:
    """Return one logical line (UTF-8, no line end) as physical lines, each ended by CRLF.

    No character and no escape is split, and where it can be helped no continuation begins with a
    blank, which a careless reader would drop with the fold's own.
    """
    if len(line) <= LIMIT:
        return line + b"\r\n"
    pieces: list[bytes] = []
    start, room = 0, LIMIT
    while len(line) - start > room:
        end = _break_before(line, start, start + room)
        pieces.append(line[start:end])
        start, room = end, LIMIT - 1
    pieces.append(line[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def _break_before(line: bytes, start: int, end: int) -> int:
    """Return the last place in (start, end] where a fold may stand."""
    unsplit = place = _character_start(line, end)
    while line[place : place + 1] == b" " and place > start + 1:
        place = _character_start(line, place - 1)
    place = place if place > start else unsplit
    if line[place - 1] == BACKSLASH:
        before = line[start:place]
        odd = (len(before) - len(before.rstrip(b"\\"))) % 2
        place = max(place - odd, start + 1)
    return place


def _character_start(line: bytes, place: int) -> int:
    """Return where the character begins that the octet at ``place`` belongs to."""
    while line[place] & CONTINUATION_MASK == CONTINUATION:
        place -= 1
    return place


@lru_cache(maxsize=1 << 15)
def text_line(name: str, text: str) -> bytes:
    """Return the property ``name`` with text of several lines; an empty one is left out."""
    value = clean_text(text)
    return fold(f"{name}:{escape_text(value)}".encode()) if value else b""


@lru_cache(maxsize=1 << 15)
def one_line(name: str, text: str) -> bytes:
    """Return the property ``name`` with text of one line, be it empty."""
    return fold(f"{name}:{escape_text(clean_line(text))}".encode())


@lru_cache(maxsize=1 << 12)
def list_line(name: str, texts: tuple[str, ...]) -> bytes:
    """Return the property ``name`` with a list of texts; an empty one is left out."""
    values = [escape_text(value) for value in map(clean_line, texts) if value]
    return fold(f"{name}:{','.join(values)}".encode()) if values else b""


@lru_cache(maxsize=1 << 12)
def place_line(name: str, place: str, address: str) -> bytes:
    """Return the property ``name`` with “place, address”; what is empty is left out."""
    parts = [part for part in map(clean_line, (place, address)) if part]
    return fold(f"{name}:{escape_text(', '.join(parts))}".encode()) if parts else b""
