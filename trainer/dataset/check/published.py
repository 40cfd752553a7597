"""Checks of what was published elsewhere: it never changes, and its versions must be known."""

from __future__ import annotations

from typing import Any, Final

from trainer.dataset.changes import by_key
from trainer.dataset.check.facts import Facts
from trainer.dataset.files import FILES
from trainer.dataset.parse import BAD, Table
from trainer.phrases import mark, phrase

_APART: Final = mark(
    "import into a database of its own, or leave publications.csv, published_sessions.csv and "
    "extra_events.csv out"
)
_PUBLISHED: Final = ("revised_at", "start", "end")


def check_publications(facts: Facts, table: Table) -> None:
    """Report versions that this database has made otherwise."""
    known = by_key(table.file, facts.stored.rows(table.file))
    for index, row in enumerate(table.rows):
        kept = known.get(row[0])
        if kept is not None and _differs(table, kept, row):
            facts.report(
                table,
                index,
                "number",
                phrase("version {number} of the timetable is another one here", number=row[0]),
                phrase(_APART),
            )


def check_published_sessions(facts: Facts, table: Table) -> None:
    """Report states of unknown versions, and stored ones that come with other facts."""
    _check_versions(facts, table)
    known = by_key(table.file, facts.stored.rows(table.file))
    places = table.file.places(table.file.key)
    for index, row in enumerate(table.rows):
        key = tuple(row[place] for place in places)
        kept = known.get(key)
        if kept is not None and _differs(table, kept, row):
            facts.report(
                table,
                index,
                "uid",
                phrase("version {number} published this session otherwise here", number=key[1]),
                phrase(_APART),
            )


def check_extra_events(facts: Facts, table: Table) -> None:
    """Report ways that share a UID, that have another one here, or that lack their times."""
    _check_versions(facts, table)
    stored = facts.stored.rows(table.file)
    known = by_key(table.file, stored)
    owners: dict[Any, tuple[Any, ...]] = {
        row["uid"]: (row["session"], row["kind"]) for row in stored
    }
    for index, values in enumerate(table.rows):
        row = dict(zip(table.file.place, values, strict=True))
        key = (row["session"], row["kind"])
        if BAD in (*key, row["uid"]):
            continue
        if owners.setdefault(row["uid"], key) != key:
            facts.report(
                table,
                index,
                "uid",
                phrase("another way has the UID “{uid}” already", uid=row["uid"]),
                phrase("give each way a UID of its own"),
            )
        kept = known.get(key)
        if kept is not None and kept["first"] and kept["uid"] != row["uid"]:
            facts.report(
                table,
                index,
                "uid",
                phrase("this way was published under another UID here"),
                phrase(_APART),
            )
        for name in _PUBLISHED if row["publication"] is not None else ():
            if row[name] is None:
                facts.report(
                    table,
                    index,
                    name,
                    phrase("the cell is blank"),
                    phrase("what was published has its times: fill it"),
                )


def _check_versions(facts: Facts, table: Table) -> None:
    """Report rows of a version that neither the dataset nor the database has."""
    file = FILES["publications"]
    brought = facts.tables.get("publications")
    if brought is not None and not brought.whole:
        return
    known: set[Any] = {row["number"] for row in facts.stored.rows(file)}
    if brought is not None:
        known.update(brought.values("number"))
    for index, number in enumerate(table.values("publication")):
        if number is not None and number is not BAD and number not in known:
            facts.report(
                table,
                index,
                "publication",
                phrase("“{code}” is in no row of {files}", code=str(number), files=file.csv),
                phrase("correct it, or add it there"),
            )


def _differs(table: Table, kept: dict[str, Any], row: tuple[Any, ...]) -> bool:
    return any(
        value is not BAD and kept[name] != value
        for name, value in zip(table.file.fields, row, strict=True)
    )
