"""A dataset as it was found: its sheets, and the office's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from trainer.dataset.files import FILES, titles
from trainer.dataset.problems import Problems, nearest
from trainer.dataset.schema import File
from trainer.errors import FileProblem
from trainer.phrases import phrase

WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
TABLES: Final = frozenset({".csv"})

#: A row as it was found: its number (the header's is 1) and its cells.
Row = tuple[int, list[Any]]


@dataclass
class Sheet:
    """One file of the dataset as it was found, under the name by which its owner knows it.

    ``read`` yields its rows and reports what cannot be read; ``whole`` says afterwards whether all
    of it could be read.
    """

    file: File
    shown: str
    read: Callable[[Sheet, Problems], Iterator[Row]]
    whole: bool = True

    def rows(self, problems: Problems) -> Iterator[Row]:
        """Yield every row from the top, blank ones too."""
        return self.read(self, problems)


@dataclass
class Source:
    """All that was found at a path."""

    path: Path
    sheets: list[Sheet] = field(default_factory=list)
    #: the name and the text of the office's settings, where there are any
    office: tuple[str, str] | None = None

    def is_empty(self) -> bool:
        """Tell whether nothing of a dataset was found."""
        return not self.sheets and self.office is None

    def add(self, sheet: Sheet, problems: Problems) -> None:
        """Add a sheet, unless the same file was found under another of its names."""
        twin = next((one for one in self.sheets if one.file is sheet.file), None)
        if twin is None:
            self.sheets.append(sheet)
            return
        problems.add(
            sheet.shown,
            None,
            None,
            phrase("it is the same file of the dataset as {other}", other=twin.shown),
            phrase("keep one of the two"),
        )


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turn what the system says about files at ``path`` into FileProblem."""
    try:
        yield
    except PermissionError as error:
        raise FileProblem(
            "{path} may not be read; give yourself permission to read it and try again",
            path=str(error.filename or path),
        ) from None
    except OSError as error:
        raise FileProblem(
            "{path} cannot be read ({problem}); check it and try again",
            path=str(error.filename or path),
            problem=error.strerror or type(error).__name__,
        ) from None


def report_unknown(shown: str, stem: str, problems: Problems) -> None:
    """Report a file or sheet whose name no file of a dataset has."""
    known = titles()
    near = nearest(stem, known)
    message = phrase("no file of a dataset has this name")
    if near:
        mend = phrase("did you mean “{near}”? rename it", near=known[near])
    else:
        mend = phrase("rename it to one of {names}, or move it away", names=", ".join(FILES))
    problems.add(shown, None, None, message, mend)
