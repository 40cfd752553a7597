"""``trainer demo``: the main job end to end on an embedded dataset."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.phrases import say
from tui.cli.dates import day_of
from tui.cli.state import (
    OPTIONS,
    acting_user,
    leave,
    print_json,
    print_line,
    program_name,
    tell,
)
from tui.cli.telling import progress_bar

if TYPE_CHECKING:
    from trainer.demo.run import DemoAccount, Year

INTERRUPTED: Final = 130


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        help=say("Do the whole job on an embedded example: plan, timetable, attendance, reports."),
    )(demo)


def demo(
    name: Annotated[
        str, typer.Argument(metavar="[zoucheng|jining]", help=say("Which example."))
    ] = "zoucheng",
    out: Annotated[Path, typer.Option(metavar="DIR", help=say("The folder to make it in."))] = Path(
        "trainer-demo"
    ),
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help=say("Let the year have come to this day only; what lies later is still to come."),
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Make a database in DIR, plan, timetable, record attendance, and export what follows."""
    # nearly every room of the program, imported only by those who need it
    from trainer.clock import Clock
    from trainer.demo.run import run_demo
    from trainer.desk import Desk

    lent, day = Desk("", acting_user(), Clock(fixed=OPTIONS.today)), day_of(until)
    try:
        with progress_bar() as bar:
            account = run_demo(
                name,
                out,
                lent,
                lambda told, done, total: bar(told.text(), done, total),
                until=day,
            )
    except KeyboardInterrupt:
        tell(
            "error: "
            + say(
                "interrupted; nothing was left half-made in {folder}: run the command again",
                folder=str(out),
            )
        )
        leave(INTERRUPTED)
    if as_json:
        print_json(_document(account))
    else:
        _print(account, until)


def _document(account: DemoAccount) -> dict[str, object]:
    return {
        "folder": str(account.folder),
        "database": account.url,
        "office": account.office,
        "people": account.people,
        "classes": account.classes,
        "status": account.solved.status,
        "sessions": account.solved.placed,
        "unplaced": len(account.solved.unplaced),
        "version": account.version,
        "marks": account.marks,
        "years": [asdict(year) for year in account.years],
        "calendars": account.calendars,
        "events": account.events,
        "reports": account.reports,
    }


def _print(account: DemoAccount, until: str | None) -> None:
    # what came before has imported it already
    from trainer.demo.run import CALENDARS, DATABASE, REPORTS

    print_line(say("{office}: a year from plan to report", office=account.office))
    for line in (
        say(
            "  {classes} classes, {people} people in the roster",
            classes=account.classes,
            people=account.people,
        ),
        say(
            "  {sessions} sessions on the timetable, {unplaced} without a place; published as "
            "version {version}",
            sessions=account.solved.placed,
            unplaced=len(account.solved.unplaced),
            version=account.version,
        ),
        say("  {marks} marks of attendance", marks=account.marks),
        *map(_told, account.years),
        say("  database: {path}", path=str(account.folder / DATABASE)),
        say(
            "  {count} calendars with {events} events: {path}",
            count=account.calendars,
            events=account.events,
            path=str(account.folder / CALENDARS),
        ),
        say(
            "  {count} reports: {path}",
            count=account.reports,
            path=str(account.folder / REPORTS),
        ),
        say("Open it with:"),
        f"  {program_name()} --db {shlex.quote(account.url)}"
        + (f" --today {until}" if until else ""),
    ):
        print_line(line)


def _told(year: Year) -> str:
    """Return a year's attendance in a line; a year to come has no share of it yet."""
    if year.rate is None:
        return say("  {year}: nothing held yet", year=year.year)
    return say(
        "  {year}: {trainings} trainings, {person_times} person-times, attendance {rate}",
        year=year.year,
        trainings=year.trainings,
        person_times=f"{year.person_times:,}",
        rate=f"{year.rate:.1%}",
    )
