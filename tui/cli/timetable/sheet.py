"""``trainer timetable runsheet`` and ``transport``: a day in the field on paper, and its buses."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.dates import date_of
from tui.cli.state import desk, leave, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.reports.report import Report


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    help_ = say("Print the run sheet of a class's day: times, places, contacts and ways.")
    noun.command(name="runsheet", help=help_)(runsheet)
    help_ = say("Print the buses of a day: who goes where and when, who shares, what is short.")
    noun.command(name="transport", help=help_)(transport)


Day = Annotated[str, typer.Argument(metavar="DATE", help=say("The day, as 2023-03-01."))]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="table|csv|xlsx|pdf|html|json", help=say("The format.")),
]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help=say("Write it into a file."))]
Json = Annotated[bool, typer.Option("--json", help=say("The same as --format json."))]


def runsheet(
    class_code: Annotated[str, typer.Argument(metavar="CLASS", help=say("The class."))],
    date: Day,
    *,
    kind: Format = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print where a class is on a day, from its first session to its last."""
    # the tables and the engine are imported only by those who need them
    from trainer.timetable.runsheet import run_sheet

    day = date_of(date)
    _write(lambda: run_sheet(desk(), class_code, day), kind, out, as_json=as_json)


def transport(date: Day, *, kind: Format = None, out: Out = None, as_json: Json = False) -> None:
    """Print who goes to field sites by bus on a day; exit 1 where seats are short."""
    # the tables and the engine are imported only by those who need them
    from trainer.timetable.transport import transport_list

    day = date_of(date)
    report = _write(lambda: transport_list(desk(), day), kind, out, as_json=as_json)
    short = report.total["short"]
    if short:
        tell(say_n("{count} person has no seat", "{count} people have no seat", short))
        leave(1)


def _write(
    make: Callable[[], Report], kind: str | None, out: Path | None, *, as_json: bool
) -> Report:
    """Write a report where it is wanted, and return it."""
    # the formats are imported only by those who need them
    from trainer.printing.keep import keep
    from trainer.reports.formats import BINARY, FORMATS, render

    ending = out.suffix[1:].casefold() if out else ""
    chosen = "json" if as_json else kind or (ending if ending in FORMATS else "table")
    if chosen in BINARY and out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=chosen)
    report = make()
    data = render(report, chosen)
    if out is not None:
        keep(data, out)
        tell(say("the report is in {path}", path=str(out)))
        return report
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
    return report
