"""What is wrong with a dataset: where, what, and how to mend it. Problems are data, all kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trainer.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. ``row`` counts as a spreadsheet does: the header is row 1."""

    file: str
    row: int | None
    column: str | None
    message: Phrase
    mend: Phrase

    def text(self) -> str:
        """Return the problem as one line in the current language."""
        values = {"file": self.file, "message": self.message, "mend": self.mend}
        if self.row is None:
            return phrase("{file}: {message}; {mend}", **values).text()
        if self.column is None:
            return phrase("{file}, row {row}: {message}; {mend}", row=self.row, **values).text()
        return phrase(
            "{file}, row {row}, column {column}: {message}; {mend}",
            row=self.row,
            column=self.column,
            **values,
        ).text()

    def document(self) -> dict[str, Any]:
        """Return the problem as JSON holds it, its sentences in the current language."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "message": self.message.text(),
            "mend": self.mend.text(),
        }


class Problems:
    """The list of all problems of a dataset; it is never shortened."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __len__(self) -> int:
        return len(self._found)

    def add(
        self, file: str, row: int | None, column: str | None, message: Phrase, mend: Phrase
    ) -> None:
        """Add a problem."""
        self._found.append(Problem(file, row, column, message, mend))

    def sorted(self) -> tuple[Problem, ...]:
        """Return all problems by file and row, in the order in which they were found there."""
        return tuple(sorted(self._found, key=lambda one: (one.file, one.row or 0)))


def nearest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Return the known name that ``name`` was most likely meant to be, if any is near."""
    found = difflib.get_close_matches(name.strip().casefold(), list(known), n=1, cutoff=likeness)
    return found[0] if found else None
