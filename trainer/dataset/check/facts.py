"""What the checks look at, and the one way in which they report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trainer.dataset.parse import Table
from trainer.dataset.problems import Problems
from trainer.dataset.schema import File
from trainer.dataset.stored import Stored
from trainer.office import Office
from trainer.phrases import Phrase


@dataclass
class Facts:
    """The rows of the dataset, what the database holds, and the periods of the office.

    ``periods`` are the codes of the office's periods in the order of the day, or None where its
    settings could not be read: what depends on them is not checked then.
    """

    tables: dict[str, Table]
    stored: Stored
    periods: tuple[str, ...] | None
    problems: Problems
    #: the office whose periods they are, where all of its settings are good
    office: Office | None = None
    #: the stored marks that the dataset names again, by id
    marks: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    #: every code of a file, in the dataset or in the database, once it was asked for
    known: dict[str, frozenset[str]] = field(default_factory=dict)

    def report(
        self, table: Table, index: int, column: str | None, message: Phrase, mend: Phrase
    ) -> None:
        """Report a problem of a row, given by its place among the rows that were read."""
        header = table.header(column) if column else None
        self.problems.add(table.shown, table.numbers[index], header, message, mend)

    def edges(self, file: File, column: str) -> dict[str, tuple[str, ...]]:
        """Return what each code of a file points to by ``column``: stored rows, then the new."""
        field_name = file.column(column).field
        stored = {row[file.key[0]]: _as_tuple(row[field_name]) for row in self.stored.rows(file)}
        table = self.tables[file.name]
        fresh: dict[str, tuple[str, ...]] = {}
        for code, value in zip(table.values(file.key[0]), table.values(column), strict=True):
            if isinstance(code, str):
                # of a code that is there twice, which is a problem by itself, the first counts
                fresh.setdefault(code, _as_tuple(value))
        return stored | fresh


def _as_tuple(value: Any) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()
