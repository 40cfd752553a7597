"""Dates as they are typed on the command line."""

from __future__ import annotations

import datetime as dt

from trainer.errors import UsageError


def date_of(text: str) -> dt.date:
    """Return a date as the user wrote it; raise UsageError for what is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("“{text}” is not a date; write it as 2023-03-01", text=text) from None


def day_of(text: str | None) -> dt.date | None:
    """Return a date, or None where none was given."""
    return date_of(text) if text else None
