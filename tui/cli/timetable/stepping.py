"""``trainer timetable undo`` and ``redo``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.state import desk, print_json, print_line
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from trainer.desk import Desk
    from trainer.timetable.steps import Taken


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
    _tell(here, taken, as_json=as_json)


def redo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Do again what you undid last, as long as you changed nothing after that."""
    # the tables are imported only by those who need them
    from trainer.timetable import steps

    here = desk()
    taken = steps.redo(here)
    _tell(here, taken, as_json=as_json, again=True)


def _tell(here: Desk, taken: Taken, *, as_json: bool, again: bool = False) -> None:
    at = taken.at.astimezone(here.office().zone)
    warn_of_broken_rules(here)
    if as_json:
        print_json({"kind": taken.kind, "at": at.isoformat(), "sessions": list(taken.sessions)})
        return
    count = len(taken.sessions)
    values = {"title": taken.title, "at": f"{at:%Y-%m-%d %H:%M}"}
    if again:
        print_line(
            say_n(
                "done again: {title} of {at} ({count} session)",
                "done again: {title} of {at} ({count} sessions)",
                count,
                **values,
            )
        )
    else:
        print_line(
            say_n(
                "undone: {title} of {at} ({count} session)",
                "undone: {title} of {at} ({count} sessions)",
                count,
                **values,
            )
        )
