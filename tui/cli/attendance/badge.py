"""Badges, and signing in with them: a reader that types what a badge holds needs no one beside."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import TrainerError, UsageError
from trainer.phrases import say, text_of
from tui.cli.attendance.arguments import ClassCode, Date, Period
from tui.cli.dates import date_of
from tui.cli.state import desk, print_line, tell

if TYPE_CHECKING:
    from db.work import UnitOfWork
    from trainer.attendance.signin import SignedIn
    from trainer.office import Office


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


def _sign_in(
    class_code: ClassCode,
    date: Date,
    period: Period,
    way: Annotated[
        str,
        typer.Option(
            metavar="in|out|auto",
            help=say("What a badge means: coming, going, or either by the clock."),
        ),
    ] = "in",
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from db.journal import settle
    from trainer.attendance.scanning import WAYS
    from trainer.attendance.sheet import find_session
    from trainer.attendance.signin import sign_in

    if way not in WAYS:
        raise UsageError(
            "there is no way “{way}” of taking badges; use one of: {known}",
            way=way,
            known=", ".join(WAYS),
        )
    here = desk()
    office = here.office()
    with here.reading() as session:
        uid = find_session(session, office, class_code, date_of(date), period)
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            with here.writing() as work:
                if way == "in":
                    told = said_of(sign_in(work, office, session=uid, badge=line))
                else:
                    told = _scanned(work, office, uid, line, way)
                work.commit()
        except TrainerError as error:
            # one unreadable badge must not end an unattended sign-in
            tell(text_of(error))
        else:
            print_line(told)
            sys.stdout.flush()
            settle(here.url)


def _scanned(work: UnitOfWork, office: Office, uid: str, badge: str, way: str) -> str:
    from trainer.attendance.scanning import scan_badge
    from tui.doorwords import told_of

    scan = scan_badge(work, office, session=uid, badge=badge, way=way)  # type: ignore[arg-type]
    told = told_of(scan.in_zone(office.zone))
    if not told.sentence:
        return say("{name}: {status}", name=scan.name, status=told.large)
    return say("{name}: {status}, {words}", name=scan.name, status=told.large, words=told.sentence)


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
