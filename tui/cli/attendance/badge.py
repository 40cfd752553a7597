"""Badges, and signing in with them: a reader that types what a badge holds needs no one beside."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import TrainerError
from trainer.phrases import say, text_of
from tui.cli.attendance.arguments import ClassCode, Date, Period, date_of
from tui.cli.state import desk, print_line, tell

if TYPE_CHECKING:
    from trainer.attendance.signin import SignedIn


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("badges", help=say("Print a class's badges with QR codes (PDF)."))(_badges)
    noun.command("sign-in", help=say("Sign in whoever's badge is read, line by line."))(_sign_in)


def _badges(
    class_code: ClassCode,
    out: Annotated[Path, typer.Option(metavar="FILE", help=say("Write it into a file."))],
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.badges import class_badges
    from trainer.printing.keep import keep

    with desk().reading() as session:
        data = class_badges(session, class_code)
    keep(data, out)
    tell(say("the badges are in {path}", path=str(out)))


def _sign_in(class_code: ClassCode, date: Date, period: Period) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.sheet import find_session
    from trainer.attendance.signin import sign_in

    here = desk()
    office = here.office()
    with here.reading() as session:
        uid = find_session(session, office, class_code, date_of(date), period)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            with here.writing() as work:
                signed = sign_in(work, office, session=uid, badge=line)
                work.commit()
        except TrainerError as error:
            # one unreadable badge must not end an unattended sign-in
            tell(text_of(error))
        else:
            print_line(said_of(signed))
            sys.stdout.flush()


def said_of(signed: SignedIn) -> str:
    """Return what is told of somebody who signed in."""
    from trainer.attendance.shown import STATUS_WORDS

    status = STATUS_WORDS[signed.status]
    if signed.already:
        return say("{name}: signed in already ({status})", name=signed.name, status=status)
    if signed.elsewhere:
        return say(
            "{name}: {status}, but expected in {classes} now: taken down as a guest",
            name=signed.name,
            status=status,
            classes=", ".join(signed.elsewhere),
        )
    if not signed.expected:
        return say("{name}: {status}, not on the list: taken down as a guest", name=signed.name,
                   status=status)  # fmt: skip
    return say("{name}: {status}", name=signed.name, status=status)
