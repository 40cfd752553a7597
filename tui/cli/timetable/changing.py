"""``trainer timetable move``, ``lock``, ``unlock``, ``cancel`` and ``restore``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from trainer.timetable.choosing import Selection


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("move", help=say("Move a session to another time, place or teacher."))(move)
    noun.command("lock", help=say("Keep sessions where they are."))(lock)
    noun.command("unlock", help=say("Let sessions be moved again."))(unlock)
    noun.command("locks", help=say("List what is locked."))(locks)
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
        typer.Option("--class", metavar="CODE", help=say("Sessions of this class (repeatable).")),
    ] = None,
    days: Annotated[
        list[str] | None,
        typer.Option("--day", metavar="DATE", help=say("Sessions of this day (repeatable).")),
    ] = None,
    teachers: Annotated[
        list[str] | None,
        typer.Option(
            "--teacher", metavar="CODE", help=say("Sessions of this teacher (repeatable).")
        ),
    ] = None,
    venues: Annotated[
        list[str] | None,
        typer.Option("--venue", metavar="CODE", help=say("Sessions at this venue (repeatable).")),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Keep sessions where they are, whatever is solved or planned anew.

    A class and a day together mean the class's sessions of that day.
    """
    chosen = _chosen(classes, days, teachers, venues)
    _set_locked(names, chosen, locked=True, as_json=as_json)


def unlock(
    names: Annotated[list[str] | None, typer.Argument(metavar="SESSION…")] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CODE", help=say("Sessions of this class (repeatable).")),
    ] = None,
    days: Annotated[
        list[str] | None,
        typer.Option("--day", metavar="DATE", help=say("Sessions of this day (repeatable).")),
    ] = None,
    teachers: Annotated[
        list[str] | None,
        typer.Option(
            "--teacher", metavar="CODE", help=say("Sessions of this teacher (repeatable).")
        ),
    ] = None,
    venues: Annotated[
        list[str] | None,
        typer.Option("--venue", metavar="CODE", help=say("Sessions at this venue (repeatable).")),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Let sessions be moved again; a class and a day together mean its sessions of that day."""
    chosen = _chosen(classes, days, teachers, venues)
    _set_locked(names, chosen, locked=False, as_json=as_json)


def locks(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List what is locked: how many sessions of each class, on which days."""
    # the tables are imported only by those who need them
    from trainer.timetable.moving import locked_sessions

    with desk().reading() as session:
        found = locked_sessions(session)
    if as_json:
        print_json(
            {
                "locked": len(found),
                "sessions": [
                    {
                        "session": row.uid,
                        "class": row.class_code,
                        "course": row.course,
                        "seq": row.seq,
                        "date": row.date.isoformat(),
                        "period": row.period,
                        "venue": row.venue,
                        "teacher": row.teacher,
                    }
                    for row in found
                ],
            }
        )
        return
    for row in found:
        print_line(
            "  ".join(
                (
                    f"{row.class_code}/{row.course}/{row.seq}",
                    row.date.isoformat(),
                    row.period,
                    row.venue or "-",
                    row.teacher or "-",
                )
            )
        )
    print_line(say_n("{count} session is locked", "{count} sessions are locked", len(found)))


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


def _chosen(
    classes: list[str] | None,
    days: list[str] | None,
    teachers: list[str] | None,
    venues: list[str] | None,
) -> Selection:
    # the tables are imported only by those who need them
    from trainer.timetable.choosing import Selection

    return Selection(
        classes=tuple(classes or ()),
        days=tuple(date_of(day) for day in days or ()),
        teachers=tuple(teachers or ()),
        venues=tuple(venues or ()),
    )


def _set_locked(names: list[str] | None, chosen: Selection, *, locked: bool, as_json: bool) -> None:
    # the tables are imported only by those who need them
    from trainer.timetable.moving import set_locked

    if not names and not chosen:
        raise UsageError(
            "no session is named; give its uid, CLASS/COURSE/NUMBER, or choose sessions with "
            "--class, --day, --teacher or --venue"
        )
    count = set_locked(desk(), names or (), locked=locked, chosen=chosen)
    if as_json:
        print_json({"changed": count, "locked": locked})
    elif locked:
        print_line(say_n("{count} session locked", "{count} sessions locked", count))
    else:
        print_line(say_n("{count} session unlocked", "{count} sessions unlocked", count))
