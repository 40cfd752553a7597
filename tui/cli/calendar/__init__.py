"""``trainer calendar …``: files for everybody, servers and feeds, and busy times in."""

from __future__ import annotations

import typer

from trainer.phrases import say
from tui.cli.calendar import exporting, linting, reading, serving


def register(app: typer.Typer) -> None:
    """Add the noun with all its verbs."""
    noun = typer.Typer(
        help=say("Calendar files (.ics): export, publish, check, and busy times in."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for room in (exporting, serving, reading, linting):
        room.register(noun)
    app.add_typer(noun, name="calendar")
