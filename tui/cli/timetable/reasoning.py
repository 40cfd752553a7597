"""``trainer timetable explain``, ``why`` and ``suggest``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.phrases import say, say_n
from tui.cli.dates import date_of
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line
from tui.cli.telling import progress_bar

if TYPE_CHECKING:
    from trainer.timetable.reasons import Explained, Help, Place
    from trainer.timetable.suggesting import Suggested

#: So many of the facts that keep several sessions from a place are told again at the end.
SHARED: Final = 5


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("explain", help=say("Say why something has no place, and what would help."))(
        explain
    )
    noun.command("why", help=say("Say what stands in the way of putting a session there."))(why)
    noun.command("suggest", help=say("List the best places for a session."))(suggest)


def explain(
    time_limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=1.0, help=say("Take so many seconds at most.")),
    ] = 60.0,
    seed: Annotated[int, typer.Option(metavar="N", help=say("Where chance begins."))] = 0,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Say why something has no place: the facts that forbid it, and what would help.

    Exit 1 where something cannot be placed.
    """
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.reasons import explain_timetable

    with interruptible() as interruption:
        with progress_bar() as bar:
            bar(say("looking for what forbids it"), 0, None)
            found = explain_timetable(
                desk(), seconds=time_limit, seed=seed, should_stop=interruption.asked
            )
        # whoever asks from here on gets the document all the same
        interruption.done()
        if as_json:
            print_json({"unplaced": [one for each in found for one in each.documents()]})
        else:
            _print(found)
    if found:
        leave(1)


def why(
    name: Annotated[str, typer.Argument(metavar="SESSION")],
    date: Annotated[str, typer.Argument(metavar="DATE")],
    period: Annotated[str, typer.Argument(metavar="PERIOD")],
    venue: Annotated[str | None, typer.Option(metavar="CODE", help=say("At this venue."))] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Say which rules a session would break at a time and place; exit 1 where there are any."""
    # the tables are imported only by those who need them
    from trainer.timetable.reasons import judge_place

    found = judge_place(desk(), name, date_of(date), period, venue)
    if as_json:
        print_json(found.document())
    elif not found.obstacles:
        place = found.place
        print_line(
            say(
                "nothing stands in the way: {date} {period} {venue} {teacher}",
                date=place.date.isoformat(),
                period=place.period,
                venue="+".join(dict.fromkeys(filter(None, place.venues))) or "-",
                teacher=place.teacher or "-",
            )
        )
    for rule, message in () if as_json else found.obstacles:
        print_line(f"{rule}: {message}")
    if found.obstacles:
        leave(1)


def suggest(
    name: Annotated[str, typer.Argument(metavar="SESSION")],
    count: Annotated[
        int, typer.Option(metavar="N", min=1, max=100, help=say("List so many places."))
    ] = 10,
    *,
    chains: Annotated[
        bool,
        typer.Option(
            "--chains/--no-chains", help=say("Also places that another session would leave.")
        ),
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List the best places for a session, the cheapest first; exit 1 where there is none."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.suggesting import suggest_places

    found = suggest_places(desk(), name, count, chains=chains)
    if as_json:
        print_json({"suggestions": [each.document() for each in found]})
    elif not found:
        print_line(say("there is no other place; “trainer timetable why” says what is in the way"))
    for each in () if as_json else found:
        print_line(_suggestion_line(each))
        for other in each.moved:
            print_line("  " + say("{session} then goes to {place}", **_going(other)))
    if not found:
        leave(1)


def _suggestion_line(found: Suggested) -> str:
    """Return a place, by how much the soft cost grows or shrinks there, and whom it concerns."""
    people = len(found.affected.people)
    concerned = say_n("{count} person is concerned", "{count} people are concerned", people)
    return f"{found.cost:+6}  {_going(found.place)['place']}  {concerned}"


def _going(place: Place) -> dict[str, str]:
    """Return a meeting's name and the place where it would be, as values of a sentence."""
    venues = "+".join(dict.fromkeys(venue for venue in place.venues if venue))
    where = (place.date.isoformat(), place.period, venues, place.teacher or "")
    return {"session": "/".join(map(str, place.key)), "place": "  ".join(filter(None, where))}


def _print(found: tuple[Explained, ...]) -> None:
    if not found:
        print_line(say("everything has a place, or can get one: “trainer timetable solve”"))
    for each in found:
        print_line(str(each.message))
        for reason in each.reasons:
            print_line(f"  - {reason}")
        if each.helps:
            print_line("  " + say("What would help, each tried out:"))
        for help_ in each.helps:
            print_line("  " + _help_line(help_))
    _print_shared(found)


def _print_shared(found: tuple[Explained, ...]) -> None:
    """Print what stands in the way of several, so that whoever mends begins there."""
    counts = Counter(str(reason) for each in found for reason in each.reasons)
    shared = [(reason, count) for reason, count in counts.most_common(SHARED) if count > 1]
    if shared:
        print_line(say("In the way of several:"))
    for reason, count in shared:
        print_line(
            "  "
            + say_n("{count} session: {reason}", "{count} sessions: {reason}", count, reason=reason)
        )


def _help_line(help_: Help) -> str:
    """Return what would help, where the meeting then goes, and how many others move, if any."""
    place = help_.place
    values = {
        "message": help_.message,
        "date": place.date.isoformat(),
        "period": place.period,
    }
    if not help_.moved:
        return say("+ {message} (it then goes to {date}, {period}; nothing else moves)", **values)
    return say_n(
        "+ {message} (it then goes to {date}, {period}; {count} other session moves)",
        "+ {message} (it then goes to {date}, {period}; {count} other sessions move)",
        len(help_.moved),
        **values,
    )
