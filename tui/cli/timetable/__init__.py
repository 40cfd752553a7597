"""``trainer timetable …``: from the plan to dates, places and teachers, and to publication."""

from __future__ import annotations

import typer

from trainer.phrases import say
from tui.cli.timetable import (
    booking,
    changing,
    looking,
    publishing,
    reasoning,
    replanning,
    rules,
    scenarios,
    sheet,
    solving,
    stepping,
    sturdiness,
    weather,
)


def register(app: typer.Typer) -> None:
    """Add the noun with all its verbs."""
    noun = typer.Typer(
        help=say("Put classes on dates, places and teachers; check, change and publish that."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    rooms = (
        solving,
        reasoning,
        looking,
        rules,
        sturdiness,
        changing,
        replanning,
        weather,
        booking,
        stepping,
    )
    for room in (*rooms, scenarios, sheet, publishing):
        room.register(noun)
    app.add_typer(noun, name="timetable")
