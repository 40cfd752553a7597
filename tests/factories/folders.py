"""Dataset folders read back as plain text, for tests of what was written."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fixtures.write import COLUMNS

Row = dict[str, str]


@dataclass(frozen=True)
class Folder:
    """A dataset folder read back, with blanks as empty strings."""

    path: Path

    def __getitem__(self, table: str) -> list[Row]:
        """The rows of one file."""
        return self._tables[table]

    def by_code(self, table: str) -> dict[str, Row]:
        """The rows of one file by their code."""
        return {row["code"]: row for row in self[table]}

    @cached_property
    def _tables(self) -> dict[str, list[Row]]:
        tables = {}
        for table in COLUMNS:
            with (self.path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                tables[table] = list(csv.DictReader(file))
        return tables

    @cached_property
    def office(self) -> dict[str, Any]:
        """The office's settings."""
        return tomllib.loads((self.path / "office.toml").read_text(encoding="utf-8"))


def listed(text: str) -> list[str]:
    """The items of a `|` list."""
    return text.split("|") if text else []
