"""``trainer report``: figures of a period, in the format that is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from db.collecting import not_collecting
from trainer.errors import UsageError
from trainer.phrases import say
from tui.cli.dates import day_of
from tui.cli.state import desk, tell


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", help=say("Print a report: attendance, hours and more."))(_report)


@not_collecting()
def _report(
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("Which report."))],
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=say("The first day."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=say("The last day."))
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="unit|class|series|venue|tier|strand|person|month|course|teacher",
            help=say("One row for each."),
        ),
    ] = None,
    rollup: Annotated[
        str | None,
        typer.Option(
            metavar="parent|second_parent|both",
            help=say("By unit: with all units under it, along one line of supervisors or both."),
        ),
    ] = None,
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
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.printing.keep import keep
    from trainer.reports.catalogue import make_report
    from trainer.reports.formats import BINARY, FORMATS, render

    chosen = "json" if as_json else kind or _format_of(out, list(FORMATS))
    if chosen not in FORMATS:
        raise UsageError(
            "there is no format “{kind}”; use one of: {known}",
            kind=chosen,
            known=", ".join(FORMATS),
        )
    if chosen in BINARY and out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=chosen)
    report = make_report(desk(), name, first=day_of(first), last=day_of(last), by=by, rollup=rollup)
    data = render(report, chosen)
    if out is not None:
        keep(data, out)
        tell(say("the report is in {path}", path=str(out)))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def _format_of(out: Path | None, known: list[str]) -> str:
    ending = out.suffix[1:].casefold() if out else ""
    return ending if ending in known else "table"
