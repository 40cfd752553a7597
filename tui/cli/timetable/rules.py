"""``trainer timetable rules``: the rules in force, and what the solver does with each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import mark, say
from tui.cli.state import desk, print_json, print_line
from tui.cli.timetable.warning import warn_of_fixed_levels

if TYPE_CHECKING:
    from trainer.timetable.rulebook import Entry

_LEVELS = {"hard": mark("hard"), "soft": mark("soft"), "off": mark("off")}


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    help_ = say("List the rules in force, and what the solver does with each.")
    noun.command(name="rules", help=help_)(rules)


def rules(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List the rules by which the timetable is checked and solved, as the office has set them."""
    # the tables are imported only by those who need them
    from trainer.timetable.rulebook import rules_of

    here = desk()
    found = rules_of(here.office())
    warn_of_fixed_levels(here)
    if as_json:
        print_json({"rules": [each.document() for each in found]})
        return
    for each in found:
        print_line(_line(each))


def _line(entry: Entry) -> str:
    rule = entry.rule
    values = {
        "rule": rule.id,
        "title": say(rule.title),
        "level": say(_LEVELS[rule.level]),
        "does": entry.treatment.text(),
    }
    if rule.treatment in {"constraint", "nothing"}:
        return say("{rule} ({level}): {title}; {does}", **values)
    return say("{rule} ({level}, {weight}): {title}; {does}", **values, weight=rule.weight)
