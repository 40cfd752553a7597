"""Marks that come from elsewhere and go elsewhere, and the conflicts that this brings to light."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import ImportRefused, UsageError
from trainer.phrases import say, say_n
from tui.cli.attendance.arguments import Json, OfClass, Reason, known_class
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.attendance.incoming import Arrival


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("import", help=say("Bring in a file of marks (marks.csv), all or nothing."))(
        _import
    )
    noun.command("export", help=say("Write the log of marks into a folder."))(_export)
    noun.command("merge", help=say("Take over another office's marks: a folder or a database."))(
        _merge
    )
    noun.command("conflicts", help=say("List where two devices say different things."))(_conflicts)
    noun.command("resolve", help=say("Decide a conflict: the mark with this id is kept."))(_resolve)


def _import(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("A CSV file or workbook."))],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Only show what would change."))
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.incoming import import_marks

    arrival = import_marks(desk(), path, dry_run=dry_run)
    if as_json:
        print_json(arrival.document())
    _tell(arrival, str(path), as_json=as_json)


def _merge(
    source: Annotated[
        str,
        typer.Argument(metavar="DIR_OR_DB", help=say("A folder with marks.csv, or a database.")),
    ],
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.merge import bring_back

    # a class that was taken along has lived meanwhile, not only been called
    home = bring_back(desk(), source)
    if as_json:
        print_json(home.document())
    _tell(home.marks, source, as_json=as_json)
    if home.life and home.life.count and not as_json:
        print_line(say("class life, new records: {count}", count=home.life.count))


def _tell_differing(arrival: Arrival) -> None:
    for leave_id in arrival.leaves_differ:
        tell(
            say(
                "the leave {leave} is for another time or person there; it stays as it is here: "
                "compare the two, cancel it, and ask for the right one",
                leave=leave_id,
            )
        )


def _tell(arrival: Arrival, path: str, *, as_json: bool) -> None:
    from trainer.attendance.odd import KINDS

    if arrival.problems:
        for problem in arrival.problems:
            tell(problem.text())
        raise ImportRefused(
            "{path} has problems ({count}), listed above, and nothing was taken; mend them and "
            "try again",
            path=path,
            count=len(arrival.problems),
        )
    for kind, count in sorted(Counter(odd.kind for odd in arrival.odd).items()):
        tell(say("odd, but taken: {count} {kind}", count=count, kind=KINDS[kind]))
    if not arrival.new + arrival.known:
        tell(
            say(
                "there is not one mark in {path}: check that it is the file that was meant",
                path=path,
            )
        )
    if as_json:
        return
    print_line(
        say("new marks: {new}; known already: {known}", new=arrival.new, known=arrival.known)
    )
    if arrival.leaves:
        print_line(say("leave taken over: {count}", count=arrival.leaves))
    _tell_differing(arrival)
    if arrival.corrections:
        print_line(say("corrections taken over: {count}", count=arrival.corrections))
    if arrival.restored:
        print_line(
            say("marks that an undoing had taken back count again: {count}", count=arrival.restored)
        )
    if arrival.open:
        print_line(
            say_n(
                "{count} conflict is to be resolved: “trainer attendance conflicts” shows it",
                "{count} conflicts are to be resolved: “trainer attendance conflicts” shows them",
                arrival.open,
            )
        )


def _export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say("Where the file goes."))],
    class_: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CODE", help=say("A class; repeatable.")),
    ] = None,
    database: Annotated[
        bool,
        typer.Option("--database", help=say("The classes as a database, to call the roll away.")),
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.carry import carry_classes
    from trainer.attendance.outgoing import export_marks

    if database:
        if not class_:
            raise UsageError("name the classes to take along with --class")
        path = folder / "office.db"
        people = carry_classes(desk(), path, class_)
        if as_json:
            print_json({"people": people, "database": str(path)})
        else:
            print_line(
                say(
                    "{classes} with {people} people: {path}; call the roll with “trainer --db "
                    "{path}” and bring it back with “trainer attendance merge {path}”",
                    classes=", ".join(class_),
                    people=people,
                    path=str(path),
                )
            )
        return
    count = export_marks(desk(), folder, class_ or ())
    if as_json:
        print_json({"marks": count, "file": str(folder / "marks.csv")})
    else:
        print_line(say("{count} marks are in {file}", count=count, file=str(folder / "marks.csv")))


def _conflicts(
    class_code: OfClass = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.conflicts import list_conflicts
    from trainer.attendance.shown import STATUS_WORDS

    here = desk()
    with here.reading() as session:
        found = list_conflicts(session, known_class(session, class_code))
    if as_json:
        print_json({"conflicts": [conflict.document() for conflict in found]}, here.office().zone)
        return
    if not found:
        tell(say("there are no conflicts"))
    zone = here.office().zone
    for conflict in found:
        print_line(
            say(
                "{class_code} {date} {period}  {person} {name}",
                class_code=conflict.class_code,
                date=conflict.date,
                period=conflict.period,
                person=conflict.person,
                name=conflict.name,
            )
        )
        for mark in conflict.marks:
            at = mark["at"].astimezone(zone)
            values = mark | {
                "status": STATUS_WORDS[mark["status"]],
                "by": mark["by"] or "-",
                "device": mark["device"] or "-",
                "at": f"{at:%Y-%m-%d %H:%M:%S}",
            }
            if mark["id"] == conflict.counts:
                print_line(
                    say("  {id}  {status}  by {by} on {device}, {at} (counts meanwhile)", **values)
                )
            else:
                print_line(say("  {id}  {status}  by {by} on {device}, {at}", **values))


def _resolve(
    mark: Annotated[str, typer.Argument(metavar="MARK", help=say("The mark's id."))],
    note: Annotated[str | None, typer.Option(help=say("A note kept with the decision."))] = None,
    reason: Reason = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.record import keep_mark

    with desk().writing(reason) as work:
        count = keep_mark(work, mark=mark, note=note)
        work.commit()
    print_line(
        say_n(
            "the mark is kept; {count} other was retracted and stays in the log",
            "the mark is kept; {count} others were retracted and stay in the log",
            count,
        )
    )
