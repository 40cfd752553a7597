"""The rotating code: what it is now, and signing in with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.attendance.arguments import ClassCode, Date, Json, Period
from tui.cli.attendance.badge import said_of
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from trainer.desk import Desk
    from trainer.office import Office


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("code", help=say("Show the code of the moment, to sign in to a session with."))(
        _code
    )
    noun.command("sign", help=say("Sign one person in or out, with the code of the moment."))(_sign)


def _code(class_code: ClassCode, date: Date, period: Period, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.codes import show_code
    from trainer.attendance.sheet import find_session

    here = desk()
    office = here.office()
    with here.reading() as session:
        uid = find_session(session, office, class_code, date_of(date), period)
    shown = show_code(here, uid)
    if as_json:
        print_json(
            {"session": uid, "code": shown.code, "seconds_left": round(shown.seconds_left, 1)}
        )
        return
    print_line(
        say("{code}  (for {seconds} more seconds)", code=shown.code,
            seconds=int(shown.seconds_left))
    )  # fmt: skip


def _sign(
    class_code: ClassCode,
    date: Date,
    period: Period,
    person: Annotated[
        str,
        typer.Argument(metavar="PERSON", help=say("A person's code, name, phone number or card.")),
    ],
    code: Annotated[str, typer.Option("--code", help=say("The code that is shown now."))],
    out: Annotated[
        bool, typer.Option("--out", help=say("The person leaves: keep when, by the clock."))
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from dataclasses import asdict

    from trainer.attendance.sheet import find_session
    from trainer.attendance.signin import sign_in

    here = desk()
    office = here.office()
    with here.reading() as session:
        uid = find_session(session, office, class_code, date_of(date), period)
    if out:
        _sign_out(here, office, uid, person, code, as_json=as_json)
        return
    with here.writing() as work:
        signed = sign_in(work, office, session=uid, badge=person, code=code)
        work.commit()
    if as_json:
        print_json(asdict(signed), office.zone)
        return
    print_line(said_of(signed))


def _sign_out(
    here: Desk, office: Office, uid: str, person: str, code: str, *, as_json: bool
) -> None:
    from trainer.attendance.shown import STATUS_WORDS
    from trainer.attendance.signout import sign_out

    with here.writing() as work:
        gone = sign_out(work, office, session=uid, badge=person, code=code)
        work.commit()
    if as_json:
        print_json(
            {
                "person": gone.person,
                "name": gone.name,
                "status": gone.status,
                "minutes": gone.minutes,
                "arrived": gone.arrived,
                "left": gone.left,
            },
            office.zone,
        )
        return
    print_line(
        say(
            "{name}: left at {time} ({status})",
            name=gone.name,
            time=f"{gone.left.astimezone(office.zone):%H:%M}",
            status=STATUS_WORDS[gone.status],
        )
    )
