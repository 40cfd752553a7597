"""How figures are shown in text: the same words in every format that people read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from trainer.reports.report import Column


def shown(column: Column, value: Any) -> str:
    """Return a value as people read it; nothing is shown as nothing."""
    if value is None:
        return ""
    if column.kind == "rate":
        return f"{value * 100:.1f}%"
    if column.kind == "hours":
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if column.kind == "money":
        return f"{value:.2f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return " ".join(str(value).split()) if isinstance(value, str) else str(value)
