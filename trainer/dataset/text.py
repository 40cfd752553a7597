"""From a value to the text of its cell, the same text for equal values."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

from trainer.dataset.cells import printable, shortest
from trainer.dataset.schema import Column

_UTC = ZoneInfo("UTC")


def cell_text(column: Column, value: Any, zone: ZoneInfo = _UTC) -> str:
    """Return the text of a value; instants are written in ``zone``. Nothing is neutralised yet."""
    if value is None or (column.silent and value == column.default):
        return ""
    if isinstance(value, (str, dict)):
        text = (
            value
            if isinstance(value, str)
            else json.dumps(value, ensure_ascii=False, sort_keys=True)
        )
        return printable(text)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return shortest(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        # the bar parts items: one inside an item would make two of it
        return printable("|".join(item.replace("|", "/").replace("｜", "/") for item in value))
    return str(value)
