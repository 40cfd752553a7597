"""``trainer timetable replan``: the fewest changes after something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.phrases import mark, say, say_n
from tui.cli.dates import date_of
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line
from tui.cli.telling import progress_bar
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainer.timetable.engine.solution import ShouldStop
    from trainer.timetable.replanned import Moved, Replanned
    from trainer.timetable.replanning import Added, Happening, Kind
    from tui.cli.timetable.naming import Names

#: How many other places a dry run tells for each change.
TOLD: Final = 3

#: A code, the first day and the last one.
Span = tuple[str, str, str]
TeacherAway = Annotated[
    Span | None,
    typer.Option(metavar="CODE FROM TO", help=say("A teacher is away on these days.")),
]
VenueClosed = Annotated[
    Span | None,
    typer.Option(metavar="CODE FROM TO", help=say("A venue is closed on these days.")),
]
Suspended = Annotated[
    Span | None,
    typer.Option(metavar="UNIT FROM TO", help=say("A unit's classes are suspended on these days.")),
]
ClassAdded = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE", help=say("A class was added: give it its places, too (repeatable).")
    ),
]
MostMoves = Annotated[
    int | None,
    typer.Option("--max-moves", metavar="N", min=0, help=say("Move at most so many.")),
]
Alternatives = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=0,
        help=say("Tell so many other places for each change (3 with --dry-run, else none)."),
    ),
]


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    noun.command("replan", help=say("Mend the timetable with the fewest changes."))(replan)


def replan(
    teacher_away: TeacherAway = None,
    venue_closed: VenueClosed = None,
    suspend: Suspended = None,
    class_added: ClassAdded = None,
    most_moves: MostMoves = None,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=1.0, help=say("Stop after so many seconds."))
    ] = 20.0,
    alternatives: Alternatives = None,
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
    happenings = _happenings(teacher_away, venue_closed, suspend, class_added or ())
    told = alternatives if alternatives is not None else TOLD if dry_run else 0
    with interruptible() as interruption:
        with progress_bar() as bar:
            bar(say("looking for the fewest changes"), 0, None)
            found = _replan(
                happenings, time_limit, told, most_moves, reason,
                dry_run=dry_run, asked=interruption.asked,
            )  # fmt: skip
        # whoever asks from here on gets the document all the same
        interruption.done()
        if not dry_run:
            warn_of_broken_rules(desk())
        if as_json:
            print_json(found.document())
        else:
            _print(found, most_moves)
    if found.left_out:
        leave(1)


def _happenings(
    teacher_away: Span | None,
    venue_closed: Span | None,
    suspend: Span | None,
    class_added: Sequence[str],
) -> list[Happening | Added]:
    """Return what came up; raise UsageError for a date that is none."""
    # the tables are imported only by those who need them
    from trainer.timetable.replanning import Added, Happening

    spans: list[tuple[Kind, Span | None]] = [
        ("teacher", teacher_away),
        ("venue", venue_closed),
        ("unit", suspend),
    ]
    away = [
        Happening(kind, span[0], date_of(span[1]), date_of(span[2]))
        for kind, span in spans
        if span is not None
    ]
    return [*away, *(Added(code) for code in class_added)]


def _replan(
    happenings: Sequence[Happening | Added],
    seconds: float,
    alternatives: int,
    most_moves: int | None,
    reason: str | None,
    *,
    dry_run: bool,
    asked: ShouldStop,
) -> Replanned:
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.engine.solution import Limits
    from trainer.timetable.replanning import replan_timetable

    return replan_timetable(
        desk(),
        happenings,
        alternatives=alternatives,
        limits=Limits(seconds=seconds),
        most_moves=most_moves,
        reason=reason,
        dry_run=dry_run,
        should_stop=asked,
    )


def print_moves(moves: Iterable[Moved], names: Names) -> None:
    """Print changes, each on a line, with what else would do."""
    for move in moves:
        print_line("  " + _line(move, names))
        for place in move.alternatives:
            print_line("      " + say("or {place}", place=names.place(place)))


def _print(found: Replanned, most_moves: int | None) -> None:
    # the tables are imported only by those who need them
    from tui.cli.timetable.naming import read_names

    print_moves(found.moves, read_names(desk()))
    _print_counts(found, most_moves)
    affected = found.affected
    if affected.classes:
        print_line(
            say(
                "affected: classes {classes}, teachers {teachers}, people {people}",
                classes=len(affected.classes),
                teachers=len(affected.teachers),
                people=len(affected.people),
            )
        )
    _print_proof(found)
    if found.stored is None:
        print_line(say("nothing was stored"))


def _print_counts(found: Replanned, most_moves: int | None) -> None:
    stays, new, out = len(found.stretched), len(found.added), len(found.left_out)
    count = len(found.moves) - out - stays - new
    print_line(say_n("{count} meeting moved", "{count} meetings moved", count))
    if new:
        print_line(say_n("{count} meeting is new", "{count} meetings are new", new))
    if stays:
        print_line(
            say_n(
                "{count} meeting stays where it is, at its new length",
                "{count} meetings stay where they are, at their new length",
                stays,
            )
        )
    if out:
        print_line(
            say_n(
                "{count} meeting found no new place and is off the timetable",
                "{count} meetings found no new place and are off the timetable",
                out,
            )
        )
    if out and most_moves is not None:
        print_line(
            say(
                "no more than {most} may move (--max-moves): with a larger number more may be kept",
                most=most_moves,
            )
        )


def _print_proof(found: Replanned) -> None:
    if found.left_out and not found.minimal and found.fewest_left_out:
        least = found.fewest_left_out
        print_line(say("it is proved that at least {least} cannot be kept", least=least))
    if found.left_out and found.minimal:
        print_line(say("it is proved that more cannot be kept, and fewer changes do not suffice"))
    elif found.moves and found.minimal:
        print_line(say("it is proved that fewer changes do not suffice"))
    elif found.moves and not found.left_out:
        print_line(
            say(
                "not proved to be the fewest: any plan changes at least {least} (weight {weight}, "
                "at least {bound})",
                least=found.fewest_changes,
                weight=found.weight,
                bound=found.bound,
            )
        )


def _line(move: Moved, names: Names) -> str:
    before, after = move.before, move.after
    named = names.meeting(move.key)
    shown = before or after
    if shown is None:
        return say("{class_} {course} no. {seq} finds no place", **named)
    if before is None or after is None:
        template = (
            mark("{class_} {course} no. {seq}: {place}, new")
            if before is None
            else mark("{class_} {course} no. {seq}: {place} is taken off")
        )
        return say(template, **named, place=names.place(shown))
    if before == after:
        return say(
            "{class_} {course} no. {seq}: {place} takes {lasts} periods instead of {was}",
            **named,
            place=names.place(before),
            lasts=move.lasts,
            was=move.was,
        )
    return say(
        "{class_} {course} no. {seq}: {old} becomes {place}",
        **named,
        old=names.place(before),
        place=names.place(after),
    )
