"""What was published, brought from elsewhere: later states stand, and each ends the one before."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import select

from db.tables import PublishedSession
from db.work import UnitOfWork, table_of
from trainer.dataset.changes import by_key
from trainer.dataset.files import FILES
from trainer.dataset.parse import BAD, Table
from trainer.dataset.stored import Stored

_CHUNK = 500


def keep_later_journeys(tables: dict[str, Table], stored: Stored) -> None:
    """Put what is stored in the place of rows of extra_events.csv that an older version brought."""
    table = tables.get("extra_events")
    if table is None or not table.rows:
        return
    file = table.file
    known = by_key(file, stored.rows(file))
    places, version = file.places(file.key), file.place["publication"]
    for index, row in enumerate(table.rows):
        kept = known.get(tuple(row[place] for place in places))
        if kept is None or row[version] is BAD:
            continue
        if (kept["first"] or 0) > (row[version] or 0):
            table.rows[index] = tuple(kept[name] for name in file.fields)


def set_ends(work: UnitOfWork, uids: Iterable[str]) -> None:
    """Let each published state of these sessions last until the version before the next one."""
    listed = sorted(set(uids))
    table = table_of(PublishedSession)
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for first in range(0, len(listed), _CHUNK):
        statement = (
            select(table)
            .where(table.c.uid.in_(listed[first : first + _CHUNK]))
            .order_by(table.c.uid, table.c.first)
        )
        rows = [dict(row) for row in work.connection.execute(statement).mappings()]
        for _uid, group in groupby(rows, key=lambda row: row["uid"]):
            states = list(group)
            ends = [state["first"] - 1 for state in states[1:]]
            for state, last in zip(states, [*ends, None], strict=True):
                if state["last"] != last:
                    pairs.append((state, {"last": last}))
    work.update_many(PublishedSession, pairs)


def uids_of(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    """Return the sessions that rows of published_sessions.csv speak of."""
    place = FILES["published_sessions"].place["uid"]
    return {row[place] for row in rows}
