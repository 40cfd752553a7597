"""A roster refresh: who joined, left, moved or changed in the units that a new roster covers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from trainer.dataset.changes import Changes, Record
from trainer.dataset.parse import BAD, Table
from trainer.dataset.stored import Stored
from trainer.dataset.text import cell_text


@dataclass
class Delta:
    """What a new roster says about the people of the units that it names.

    ``gone`` are the stored rows of those who are on it no longer; ``left`` gives them their last
    day. Nobody is deleted.
    """

    today: dt.date
    joined: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    gone: list[Record] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return the four lists as JSON holds them."""
        return {
            "joined": self.joined,
            "left": self.left,
            "moved": self.moved,
            "changed": self.changed,
        }

    def leave(self, people: Changes) -> None:
        """Add to the changes of people.csv that those who are gone left today."""
        for record in self.gone:
            # somebody whose first day is still to come never was here
            day = max(self.today, record["joined"] or self.today)
            people.changed.append((record, {**record, "left": day}))


def roster_delta(table: Table, stored: Stored, today: dt.date) -> Delta:
    """Return the delta of a roster and let its rows keep what the file has no column for."""
    kept = {record["code"]: record for record in stored.rows(table.file)}
    _keep_missing_columns(table, kept)
    delta = Delta(today)
    code, name, unit, left = table.file.places(("code", "name", "unit", "left"))
    for row in table.rows:
        if BAD in row:
            continue
        record = kept.get(row[code])
        came_back = record is not None and record["left"] is not None and row[left] is None
        if record is None or came_back:
            delta.joined.append({"code": row[code], "name": row[name], "unit": row[unit]})
        if record is None:
            continue
        if record["unit"] != row[unit]:
            delta.moved.append(
                {"code": row[code], "name": row[name], "from": record["unit"], "to": row[unit]}
            )
        apart = ("unit", "left") if came_back else ("unit",)
        columns = _differences(table, record, row, apart)
        if columns:
            delta.changed.append({"code": row[code], "name": row[name], "columns": columns})
    _find_gone(delta, table, kept)
    return delta


def _keep_missing_columns(table: Table, kept: dict[str, Record]) -> None:
    missing = [
        (place, column.field)
        for place, column in enumerate(table.file.columns)
        # whoever is on the roster is here: a last day of before does not stay by silence
        if column.name not in table.headers and column.name != "left"
    ]
    code = table.file.place["code"]
    for index, row in enumerate(table.rows):
        record = kept.get(row[code])
        if record is not None and missing:
            values = list(row)
            for place, name in missing:
                values[place] = record[name]
            table.rows[index] = tuple(values)


def _differences(
    table: Table, record: Record, row: tuple[Any, ...], apart: tuple[str, ...]
) -> dict[str, list[str]]:
    """Return each changed column with its text before and after, but for those told ``apart``."""
    return {
        column.name: [cell_text(column, record[column.field]), cell_text(column, value)]
        for column, value in zip(table.file.columns, row, strict=True)
        if column.name not in apart and record[column.field] != value
    }


def _find_gone(delta: Delta, table: Table, kept: dict[str, Record]) -> None:
    named = set(table.values("code"))
    units = {unit for unit in table.values("unit") if isinstance(unit, str)}
    for record in kept.values():
        stays = record["left"] is None or record["left"] > delta.today
        if record["unit"] in units and record["code"] not in named and stays:
            delta.gone.append(record)
            delta.left.append(
                {"code": record["code"], "name": record["name"], "unit": record["unit"]}
            )
