"""``trainer init``, ``import`` and ``export``: the database, and a dataset in and out of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.errors import ImportRefused
from trainer.phrases import mark, say, say_n
from tui.cli.state import database_url, desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.dataset.delta import Delta
    from trainer.dataset.load import Outcome

_COUNTS: Final[Mapping[str, str]] = {
    "new": mark("new"),
    "changed": mark("changed"),
    "unchanged": mark("unchanged"),
    "removed": mark("removed"),
}


def register(app: typer.Typer) -> None:
    """Add the three commands."""
    app.command("init", help=say("Make the database, or bring an older one up to date."))(_init)
    app.command("import", help=say("Bring a dataset in: a folder of CSV files, or a workbook."))(
        _import
    )
    app.command("export", help=say("Write every fact as a dataset, a folder or a workbook."))(
        _export
    )


def _init() -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from db.setup import prepare

    done = prepare(database_url())
    tell(say("the database is ready") if done else say("the database was ready already"))


def _import(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help=say("The folder, file or workbook."))
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Only show what would change."))
    ] = False,
    delta: Annotated[
        bool,
        typer.Option(
            "--delta",
            help=say("people.csv is the whole new roster of its units: who joined, left, moved."),
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON."))] = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.dataset.load import import_dataset

    outcome = import_dataset(desk(), path, dry_run=dry_run, delta=delta)
    if as_json:
        print_json(outcome.document())
    if not outcome.ok:
        _refuse(outcome, path)
    if not as_json:
        _print_counts(outcome)
        if outcome.delta is not None:
            _print_delta(outcome.delta)
    _tell_end(outcome)


def _refuse(outcome: Outcome, path: Path) -> None:
    for problem in outcome.problems:
        tell(problem.text())
    raise ImportRefused(
        "{path} has problems ({count}), listed above, and nothing was imported; mend them and "
        "import it again",
        path=str(path),
        count=len(outcome.problems),
    )


def _print_counts(outcome: Outcome) -> None:
    rows = [("", *(say(word) for word in _COUNTS.values()))]
    for file, counts in outcome.changes.items():
        rows.append((file, *(str(counts[name]) for name in _COUNTS)))
    _print_table(rows)


def _print_delta(delta: Delta) -> None:
    print_line()
    for person in delta.joined:
        print_line(say("joined: {code} {name}, {unit}", **_shown(person)))
    for person in delta.left:
        print_line(say("left: {code} {name}, {unit}", **_shown(person)))
    for person in delta.moved:
        values = {"before": person["from"] or "-", "after": person["to"] or "-"}
        print_line(say("moved: {code} {name}, {before} > {after}", **_shown(person), **values))
    for person in delta.changed:
        for column, (before, after) in person["columns"].items():
            values = {"column": column, "before": before or "-", "after": after or "-"}
            print_line(
                say(
                    "changed: {code} {name}, {column} {before} > {after}",
                    **_shown(person),
                    **values,
                )
            )


def _shown(person: Mapping[str, object]) -> dict[str, object]:
    return {name: person.get(name) or "-" for name in ("code", "name", "unit")}


def _tell_end(outcome: Outcome) -> None:
    touched = sum(outcome.total(name) for name in ("new", "changed", "removed"))
    if not touched:
        tell(say("nothing changes: the database holds all of it already"))
    elif outcome.written:
        tell(say_n("{count} row was written", "{count} rows were written", touched))
    else:
        tell(
            say_n(
                "{count} row would be written; nothing was changed",
                "{count} rows would be written; nothing was changed",
                touched,
            )
        )


def _export(
    target: Annotated[
        Path,
        typer.Argument(metavar="DIR", help=say("The folder, or a workbook that ends in .xlsx.")),
    ],
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.dataset.export import export_dataset

    counts = export_dataset(desk(), target)
    rows = sum(counts.values())
    tell(
        say_n(
            "{count} row was written to {path}",
            "{count} rows were written to {path}",
            rows,
            path=str(target),
        )
    )


def _print_table(rows: list[tuple[str, ...]]) -> None:
    # Chinese letters are two cells wide
    from rich.cells import cell_len

    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        first = row[0] + " " * (widths[0] - cell_len(row[0]))
        rest = (
            " " * (width - cell_len(cell)) + cell
            for width, cell in zip(widths[1:], row[1:], strict=True)
        )
        print_line("  ".join([first, *rest]).rstrip())
