"""Sessions whose file leaves something out: their uid, number, length and instants."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from trainer.dataset.files import FILES
from trainer.dataset.parse import BAD, Table
from trainer.dataset.stored import Stored
from trainer.office import Office

_Meeting = tuple[Any, Any]


def complete_sessions(tables: dict[str, Table], stored: Stored, office: Office) -> None:
    """Fill in what the rows of sessions.csv leave blank, in place.

    A blank uid is that of the stored session with the same class, course and number, so that the
    same file imported again changes nothing; a number left blank is the next that is free.
    """
    table = tables.get("sessions")
    if table is None or not table.rows:
        return
    file = table.file
    taken, uids = _numbers_taken(table), _stored_uids(stored)
    numbers = {uid: key[2] for key, uid in uids.items()}
    lengths = _course_lengths(tables, stored)
    for index, row in enumerate(table.rows):
        cells = dict(zip(file.place, row, strict=True))
        if BAD in (cells["class"], cells["course"], cells["uid"], cells["seq"]):
            continue
        meeting = (cells["class"], cells["course"])
        if cells["seq"] is None:
            seq = numbers.get(cells["uid"]) or _next_free(taken[meeting])
            cells["seq"] = seq
            taken[meeting].add(seq)
        if cells["uid"] is None:
            cells["uid"] = uids.get((*meeting, cells["seq"])) or str(uuid.uuid4())
        if cells["periods"] is None:
            cells["periods"] = lengths.get(cells["course"], 1)
        _set_instants(cells, office)
        table.rows[index] = tuple(cells.values())


def _set_instants(cells: dict[str, Any], office: Office) -> None:
    known = cells["period"] in office.period_index and cells["date"] not in (BAD, None)
    if known and cells["periods"] is not BAD and None in (cells["start"], cells["end"]):
        start, end = office.instants(cells["date"], cells["period"], cells["periods"])
        cells["start"] = start if cells["start"] is None else cells["start"]
        cells["end"] = end if cells["end"] is None else cells["end"]


def _numbers_taken(table: Table) -> dict[_Meeting, set[int]]:
    taken: dict[_Meeting, set[int]] = defaultdict(set)
    for meeting, course, seq in zip(
        table.values("class"), table.values("course"), table.values("seq"), strict=True
    ):
        if isinstance(seq, int):
            taken[meeting, course].add(seq)
    return taken


def _next_free(taken: set[int]) -> int:
    number = 1
    while number in taken:
        number += 1
    return number


def _stored_uids(stored: Stored) -> dict[tuple[str, str, int], str]:
    return {
        (row["class_code"], row["course"], row["seq"]): row["uid"]
        for row in stored.rows(FILES["sessions"])
    }


def _course_lengths(tables: dict[str, Table], stored: Stored) -> dict[str, int]:
    lengths = {row["code"]: row["periods"] for row in stored.rows(FILES["courses"])}
    if "courses" in tables:
        table = tables["courses"]
        pairs = zip(table.values("code"), table.values("periods"), strict=True)
        lengths |= {code: count for code, count in pairs if BAD not in (code, count)}
    return lengths
