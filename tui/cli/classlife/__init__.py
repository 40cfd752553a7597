"""``trainer class …``: groups, branch and committee, duty, rooms, evening roll calls, permits."""

from __future__ import annotations

import typer

from trainer.phrases import say
from tui.cli.classlife import branch, duty, exits, groups, nights, overview, rooms


def register(app: typer.Typer) -> None:
    """Add the noun with all its verbs."""
    noun = typer.Typer(
        help=say("Life in a class: groups, branch, duty, rooms, evening roll calls, permits."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for room in (overview, groups, branch, duty, rooms, nights, exits):
        room.register(noun)
    app.add_typer(noun, name="class")
