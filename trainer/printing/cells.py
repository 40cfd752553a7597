"""Cells of what leaves the program for a spreadsheet."""

from __future__ import annotations

from typing import Any

#: What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: an apostrophe before what would be a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
