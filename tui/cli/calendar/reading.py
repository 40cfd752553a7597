"""``trainer calendar busy``: the busy times of a teacher or a hall, out of their own calendar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.phrases import say
from tui.cli.calendar.choosing import Json
from tui.cli.dates import day_of
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.calendars.unavailable import Refreshed, Row

Code = str | None


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    noun.command("busy", help=say("Take busy times over from somebody's .ics as unavailability."))(
        busy
    )


def busy(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("A calendar file."))],
    teacher: Annotated[
        Code, typer.Option(metavar="CODE", help=say("The teacher whose calendar it is."))
    ] = None,
    venue: Annotated[
        Code, typer.Option(metavar="CODE", help=say("The venue whose calendar it is."))
    ] = None,
    person: Annotated[
        Code, typer.Option(metavar="CODE", help=say("The person whose calendar it is."))
    ] = None,
    source: Annotated[
        Code,
        typer.Option(metavar="NAME", help=say("What the calendar is called (its file's name).")),
    ] = None,
    first: Annotated[
        Code, typer.Option("--from", metavar="DATE", help=say("From this day on (today)."))
    ] = None,
    last: Annotated[
        Code, typer.Option("--to", metavar="DATE", help=say("Until this day (a year from now)."))
    ] = None,
    titles: Annotated[
        bool, typer.Option("--titles", help=say("Also keep what public events are called."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Show what would change; change nothing."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Take busy times over as unavailability; reading the same calendar anew replaces them."""
    # sqlmodel takes half a second to import
    from trainer.calendars.unavailable import Whose, import_busy
    from trainer.errors import UsageError
    from tui.cli.calendar.linting import content

    owners = {"teacher": teacher, "venue": venue, "person": person}
    named = [(kind, code) for kind, code in owners.items() if code]
    if len(named) != 1:
        raise UsageError("say whose calendar it is: either --teacher, --venue or --person")
    ((kind, code),) = named
    result = import_busy(
        desk(),
        content(file),
        Whose(kind, code, source or file.name),
        first=day_of(first),
        last=day_of(last),
        titles=titles,
        dry_run=dry_run,
    )
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "added": [_entry(row) for row in result.added],
                "removed": [_entry(row) for row in result.removed],
                "kept": result.kept,
                "sessions": list(result.touched),
            }
        )
        return
    _show(result, dry_run=dry_run)


def _show(result: Refreshed, *, dry_run: bool) -> None:
    for sign, rows in (("+", result.added), ("-", result.removed)):
        for first, last, period, reason in rows:
            days = str(first) if first == last else f"{first}…{last}"
            print_line(f"{sign} {days} {period or say('all day')}  {reason}")
    values = {
        "added": len(result.added),
        "removed": len(result.removed),
        "kept": result.kept,
    }
    if dry_run:
        print_line(say("would add {added}, remove {removed}, keep {kept}", **values))
    else:
        print_line(say("added {added}, removed {removed}, kept {kept}", **values))
    if result.touched:
        tell(
            say(
                "{count} sessions of the timetable lie in these times; see them with “trainer "
                "timetable check”",
                count=len(result.touched),
            )
        )


def _entry(row: Row) -> dict[str, Any]:
    first, last, period, reason = row
    return {
        "date_from": first.isoformat(),
        "date_to": last.isoformat(),
        "period": period,
        "reason": reason,
    }
