"""Checks of logs other than the marks: a record never changes, and none replaces itself."""

from __future__ import annotations

from trainer.dataset.changes import by_key
from trainer.dataset.check.facts import Facts
from trainer.dataset.parse import BAD, Table
from trainer.phrases import phrase


def check_events(facts: Facts, table: Table) -> None:
    """Report records that replace themselves, and stored ones that come with other facts."""
    file = table.file
    ids, replaces = file.place[file.key[0]], file.place.get("replaces")
    stored = by_key(file, facts.stored.rows(file))
    for index, row in enumerate(table.rows):
        if row[ids] in (BAD, None):
            continue
        if replaces is not None and row[ids] == row[replaces]:
            facts.report(
                table,
                index,
                "replaces",
                phrase("the record replaces itself"),
                phrase("name the record that it corrects, or leave the cell blank"),
            )
        kept = stored.get(row[ids])
        for column, value in zip(file.columns, row, strict=True) if kept else ():
            if value is not BAD and kept is not None and kept[column.field] != value:
                facts.report(
                    table,
                    index,
                    column.name,
                    phrase("the record “{id}” is stored already and says something else",
                           id=row[ids]),
                    phrase("a record never changes: add another with an id of its own that "
                           "replaces it"),
                )  # fmt: skip


def check_make_ups(facts: Facts, table: Table) -> None:
    """Report sessions that would make up for themselves."""
    session, missed = table.file.places(("session", "missed"))
    for index, row in enumerate(table.rows):
        if row[session] is not BAD and row[session] == row[missed]:
            facts.report(
                table,
                index,
                "missed",
                phrase("the session would make up for itself"),
                phrase("name the session that was missed"),
            )
