"""Permits to leave the grounds: asked for, decided, the return reported, who is overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import ClassCode, Json, PersonCode, Reason, moment_of
from tui.cli.state import desk, print_json, print_line, tell

if TYPE_CHECKING:
    from db.tables import ExitStep
    from db.work import UnitOfWork
    from trainer.classlife.exits import Exit
    from trainer.office import Office

PermitId = Annotated[str, typer.Argument(metavar="ID", help=say("The permit's id."))]
By = Annotated[str | None, typer.Option(help=say("Who decided, if not you."))]
Note = Annotated[str | None, typer.Option(help=say("A note kept with it."))]


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("out", help=say("List permits to leave, or who is overdue."))(_out)
    permit = typer.Typer(
        help=say("Permits to leave the grounds, with a deadline of the return."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    permit.command("ask", help=say("Ask for a permit."))(_ask)
    permit.command("approve", help=say("Approve a request."))(_approve)
    permit.command("refuse", help=say("Refuse a request."))(_refuse)
    permit.command("cancel", help=say("Cancel a request or a permit."))(_cancel)
    permit.command("return", help=say("Report somebody back."))(_return)
    noun.add_typer(permit, name="permit")


def _out(
    class_code: ClassCode,
    overdue: Annotated[
        bool, typer.Option("--overdue", help=say("Only those who should be back."))
    ] = False,
    now_only: Annotated[
        bool, typer.Option("--now", help=say("Only those who are out now."))
    ] = False,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.exits import list_exits, overdue_exits
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    here = desk()
    now = here.clock.now()
    with here.reading() as session:
        office = read_office(session)
        read_class(session, office, class_code)
        listed = overdue_exits(session, now, class_code) if overdue else None
        found = list_exits(session, class_code) if listed is None else listed
    if now_only:
        found = [one for one in found if one.is_out(now) or one.is_overdue(now)]
    if as_json:
        print_json({"class": class_code, "exits": [one.document(office, now) for one in found]})
        return
    for one in found:
        _print(one, office, now)
    if not found:
        tell(say("nobody is overdue") if overdue else say("there is no permit"))


def _print(one: Exit, office: Office, now: Any) -> None:
    from trainer.classlife.exits import STATE_WORDS

    print_line(
        say(
            "{id}  {name}  {first} to {last}  {where}  {state}",
            id=one.id,
            name=one.name,
            first=f"{one.out_at.astimezone(office.zone):%Y-%m-%d %H:%M}",
            last=f"{one.due_at.astimezone(office.zone):%Y-%m-%d %H:%M}",
            where=one.destination or "",
            state=STATE_WORDS[one.state],
        )
    )
    late = one.late_minutes(now)
    if late and one.state == "approved":
        tell(say_n("{name} is {count} minute overdue", "{name} is {count} minutes overdue", late,
                   name=one.name))  # fmt: skip


def _ask(
    class_code: ClassCode,
    person: PersonCode,
    out_at: Annotated[
        str, typer.Argument(metavar="FROM", help=say("When, such as 2023-03-01T18:30."))
    ],
    due_at: Annotated[str, typer.Argument(metavar="UNTIL", help=say("Back by when."))],
    where: Annotated[str | None, typer.Option("--to", help=say("Where to."))] = None,
    reason: Reason = None,
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.attendance.ladder import said
    from trainer.classlife.exits import approver_for, ask_exit, find_exit, missed_sessions
    from trainer.classlife.facts import read_class
    from trainer.office import read_office

    here = desk()
    with here.writing() as work:
        office = read_office(work.session)
        facts = read_class(work.session, office, class_code)
        first, last = moment_of(out_at, office), moment_of(due_at, office)
        row = ask_exit(
            work, facts, person, out_at=first, due_at=last, destination=where, reason=reason
        )
        work.commit()
        missed = missed_sessions(work.session, row)
        one = find_exit(work.session, row.id)
    approver = approver_for(office, first, last)
    now = here.clock.now()
    if as_json:
        print_json(one.document(office, now) | {"to_approve": approver, "sessions": missed})
    else:
        _print(one, office, now)
    tell(say("to be approved by {approver}", approver=said(approver)))
    if missed:
        tell(
            say_n(
                "{count} session falls into it: ask for leave too, or it counts as absence",
                "{count} sessions fall into it: ask for leave too, or they count as absence",
                missed,
            )
        )


def _approve(permit: PermitId, by: By = None, as_json: Json = False) -> None:
    from trainer.classlife.exits import approve_exit

    _decide(permit, lambda work, _office: approve_exit(work, permit, by=by), as_json=as_json)


def _refuse(permit: PermitId, by: By = None, note: Note = None, as_json: Json = False) -> None:
    from trainer.classlife.exits import refuse_exit

    _decide(
        permit, lambda work, _office: refuse_exit(work, permit, by=by, note=note), as_json=as_json
    )


def _cancel(permit: PermitId, note: Note = None, as_json: Json = False) -> None:
    from trainer.classlife.exits import cancel_exit

    _decide(permit, lambda work, _office: cancel_exit(work, permit, note=note), as_json=as_json)


def _return(
    permit: PermitId,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help=say("When, if not just now."))
    ] = None,
    note: Note = None,
    as_json: Json = False,
) -> None:
    from trainer.classlife.exits import report_return

    def act(work: UnitOfWork, office: Office) -> ExitStep:
        back = moment_of(at, office) if at else work.now
        return report_return(work, permit, back, note=note)

    _decide(permit, act, as_json=as_json)


def _decide(permit: str, act: Callable[[UnitOfWork, Office], ExitStep], *, as_json: bool) -> None:
    from trainer.classlife.exits import find_exit
    from trainer.office import read_office

    here = desk()
    with here.writing() as work:
        office = read_office(work.session)
        act(work, office)
        work.commit()
        one = find_exit(work.session, permit)
    if as_json:
        print_json(one.document(office, here.clock.now()))
    else:
        _print(one, office, here.clock.now())
