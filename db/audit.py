"""The audit trail: every change with who, when, before, after and why, each entry chained by hash.

The hash of an entry covers all its facts and the hash of the entry before it, so that a change of
any past entry shows in ``broken_links``. Entries are written at the end of a unit of work, under a
lock that gives them their order.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select, text

from db.tables.office import AuditEntry

FIRST_HASH: Final = "0" * 64
# any constant does, as long as every writer of the audit trail takes the same lock
_LOCK: Final = 7_204_117


@dataclass(frozen=True, slots=True)
class Change:
    """One change as a unit of work saw it; ``action`` is insert, update or delete."""

    action: str
    entity: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def write_changes(
    connection: Connection,
    changes: list[Change],
    *,
    at: dt.datetime,
    actor: str,
    work: str,
    reason: str | None,
) -> None:
    """Append ``changes`` to the trail in the connection's transaction."""
    if not changes:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    last = connection.execute(
        select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq, last.hash) if last else (0, FIRST_HASH)
    rows = []
    for change in changes:
        seq += 1
        row: dict[str, Any] = {
            "seq": seq,
            "at": at,
            "actor": actor,
            "work": work,
            "action": change.action,
            "entity": change.entity,
            "key": change.key,
            "before": change.before,
            "after": change.after,
            "reason": reason,
            "previous_hash": previous,
        }
        previous = row["hash"] = entry_hash(row)
        rows.append(row)
    connection.execute(insert(table), rows)


def entry_hash(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry's facts and the hash before it, in hexadecimal."""
    facts = [
        row["seq"],
        row["at"].astimezone(dt.UTC).isoformat(),
        *(row[name] for name in ("actor", "work", "action", "entity", "key", "before", "after")),
        row["reason"],
        row["previous_hash"],
    ]
    document = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()


def broken_links(connection: Connection) -> Iterator[int]:
    """Yield the number of every entry that does not follow from its facts and its predecessor."""
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    expected_seq, previous = 1, FIRST_HASH
    for row in connection.execute(select(table).order_by(table.c.seq)).mappings():
        whole = (
            row["seq"] == expected_seq
            and row["previous_hash"] == previous
            and row["hash"] == entry_hash(dict(row))
        )
        if not whole:
            yield row["seq"]
        expected_seq, previous = row["seq"] + 1, row["hash"]


class RowsDigest:
    """The number and the SHA-256 of rows that arrive in batches.

    The digest is that of the compact JSON list of all rows with sorted keys, instants in ISO 8601:
    how they were parted into batches makes no difference.
    """

    def __init__(self) -> None:
        self.count = 0
        self._hash = hashlib.sha256(b"[")

    def add(self, rows: Sequence[Any]) -> None:
        """Add rows, each a tuple or a mapping."""
        if not rows:
            return
        text = _ROWS.encode(rows)
        self._hash.update((("," if self.count else "") + text[1:-1]).encode())
        self.count += len(rows)

    def hexdigest(self) -> str:
        """Return the digest of what was added so far, in hexadecimal."""
        whole = self._hash.copy()
        whole.update(b"]")
        return whole.hexdigest()


def plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it: instants and dates in ISO 8601."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


_ROWS: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain, check_circular=False
)
