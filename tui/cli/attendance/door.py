"""Logs of door devices, and the cards that open the doors."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.attendance.arguments import Json, PersonCode
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.attendance.doors import DoorArrival, DoorLine


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("door", help=say("Bring in the log of a door device, all or nothing."))(_door)
    noun.command("card", help=say("Say whose card a number is."))(_card)


def _door(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("A CSV file or workbook."))],
    device: Annotated[
        str, typer.Option("--device", metavar="NAME", help=say("Which device wrote it."))
    ] = "door",
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="WHAT=COLUMN",
            help=say("Which column is who, time, date or direction; remembered for the device."),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Only show what would change."))
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.doors import import_door_log, require_read

    given = dict(_pair(text) for text in columns or ())
    arrival = import_door_log(desk(), path, device=device, given=given, dry_run=dry_run)
    if as_json:
        print_json(arrival.document())
    for problem in arrival.problems:
        tell(problem.text())
    require_read(arrival, str(path))
    _tell_odd(arrival)
    for who, count in sorted(arrival.unknown.items()):
        tell(
            say_n(
                "unknown: {who} ({count} line); “trainer attendance card {who} PERSON” says whose "
                "card it is",
                "unknown: {who} ({count} lines); “trainer attendance card {who} PERSON” says whose "
                "card it is",
                count,
                who=who,
            )
        )
    if as_json:
        return
    for line in arrival.lines if dry_run else ():
        print_line(_said(line))
    print_line(
        say("new: {events}; known already: {known}; marks that follow: {marks}",
            events=arrival.events, known=arrival.known, marks=arrival.marks)
    )  # fmt: skip
    if arrival.restored:
        print_line(
            say("marks that an undoing had taken back count again: {count}", count=arrival.restored)
        )


def _said(line: DoorLine) -> str:
    from trainer.attendance.shown import STATUS_WORDS

    return say(
        "{class_code} {date} {period}  {person} {name}  {times}  {status}",
        class_code=line.class_code,
        date=line.date,
        period=line.period,
        person=line.person,
        name=line.name,
        times=line.times,
        status=STATUS_WORDS[line.status],
    )


def _tell_odd(arrival: DoorArrival) -> None:
    from trainer.attendance.odd import KINDS

    for kind, count in sorted(Counter(odd.kind for odd in arrival.odd).items()):
        tell(say("odd, but taken: {count} {kind}", count=count, kind=KINDS[kind]))


def _card(
    card: Annotated[str, typer.Argument(metavar="CARD", help=say("The card's number."))],
    person: PersonCode,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.cards import give_card

    with desk().writing() as work:
        given = give_card(work, card, person)
        work.commit()
    print_line(say("the card {card} is that of {person}", card=given.card, person=person))
    for before in given.before:
        tell(say("up to now it was that of {person}", person=before))


def _pair(text: str) -> tuple[str, str]:
    what, sign, column = text.partition("=")
    if not sign or not column.strip():
        raise UsageError("“{text}” names no column; write it as time=刷卡时间", text=text)
    return what.strip(), column.strip()
