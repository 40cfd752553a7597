"""What several verbs of the timetable take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say
from tui.cli.dates import date_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainer.timetable.choosing import Selection

Classes = Annotated[
    list[str] | None,
    typer.Option("--class", metavar="CODE", help=say("Only this class (repeatable).")),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", min=0.0, help=say("Stop after so many seconds.")),
]
Work = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=0,
        help=say("Stop after so many steps: the same steps and seed give the same timetable."),
    ),
]
Seed = Annotated[int, typer.Option(metavar="N", help=say("Where chance begins."))]
ScenarioName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help=say("Solve a copy under this name; the timetable itself stays as it is."),
    ),
]
StartFrom = Annotated[
    str | None,
    typer.Option(
        metavar="stored|empty",
        help=say("Begin the scenario anew: from the stored timetable, or from nothing."),
    ),
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        "--weight", metavar="RULE=N", help=say("A rule's weight in the scenario (repeatable).")
    ),
]
Levels = Annotated[
    list[str] | None,
    typer.Option(
        "--level",
        metavar="RULE=LEVEL",
        help=say("A rule's level in the scenario: block, warn, report or off (repeatable)."),
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help=say("Any setting of office.toml in the scenario (repeatable)."),
    ),
]
Locks = Annotated[
    list[str] | None,
    typer.Option(
        "--lock",
        metavar="KIND:CODE",
        help=say(
            "Lock in the scenario: class:CODE, day:DATE, teacher:CODE or venue:CODE "
            "(repeatable; of several kinds all must hold)."
        ),
    ),
]
Unlocks = Annotated[
    list[str] | None,
    typer.Option(
        "--unlock",
        metavar="KIND:CODE",
        help=say("Unlock in the scenario, named as with --lock (repeatable)."),
    ),
]


def selection_of(texts: Iterable[str]) -> Selection:
    """Return the sessions that ``class:CODE``, ``day:DATE`` and so on choose."""
    # the tables are imported only by those who need them
    from trainer.timetable.choosing import Selection

    found: dict[str, list[str]] = {"class": [], "day": [], "teacher": [], "venue": []}
    for text in texts:
        kind, colon, code = text.partition(":")
        if not colon or kind not in found or not code:
            raise UsageError(
                "“{text}” chooses nothing; write class:CODE, day:DATE, teacher:CODE or venue:CODE",
                text=text,
            )
        found[kind].append(code)
    return Selection(
        classes=tuple(found["class"]),
        days=tuple(map(date_of, found["day"])),
        teachers=tuple(found["teacher"]),
        venues=tuple(found["venue"]),
    )
