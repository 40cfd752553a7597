"""Marks whose file leaves out their id or attempt, as those do that were written by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from db.tables.outcomes import SCORE_FACTS, score_identity
from trainer.dataset.files import FILES
from trainer.dataset.parse import BAD, Table
from trainer.dataset.stored import Stored

#: Words for a retake: the first of them is the second attempt at the exam.
RETAKES: Final = frozenset({"retake", "补考", "重考"})
_RECORDED: Final = ("at", "by", "reason", "replaces", "id")


def complete_scores(tables: dict[str, Table], stored: Stored) -> None:
    """Fill in what the rows of scores.csv leave blank, in place.

    A row without an id that says what a stored entry says is that entry, so that the same file
    imported again changes nothing. Any other takes the place of what stood of the same trainee,
    kind and attempt.
    """
    table = tables.get("scores")
    if table is None or not table.rows:
        return
    fields, ids = table.file.fields, table.file.place["id"]
    if all(row[ids] is not None for row in table.rows):
        return
    known = _Known(stored)
    taken: Counter[tuple[Any, ...]] = Counter()
    for index, row in enumerate(table.rows):
        facts = dict(zip(fields, row, strict=True))
        kind = (facts["class_code"], facts["person"], facts["kind"])
        taken[kind] += 1
        if facts["id"] is None and BAD not in row:
            if facts["attempt"] is None:
                facts["attempt"] = taken[kind] + ((facts["kind"] or "").casefold() in RETAKES)
            known.complete(facts)
            table.rows[index] = tuple(facts[name] for name in fields)


class _Known:
    # the stored entries, by what they say and by what they are about
    def __init__(self, stored: Stored) -> None:
        rows = stored.rows(FILES["scores"])
        gone = {row["replaces"] for row in rows}
        self._same: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._standing: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for row in rows:
            self._same[_said(row)] = row
            if row["id"] not in gone:
                self._standing[_about(row)].append(row["id"])

    def complete(self, facts: dict[str, Any]) -> None:
        """Give an entry its id, and what it replaces."""
        same = self._same.get(_said(facts))
        if same is not None:
            facts.update({name: same[name] for name in _RECORDED})
            return
        above = max(self._standing.get(_about(facts), ()), default=None)
        facts["replaces"] = facts["replaces"] or above
        facts["id"] = score_identity(facts, facts["replaces"])


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in SCORE_FACTS)


def _about(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("class_code", "person", "kind", "attempt"))
