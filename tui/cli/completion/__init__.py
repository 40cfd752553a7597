"""``trainer completion …``: marks of exams and works, and who completed a class."""

from __future__ import annotations

import typer

from trainer.phrases import say
from tui.cli.completion import deciding, files, marks, showing


def register(app: typer.Typer) -> None:
    """Add the noun with all its verbs."""
    noun = typer.Typer(
        help=say("Exams, research reports, and who completed a class."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for verbs in (showing, marks, files, deciding):
        verbs.register(noun)
    app.add_typer(noun, name="completion")
