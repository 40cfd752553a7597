"""``trainer timetable booking``: outside bookings of a venue, asked for, approved or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.dates import date_of
from tui.cli.state import desk, print_json, print_line
from tui.cli.timetable.warning import warn_of_broken_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.timetable.bookings import Booking

Numbers = Annotated[
    list[int], typer.Argument(metavar="NUMBER", help=say("Numbers of bookings, as listed."))
]
Json = Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs under ``booking``."""
    group = typer.Typer(
        help=say("Outside bookings of a venue: asked for, approved, refused."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("ask", help=say("Note that somebody from outside wants a venue."))(ask)
    group.command("approve", help=say("Approve bookings: the venue is theirs."))(approve)
    group.command("refuse", help=say("Refuse bookings: the venue stays free."))(refuse)
    group.command("list", help=say("List bookings, and what is in their way."))(list_)
    noun.add_typer(group, name="booking")


def ask(
    venue: Annotated[str, typer.Argument(metavar="VENUE", help=say("The venue."))],
    first: Annotated[str, typer.Argument(metavar="FROM", help=say("The first day."))],
    last: Annotated[str, typer.Argument(metavar="TO", help=say("The last day, counted."))],
    applicant: Annotated[str, typer.Option("--by", metavar="TEXT", help=say("Who asks for it."))],
    purpose: Annotated[str, typer.Option("--for", metavar="TEXT", help=say("What for."))],
    period: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help=say("Only this period (repeatable); else all day.")),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Note a booking that is asked for; it is still to be approved or refused."""
    # the tables are imported only by those who need them
    from trainer.timetable.bookings import Wish, ask_booking

    wish = Wish(venue, date_of(first), date_of(last), applicant, purpose, tuple(period or ()))
    _print(ask_booking(desk(), wish), as_json=as_json)


def approve(
    numbers: Numbers,
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help=say("Even where sessions are in its way."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Approve bookings; sessions in the way are named, and refuse it unless --anyway."""
    # the tables are imported only by those who need them
    from trainer.timetable.bookings import decide_bookings

    here = desk()
    _print(decide_bookings(here, numbers, "approved", anyway=anyway), as_json=as_json)
    warn_of_broken_rules(here)


def refuse(numbers: Numbers, *, as_json: Json = False) -> None:
    """Refuse bookings; they stay on record and hinder nobody."""
    # the tables are imported only by those who need them
    from trainer.timetable.bookings import decide_bookings

    _print(decide_bookings(desk(), numbers, "refused"), as_json=as_json)


def list_(
    venue: Annotated[
        str | None, typer.Option("--venue", metavar="CODE", help=say("Only of this venue."))
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=say("From this day; else today."))
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """List the bookings that are not over."""
    # the tables are imported only by those who need them
    from trainer.timetable.bookings import bookings

    here = desk()
    day = date_of(since) if since else here.clock.today()
    with here.reading() as session:
        found = bookings(session, venue=venue, since=day)
    _print(found, as_json=as_json)


def _print(found: Sequence[Booking], *, as_json: bool) -> None:
    if as_json:
        print_json({"bookings": [each.document() for each in found]})
        return
    for each in found:
        days = " ".join(dict.fromkeys((each.first.isoformat(), each.last.isoformat())))
        line = say(
            "{number}  {venue}  {days}  {applicant}: {purpose}  ({state})",
            number=each.number,
            venue=each.venue_name,
            days=f"{days} {each.period}" if each.period else days,
            applicant=each.applicant,
            purpose=each.purpose,
            state=each.state_name,
        )
        print_line(line)
        if each.sessions and each.state != "refused":
            print_line(
                "    "
                + say_n(
                    "{count} session is in its way",
                    "{count} sessions are in its way",
                    len(each.sessions),
                )
            )
    if not found:
        print_line(say("there is no booking"))
