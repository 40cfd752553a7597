"""``trainer timetable robustness``: what could be mended if a teacher or a venue fell away."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.phrases import say
from tui.cli.state import desk, print_json, print_line


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
            values = {"name": name, "title": each.title}
            if each.without_teacher is False and each.without_venue is False:
                print_line(say("{name} {title}: neither its teacher nor its place", **values))
            elif each.without_teacher is False:
                print_line(say("{name} {title}: not its teacher", **values))
            else:
                print_line(say("{name} {title}: not its place", **values))
    for code, (good, many) in found.by_class.items():
        if good < many:
            print_line(say("{code}: {good} of {many}", code=code, good=good, many=many))
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
