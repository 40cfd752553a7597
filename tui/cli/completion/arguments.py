"""What several verbs of completion take, and the class that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.state import desk

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.outcomes.facts import ClassBook

ClassCode = Annotated[str, typer.Argument(metavar="CLASS", help=say("The class's code."))]
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help=say("The trainee's code, name or pinyin."))
]
Kind = Annotated[str, typer.Argument(metavar="KIND", help=say("exam, retake, report, reflection."))]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help=say("Why; kept with the record."))]
Attempt = Annotated[
    int | None, typer.Option(min=1, help=say("Which attempt; the next one if left out."))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("Only say what would be done."))]


@contextmanager
def at_work(
    class_code: str, reason: str | None = None, *, dry_run: bool = False
) -> Iterator[tuple[UnitOfWork, ClassBook]]:
    """Yield a unit of work and the class; what is done is committed where nothing went wrong."""
    # sqlmodel takes half a second to import: help must not wait for it
    from db.locks import take_turn
    from trainer.outcomes.facts import read_book

    here = desk()
    with here.writing(reason) as work:
        # two clerks at once: the second one reads what the first one wrote
        take_turn(work.connection, "marks")
        yield work, read_book(work.session, here, class_code)
        if not dry_run:
            work.commit()
