"""``trainer timetable publish``."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.errors import FileProblem
from trainer.phrases import mark, say, say_n
from tui.cli.state import desk, print_json, print_line
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from trainer.office import Office
    from trainer.timetable.publish import Published

#: More changes than this are counted, not listed, on the terminal.
LISTED: Final = 40

_KINDS: Final = {
    "added": mark("new: {count}"),
    "moved": mark("moved: {count}"),
    "venue": mark("another place: {count}"),
    "teacher": mark("another teacher: {count}"),
    "cancelled": mark("cancelled: {count}"),
    "back": mark("taking place after all: {count}"),
    "renamed": mark("said anew: {count}"),
}


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    noun.command("publish", help=say("Make the next version of the timetable for calendars."))(
        publish
    )


def publish(
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help=say("What this version is about."))
    ] = None,
    notices: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=say("Write everybody's notice into this CSV file.")),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Make version k of the timetable: what changed, and a short notice for all concerned."""
    # the tables are imported only by those who need them
    from trainer.timetable.publish import publish as publish_timetable

    here = desk()
    published = publish_timetable(here, note)
    office = here.office()
    warn_of_broken_rules(here)
    if notices is not None:
        write_notices(published, notices)
    if as_json:
        print_json(
            {
                "number": published.number,
                "made": published.made,
                "at": published.at.astimezone(office.zone).isoformat(),
                "sessions": published.sessions,
                "changes": [each.document(office) for each in published.changes],
                "notices": [each.document() for each in published.notices],
            }
        )
    else:
        _print(published, office)


def write_notices(published: Published, path: Path) -> None:
    """Write each notice as a row: kind, code, name, text; raise FileProblem where that fails."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(("kind", "code", "name", "text"))
            for each in published.notices:
                text = "\n".join(message.text() for message in each.messages)
                writer.writerow((each.kind, _plain(each.code), _plain(each.name), _plain(text)))
    except OSError as error:
        raise FileProblem(
            "the file {path} cannot be written ({problem}); choose another place",
            path=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None


def _plain(text: str) -> str:
    # a cell that begins so would be run by a spreadsheet
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _print(published: Published, office: Office) -> None:
    if not published.made:
        print_line(
            say("nothing has changed since version {number}: it stays", number=published.number)
        )
        return
    print_line(
        say(
            "version {number} of the timetable: {sessions} sessions",
            number=published.number,
            sessions=published.sessions,
        )
    )
    for kind, count in published.counts().items():
        print_line("  " + say(_KINDS[kind], count=count))
    if len(published.changes) <= LISTED:
        for change in published.changes:
            for sentence in change.sentences(office):
                print_line(f"  {sentence}")
    print_line(
        say_n(
            "{count} person is concerned",
            "{count} people are concerned",
            len(published.notices),
        )
    )
