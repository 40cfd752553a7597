"""``trainer timetable move``, ``lock``, ``unlock``, ``cancel`` and ``restore``."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.state import desk, print_line
from tui.cli.timetable.arguments import date_of


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("move", help=say("Move a session to another time, place or teacher."))(move)
    noun.command("lock", help=say("Keep sessions where they are."))(lock)
    noun.command("unlock", help=say("Let sessions be moved again."))(unlock)
    noun.command("cancel", help=say("Cancel sessions."))(cancel)
    noun.command("restore", help=say("Let cancelled sessions take place after all."))(restore)


def move(
    name: Annotated[str, typer.Argument(metavar="SESSION")],
    date: Annotated[str, typer.Argument(metavar="DATE")],
    period: Annotated[str, typer.Argument(metavar="PERIOD")],
    venue: Annotated[str | None, typer.Option(metavar="CODE", help=say("To this venue."))] = None,
    teacher: Annotated[
        str | None, typer.Option(metavar="CODE", help=say("Taught by this teacher."))
    ] = None,
) -> None:
    """Move a session, and with it those held jointly; a place that breaks a rule is refused."""
    # the tables are imported only by those who need them
    from trainer.timetable.moving import Target, move_session

    moved = move_session(desk(), name, Target(date_of(date), period, venue, teacher))
    print_line(
        say_n(
            "{count} session moved to {date}, {period}",
            "{count} sessions moved to {date}, {period}",
            len(moved),
            date=date,
            period=period,
        )
    )


def lock(
    names: Annotated[list[str] | None, typer.Argument(metavar="SESSION…")] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CODE", help=say("All sessions of this class.")),
    ] = None,
) -> None:
    """Keep sessions where they are, whatever is solved or planned anew."""
    _set_locked(names, classes, locked=True)


def unlock(
    names: Annotated[list[str] | None, typer.Argument(metavar="SESSION…")] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CODE", help=say("All sessions of this class.")),
    ] = None,
) -> None:
    """Let sessions be moved again."""
    _set_locked(names, classes, locked=False)


def cancel(
    names: Annotated[list[str], typer.Argument(metavar="SESSION…")],
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=say("Why."))] = None,
) -> None:
    """Cancel sessions; what is cancelled is not placed again."""
    # the tables are imported only by those who need them
    from trainer.timetable.moving import cancel_sessions

    count = cancel_sessions(desk(), names, reason)
    print_line(say_n("{count} session cancelled", "{count} sessions cancelled", count))


def restore(names: Annotated[list[str], typer.Argument(metavar="SESSION…")]) -> None:
    """Let cancelled sessions take place after all, where they were."""
    # the tables are imported only by those who need them
    from trainer.timetable.moving import bring_back

    count = bring_back(desk(), names)
    print_line(say_n("{count} session brought back", "{count} sessions brought back", count))


def _set_locked(names: list[str] | None, classes: list[str] | None, *, locked: bool) -> None:
    # the tables are imported only by those who need them
    from trainer.timetable.moving import set_locked

    if not names and not classes:
        raise UsageError(
            "no session is named; give its uid, CLASS/COURSE/NUMBER, or a class with --class"
        )
    count = set_locked(desk(), names or (), locked=locked, classes=classes or ())
    if locked:
        print_line(say_n("{count} session locked", "{count} sessions locked", count))
    else:
        print_line(say_n("{count} session unlocked", "{count} sessions unlocked", count))
