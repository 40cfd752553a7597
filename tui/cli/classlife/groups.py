"""Groups: proposed, shown, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import (
    ClassCode,
    Json,
    On,
    PersonCode,
    Reason,
    Seed,
    Since,
    at_work,
)
from tui.cli.dates import day_of
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.classlife.groups import Group


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("groups", help=say("Show the groups, or propose balanced ones anew."))(_groups)
    noun.command("move", help=say("Put somebody into a group from a day on."))(_move)
    noun.command("moves", help=say("Show every group that somebody was ever in."))(_moves)


def _groups(
    class_code: ClassCode,
    count: Annotated[
        int | None, typer.Option("--propose", metavar="N", help=say("Propose so many groups."))
    ] = None,
    size: Annotated[
        int | None, typer.Option(metavar="N", help=say("Propose groups of so many at most."))
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help=say("Leave who has a group; place only the others."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Only show what would be."))
    ] = False,
    seed: Seed = 1,
    since: Since = None,
    date: On = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.facts import read_class
    from trainer.classlife.groups import list_groups, propose_groups, store_groups, ungrouped
    from trainer.office import read_office

    here = desk()
    if count is not None and size is not None:
        raise UsageError("say how many groups with --propose, or how many in each with --size")
    first = day_of(since)
    if count is not None or size is not None or keep:
        with here.writing(reason) as work:
            facts = read_class(work.session, read_office(work.session), class_code)
            day = first or facts.first
            wanted = propose_groups(
                work.session, facts, day, count=count, size=size, seed=seed, keep=keep
            )
            changed = store_groups(work, facts, wanted, since=first, reason=reason)
            found = list_groups(work.session, facts, day)
            left = ungrouped(work.session, facts, day)
            if not dry_run:
                work.commit()
        tell(say_n("{count} person has another group than before",
                   "{count} people have another group than before", changed))  # fmt: skip
    else:
        with here.reading() as session:
            facts = read_class(session, read_office(session), class_code)
            day = facts.within(day_of(date) or here.clock.today())
            found, left = list_groups(session, facts, day), ungrouped(session, facts, day)
    if as_json:
        print_json(
            {
                "class": class_code,
                "date": day.isoformat(),
                "groups": [group.document() for group in found],
                "ungrouped": [one.person for one in left],
            }
        )
        return
    for group in found:
        _print(group)
    if left:
        print_line(say("in no group: {people}", people=", ".join(one.name for one in left)))
    if not found:
        tell(say("the class has no groups; propose some with --propose N"))


def _print(group: Group) -> None:
    women = sum(one.gender == "f" for one in group.members)
    print_line(
        say(
            "{group}: people {count}, women {women}, units {units}, led by {leaders}",
            group=group.name,
            count=len(group.members),
            women=women,
            units=len({one.unit for one in group.members}),
            leaders=", ".join(one.name for one in group.leaders) or "-",
        )
    )
    print_line("  " + "  ".join(f"{one.person} {one.name}" for one in group.members))


def _move(
    class_code: ClassCode,
    person: PersonCode,
    group: Annotated[
        str, typer.Argument(metavar="GROUP", help=say("The group's name; “-” for none."))
    ],
    since: Since = None,
    reason: Reason = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.groups import move_to_group

    with at_work(class_code, reason) as (work, facts):
        move_to_group(
            work,
            facts,
            person,
            None if group == "-" else group,
            since=day_of(since),
            reason=reason,
        )
    print_line(say("{person}: {group}", person=person, group=group))


def _moves(class_code: ClassCode, person: PersonCode, as_json: Json = False) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.wishes import require_person
    from trainer.classlife.facts import read_class
    from trainer.classlife.groups import history_of_groups
    from trainer.office import read_office

    with desk().reading() as session:
        read_class(session, read_office(session), class_code)
        require_person(session, person)
        found = history_of_groups(session, class_code, person)
    if as_json:
        print_json(
            {
                "moves": [
                    {
                        "since": one.since.isoformat() if one.since else None,
                        "group": one.group,
                        "reason": one.reason,
                        "by": one.by,
                    }
                    for one in found
                ]
            }
        )
        return
    for one in found:
        print_line(
            say(
                "from {since}: {group}  {reason}",
                since=one.since or say("the beginning"),
                group=one.group or "-",
                reason=one.reason or "",
            ).rstrip()
        )
    if not found:
        tell(say("{person} was never in a group", person=person))
