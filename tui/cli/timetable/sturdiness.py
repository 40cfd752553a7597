"""``trainer timetable robustness``: what could be mended if a teacher or a venue fell away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trainer.phrases import say
from tui.cli.state import desk, print_json, print_line

if TYPE_CHECKING:
    from trainer.timetable.sturdy import SturdySession


def register(noun: typer.Typer) -> None:
    """Add the verb."""
    help_ = say("Say which sessions could be mended if their teacher or venue fell away.")
    noun.command(name="robustness", help=help_)(robustness)


def robustness(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List what could not be mended within its class, by class, and the share of what could."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.sturdy import read_robustness

    found = read_robustness(desk())
    if as_json:
        print_json(found.document())
        return
    for each in found.sessions:
        if not each.repairable:
            name = "/".join(map(str, each.key))
            print_line(_frail_line(each, name=name, title=each.title))
    for code, (good, many) in found.by_class.items():
        if good < many:
            print_line(say("{code}: {good} of {many}", code=code, good=good, many=many))
    if not found.sessions:
        print_line(
            say(
                "no session may move, so that none was looked at; fixed: {fixed}", fixed=found.fixed
            )
        )
        return
    print_line(
        say(
            "{good} of {many} sessions ({share}) could do without their teacher or place by "
            "changes within their class; {fixed} are fixed and were not looked at",
            good=found.repairable,
            many=len(found.sessions),
            share=f"{found.share:.1%}",
            fixed=found.fixed,
        )
    )


def _frail_line(each: SturdySession, **values: str) -> str:
    if each.without_teacher is False and each.without_venue is False:
        return say("{name} {title}: could do without neither its teacher nor its place", **values)
    if each.without_teacher is False:
        return say("{name} {title}: could not do without its teacher", **values)
    return say("{name} {title}: could not do without its place", **values)
