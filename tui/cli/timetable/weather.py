"""``trainer timetable weather`` and ``outdoor``: what is in the open, when it rains and before."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import mark, say, say_n
from tui.cli.dates import date_of
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line
from tui.cli.telling import progress_bar
from tui.cli.timetable.replanning import print_moves
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from trainer.timetable.weather import Spell
    from trainer.timetable.weathered import Change, Weathered
    from tui.cli.timetable.naming import Names

Venues = Annotated[
    list[str] | None,
    typer.Option(
        "--venue", metavar="CODE", help=say("Only this site (repeatable); all in the open else.")
    ),
]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("weather", help=say("Bad weather: bring what is in the open under a roof."))(
        weather
    )
    noun.command("outdoor", help=say("What is in the open, and whether its plan B would do."))(
        outdoor
    )


def weather(
    date: Annotated[str, typer.Argument(metavar="DATE", help=say("The day, as 2023-03-01."))],
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=say("Up to this day, counted."))
    ] = None,
    venue: Venues = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help=say("Why."))] = None,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=1.0, help=say("Stop after so many seconds."))
    ] = 20.0,
    *,
    undo: Annotated[
        bool, typer.Option("--undo", help=say("The weather is good: back to the sites."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Only show what would change."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring what is in the open to its plan B, or elsewhere; nothing is published.

    Exit 1 where a session finds no place, or stays in the open.
    """
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.engine.solution import Limits
    from trainer.timetable.weather import clear_weather, shelter_sessions

    spell = _spell(date, to, venue)
    here = desk()
    if undo:
        if reason:
            raise UsageError("--reason goes with bad weather, not with --undo")
        found = clear_weather(here, spell, dry_run=dry_run)
    else:
        with interruptible() as interruption, progress_bar() as bar:
            bar(say("looking for the fewest changes"), 0, None)
            found = shelter_sessions(
                here,
                spell,
                reason=reason,
                limits=Limits(seconds=time_limit),
                dry_run=dry_run,
                should_stop=interruption.asked,
            )
    if not dry_run:
        warn_of_broken_rules(here)
    if as_json:
        print_json(found.document())
    else:
        _print(found, undo=undo)
    stays = bool(found.kept) if undo else bool(found.left_out)
    if stays or found.fixed:
        leave(1)


def outdoor(
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help=say("From this day; else today.")),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=say("Up to this day, counted."))
    ] = None,
    venue: Venues = None,
    *,
    as_json: Json = False,
) -> None:
    """List what is in the open, with the plan B that would do at its time, or why none would."""
    # the tables are imported only by those who need them
    from trainer.timetable.facts import read_facts
    from trainer.timetable.weather import Spell, weather_outlook
    from tui.cli.timetable.naming import read_names

    here = desk()
    today = here.clock.today()
    spell = Spell(
        date_of(first) if first else today, date_of(to) if to else dt.date.max, tuple(venue or ())
    )
    with here.reading() as session:
        facts = read_facts(session)
    found = weather_outlook(facts, today, spell)
    if as_json:
        print_json(found.document())
        return
    names = read_names(here)
    for each in sorted((*found.moved, *found.kept), key=lambda each: (each.date, each.key)):
        _print_change(each, names, mark(
            "{class_} {course} no. {seq}, {when}, {old}: {new} would stand in"
        ))  # fmt: skip
    print_line(
        say(
            "in the open: {count}; without a usable plan B: {bare}",
            count=len(found.moved) + len(found.kept),
            bare=len(found.kept),
        )
    )


def _spell(date: str, to: str | None, venue: list[str] | None) -> Spell:
    from trainer.timetable.weather import Spell

    first = date_of(date)
    return Spell(first, date_of(to) if to else first, tuple(venue or ()))


def _print(found: Weathered, *, undo: bool) -> None:
    # the tables are imported only by those who need them
    from tui.cli.timetable.naming import read_names

    names = read_names(desk())
    for each in (*found.moved, *found.kept, *found.fixed):
        _print_change(each, names, mark("{class_} {course} no. {seq}, {when}: {old} becomes {new}"))
    print_moves(found.elsewhere, names)
    count = len(found.moved)
    if undo:
        print_line(say_n("{count} meeting is back", "{count} meetings are back", count))
    else:
        print_line(
            say_n("{count} meeting goes to its plan B", "{count} meetings go to plan B", count)
        )
        print_line(
            say_n(
                "{count} other meeting changes place or time",
                "{count} other meetings change place or time",
                len(found.elsewhere) - len(found.left_out),
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
    if found.stored is None:
        print_line(say("nothing was stored"))


def _print_change(change: Change, names: Names, moved: str) -> None:
    """Print a meeting in the open: ``moved`` of both venues, or why it has no plan B."""
    told = {
        **names.meeting(change.key),
        "when": names.when(change.date, change.period),
        "old": names.rooms(change.before),
    }
    if change.after:
        text = say(moved, **told, new=names.rooms(change.after))
    else:
        why = say("; ").join(each.text() for each in change.why)
        text = say("{class_} {course} no. {seq}, {when}, {old}: {why}", **told, why=why)
    print_line("  " + text)
