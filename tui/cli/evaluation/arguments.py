"""What several verbs of evaluation take."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.phrases import say

ClassCode = Annotated[
    str,
    typer.Argument(
        metavar="CLASS", help=say("The class's code, or that of one of its evaluations.")
    ),
]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("Only show what would change."))]
