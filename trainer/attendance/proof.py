"""Proof that no mark was changed since it was recorded: the audit trail says of each what it was.

Marks that came many at a time have one entry with their digest there, and are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, select

from db.audit import plain
from db.tables import AuditEntry, Mark
from db.work import table_of

_MARK: Final = table_of(Mark)
_TRAIL: Final = table_of(AuditEntry)
#: To which import a mark belongs is no fact of the mark, and may change.
_LOOSE: Final = "batch"
_BATCH: Final = 10_000


def changed_marks(connection: Connection) -> Iterator[str]:
    """Yield the id of each mark that is not what the audit trail says, or that is gone."""
    query = (
        select(_TRAIL.c.key, _TRAIL.c.after, *_MARK.c)
        .outerjoin(_MARK, _MARK.c.id == _TRAIL.c.key)
        .where(_TRAIL.c.entity == _MARK.name, _TRAIL.c.action == "insert")
        .order_by(_TRAIL.c.seq)
    )
    result = connection.execution_options(yield_per=_BATCH).execute(query)
    for row in result.mappings():
        said = row[_TRAIL.c.after]
        if not isinstance(said, dict) or said.get("id") != row[_TRAIL.c.key]:
            continue
        if any(name != _LOOSE and _now(row, name) != value for name, value in said.items()):
            yield row[_TRAIL.c.key]


def _now(row: Any, name: str) -> Any:
    return plain(row[_MARK.c[name]]) if name in _MARK.c else None
