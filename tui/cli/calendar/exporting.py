"""``trainer calendar export``: one file per class, teacher, venue, person, unit and field day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.phrases import say, say_n
from tui.cli.calendar.choosing import HOW, WHOSE, Json, Options, choosing
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.calendars.documents import Selection
    from trainer.calendars.export import ExportedFile
    from trainer.calendars.select import Asked


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    noun.command("export", help=say("Write one .ics file per class, teacher, venue, person."))(
        export
    )


@choosing(*WHOSE, *HOW)
def export(
    out: Annotated[Path, typer.Option(metavar="DIR", help=say("Where the files go."))],
    options: Options,
    since: Annotated[
        int | None,
        typer.Option(min=0, metavar="K", help=say("Only what changed since publication K.")),
    ] = None,
    mail: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say("Files to send by mail, to the addresses in FILE (kind,code,address)."),
        ),
    ] = None,
    utc: Annotated[
        bool, typer.Option("--utc", help=say("Times in UTC, not in the office's zone."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Write one .ics file per class, teacher, venue and person that is chosen."""
    asked = options.asked(since)
    # sqlmodel takes half a second to import
    from trainer.calendars.export import export_calendars, left_over
    from trainer.calendars.select import choose

    selection = choose(desk(), asked if mail is None else _about_people(asked))
    if mail is not None:
        _letters(selection, out, mail, as_json=as_json)
        return
    made = export_calendars(selection, out, in_folders=bool(asked.every), utc=utc)
    files = _counted(made, len(selection.choices))
    if asked.every and since is None:
        _tell_leftovers(left_over(files, out, asked.every))
    if as_json:
        print_json({"files": [_entry(file) for file in files]})
        return
    if not files and since is not None:
        print_line(say("nothing of this has changed since publication {since}", since=since))
        return
    print_line(
        say(
            "{files} calendars with {events} events are in {folder}",
            files=len(files),
            events=sum(file.events for file in files),
            folder=str(out),
        )
    )


def _tell_leftovers(found: Sequence[Path]) -> None:
    if found:
        tell(
            say_n(
                "{count} calendar of an earlier export has no session any more and was left: "
                "{first}; delete it",
                "{count} calendars of an earlier export have no session any more and were left, "
                "the first is {first}; delete them",
                len(found),
                first=str(found[0]),
            )
        )


def _about_people(asked: Asked) -> Asked:
    """Return the question as one about people and teachers: all of them where none is named."""
    # sqlmodel takes half a second to import
    from trainer.calendars.mailing import RECEIVERS
    from trainer.errors import UsageError

    if asked.since is None:
        raise UsageError("files for mailing tell of changes; say since which publication: --since")
    named = {kind for kind, codes in asked.chosen.items() if codes}
    if not named <= set(RECEIVERS):
        raise UsageError(
            "files for mailing go to people and teachers; name them with --person and --teacher, "
            "or name nobody for all whom the changes concern"
        )
    return asked if named else replace(asked, every=RECEIVERS)


def _letters(selection: Selection, out: Path, addresses: Path, *, as_json: bool) -> None:
    # only mailing needs it
    from trainer.calendars.mailing import export_letters, organizer_of, read_addresses

    organizer = organizer_of(selection.office)
    known = read_addresses(addresses)
    files = _counted(export_letters(selection, out, organizer, known), len(selection.choices))
    written = [file for file in files if file.events]
    lacking = [file.choice for file in files if not file.events]
    if lacking:
        tell(
            say_n(
                "{count} receiver has no address in {file}: {codes}",
                "{count} receivers have no address in {file}: {codes}",
                len(lacking),
                file=str(addresses),
                codes=", ".join(choice.code for choice in lacking),
            )
        )
    if as_json:
        entries = [{"kind": str(each.kind), "code": each.code} for each in lacking]
        print_json({"files": [_entry(file) for file in written], "without_address": entries})
        return
    print_line(
        say(
            "{files} for {people} in {folder}",
            files=say_n("{count} file", "{count} files", len(written)),
            people=say_n(
                "{count} receiver", "{count} receivers", len({file.choice for file in written})
            ),
            folder=str(out),
        )
    )


def _counted(files: Iterable[ExportedFile], total: int) -> Sequence[ExportedFile]:
    # draws only where a person looks
    from tui.cli.progress import progress

    found = []
    with progress(say("calendars"), total) as step:
        for file in files:
            found.append(file)
            step()
    return found


def _entry(file: ExportedFile) -> dict[str, Any]:
    return {
        "kind": str(file.choice.kind),
        "code": file.choice.code,
        "path": str(file.path),
        "events": file.events,
    }
