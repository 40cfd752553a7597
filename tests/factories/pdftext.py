"""What stands on the pages of a PDF that the typesetter wrote, so that tests can read it."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
# brackets within a string are written as they are where each has its match
_IN_STRING = rb"(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*"
_STRING = re.compile(rb"\((" + _IN_STRING + rb")\)", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\(" + _IN_STRING + rb"\)|[-\d. ])*)\]TJ", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, without blanks, in the order in which it is drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for _number, body in sorted(objects.items()) if re.search(rb"/Type/Page\b", body)]
    return ["".join(_page(objects, body).split()) for body in pages]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    fonts = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", _resources(objects, page)):
        (unicode,) = re.findall(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        fonts[name] = _mapping(_stream(objects[int(unicode)]))
    (contents,) = re.findall(rb"/Contents (\d+) 0 R", page)
    text, font = "", {}
    for name, shown in _SHOWN.findall(_stream(objects[int(contents)])):
        if name:
            font = fonts[name]
            continue
        for string in _STRING.findall(shown):
            raw = _ESCAPE.sub(lambda found: _unescaped(found[1]), string)
            codes = (raw[place : place + 2] for place in range(0, len(raw), 2))
            text += "".join(font.get(code, "\ufffd") for code in codes)
    return text


def _resources(objects: dict[int, bytes], page: bytes) -> bytes:
    found = re.search(rb"/Resources (\d+) 0 R", page)
    return objects[int(found[1])] if found else page


def _unescaped(sign: bytes) -> bytes:
    return bytes([int(sign, 8)]) if len(sign) == 3 else _LETTERS.get(sign, sign)


def _stream(body: bytes) -> bytes:
    start = body.index(b"stream\n") + len(b"stream\n")
    return zlib.decompressobj().decompress(body[start:])


def _mapping(table: bytes) -> dict[bytes, str]:
    found = {}
    for code, letters in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table):
        found[bytes.fromhex(code.decode())] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return found
