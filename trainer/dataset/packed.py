"""What a workbook would unpack to, looked at before anything of it is unpacked for good.

A small file may unpack to gigabytes and say in its list that it does not, or say that its second
cell stands in the last column of the last row: a reader would then ask for more memory than there
is, and the program would end. So every part is unpacked here first, a block at a time and by its
own data, whatever the list says of its length, and what its cells say of their places is counted.
"""

from __future__ import annotations

import copy
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from trainer.dataset.oldbook import MAGIC, sheets_of
from trainer.dataset.oldbook import MOST_COLUMNS as OLD_COLUMNS
from trainer.phrases import Phrase, mark, phrase

#: A sheet of a million marks as CSV is a fifth of this.
MOST_BYTES: Final = 256 << 20
MOST_ROWS: Final = 1 << 20
MOST_COLUMNS: Final = 16_384
MOST_CELLS: Final = 16 << 20
#: What is said of a workbook that nobody can read.
DAMAGED: Final = mark("the workbook cannot be read: it is damaged, protected or not a workbook")
_BLOCK: Final = 1 << 20
#: So much of a block is looked at again with the next one: a tag may lie across the seam.
_SEAM: Final = 256
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})(\d{1,20})["']""")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")
#: The end of a packed file's list, without a remark behind it.
_END: Final = b"PK\x05\x06"
_END_LENGTH: Final = 22
_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def too_much(path: Path) -> Phrase | None:
    """Return why a workbook is not to be read; None where it may be."""
    if path.stat().st_size > MOST_BYTES:
        return _unpacks_to_more()
    with path.open("rb") as file:
        old = file.read(len(MAGIC)) == MAGIC
    try:
        return _too_much_of_old(path) if old else _too_much_packed(path)
    except _ERRORS:
        return Phrase(DAMAGED)


def _too_much_of_old(path: Path) -> Phrase | None:
    for rows, columns in sheets_of(path.read_bytes()):
        if columns > OLD_COLUMNS or rows * columns > MOST_CELLS:
            return _more_cells()
    return None


def _too_much_packed(path: Path) -> Phrase | None:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _END_LENGTH, 0))
        # with a remark at the end two readers may take two lists for the file's own
        if not file.read().startswith(_END):
            return Phrase(DAMAGED)
    left = MOST_BYTES
    with zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > left:
            return _unpacks_to_more()
        for entry in packed.infolist():
            blocks = _Counted(_blocks(packed, entry), left)
            name = entry.filename.casefold()
            fits = True
            if name == "content.xml":
                # ods needs a reader of its own, which only its files need
                from trainer.dataset.opensheet import reach_of

                fits = all(_is_small(*reach) for reach in reach_of(blocks))
            elif name.endswith(".xml"):
                fits = _fits(blocks)
            if fits:
                for _block in blocks:
                    pass
            left = blocks.left
            if left < 0:
                return _unpacks_to_more()
            if not fits:
                return _more_cells()
    return None


class _Counted:
    # blocks up to so many bytes in all; ``left`` is below nought where there were more

    def __init__(self, blocks: Iterator[bytes], left: int) -> None:
        self._blocks = blocks
        self.left = left

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.left -= len(block)
            if self.left < 0:
                return
            yield block


def _blocks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    # the list may say less than there is: what is packed itself says where it ends
    honest = copy.copy(entry)
    honest.file_size = MOST_BYTES << 8
    honest.CRC = None  # type: ignore[assignment]
    with packed.open(honest) as part:
        while block := part.read(_BLOCK):
            yield block


def _unpacks_to_more() -> Phrase:
    return phrase("the workbook unpacks to more than {most} MB", most=MOST_BYTES >> 20)


def _more_cells() -> Phrase:
    return phrase("a sheet of the workbook has more cells than any sheet")


def _is_small(rows: int, columns: int) -> bool:
    return rows <= MOST_ROWS and columns <= MOST_COLUMNS and rows * columns <= MOST_CELLS


def _fits(blocks: Iterable[bytes]) -> bool:
    # by what the cells say of their places, and by counting those that say nothing
    tags = rows = columns = width = 0
    seam, begun = b"", False
    for block in blocks:
        data = seam + block
        if not begun:
            # other parts have tags of these names as well
            found = _SHEET.search(data)
            begun = found is not None
            data, seam = (data[found.start() :], b"") if found else (data, seam)
        if not begun:
            seam = data[-_SEAM:]
            continue
        for letters, digits in set(_PLACE.findall(data)):
            rows = max(rows, int(digits))
            columns = max(columns, _column(letters))
        # tags of the seam were counted with the block before
        for tag in _TAG.finditer(data, max(len(seam) - 1, 0)):
            if tag[1] == b"row":
                tags, width = tags + 1, 0
            else:
                width += 1
                columns = max(columns, width)
        rows = max(rows, tags)
        if not _is_small(rows, columns):
            return False
        seam = data[-_SEAM:]
    return True


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
