"""The evening roll call."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import ClassCode, Json, PersonCode, at_work, tell_outside
from tui.cli.dates import date_of, day_of
from tui.cli.state import desk, leave, print_json, print_line, tell

Evening = Annotated[str, typer.Argument(metavar="DATE", help=say("The evening's date."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("night", help=say("Show an evening roll call; exit 1 where somebody is missing."))(
        _night
    )
    noun.command("check", help=say("Record what was found of somebody in the evening."))(_check)
    noun.command("check-rest", help=say("Record all who are unchecked as in their rooms."))(_rest)


def _night(
    class_code: ClassCode,
    date: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help=say("The evening; today's if left out."))
    ] = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.facts import read_class
    from trainer.classlife.nights import STATUS_WORDS, open_evening
    from trainer.office import read_office

    here = desk()
    with here.reading() as session:
        office = read_office(session)
        facts = read_class(session, office, class_code)
        evening = open_evening(session, office, facts, day_of(date) or here.clock.today())
    counts = evening.counts()
    if as_json:
        print_json(evening.document())
    else:
        for line in evening.lines:
            found = line.status or line.suggested
            word = str(STATUS_WORDS[found]) if found else "-"
            print_line(
                say(
                    "{room}  {name}  {found}  {note}",
                    room=line.room or "-",
                    name=line.name,
                    found=word if line.status or not found else say("({status})", status=word),
                    note=line.note or "",
                ).rstrip()
            )
            if line.disagreed:
                tell(say("devices disagree about {name}: check again", name=line.name))
        print_line(
            say(
                "expected {expected}, in the room {in_room}, out with a permit {permit}, on leave "
                "{leave}, missing {missing}, unchecked {unchecked}",
                **{name: counts[name] for name in counts if name != "disagreed"},
            )
        )
    if counts["missing"]:
        names = ", ".join(line.name for line in evening.lines if line.status == "missing")
        tell(
            say_n(
                "{count} person is missing: {names}; tell the head teacher and look for the person",
                "{count} people are missing: {names}; tell the head teacher and look for them",
                counts["missing"],
                names=names,
            )
        )
        leave(1)


def _check(
    class_code: ClassCode,
    date: Evening,
    person: PersonCode,
    status: Annotated[str, typer.Argument(metavar="STATUS", help="in_room|permit|leave|missing")],
    note: Annotated[str | None, typer.Option(help=say("A note kept with it."))] = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.nights import STATUS_WORDS, record_check

    with at_work(class_code) as (work, facts):
        record_check(work, facts, date_of(date), {person: status}, note=note)
    print_line(
        say("{person}: {status} on {date}", person=person, status=STATUS_WORDS[status], date=date)
    )
    tell_outside(facts, date_of(date))


def _rest(
    class_code: ClassCode,
    date: Evening,
    status: Annotated[
        str, typer.Option(metavar="STATUS", help=say("What else to record of them."))
    ] = "in_room",
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.nights import check_the_rest
    from trainer.office import read_office

    with at_work(class_code) as (work, facts):
        office = read_office(work.session)
        count = check_the_rest(work, office, facts, date_of(date), status)
    print_line(say_n("{count} person is checked", "{count} people are checked", count))
    tell_outside(facts, date_of(date))
