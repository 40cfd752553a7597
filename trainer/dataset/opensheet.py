"""How far the cells of an OpenDocument sheet (.ods) reach, with all that is said to be repeated.

A cell and a row may say that they stand for a million like them. Blank ones at the end, with which
a spreadsheet program fills up its sheet, reach nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate  # nothing outside is read, no entity kept

_CELLS: Final = frozenset({"table:table-cell", "table:covered-table-cell"})
_VALUES: Final = ("office:value", "office:value-type", "calcext:value-type", "table:formula")


def reach_of(blocks: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Yield, block by block, how many rows and columns a sheet reaches; raise ValueError."""
    reach = _Reach()
    parser = ParserCreate()
    parser.StartElementHandler = reach.begin
    parser.EndElementHandler = reach.end
    parser.CharacterDataHandler = reach.text
    parser.StartDoctypeDeclHandler = reach.declare
    try:
        for block in blocks:
            parser.Parse(block)
            yield reach.rows, reach.columns
        parser.Parse(b"", True)
    except ExpatError as error:
        raise ValueError("no well-formed sheet") from error
    yield reach.rows, reach.columns


class _Reach:
    # the most rows and columns of any sheet so far

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._above = self._blank_above = self._times = 0
        self._width = self._blank = self._count = 0
        self._in_cell = self._held = False

    def begin(self, name: str, said: dict[str, str]) -> None:
        """Look at a tag that begins."""
        if name in _CELLS:
            self._count = _number(said.get("table:number-columns-repeated"))
            self._in_cell = True
            self._held = any(value in said for value in _VALUES)
        elif self._in_cell:
            self._held = True
        elif name == "table:table-row":
            self._times = _number(said.get("table:number-rows-repeated"))
            self._width = self._blank = 0
        elif name == "table:table":
            self._above = self._blank_above = 0

    def text(self, text: str) -> None:
        """Look at text: a cell that has any holds something."""
        if self._in_cell and text.strip():
            self._held = True

    def end(self, name: str) -> None:
        """Look at a tag that ends."""
        if name in _CELLS:
            self._in_cell = False
            self._blank += self._count
            if self._held:
                self._width, self._blank = self._width + self._blank, 0
                self.columns = max(self.columns, self._width)
                self.rows = max(self.rows, self._above + self._blank_above + self._times)
        elif name == "table:table-row":
            if self._width:
                self._above += self._blank_above + self._times
                self._blank_above = 0
            else:
                self._blank_above += self._times

    def declare(self, *_said: object) -> None:
        """Refuse a declaration of a document type: no sheet has one, and entities may swell."""
        raise ValueError("a document type is declared")


def _number(text: str | None) -> int:
    return max(int(text), 1) if text and text.isdecimal() else 1
