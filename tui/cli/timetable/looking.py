"""``trainer timetable show`` and ``free``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from trainer.timetable.showing import Shown, Week

#: How wide the grid may be where nobody looks at it on a terminal.
WIDTH = 120


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("show", help=say("Show a week of a class, a teacher or a venue."))(show)
    noun.command("free", help=say("List the venues that are free at a time."))(free)


def show(
    class_code: Annotated[
        str | None, typer.Option("--class", metavar="CODE", help=say("Of this class."))
    ] = None,
    teacher: Annotated[
        str | None, typer.Option(metavar="CODE", help=say("Of this teacher."))
    ] = None,
    venue: Annotated[str | None, typer.Option(metavar="CODE", help=say("Of this venue."))] = None,
    week: Annotated[
        str | None, typer.Option(metavar="DATE", help=say("The week in which this date lies."))
    ] = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Print one JSON document (all weeks unless given)."))
    ] = False,
) -> None:
    """Show a week's grid; without a date, the next week with a session."""
    # the tables are imported only by those who need them
    from trainer.timetable.facts import read_facts
    from trainer.timetable.showing import Choice, best_week, shown_sessions, week_of

    here = desk()
    day = date_of(week) if week else None
    with here.reading() as session:
        facts = read_facts(session)
    sessions = shown_sessions(facts, Choice(class_code, teacher, venue))
    if as_json:
        chosen = week_of(facts, sessions, day) if day else None
        kept = [
            each for each in sessions if chosen is None or (each.date, each.period) in chosen.cells
        ]
        print_json(
            {
                "week": chosen.monday.isoformat() if chosen else None,
                "sessions": [each.document() for each in kept],
            }
        )
        return
    if not sessions:
        print_line(say("there is no session yet; make a timetable with “trainer timetable solve”"))
        return
    _print_week(week_of(facts, sessions, day or best_week(sessions, here.clock.today())))


def free(
    date: Annotated[str, typer.Argument(metavar="DATE")],
    period: Annotated[str, typer.Argument(metavar="PERIOD")],
    periods: Annotated[int, typer.Option(metavar="N", min=1, help=say("For so many periods."))] = 1,
    seats: Annotated[
        int, typer.Option(metavar="N", min=0, help=say("For at least so many people."))
    ] = 0,
    *,
    exam: Annotated[
        bool, typer.Option("--exam", help=say("By the seats that are for exams."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List the venues that are open and have room for one more meeting at a time."""
    # the tables are imported only by those who need them
    from trainer.timetable.facts import read_facts
    from trainer.timetable.showing import free_venues

    day = date_of(date)
    with desk().reading() as session:
        facts = read_facts(session)
    found = free_venues(facts, day, period, count=periods, seats=seats, exam=exam)
    if as_json:
        print_json(
            {
                "venues": [
                    {
                        "code": row.code,
                        "name": row.name,
                        "kind": row.kind,
                        "capacity": row.capacity,
                    }
                    for row in found
                ]
            }
        )
        return
    for row in found:
        print_line(f"{row.code}\t{row.capacity or ''}\t{row.name}")


def _print_week(week: Week) -> None:
    # rich draws Chinese cells as wide as they are
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = sys.stdout.isatty()
    console = Console(file=sys.stdout, width=None if shown else WIDTH, highlight=False)
    table = Table(title=say("Week of {monday}", monday=week.monday.isoformat()), show_lines=True)
    table.add_column("")
    for day in week.days:
        table.add_column(Text(f"{day:%m-%d}"), ratio=1)
    for period in week.periods:
        cells = [week.cells.get((day, period.code), ()) for day in week.days]
        if any(cells):
            label = f"{period.label or period.code}\n{period.start:%H:%M}"
            table.add_row(Text(label), *(_cell(each) for each in cells))
    console.print(table)


def _cell(sessions: Sequence[Shown]) -> Text:
    # text from the tables is never markup
    from rich.text import Text

    lines: list[str] = []
    for each in sessions:
        if lines:
            lines.append("")
        title = each.course_title
        if each.status == "cancelled":
            title = say("[cancelled] {title}", title=title)
        lines += [title, each.class_title, f"{each.start}–{each.end}"]
        lines += [name for name in (each.venue_name, each.teacher_name) if name]
    return Text("\n".join(lines))
