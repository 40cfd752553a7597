"""Imports and merges of marks: listed, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from trainer.phrases import Phrase, mark, say
from tui.cli.attendance.arguments import Json, Reason
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from db.tables import MarkBatch

KINDS = {
    "import": Phrase(mark("import")),
    "merge": Phrase(mark("merge")),
    "dataset": Phrase(mark("dataset")),
    "undo": Phrase(mark("undoing")),
}


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("imports", help=say("List the imports and merges of marks."))(_imports)
    noun.command("undo-import", help=say("Undo an import of marks: it counts as if it had not "
                                         "come."))(_undo)  # fmt: skip


def _imports(as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.batches import list_batches

    here = desk()
    with here.reading() as session:
        found = list_batches(session)
    if as_json:
        print_json({"imports": [batch.model_dump() for batch in found]}, here.office().zone)
        return
    if not found:
        tell(say("no marks were ever imported"))
    zone = here.office().zone
    for batch in found:
        print_line(_said(batch, zone))


def _undo(
    number: Annotated[int, typer.Argument(metavar="ID", help=say("The import's number."))],
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.batches import undo_batch

    with desk().writing(reason) as work:
        done = undo_batch(work, number, reason=reason)
        work.commit()
    if as_json:
        print_json({"undone": number, "pairs": done.pairs, "events": done.events})
    else:
        print_line(
            say(
                "import {number} ({source}) is undone: it touched {pairs} person-sessions, and "
                "{events} events were added to the log",
                number=number,
                source=done.batch.source,
                pairs=done.pairs,
                events=done.events,
            )
        )


def _said(batch: MarkBatch, zone: ZoneInfo) -> str:
    facts = {
        "number": batch.number,
        "at": f"{batch.at.astimezone(zone):%Y-%m-%d %H:%M}",
        "kind": KINDS[batch.kind],
        "source": batch.source,
        "by": batch.by,
        "new": batch.new,
    }
    if batch.undone_at is not None:
        return say(
            "{number}  {at}  {kind} of {source} by {by}: {new} events; undone by {other} at "
            "{undone}",
            **facts,
            other=batch.undone_by or "-",
            undone=f"{batch.undone_at.astimezone(zone):%Y-%m-%d %H:%M}",
        )
    if batch.restored:
        return say(
            "{number}  {at}  {kind} of {source} by {by}: {new} events, {restored} brought back",
            **facts,
            restored=batch.restored,
        )
    return say("{number}  {at}  {kind} of {source} by {by}: {new} events", **facts)
