"""What several verbs of class life take, and the class that they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say
from tui.cli.state import desk, tell

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.classlife.facts import ClassFacts
    from trainer.office import Office

ClassCode = Annotated[str, typer.Argument(metavar="CLASS", help=say("The class's code."))]
PersonCode = Annotated[str, typer.Argument(metavar="PERSON", help=say("The person's code."))]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Reason = Annotated[str | None, typer.Option(help=say("Why; kept with the record."))]
Override = Annotated[
    str | None, typer.Option(metavar="REASON", help=say("The reason for breaking a rule; kept."))
]
Seed = Annotated[int, typer.Option(help=say("Another number gives another draw."))]
On = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help=say("The day; today if left out."))
]
OnlyOn = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help=say("One day; all days if left out."))
]
Since = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help=say("From which day on; the first if left out.")),
]


def moment_of(text: str, office: Office) -> dt.datetime:
    """Return an instant as the user wrote it, in the office's zone unless it has an offset."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "“{text}” is not a time; write it as 2023-03-01T18:30", text=text
        ) from None
    if len(text) <= len("2023-03-01"):
        raise UsageError("“{text}” is not a time; write it as 2023-03-01T18:30", text=text)
    return moment if moment.tzinfo else moment.replace(tzinfo=office.zone)


def tell_outside(facts: ClassFacts, date: dt.date) -> None:
    """Say so where a day is none of the class's (CL-1)."""
    said = facts.outside(date)
    if said is not None:
        tell(said.text())


@contextmanager
def at_work(class_code: str, reason: str | None = None) -> Iterator[tuple[UnitOfWork, ClassFacts]]:
    """Yield a unit of work and the class; what is done is committed where nothing went wrong."""
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    with desk().writing(reason) as work:
        yield work, read_class(work.session, read_office(work.session), class_code)
        work.commit()
