"""Words as a raster of dots, so that a terminal can show them large enough to be read from afar.

The typesetter draws them; its picture comes as PNG, of which only what it writes is understood:
eight bits a channel, not interlaced.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from trainer.errors import UsageError
from trainer.printing.typesetting import FONT

#: Rows of dots, from the top; True is ink.
Raster = tuple[tuple[bool, ...], ...]

_TEMPLATE: Final = """
#let data = json(bytes(sys.inputs.data))
#set page(width: auto, height: data.height * 1pt, margin: 0pt, fill: white)
#set text(font: data.font, size: data.size * 1pt, weight: "medium", top-edge: "bounds",
  bottom-edge: "bounds", fallback: true)
#set par(leading: 0pt)
#align(horizon, box(data.text))
"""
#: Dots drawn for each dot shown, in each direction: their darkness decides.
_FINER: Final = 3
_INK: Final = 0.42
_CHANNELS: Final = {0: 1, 2: 3, 4: 2, 6: 4}
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


#: One drawing at a time: the typesetter keeps its fonts between two.
_ONE_AT_A_TIME: Final = Lock()


@lru_cache(maxsize=2_000)
def raster_of(text: str, height: int) -> Raster:
    """Return a line of text ``height`` dots high; raise UsageError without the extra ``pdf``."""
    data = {"text": text, "font": FONT, "height": height, "size": height}
    with _ONE_AT_A_TIME:
        picture = _typesetter().compile(
            input=_TEMPLATE.encode(),
            format="png",
            # a point is a seventy-second of an inch
            ppi=72.0 * _FINER,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    return _coarser(_darkness(bytes(picture)))


@cache
def _typesetter() -> Any:
    try:
        # an extra that few need, and heavy
        import manimgx_fonts_cjk
        import typst
    except ModuleNotFoundError:
        raise UsageError(
            "large letters need the extra “pdf”; install county-trainer[pdf], or go without them"
        ) from None
    return typst.Compiler(
        font_paths=[str(Path(str(manimgx_fonts_cjk.__file__)).parent)],
        ignore_system_fonts=True,
    )


def _coarser(rows: list[list[float]]) -> Raster:
    return tuple(
        tuple(_mean(rows, top, left) > _INK for left in range(0, len(rows[0]) - _FINER + 1, _FINER))
        for top in range(0, len(rows) - _FINER + 1, _FINER)
    )


def _mean(rows: list[list[float]], top: int, left: int) -> float:
    square = [sum(row[left : left + _FINER]) for row in rows[top : top + _FINER]]
    return sum(square) / _FINER**2


def _darkness(png: bytes) -> list[list[float]]:
    # 0 is white, 1 is black; colours are their first channel, for the ink is black
    width, channels, lines = _unpacked(png)
    return [[1 - line[place * channels] / 255 for place in range(width)] for line in lines]


def _unpacked(png: bytes) -> tuple[int, int, list[bytearray]]:
    width = height = 0
    channels = 1
    body = b""
    for kind, content in _chunks(png):
        if kind == b"IHDR":
            width, height, _depth, colour = struct.unpack(">IIBB", content[:10])
            channels = _CHANNELS[colour]
        elif kind == b"IDAT":
            body += content
    return width, channels, _unfiltered(zlib.decompress(body), width * channels, height, channels)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += 12 + length


def _unfiltered(data: bytes, stride: int, height: int, step: int) -> list[bytearray]:
    # the five filters of the format, each line by the one above it
    above = bytearray(stride)
    lines = []
    for number in range(height):
        first = number * (stride + 1)
        kind, line = data[first], bytearray(data[first + 1 : first + 1 + stride])
        for place in range(stride):
            left = line[place - step] if place >= step else 0
            up = above[place]
            corner = above[place - step] if place >= step else 0
            guess = (0, left, up, (left + up) // 2, _nearest(left, up, corner))[kind]
            line[place] = (line[place] + guess) & 0xFF
        lines.append(line)
        above = line
    return lines


def _nearest(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))
