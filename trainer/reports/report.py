"""What a report is before it is written in some format: columns, rows and a total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trainer.phrases import Phrase

Kind = Literal["text", "count", "rate", "hours", "money", "date", "number"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the rows, its title, and how its values are shown."""

    key: str
    title: Phrase
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Report:
    """A report's figures. ``rows`` may hold more keys than there are columns; JSON shows them."""

    name: str
    title: Phrase
    subtitle: Phrase
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row

    def document(self) -> dict[str, Any]:
        """Return rows and total as JSON shows them."""
        return {"rows": [dict(row) for row in self.rows], "total": dict(self.total)}
