"""A dataset as a folder: finding its files, their encoding, and their rows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self, TextIO

from trainer.dataset.files import OFFICE, file_by_title
from trainer.dataset.problems import Problems
from trainer.dataset.schema import File
from trainer.dataset.source import Row, Sheet, Source, report_unknown
from trainer.phrases import phrase

_BLOCK: Final = 1 << 20
# a text cell may be as long as a sheet's, and more; beyond this a quotation mark was left open
_LONGEST_CELL: Final = 1 << 20
# a row of a dataset has few cells; what is longer than four of the longest is none
_LONGEST_ROW: Final = 4 << 20
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_folder(path: Path, problems: Problems) -> Source:
    """Return the dataset's files in a folder; other kinds of file are left alone."""
    source = Source(path)
    for entry in sorted(path.iterdir()):
        if entry.name.casefold() == OFFICE:
            source.office = (entry.name, _settings_text(entry, problems))
        elif entry.suffix.casefold() == ".csv" and not entry.name.startswith("."):
            _add(entry, source, problems)
    return source


def open_file(path: Path, problems: Problems) -> Source:
    """Return a dataset of one file."""
    source = Source(path)
    if path.name == OFFICE:
        source.office = (path.name, _settings_text(path, problems))
    else:
        _add(path, source, problems)
    return source


def _add(path: Path, source: Source, problems: Problems) -> None:
    file = file_by_title(path.stem)
    if file is None:
        report_unknown(path.name, path.stem, problems)
        return
    source.add(csv_sheet(path, file), problems)


def csv_sheet(path: Path, file: File) -> Sheet:
    """Return a CSV file of whatever name as a file of the dataset."""
    # opened now, so that a missing permission is known before anything is checked
    path.open("rb").close()

    def read(sheet: Sheet, found: Problems) -> Iterator[Row]:
        return _rows(path, sheet, found)

    return Sheet(file, path.name, read)


def _settings_text(path: Path, problems: Problems) -> str:
    encoding = _encoding(path)
    if encoding is None:
        _report_bytes(path, path.name, problems)
        return ""
    return path.read_text(encoding=encoding)


def _encoding(path: Path) -> str | None:
    """Return the encoding in which all of a file can be read: UTF-8, else GB18030."""
    with path.open("rb") as file:
        if file.read(2) in _UTF16:
            return None
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    if not _mostly_utf8(path) and _decodes(path, "gb18030"):
        return "gb18030"
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(path: Path) -> bool:
    """Tell whether most lines that say anything about the encoding are UTF-8.

    Damaged UTF-8 often decodes as GB18030, into other characters: that would corrupt silently.
    """
    good = bad = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                if _is_utf8(line):
                    good += 1
                else:
                    bad += 1
    return good > bad


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _report_bytes(path: Path, shown: str, problems: Problems) -> None:
    """Report every line that can be read neither as UTF-8 nor as GB18030."""
    encoding = "utf-8" if _mostly_utf8(path) else "gb18030"
    before = len(problems)
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        for number, line in enumerate(file, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                if start not in _UTF16:
                    problems.add(
                        shown,
                        number,
                        None,
                        phrase("the line is neither UTF-8 nor GB18030"),
                        phrase("type its damaged words again and save the file as UTF-8"),
                    )
    if len(problems) == before:
        problems.add(
            shown,
            1,
            None,
            phrase("the file is neither UTF-8 nor GB18030"),
            phrase("save it as CSV in UTF-8"),
        )


def _rows(path: Path, sheet: Sheet, problems: Problems) -> Iterator[Row]:
    encoding = _encoding(path)
    if encoding is None:
        sheet.whole = False
        _report_bytes(path, sheet.shown, problems)
        return
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, strict=True)
        number = 0
        while True:
            number += 1
            lines.spent = 0
            try:
                cells = next(reader, None)
            except csv.Error as error:
                sheet.whole = False
                _report_row(sheet, number, str(error), problems)
                if "limit" in str(error):
                    # where such a row ends nobody knows: what follows would be read as rows
                    return
                continue
            if cells is None:
                return
            yield number, cells


class _Lines:
    """The lines of a file, never more of one than a row may have; ``spent`` is what a row took."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.spent = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._file.readline(_LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.spent += len(line)
        if self.spent > _LONGEST_ROW:
            raise csv.Error("row limit")
        return line


def _report_row(sheet: Sheet, number: int, told: str, problems: Problems) -> None:
    mend = phrase("a quotation mark inside a cell is doubled, and the cell stands in two others")
    if "unexpected end" in told:
        message = phrase("a quotation mark opens here that is never closed")
    elif told == "row limit":
        message = phrase("the row is longer than any row of a dataset; nothing after it was read")
        mend = phrase("put back the line breaks that it lacks, or leave it out")
    elif "limit" in told:
        message = phrase("a cell is longer than any text of a dataset; nothing after it was read")
    else:
        message = phrase("the row is not CSV: something follows a closing quotation mark")
    problems.add(sheet.shown, number, None, message, mend)
