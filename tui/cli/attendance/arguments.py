"""What several verbs of attendance take."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say
from tui.cli.dates import date_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from trainer.desk import Desk

ClassCode = Annotated[str, typer.Argument(metavar="CLASS", help=say("The class's code."))]
Date = Annotated[str, typer.Argument(metavar="DATE", help=say("The session's date."))]
Period = Annotated[
    str, typer.Argument(metavar="PERIOD", help=say("Any period that the session covers."))
]
PersonCode = Annotated[str, typer.Argument(metavar="PERSON", help=say("The person's code."))]
OfClass = Annotated[str | None, typer.Option("--class", metavar="CODE", help=say("Of one class."))]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]
Reason = Annotated[str | None, typer.Option(help=say("Why; kept in the audit trail."))]


def known_class(session: Session, class_code: str | None) -> str | None:
    """Return the class that a list is asked for; raise Refused where there is no such class."""
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.sheet import require_class

    if class_code is not None:
        require_class(session, class_code)
    return class_code


def known_state(state: str | None, known: Collection[str]) -> str | None:
    """Return the state that a list is asked for; raise UsageError for a word that is none."""
    if state is not None and state not in known:
        raise UsageError(
            "there is no state “{state}”; use one of: {known}",
            state=state,
            known=", ".join(known),
        )
    return state


def session_of(here: Desk, class_code: str, date: str, period: str) -> str:
    """Return the uid of the session that is meant; raise UsageError or Refused."""
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.sheet import find_session

    office = here.office()
    with here.reading() as session:
        return find_session(session, office, class_code, date_of(date), period)
