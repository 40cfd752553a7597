"""A class at a glance, its lists on paper, and what comes back from a database taken along."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.errors import UsageError
from trainer.phrases import say, say_n
from tui.cli.classlife.arguments import ClassCode, Json, On
from tui.cli.dates import day_of
from tui.cli.state import desk, leave, print_json, print_line, tell

if TYPE_CHECKING:
    from trainer.classlife.page import ClassPage
    from trainer.classlife.printed import Listed

_KINDS = ("branch", "rooms", "duty", "evening")


def register(noun: typer.Typer) -> None:
    """Add the verbs of this file."""
    noun.command("show", help=say("Show a class: groups, branch, duty, who is out."))(_show)
    noun.command("list", help=say("Print a list: branch, rooms, duty rota, evening roll call."))(
        _list
    )
    noun.command("merge", help=say("Bring back what a database taken along has recorded."))(_merge)


def _read(class_code: str, date: str | None) -> ClassPage:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.page import read_page

    here = desk()
    with here.reading() as session:
        today = day_of(date) or here.clock.today()
        return read_page(session, class_code, today=today, now=here.clock.now())


def _show(class_code: ClassCode, date: On = None, as_json: Json = False) -> None:
    page = _read(class_code, date)
    if as_json:
        print_json(page.document())
        return
    print_line(
        say(
            "{class_code} {title}, {date}: {count} members",
            class_code=class_code,
            title=page.facts.title,
            date=page.date,
            count=len(page.facts.present_on(page.date)),
        )
    )
    for branch in page.branches:
        print_line(
            say("  {branch}: {count} full members", branch=branch.name, count=len(branch.members))
        )
    for one in page.posts:
        print_line(
            say("  {post} {name} ({person})", post=one.post, name=one.name, person=one.person)
        )
    for group in page.groups:
        print_line(say_n("  {group}: {count} person", "  {group}: {count} people",
                         len(group.members), group=group.name))  # fmt: skip
    if page.ungrouped:
        print_line(say("  in no group: {count}", count=len(page.ungrouped)))
    for turn in page.duty:
        print_line(say("  on duty: {name}", name=turn.name))
    counts = page.evening.counts()
    print_line(
        say(
            "  with a bed: {beds}, out with a permit: {out}, overdue: {overdue}, missing in the "
            "evening: {missing}",
            beds=len(page.beds),
            out=len(page.out),
            overdue=len(page.overdue),
            missing=counts["missing"],
        )
    )
    for finding in page.findings:
        print_line(say("  {rule}: {message}", rule=finding.rule, message=finding.message))


def _list(
    class_code: ClassCode,
    what: Annotated[
        str, typer.Argument(metavar="branch|rooms|duty|evening", help=say("Which list."))
    ],
    kind: Annotated[
        str, typer.Option("--format", metavar="pdf|xlsx", help=say("How to print it."))
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("Write it into a file."))
    ] = None,
    date: On = None,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.printed import PRINTED
    from trainer.printing.keep import keep

    chosen = kind or (out.suffix[1:].casefold() if out else "")
    if not chosen:
        raise UsageError("name a file with --out, such as list.pdf, or say its --format")
    if chosen not in PRINTED:
        raise UsageError(
            "there is no format “{kind}”; use one of: {known}",
            kind=chosen,
            known=", ".join(PRINTED),
        )
    if out is None and sys.stdout.isatty():
        raise UsageError("a {kind} is not for the terminal; name a file with --out", kind=chosen)
    data = PRINTED[chosen](_listed(class_code, what, date))
    if out is not None:
        keep(data, out)
        tell(say("the list is in {path}", path=str(out)))
        return
    sys.stdout.buffer.write(data)
    sys.stdout.flush()


def _listed(class_code: str, what: str, date: str | None) -> Listed:
    from trainer.classlife import printed
    from trainer.classlife.duty import read_turns
    from trainer.classlife.rooms import list_rooms, lodgers

    if what not in _KINDS:
        raise UsageError(
            "there is no list “{what}”; use one of: {known}", what=what, known=", ".join(_KINDS)
        )
    page = _read(class_code, date)
    if what == "branch":
        return printed.branch_list(page)
    if what == "evening":
        return printed.evening_list(page.facts, page.evening)
    with desk().reading() as session:
        if what == "duty":
            return printed.duty_list(page.facts, read_turns(session, page.facts))
        names = {room.code: room.name for room in list_rooms(session)}
        return printed.room_list(page.facts, lodgers(session, class_code=class_code), names)


def _merge(
    source: Annotated[str, typer.Argument(metavar="DIR_OR_DB", help=say("Where the database is."))],
    as_json: Json = False,
) -> None:
    # sqlmodel takes half a second to import: help must not wait for it
    from trainer.classlife.merge import merge_class_life

    found = merge_class_life(desk(), source)
    if as_json:
        print_json(found.document())
    elif not found.problems:
        print_line(
            say_n(
                "{count} new record of class life, {known} known already",
                "{count} new records of class life, {known} known already",
                found.count,
                known=found.known,
            )
        )
    for problem in found.problems:
        tell(problem.text())
    if found.problems:
        tell(say("nothing was changed"))
        leave(1)
