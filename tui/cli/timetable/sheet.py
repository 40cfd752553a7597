"""``trainer timetable runsheet``: a class's day on paper, with its stops and ways."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say
from tui.cli.dates import date_of
from tui.cli.state import desk, tell


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    help_ = say("Print the run sheet of a class's day: times, places, contacts and ways.")
    noun.command(name="runsheet", help=help_)(runsheet)


def runsheet(
    class_code: Annotated[str, typer.Argument(metavar="CLASS", help=say("The class."))],
    date: Annotated[str, typer.Argument(metavar="DATE", help=say("The day, as 2023-03-01."))],
    *,
    kind: Annotated[
        str | None,
        typer.Option("--format", metavar="table|csv|xlsx|pdf|html|json", help=say("The format.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("Write it into a file."))
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("The same as --format json."))
    ] = False,
) -> None:
    """Print where a class is on a day, from its first session to its last."""
    # the tables and the engine are imported only by those who need them
    from trainer.printing.keep import keep
    from trainer.reports.formats import BINARY, FORMATS, render
    from trainer.timetable.runsheet import run_sheet

    day = date_of(date)
    ending = out.suffix[1:].casefold() if out else ""
    chosen = "json" if as_json else kind or (ending if ending in FORMATS else "table")
    if chosen in BINARY and out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=chosen)
    data = render(run_sheet(desk(), class_code, day), chosen)
    if out is not None:
        keep(data, out)
        tell(say("the report is in {path}", path=str(out)))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
