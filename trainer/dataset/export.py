"""Every fact of a database as the rows of a dataset, the same bytes for the same facts."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from sqlmodel import Session

from trainer.dataset.cells import NEUTRALISED
from trainer.dataset.files import FILES, OFFICE
from trainer.dataset.office_file import settings_text
from trainer.dataset.rows import file_rows, present_files
from trainer.dataset.schema import File
from trainer.dataset.workbook_out import write_workbook
from trainer.desk import Desk
from trainer.errors import FileProblem, Refused
from trainer.office import read_office

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: Kinds whose text no spreadsheet runs: a negative number stays one.
_SAFE: Final = frozenset({"int", "number", "date", "time", "instant", "month_day", "bool"})


def export_dataset(desk: Desk, target: Path) -> dict[str, int]:
    """Write the database as a folder, or as a workbook where ``target`` ends in .xlsx.

    Return the rows of each file. Raise FileProblem where nothing may be written there, Refused
    where another file of the same name would be lost.
    """
    try:
        if target.suffix.casefold() == ".xlsx":
            with desk.reading() as session:
                return write_workbook(session, target)
        return _write_folder(desk, target)
    except OSError as error:
        raise FileProblem(
            "{path} cannot be written ({problem}); choose another place",
            path=str(error.filename or target),
            problem=error.strerror or type(error).__name__,
        ) from None


def neutralised(file: File, row: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row in which nothing is a formula: an apostrophe stands before what would be one.

    An import takes that apostrophe away again, and one only, so that the text comes back as it was.
    """
    return tuple(
        f"'{text}"
        if text and column.kind not in _SAFE and (text[0] in _FORMULA or NEUTRALISED.match(text))
        else text
        for column, text in zip(file.columns, row, strict=True)
    )


def _write_folder(desk: Desk, target: Path) -> dict[str, int]:
    fresh = not target.exists()
    if not fresh:
        _refuse_strangers(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    # written beside its place and moved there whole: nobody ever sees half of it
    stage = Path(
        tempfile.mkdtemp(prefix=".trainer-export-", dir=target.parent if fresh else target)
    )
    try:
        with desk.reading() as session:
            counts = write_files(session, stage)
        if fresh:
            stage.chmod(0o777 & ~_umask())
            stage.rename(target)
        else:
            for path in sorted(stage.iterdir()):
                path.replace(target / path.name)
            for file in FILES.values():
                # an older export may have had rows of what there are none of now
                if file.optional and file.csv not in counts:
                    (target / file.csv).unlink(missing_ok=True)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return counts


def write_files(session: Session, folder: Path) -> dict[str, int]:
    """Write every file of the dataset into a folder; return how many rows each has."""
    office = read_office(session)
    (folder / OFFICE).write_text(settings_text(office), encoding="utf-8", newline="\n")
    counts: dict[str, int] = {OFFICE: 1}
    for file in present_files(session):
        with (folder / file.csv).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(file.place)
            count = 0
            for row in file_rows(session, file, office.zone):
                writer.writerow(neutralised(file, row))
                count += 1
            counts[file.csv] = count
    return counts


def _refuse_strangers(target: Path) -> None:
    """Refuse to overwrite a file that has the name of a dataset's but is none."""
    if not target.is_dir():
        raise Refused(
            "{path} is a file; name a folder, or a workbook that ends in .xlsx", path=str(target)
        )
    for file in FILES.values():
        path = target / file.csv
        if path.exists() and not _is_ours(path, file):
            raise Refused(
                "{path} is not a file of a dataset and would be lost; export to another folder",
                path=str(path),
            )


def _is_ours(path: Path, file: File) -> bool:
    with path.open("rb") as found:
        line = found.readline(1 << 16)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            header = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        labels = {*file.place, *(label for column in file.columns for label in column.zh)}
        cells = [cell.strip() for cell in next(csv.reader([header]), [])]
        return all(cell in labels for cell in cells if cell)
    return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
