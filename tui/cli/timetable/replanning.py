"""``trainer timetable replan``: the fewest changes after something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line
from tui.cli.telling import progress_bar
from tui.cli.timetable.arguments import date_of
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from trainer.timetable.replanning import Kind, Moved, Replanned

#: A code, the first day and the last one.
Span = tuple[str, str, str]


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    noun.command("replan", help=say("Mend the timetable with the fewest changes."))(replan)


def replan(
    teacher_away: Annotated[
        Span | None,
        typer.Option(metavar="CODE FROM TO", help=say("A teacher is away on these days.")),
    ] = None,
    venue_closed: Annotated[
        Span | None,
        typer.Option(metavar="CODE FROM TO", help=say("A venue is closed on these days.")),
    ] = None,
    suspend: Annotated[
        Span | None,
        typer.Option(
            metavar="UNIT FROM TO", help=say("A unit's classes are suspended on these days.")
        ),
    ] = None,
    most_moves: Annotated[
        int | None,
        typer.Option("--max-moves", metavar="N", min=0, help=say("Move at most so many.")),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=1.0, help=say("Stop after so many seconds."))
    ] = 20.0,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=say("Why."))] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Only show what would change."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Mend the timetable after something happened; nothing in the past moves.

    What happened is kept as unavailability. Exit 1 where a session finds no new place.
    """
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.engine.solution import Limits
    from trainer.timetable.replanning import Happening, replan_timetable

    spans: list[tuple[Kind, Span | None]] = [
        ("teacher", teacher_away),
        ("venue", venue_closed),
        ("unit", suspend),
    ]
    happenings = [
        Happening(kind, span[0], date_of(span[1]), date_of(span[2]))
        for kind, span in spans
        if span is not None
    ]
    with interruptible() as interruption, progress_bar() as bar:
        bar(say("looking for the fewest changes"), 0, None)
        here = desk()
        found = replan_timetable(
            here,
            happenings,
            limits=Limits(seconds=time_limit),
            most_moves=most_moves,
            reason=reason,
            dry_run=dry_run,
            should_stop=interruption.asked,
        )
    if not dry_run:
        warn_of_broken_rules(here)
    if as_json:
        print_json(found.document())
    else:
        _print(found)
    if found.left_out:
        leave(1)


def _print(found: Replanned) -> None:
    for move in found.moves:
        print_line("  " + _line(move))
    stays = len(found.stretched)
    count = len(found.moves) - len(found.left_out) - stays
    print_line(say_n("{count} meeting moved", "{count} meetings moved", count))
    if stays:
        print_line(
            say_n(
                "{count} meeting stays where it is, at its new length",
                "{count} meetings stay where they are, at their new length",
                stays,
            )
        )
    if found.left_out:
        print_line(
            say_n(
                "{count} meeting found no new place and is off the timetable",
                "{count} meetings found no new place and are off the timetable",
                len(found.left_out),
            )
        )
    if found.left_out and not found.minimal and found.fewest_left_out:
        least = found.fewest_left_out
        print_line(say("it is proved that at least {least} cannot be kept", least=least))
    if found.left_out and found.minimal:
        print_line(say("it is proved that more cannot be kept, and fewer changes do not suffice"))
    elif found.moves and found.minimal:
        print_line(say("it is proved that fewer changes do not suffice"))
    if found.stored is None:
        print_line(say("nothing was stored"))


def _line(move: Moved) -> str:
    before, after = move.before, move.after
    values = {
        "class_": before.key[0],
        "course": before.key[1],
        "seq": before.key[2],
        "old_date": before.date.isoformat(),
        "old_period": before.period,
        "old_venue": before.venues[0] or "-",
        "old_teacher": before.teacher or "-",
    }
    if after is None:
        return say(
            "{class_} {course} no. {seq}: {old_date} {old_period} {old_venue} {old_teacher} is "
            "taken off",
            **values,
        )
    if before == after:
        return say(
            "{class_} {course} no. {seq}: {old_date} {old_period} {old_venue} {old_teacher} takes "
            "{lasts} periods instead of {was}",
            **values,
            lasts=move.lasts,
            was=move.was,
        )
    return say(
        "{class_} {course} no. {seq}: {old_date} {old_period} {old_venue} {old_teacher} becomes "
        "{date} {period} {venue} {teacher}",
        **values,
        date=after.date.isoformat(),
        period=after.period,
        venue=after.venues[0] or "-",
        teacher=after.teacher or "-",
    )
