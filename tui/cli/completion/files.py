"""Mark sheets to be filled in, files of marks, and taking an import back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.completion.arguments import ClassCode, DryRun, Json, Reason
from tui.cli.dates import day_of
from tui.cli.state import desk, leave, print_json, print_line, tell

KindOption = Annotated[
    str, typer.Option("--kind", metavar="KIND", help=say("exam, retake, report, reflection."))
]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("sheet", help=say("Write a mark sheet to be filled in."))(_sheet)
    noun.command("import", help=say("Import a filled-in mark sheet, or a CSV or XLSX of marks."))(
        _import
    )
    noun.command("imports", help=say("List the imports of marks."))(_imports)
    noun.command("undo-import", help=say("Take an import of marks back."))(_undo)


def _sheet(
    class_code: ClassCode,
    kind: KindOption = "exam",
    form: Annotated[
        str | None, typer.Option("--format", metavar="xlsx|pdf", help=say("The format."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("Write it into a file."))
    ] = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.facts import read_book
    from trainer.outcomes.marksheet import mark_sheet
    from trainer.printing.keep import keep

    chosen = form or (out.suffix[1:].casefold() if out and out.suffix else "xlsx")
    if out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=chosen)
    here = desk()
    with here.reading() as session:
        data = mark_sheet(read_book(session, here, class_code), kind, chosen)
    if out is not None:
        keep(data, out)
        tell(say("the mark sheet is in {path}", path=str(out)))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def _import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("A CSV or XLSX file."))],
    class_code: Annotated[
        str | None,
        typer.Option("--class", metavar="CODE", help=say("The class, where the file has none.")),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help=say("The kind, where the file has none; exam.")),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help=say("The day of the exam, where the file has none.")),
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.arriving import Preset, import_scores

    found = import_scores(desk(), file, Preset(class_code, kind, day_of(date)), dry_run=dry_run)
    if as_json:
        print_json(found.document() | {"dry_run": dry_run})
    else:
        for problem in found.problems:
            tell(problem.text())
        if found.problems:
            count = len(found.problems)
            tell(say_n("{count} problem; nothing was imported", "{count} problems; nothing was "
                       "imported", count))  # fmt: skip
        else:
            facts = {"new": len(found.new), "known": found.known, "blank": found.blank}
            if dry_run:
                print_line(say("would import {new} marks; {known} are known already, {blank} rows "
                               "have none yet", **facts))  # fmt: skip
            else:
                print_line(say("imported {new} marks; {known} were known already, {blank} rows "
                               "have none yet", **facts))  # fmt: skip
                if found.number:
                    tell(say("“trainer completion undo-import {number}” takes them back",
                             number=found.number))  # fmt: skip
        idle = sum(not row["wanted"] for row in found.new)
        if idle:
            tell(say_n("{count} of these marks is of a kind that its class does not ask for: it "
                       "decides nothing", "{count} of these marks are of a kind that their class "
                       "does not ask for: they decide nothing", idle))  # fmt: skip
    if found.problems:
        leave(1)


def _imports(as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.arriving import list_imports

    here = desk()
    with here.reading() as session:
        found = list_imports(session)
    zone = here.office().zone
    if as_json:
        rows = [{"import": one.number, "at": one.at, "by": one.by, "entries": one.entries,
                 "standing": one.standing} for one in found]  # fmt: skip
        print_json({"imports": rows}, zone)
        return
    if not found:
        tell(say("no file of marks was ever imported"))
    for one in found:
        print_line(
            say(
                "{number}  {at}  {by}: {entries} marks, {standing} of them stand",
                number=one.number,
                at=f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}" if one.at else "-",
                by=one.by or "-",
                entries=one.entries,
                standing=one.standing,
            )
        )


def _undo(
    number: Annotated[str, typer.Argument(metavar="ID", help=say("The import's number."))],
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.arriving import undo_import

    with desk().writing(reason) as work:
        count = undo_import(work, number, reason=reason)
        work.commit()
    if as_json:
        print_json({"undone": number, "marks": count})
    else:
        print_line(say("{count} marks of import {number} are taken back", count=count,
                       number=number))  # fmt: skip
