"""Who need not come, and which sessions make up for missed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.attendance.arguments import ClassCode, Date, Json, Period, PersonCode, session_of
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from db.tables import Exemption


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("exempt", help=say("Record that attendance is not required of somebody "
                                    "(EX-1)."))(_exempt)  # fmt: skip
    noun.command("exemptions", help=say("List the exemptions."))(_exemptions)
    noun.command("end-exemption", help=say("End an exemption on a day."))(_end)
    noun.command("make-up", help=say("Let a session make up for a missed one."))(_make_up)


def _exempt(
    person: PersonCode,
    reason: Annotated[str, typer.Option(help=say("Why attendance is not required."))],
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help=say("The first day; open if left out.")),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help=say("The last day; open if left out.")),
    ] = None,
    class_code: Annotated[
        str | None, typer.Option("--class", metavar="CODE", help=say("In one class only."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.exempting import exempt_person

    with desk().writing(reason) as work:
        row = exempt_person(
            work,
            person=person,
            reason=reason,
            first=date_of(first) if first else None,
            last=date_of(last) if last else None,
            class_code=class_code,
        )
        work.commit()
    _told(row, as_json=as_json)


def _exemptions(
    person: Annotated[
        str | None, typer.Option(metavar="CODE", help=say("For this person only."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.exempting import list_exemptions

    with desk().reading() as session:
        found = list_exemptions(session, person)
    if as_json:
        print_json({"exemptions": [row.model_dump() for row in found]}, desk().office().zone)
        return
    if not found:
        tell(say("nobody is exempt"))
    for row in found:
        _told(row, as_json=False)


def _end(
    line: Annotated[int, typer.Argument(metavar="ID", help=say("The exemption's number."))],
    date: Annotated[str, typer.Argument(metavar="DATE", help=say("The last day that is exempt."))],
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.exempting import end_exemption

    with desk().writing() as work:
        row = end_exemption(work, line, last=date_of(date))
        work.commit()
    _told(row, as_json=as_json)


def _make_up(
    class_code: ClassCode,
    date: Date,
    period: Period,
    missed_date: Annotated[
        str, typer.Argument(metavar="MISSED_DATE", help=say("The date of the missed session."))
    ],
    missed_period: Annotated[
        str, typer.Argument(metavar="MISSED_PERIOD", help=say("A period of the missed session."))
    ],
    missed_class: Annotated[
        str | None,
        typer.Option("--of", metavar="CLASS", help=say("The missed session's class, if another.")),
    ] = None,
    person: Annotated[
        str | None, typer.Option(metavar="CODE", help=say("For this person only."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.making_up import tie_make_up

    here = desk()
    session = session_of(here, class_code, date, period)
    missed = session_of(here, missed_class or class_code, missed_date, missed_period)
    with here.writing() as work:
        row = tie_make_up(work, session=session, missed=missed, person=person)
        work.commit()
    if as_json:
        print_json({"make_up": row.model_dump()}, desk().office().zone)
    else:
        print_line(
            say("whoever missed {missed} makes it up on {date}", missed=missed_date, date=date)
        )


def _told(row: Exemption, *, as_json: bool) -> None:
    if as_json:
        print_json({"exemption": row.model_dump()}, desk().office().zone)
        return
    print_line(
        say(
            "{line}  {person}  {first} to {last}  {class_code}: {reason}",
            line=row.line,
            person=row.person,
            first=row.from_date or "…",
            last=row.to_date or "…",
            class_code=row.class_code or say("every class"),
            reason=row.reason,
        )
    )
