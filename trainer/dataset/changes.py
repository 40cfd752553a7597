"""What a dataset would change: its rows held against those of the database.

Rows with a code (or another key) are inserted or updated; no row is deleted because a file does not
name it. Rows without a key are facts of an owner (the syllabus of a class, the answers to a
survey): a file states all that there are of each owner that it names, so those rows may go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from db.work import table_of
from trainer.dataset.parse import Table
from trainer.dataset.schema import File

Record = dict[str, Any]


@dataclass
class Changes:
    """What becomes of the rows of one file; ``new`` rows are as they were read."""

    file: File
    new: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Record, Record]] = field(default_factory=list)
    removed: list[Record] = field(default_factory=list)
    unchanged: int = 0
    #: of a file of events the keys that came again
    again: Collection[Any] = ()
    #: for new rows of an owner whose order is a fact, their numbers
    sequence: list[int] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many rows are new, changed, unchanged and removed."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "removed": len(self.removed),
        }

    def is_empty(self) -> bool:
        """Tell whether nothing would be written."""
        return not (self.new or self.changed or self.removed)

    def records(self, start: int, count: int) -> list[Record]:
        """Return some of the new rows as the table keeps them."""
        extra = {"version": 1} if "version" in table_of(self.file.model).c else {}
        fields = self.file.fields
        records = [
            dict(zip(fields, row, strict=True)) | extra for row in self.new[start : start + count]
        ]
        if self.file.sequence:
            numbers = self.sequence[start : start + count]
            for record, number in zip(records, numbers, strict=True):
                record[self.file.sequence] = number
        return records


def changes_of_keyed(table: Table, stored: Mapping[Any, Record]) -> Changes:
    """Return the changes of a file whose rows have a key; ``stored`` rows are by that key."""
    changes = Changes(table.file)
    places = table.file.places(table.file.key)
    for row in table.rows:
        key = row[places[0]] if len(places) == 1 else tuple(row[place] for place in places)
        _hold(changes, stored.get(key), row)
    return changes


def changes_of_events(table: Table, stored: Collection[Any]) -> Changes:
    """Return the changes of a file of events: those whose key is not stored are new, once each."""
    changes = Changes(table.file, again=stored)
    key_of = itemgetter(*table.file.places(table.file.key))
    seen: set[Any] = set()
    for row in table.rows:
        key = key_of(row)
        if key in stored:
            changes.unchanged += 1
        elif key not in seen:
            seen.add(key)
            changes.new.append(row)
    return changes


def by_key(file: File, stored: Sequence[Record]) -> dict[Any, Record]:
    """Return stored rows by the key that a file's rows have."""
    names = [file.column(name).field for name in file.key]
    if len(names) == 1:
        return {record[names[0]]: record for record in stored}
    return {tuple(record[name] for name in names): record for record in stored}


def changes_of_sequences(table: Table, stored: Sequence[Record]) -> Changes:
    """Return the changes of a file whose rows are numbered within their owner."""
    file = table.file
    assert file.sequence is not None
    changes = Changes(file)
    kept = _stored_by_owner(file, stored)
    for owner, rows in _rows_by_owner(table).items():
        old = sorted(kept.get(owner, ()), key=lambda record: record[file.sequence])
        for record, row in zip(old, rows, strict=False):
            _hold(changes, record, row)
        changes.removed += old[len(rows) :]
        highest = old[-1][file.sequence] if old else 0
        for number, row in enumerate(rows[len(old) :], start=highest + 1):
            changes.new.append(row)
            changes.sequence.append(number)
    return changes


def changes_of_sets(table: Table, stored: Sequence[Record]) -> Changes:
    """Return the changes of a file whose rows are facts of an owner, in no order.

    Equal rows pair off first; of what is left, rows with the same mate columns are the same fact
    changed; the rest is new or removed. What is stored with a column that the file could have and
    has not (an approved booking) stays: the file says nothing of such rows.
    """
    file = table.file
    changes = Changes(file)
    kept = _stored_by_owner(file, stored)
    mates = file.places(file.mate)
    unsaid = [one.field for one in file.columns if one.optional and one.name not in table.headers]
    for owner, rows in _rows_by_owner(table).items():
        old = _grouped((_row_of(file, record), record) for record in kept.get(owner, ()))
        left = []
        for row in rows:
            if old.get(row):
                old[row].pop(0)
                changes.unchanged += 1
            else:
                left.append(row)
        waiting = _grouped(
            (tuple(row[place] for place in mates), record)
            for row, records in old.items()
            for record in records
            if all(record[name] is None for name in unsaid)
        )
        for row in left:
            mate = tuple(row[place] for place in mates)
            found = waiting[mate].pop(0) if mates and waiting.get(mate) else None
            _hold(changes, found, row)
        changes.removed += [record for records in waiting.values() for record in records]
    return changes


def _hold(changes: Changes, record: Record | None, row: tuple[Any, ...]) -> None:
    if record is None:
        changes.new.append(row)
        return
    fields = changes.file.fields
    if all(record[name] == value for name, value in zip(fields, row, strict=True)):
        changes.unchanged += 1
    else:
        changes.changed.append((record, {**record, **dict(zip(fields, row, strict=True))}))


def _rows_by_owner(table: Table) -> dict[Any, list[tuple[Any, ...]]]:
    places = table.file.places(table.file.owner)
    return _grouped((tuple(row[place] for place in places), row) for row in table.rows)


def _stored_by_owner(file: File, stored: Sequence[Record]) -> dict[Any, list[Record]]:
    names = [file.column(name).field for name in file.owner]
    return _grouped((tuple(record[name] for name in names), record) for record in stored)


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _row_of(file: File, record: Record) -> tuple[Any, ...]:
    return tuple(record[name] for name in file.fields)
