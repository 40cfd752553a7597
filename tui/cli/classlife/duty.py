"""The duty rota and the duty log."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import ClassCode, Json, OnlyOn, Seed, Since, at_work, tell_outside
from tui.cli.dates import date_of, day_of
from tui.cli.state import desk, print_json, print_line, tell

Why = Annotated[str, typer.Option("--reason", help=say("Why; kept with the record."))]
Day = Annotated[str, typer.Argument(metavar="DATE", help=say("The day of the turn."))]
Who = Annotated[
    str, typer.Argument(metavar="WHO", help=say("The person's code, or the group's name."))
]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("rota", help=say("Show the duty rota, or share the turns out anew."))(_rota)
    noun.command("swap", help=say("Let two change their turns."))(_swap)
    noun.command("give", help=say("Give somebody's turn to somebody else."))(_give)
    noun.command("write", help=say("Write into the duty log."))(_write)
    noun.command("log", help=say("Show the duty log."))(_log)


def _rota(
    class_code: ClassCode,
    plan: Annotated[bool, typer.Option("--plan", help=say("Share the turns out anew."))] = False,
    groups: Annotated[
        bool, typer.Option("--groups", help=say("Whole groups have turns, not people."))
    ] = False,
    each_day: Annotated[
        int, typer.Option("--each-day", metavar="N", help=say("How many a day."))
    ] = 1,
    since: Since = None,
    seed: Seed = 1,
    date: OnlyOn = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.duty import plan_rota, read_turns
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    if plan:
        with at_work(class_code) as (work, facts):
            count = plan_rota(
                work,
                facts,
                of_groups=groups,
                each_day=each_day,
                since=day_of(since),
                seed=seed,
            )
        tell(say_n("{count} turn is shared out", "{count} turns are shared out", count))
    with desk().reading() as session:
        facts = read_class(session, read_office(session), class_code)
        turns = read_turns(session, facts, day_of(date))
    if as_json:
        counts = Counter(turn.who for turn in turns)
        print_json(
            {
                "class": class_code,
                "turns": [turn.document() for turn in turns],
                "counts": dict(sorted(counts.items())),
            }
        )
        return
    for turn in turns:
        line = say("{date}  {name}  {reason}", date=turn.date, name=turn.name,
                   reason=turn.reason or "")  # fmt: skip
        print_line(line.rstrip())
        if not turn.present:
            tell(say("{name} is not there on {date}: give the turn to somebody else",
                     name=turn.name, date=turn.date))  # fmt: skip
    if not turns:
        tell(say("the class has no duty rota; make one with --plan"))


def _swap(
    class_code: ClassCode, date: Day, who: Who, other_date: Day, other: Who, reason: Why
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.duty import swap_turns

    with at_work(class_code, reason) as (work, facts):
        swap_turns(work, facts, (date_of(date), who), (date_of(other_date), other), reason=reason)
    print_line(
        say(
            "{who} is on duty on {other_date}, {other} on {date}",
            who=who,
            other_date=other_date,
            other=other,
            date=date,
        )
    )


def _give(class_code: ClassCode, date: Day, who: Who, other: Who, reason: Why) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.duty import give_turn

    with at_work(class_code, reason) as (work, facts):
        give_turn(work, facts, date_of(date), who, other, reason=reason)
    print_line(say("{other} is on duty on {date}", other=other, date=date))


def _write(
    class_code: ClassCode,
    date: Annotated[str, typer.Argument(metavar="DATE", help=say("Of which day it speaks."))],
    text: Annotated[str, typer.Argument(metavar="TEXT", help=say("What happened."))],
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help=say("Who was on duty."))
    ] = None,
    amends: Annotated[
        str | None, typer.Option(metavar="ID", help=say("The entry that it amends."))
    ] = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.duty import write_entry

    with at_work(class_code) as (work, facts):
        row = write_entry(work, facts, date_of(date), text, person=person, amends=amends)
        entry = row.id
    print_line(say("{id}: kept in the duty log", id=entry))
    tell_outside(facts, date_of(date))


def _log(class_code: ClassCode, date: OnlyOn = None, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.duty import read_duty_log
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    with desk().reading() as session:
        office = read_office(session)
        facts = read_class(session, office, class_code)
        entries = read_duty_log(session, facts, day_of(date))
    if as_json:
        found = [entry.document() | {"at": entry.at} for entry in entries]
        print_json({"class": class_code, "entries": found}, office.zone)
        return
    amended = {entry.amends for entry in entries}
    for entry in entries:
        values = {
            "date": entry.date,
            "name": entry.name or entry.by or "-",
            "text": entry.text,
        }
        if entry.id in amended:
            print_line(say("{date}  {name}  {text} (amended below)", **values))
        elif entry.amends:
            print_line(say("{date}  {name}  {text} (amendment)", **values))
        else:
            print_line(say("{date}  {name}  {text}", **values))
    if not entries:
        tell(say("the duty log is empty"))
