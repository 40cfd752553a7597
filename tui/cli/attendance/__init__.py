"""``trainer attendance …``: roll call, leave, and marks that come from and go to elsewhere."""

from __future__ import annotations

import typer

from trainer.phrases import say
from tui.cli.attendance import (
    alerts,
    away,
    badge,
    closing,
    code,
    correcting,
    denominators,
    door,
    guests,
    imports,
    moving,
    roll,
)


def register(app: typer.Typer) -> None:
    """Add the noun with all its verbs."""
    noun = typer.Typer(
        help=say("Roll call, corrections, leave, and bringing records together."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for room in (
        roll,
        guests,
        correcting,
        closing,
        badge,
        code,
        door,
        moving,
        imports,
        denominators,
        alerts,
        away,
    ):
        room.register(noun)
    app.add_typer(noun, name="attendance")
