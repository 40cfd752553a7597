"""``trainer timetable scenarios``, ``compare`` and ``adopt``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line, tell
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from trainer.timetable.adopting import Adopted, OnChanged
    from trainer.timetable.comparing import Comparison, Load, Spot
    from trainer.timetable.scenarios import Overview

#: How wide a table may be where nobody looks at it on a terminal.
WIDTH: Final = 120
#: More differences than this are counted, not listed, on the terminal.
LISTED: Final = 60


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    group = typer.Typer(
        help=say("List, show, copy and delete scenarios: copies solved with other settings."),
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    group.callback(invoke_without_command=True)(scenarios)
    group.command("list", help=say("List the scenarios."))(list_)
    group.command("show", help=say("Show a scenario: settings, result, and what it moved."))(show)
    group.command("copy", help=say("Copy the timetable, or a scenario, under a new name."))(copy)
    group.command("delete", help=say("Delete scenarios."))(delete)
    noun.add_typer(group, name="scenarios")
    noun.command("compare", help=say("Put two timetables side by side."))(compare)
    noun.command("adopt", help=say("Take a scenario over, whole or in part."))(adopt)


def scenarios(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List the scenarios, or show or delete some."""
    if context.invoked_subcommand is None:
        list_(as_json=as_json)


def list_(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List the scenarios with their cost and how much they changed."""
    # the tables are imported only by those who need them
    from trainer.timetable.scenarios import scenarios as all_scenarios

    here = desk()
    zone = here.office().zone
    with here.reading() as session:
        found = all_scenarios(session)
    if as_json:
        print_json({"scenarios": [each.document(zone) for each in found]})
        return
    if not found:
        print_line(say("there is no scenario; “trainer timetable solve --scenario NAME” makes one"))
        return
    table = _table(
        say("Scenario"), say("Made"), say("By"), say("Sessions"), say("Not placed"), say("Cost"),
        say("Moved"), say("Changed since"),
    )  # fmt: skip
    for each in found:
        cost = each.result.get("cost")
        _row(
            table,
            each.name,
            f"{each.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
            each.made_by,
            each.sessions,
            each.result.get("unplaced", ""),
            sum(cost.values()) if cost is not None else "",
            each.moved,
            len(each.changed),
        )
    _console().print(table)
    for each in found:
        if each.settings:
            settings = ", ".join(f"{key} = {value}" for key, value in sorted(each.settings.items()))
            print_line(f"  {each.name}: {settings}")


def show(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Show a scenario's settings, its result, and how much it changed."""
    # the tables are imported only by those who need them
    from trainer.timetable.facts import read_facts
    from trainer.timetable.scenarios import overview, the_scenario

    here = desk()
    zone = here.office().zone
    with here.reading() as session:
        found = overview(read_facts(session), the_scenario(session, name))
    if as_json:
        print_json(found.document(zone))
        return
    made = f"{found.made_at.astimezone(zone):%Y-%m-%d %H:%M}"
    print_line(say("scenario {name}, made {made} by {by}", name=name, made=made, by=found.made_by))
    print_line(say_n("{count} session on dates", "{count} sessions on dates", found.sessions))
    print_line(
        say_n(
            "{count} session moved against the timetable that it began from",
            "{count} sessions moved against the timetable that it began from",
            found.moved,
        )
    )
    for key, value in sorted(found.settings.items()):
        print_line(f"  {key} = {value}")
    for rule, cost in found.result.get("cost", {}).items():
        if cost:
            print_line(f"  {rule:<14}{cost:>8}")
    _tell_changed(found)


def copy(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    source: Annotated[
        str,
        typer.Option(
            "--of", metavar="NAME", help=say("A scenario, or “stored”: the timetable itself.")
        ),
    ] = "stored",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Copy the timetable, or a scenario, under a new name; nothing is solved."""
    # the tables are imported only by those who need them
    from trainer.timetable.copying import copy_timetable

    count = copy_timetable(desk(), name, source)
    if as_json:
        print_json({"scenario": name, "source": source, "sessions": count})
        return
    print_line(
        say_n(
            "scenario {name} made, {count} session",
            "scenario {name} made, {count} sessions",
            count,
            name=name,
        )
    )


def delete(names: Annotated[list[str], typer.Argument(metavar="NAME…")]) -> None:
    """Delete scenarios; the timetable itself stays as it is."""
    # the tables are imported only by those who need them
    from trainer.timetable.scenarios import delete_scenario

    for name in names:
        delete_scenario(desk(), name)
        print_line(say("scenario {name} deleted", name=name))


def compare(
    a: Annotated[str, typer.Argument(metavar="A")],
    b: Annotated[
        str,
        typer.Argument(
            metavar="B", help=say("Another scenario, or “stored”: the timetable itself.")
        ),
    ] = "stored",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Put two timetables side by side: cost by rule, load of places and teachers, sessions."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.comparing import compare_timetables

    here = desk()
    with here.reading() as session:
        found = compare_timetables(session, a, b, here.clock.today())
    for name, keys in found.changed.items():
        _tell_since(name, len(keys))
    if as_json:
        print_json(found.document())
    else:
        _print(found)


def adopt(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CODE", help=say("Only this class (repeatable).")),
    ] = None,
    sessions: Annotated[
        list[str] | None,
        typer.Option("--session", metavar="SESSION", help=say("Only this session (repeatable).")),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=say("Only from this date on."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=say("Only up to this date."))
    ] = None,
    changed: Annotated[
        str,
        typer.Option(
            metavar="refuse|keep|take",
            help=say("What becomes of sessions that others changed meanwhile."),
        ),
    ] = "refuse",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Take a scenario over into the timetable; what is locked, held or past stays.

    Refused where the part would break a hard rule together with what stays.
    """
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.adopting import Part, adopt_scenario

    part = Part(
        classes=tuple(classes or ()),
        first=date_of(first) if first else None,
        last=date_of(last) if last else None,
        sessions=frozenset(sessions or ()),
    )
    here = desk()
    found = adopt_scenario(here, name, part, changed=_on_changed(changed))
    warn_of_broken_rules(here)
    if as_json:
        print_json(found.document())
    else:
        _print_adopted(found)


def _on_changed(text: str) -> OnChanged:
    choices: dict[str, OnChanged] = {"refuse": "refuse", "keep": "keep", "take": "take"}
    if text not in choices:
        raise UsageError("“{text}” is not a choice; say refuse, keep or take", text=text)
    return choices[text]


def _print_adopted(found: Adopted) -> None:
    print_line(
        say(
            "adopted: {added} new, {moved} moved, {removed} taken off, {published} of them "
            "published before",
            added=found.added,
            moved=found.moved,
            removed=found.removed,
            published=found.published,
        )
    )
    for each in found.staying[:LISTED]:
        print_line(f"  {each.message}")
    if found.staying:
        count = len(found.staying)
        print_line(
            say_n("{count} session stays where it was", "{count} sessions stay where they were",
                  count)
        )  # fmt: skip


def _tell_changed(found: Overview) -> None:
    _tell_since(found.name, len(found.changed))


def _tell_since(name: str, count: int) -> None:
    if count:
        tell(
            say_n(
                "{count} session of the timetable changed since the scenario “{name}” began",
                "{count} sessions of the timetable changed since the scenario “{name}” began",
                count,
                name=name,
            )
        )


def _print(found: Comparison) -> None:
    # the titles live beside the comparison
    from trainer.timetable.comparing import TITLES

    console = _console()
    a, b = found.a, found.b
    table = _table("", a.name, b.name)
    for title, one, other in (
        (say("sessions"), a.sessions, b.sessions),
        (say("without a place"), a.unplaced, b.unplaced),
        (say("hard rules broken"), a.hard, b.hard),
        (say("cost"), a.total, b.total),
    ):
        _row(table, title, one, other)
    for rule in a.cost:
        if a.cost[rule] or b.cost.get(rule):
            _row(table, f"  {rule}", a.cost[rule], b.cost.get(rule, 0))
    console.print(table)
    _print_loads(console, say("Venues: meetings (periods)"), found.venues, a.name, b.name)
    _print_loads(console, say("Teachers: meetings (periods)"), found.teachers, a.name, b.name)
    count = len(found.differences)
    print_line(say_n("{count} session differs", "{count} sessions differ", count))
    for kind, number in found.counts().items():
        print_line(f"  {say(TITLES[kind])}: {number}")
    if count <= LISTED:
        for each in found.differences:
            print_line(
                "  {}: {} | {}".format("/".join(map(str, each.key)), _spot(each.a), _spot(each.b))
            )
    else:
        print_line(say("too many to list here; --json lists them all"))


def _print_loads(console: Console, title: str, loads: Sequence[Load], a: str, b: str) -> None:
    differing = [each for each in loads if len(set(each.meetings)) + len(set(each.periods)) > 2]  # noqa: PLR2004
    if not differing:
        return
    table = _table(title, a, b)
    for each in differing:
        cells = (f"{m} ({p})" for m, p in zip(each.meetings, each.periods, strict=True))
        _row(table, f"{each.code} {each.name}", *cells)
    console.print(table)


def _spot(spot: Spot | None) -> str:
    if spot is None:
        return "-"
    return f"{spot.date} {spot.period} {spot.venue or '-'} {spot.teacher or '-'}"


def _console() -> Console:
    # rich draws Chinese cells as wide as they are
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False)


def _table(*titles: str) -> Table:
    # text from the tables is never markup
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for place, title in enumerate(titles):
        table.add_column(Text(title), justify="right" if place else "left")
    return table


def _row(table: Table, *cells: object) -> None:
    # text from the tables is never markup
    from rich.text import Text

    table.add_row(*(Text(str(cell)) for cell in cells))
