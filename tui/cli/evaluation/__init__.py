"""``trainer evaluation …``: questionnaires, ballots, answers, figures."""

from __future__ import annotations

import typer

from trainer.phrases import say
from tui.cli.evaluation import answering, forms, running, showing


def register(app: typer.Typer) -> None:
    """Add the noun with all its verbs."""
    noun = typer.Typer(
        help=say("Teaching evaluation by trainees: open, hand out codes, answer, close, show."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for room in (running, answering, showing, forms):
        room.register(noun)
    app.add_typer(noun, name="evaluation")
