"""A dataset as it lies there: a folder, one CSV file, or a workbook, opened sheet by sheet."""

from __future__ import annotations

from pathlib import Path

from trainer.dataset.files import OFFICE
from trainer.dataset.folder import open_file, open_folder
from trainer.dataset.problems import Problems
from trainer.dataset.source import TABLES, WORKBOOKS, Source
from trainer.dataset.workbook import open_workbook
from trainer.errors import FileProblem, Refused


def open_source(path: Path, problems: Problems) -> Source:
    """Return what lies at ``path``; raise FileProblem where nothing does, Refused otherwise."""
    found = _open(path, problems)
    if found.is_empty() and not len(problems):
        raise Refused(
            "there is nothing of a dataset in {path}; it should hold {office} or files such as "
            "units.csv and people.csv",
            path=str(path),
            office=OFFICE,
        )
    return found


def _open(path: Path, problems: Problems) -> Source:
    if path.is_dir():
        return open_folder(path, problems)
    if not path.exists():
        raise FileProblem(
            "there is nothing at {path}; name a dataset's folder or a workbook", path=str(path)
        )
    if path.suffix.casefold() in WORKBOOKS:
        return open_workbook(path, problems)
    if path.suffix.casefold() in TABLES or path.name == OFFICE:
        return open_file(path, problems)
    raise Refused(
        "{path} is not a dataset; name a folder of CSV files, one of its files, or a workbook "
        "(.xlsx)",
        path=str(path),
    )
