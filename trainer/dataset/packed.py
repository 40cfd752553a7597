"""What a workbook would unpack to, looked at before anything of it is unpacked for good.

A small file may unpack to gigabytes, or say that its second cell stands in the last column of the
last row: a reader would then ask for more memory than there is, and the program would end.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from trainer.phrases import Phrase, phrase

#: A sheet of a million marks as CSV is a fifth of this.
MOST_BYTES: Final = 256 << 20
MOST_ROWS: Final = 1 << 20
MOST_COLUMNS: Final = 16_384
MOST_CELLS: Final = 16 << 20
_BLOCK: Final = 1 << 20
#: So much of a block is looked at again with the next one: a tag may lie across the seam.
_SEAM: Final = 256
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})(\d{1,20})["']""")
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")


def too_much(path: Path) -> Phrase | None:
    """Return why a workbook is not to be unpacked; None where it may be, or is none of this kind.

    A damaged one is left to whoever reads it.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_BYTES:
                return phrase("the workbook unpacks to more than {most} MB", most=MOST_BYTES >> 20)
            for entry in packed.infolist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename, re.IGNORECASE):
                    with packed.open(entry) as sheet:
                        if not _fits(iter(lambda: sheet.read(_BLOCK), b"")):
                            return phrase("a sheet of the workbook has more cells than any sheet")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None
    return None


def _fits(blocks: Iterator[bytes]) -> bool:
    # by what the cells say of their places, and by counting those that say nothing
    tags = rows = columns = width = 0
    seam = b""
    for block in blocks:
        data = seam + block
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
        if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
            return False
        seam = data[-_SEAM:]
    return True


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
