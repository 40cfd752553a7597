"""Guests: taken down, listed, tied to the person that one turns out to be, and untied."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.attendance.arguments import Json, PersonCode, Reason
from tui.cli.attendance.correcting import tell_proposal
from tui.cli.state import desk, print_json, print_line, tell

GuestCode = Annotated[str, typer.Argument(metavar="GUEST", help=say("The guest's code."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("guests", help=say("List the guests, and whom each is tied to."))(_guests)
    noun.command("tie", help=say("Tie a guest to the person that the guest turns out to be."))(_tie)
    noun.command("untie", help=say("Give a guest the marks back that a person has from it."))(
        _untie
    )


def _guests(as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.tying import list_guests

    with desk().reading() as session:
        found = list_guests(session)
    if as_json:
        print_json({"guests": [guest.document() for guest in found]})
        return
    if not found:
        tell(say("there are no guests"))
    for guest in found:
        print_line(
            say(
                "{code}  {name}  {unit}  sessions: {sessions}  tied to: {person}",
                code=guest.code,
                name=guest.name,
                unit=guest.unit or "-",
                sessions=guest.sessions,
                person=guest.person or "-",
            )
        )


def _tie(guest: GuestCode, person: PersonCode, reason: Reason = None) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.tying import tie_guest

    with desk().writing(reason) as work:
        count = tie_guest(work, guest=guest, person=person, note=reason)
        work.commit()
    print_line(
        say_n(
            "{guest} is {person}: what was recorded at {count} session is said of {person} now",
            "{guest} is {person}: what was recorded at {count} sessions is said of {person} now",
            count,
            guest=guest,
            person=person,
        )
    )


def _untie(guest: GuestCode, reason: Reason = None) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.untying import untie_or_propose

    with desk().writing(reason) as work:
        untied = untie_or_propose(work, guest=guest, reason=reason)
        work.commit()
    if untied.sessions or not untied.proposals:
        print_line(
            say_n(
                "{guest} has the marks of {count} session back",
                "{guest} has the marks of {count} sessions back",
                untied.sessions,
                guest=guest,
            )
        )
    for proposal in untied.proposals:
        tell_proposal(proposal, as_json=False)
