"""Checks of evaluations: what was asked stays as it was asked, and what is closed stays closed.

Figures of a closed evaluation before and after another answer would tell that answer.
"""

from __future__ import annotations

from typing import Any, Final

from trainer.dataset.changes import by_key
from trainer.dataset.check.facts import Facts
from trainer.dataset.files import FILES
from trainer.dataset.parse import BAD, Table
from trainer.phrases import phrase

#: The rule by which figures may be shown is that of the day on which it was opened.
_RULE: Final = ("threshold", "unanimous")


def check_evaluations(facts: Facts, table: Table) -> None:
    """Report changes of a closed evaluation, and of the rule of one that is open."""
    stored = by_key(table.file, facts.stored.rows(table.file))
    for index, row in enumerate(table.rows):
        kept = stored.get(row[table.file.place["code"]])
        if kept is None:
            continue
        fixed = table.file.place if kept["closed"] is not None else _RULE
        for name in fixed:
            value = row[table.file.place[name]]
            if value is not BAD and value != kept[table.file.column(name).field]:
                facts.report(
                    table,
                    index,
                    name,
                    phrase("the evaluation “{code}” is stored already and says something else",
                           code=kept["code"]),
                    phrase("leave it as it is; ask the class again where that is needed"),
                )  # fmt: skip


def check_questionnaires(facts: Facts, table: Table) -> None:
    """Report versions of a questionnaire, and their questions, that come with other words."""
    forms = facts.stored.codes("evaluation_forms")
    own = table.file.key[0]
    stored = by_key(table.file, facts.stored.rows(table.file))
    for index, row in enumerate(table.rows):
        form = row[table.file.place[own]]
        if form in forms and _differs(table, row, stored):
            facts.report(
                table,
                index,
                own,
                phrase("the questionnaire “{code}” is stored already and asks something else",
                       code=form),
                phrase("give it the next version"),
            )  # fmt: skip


def check_answers(facts: Facts, table: Table) -> None:
    """Report rows that would be new or others in an evaluation that is closed."""
    rows = facts.stored.rows(FILES["evaluations"])
    closed = {row["code"] for row in rows if row["closed"] is not None}
    if not closed:
        return
    stored = by_key(table.file, facts.stored.rows(table.file))
    place = table.file.place["evaluation"]
    for index, row in enumerate(table.rows):
        if row[place] in closed and _differs(table, row, stored):
            facts.report(
                table,
                index,
                "evaluation",
                phrase("the evaluation “{code}” is closed, and this would change what it came to",
                       code=row[place]),
                phrase("leave the row out"),
            )  # fmt: skip


def _differs(table: Table, row: tuple[Any, ...], stored: dict[Any, dict[str, Any]]) -> bool:
    places = table.file.places(table.file.key)
    key = row[places[0]] if len(places) == 1 else tuple(row[place] for place in places)
    kept = stored.get(key)
    if BAD in row:
        return False
    return kept is None or any(
        kept[name] != value for name, value in zip(table.file.fields, row, strict=True)
    )
