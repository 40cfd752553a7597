"""``trainer timetable undo`` and ``redo``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.phrases import mark, say
from tui.cli.state import desk, print_json, print_line
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from trainer.desk import Desk
    from trainer.timetable.steps import Taken

UNDONE: Final = mark("undone: {title} of {at} ({count} sessions)")
DONE_AGAIN: Final = mark("done again: {title} of {at} ({count} sessions)")


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("undo", help=say("Take back your last change of the timetable."))(undo)
    noun.command("redo", help=say("Do again what you undid last."))(redo)


def undo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Take back your last change of the timetable, whole; never a publication.

    Refused where a session of it was changed, held or published since.
    """
    # the tables are imported only by those who need them
    from trainer.timetable import steps

    here = desk()
    taken = steps.undo(here)
    _tell(here, taken, as_json=as_json, done=UNDONE)


def redo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Do again what you undid last, as long as you changed nothing after that."""
    # the tables are imported only by those who need them
    from trainer.timetable import steps

    here = desk()
    taken = steps.redo(here)
    _tell(here, taken, as_json=as_json, done=DONE_AGAIN)


def _tell(here: Desk, taken: Taken, *, as_json: bool, done: str) -> None:
    at = taken.at.astimezone(here.office().zone)
    warn_of_broken_rules(here)
    if as_json:
        print_json({"kind": taken.kind, "at": at.isoformat(), "sessions": list(taken.sessions)})
    else:
        print_line(
            say(done, title=taken.title, at=f"{at:%Y-%m-%d %H:%M}", count=len(taken.sessions))
        )
