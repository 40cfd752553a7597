"""The options by which calendars are chosen, the same for every verb that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say

if TYPE_CHECKING:
    from trainer.calendars.select import Asked

Codes = list[str] | None
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Class = Annotated[Codes, typer.Option("--class", metavar="CODE", help=say("A class; repeatable."))]
Teacher = Annotated[
    Codes, typer.Option("--teacher", metavar="CODE", help=say("A teacher; repeatable."))
]
Venue = Annotated[Codes, typer.Option("--venue", metavar="CODE", help=say("A venue; repeatable."))]
Person = Annotated[
    Codes, typer.Option("--person", metavar="CODE", help=say("A person; repeatable."))
]
Unit = Annotated[
    Codes,
    typer.Option(
        "--unit",
        metavar="CODE",
        help=say("A unit: its classes and those of its people; repeatable."),
    ),
]
FieldDay = Annotated[
    Codes,
    typer.Option(
        "--field-day", metavar="CLASS:DATE", help=say("A class's day in the field; repeatable.")
    ),
]
Everything = Annotated[
    bool, typer.Option("--all", help=say("Everybody and everything that has a session."))
]
Every = Annotated[
    Codes,
    typer.Option(
        "--every",
        metavar="class|teacher|venue|person|unit|field-day",
        help=say("Each one of a kind that has a session; repeatable."),
    ),
]
Draft = Annotated[bool, typer.Option("--draft", help=say("The draft, not the last publication."))]
Travel = Annotated[
    bool, typer.Option("--travel", help=say("Also the ways to field sites, between them and back."))
]
Short = Annotated[bool, typer.Option("--short", help=say("Only what, when and where; no notes."))]
Alarm = Annotated[
    int | None, typer.Option(min=0, metavar="MINUTES", help=say("Remind so many minutes before."))
]


def asked_for(  # the options of a command, one by one
    *,
    class_: Codes = None,
    teacher: Codes = None,
    venue: Codes = None,
    person: Codes = None,
    unit: Codes = None,
    field_day: Codes = None,
    everything: bool = False,
    every: Codes = None,
    draft: bool = False,
    travel: bool = False,
    short: bool = False,
    alarm: int | None = None,
    since: int | None = None,
) -> Asked:
    """Return what the options ask for; raise UsageError for a kind that there is not."""
    # sqlmodel takes half a second to import
    from trainer.calendars.choice import COMMON
    from trainer.calendars.select import Asked
    from trainer.calendars.wording import Kind
    from trainer.errors import UsageError

    kinds = set(COMMON) if everything else set()
    for name in every or ():
        if name not in tuple(Kind):
            raise UsageError(
                "there is no kind of calendar “{kind}”; write one of {kinds}",
                kind=name,
                kinds=", ".join(Kind),
            )
        kinds.add(Kind(name))
    return Asked(
        chosen={
            Kind.CLASS: class_ or (),
            Kind.TEACHER: teacher or (),
            Kind.VENUE: venue or (),
            Kind.PERSON: person or (),
            Kind.UNIT: unit or (),
            Kind.FIELD_DAY: field_day or (),
        },
        every=kinds,
        draft=draft,
        travel=travel,
        short=short,
        alarm_minutes=alarm,
        since=since,
    )
