"""Checking certificates that people show: one by its number, or scans one after another."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.errors import UsageError
from trainer.phrases import say, text_of
from tui.cli.state import desk, leave, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.outcomes.certificates.checking import Checked


def check(
    number: Annotated[
        str,
        typer.Argument(
            metavar="NUMBER|TEXT",
            help=say("The number; or what the QR code holds; - reads those line by line."),
        ),
    ],
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help=say("The check code; not with a text."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Check a certificate; leave with 1 where one does not hold."""
    if number == "-":
        whole = _scans_as_json() if as_json else _scans()
    else:
        one = _checked(number, code)
        whole = one.ok
        if as_json:
            print_json(one.document())
        else:
            _tell(one)
    if not whole:
        leave(1)


def _scans() -> bool:
    # one certificate after another is scanned: each is answered at once, and whoever scans on is
    # told of what could not be read, in its place
    whole = True
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            one = _checked(line, None)
        except UsageError as error:
            print_line(text_of(error))
            sys.stdout.flush()
            whole = False
        else:
            _tell(one)
            whole = whole and one.ok
    return whole


def _scans_as_json() -> bool:
    found: list[dict[str, Any]] = []
    for line in filter(str.strip, sys.stdin):
        try:
            found.append(_checked(line, None).document())
        except UsageError as error:
            found.append(
                {"verdict": "unreadable", "valid": False, "number": None,
                 "message": text_of(error), "foreign_key": False, "certificate": None}
            )  # fmt: skip
    print_json({"checked": found})
    return all(one["valid"] for one in found)


def _checked(number: str, code: str | None) -> Checked:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.outcomes.certificates.checking import check_certificate
    from trainer.outcomes.certificates.seal import scanned

    read = scanned(number) if code is None else (number, code)
    if read is None:
        raise UsageError(
            "“{text}” is not the text of a certificate’s QR code; give that, or the number and "
            "the check code",
            text=number.strip(),
        )
    with desk().reading() as session:
        return check_certificate(session, *read)


def _tell(found: Checked) -> None:
    print_line(str(found.sentence()))
    sys.stdout.flush()
    if found.ok and found.foreign:
        tell(
            say("another office’s key made its check code: the register holds it as it came from "
                "there")
        )  # fmt: skip
