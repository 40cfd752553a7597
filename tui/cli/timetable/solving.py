"""``trainer timetable solve`` and ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from trainer.phrases import mark, say
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line, tell
from tui.cli.telling import progress_bar
from tui.cli.timetable.warning import warn_of_unknown_holidays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainer.timetable.engine.solution import Progress
    from trainer.timetable.solving import Solved
    from tui.cli.telling import Bar

INTERRUPTED: Final = 130

_STATUS: Final = {
    "optimal": mark("everything is placed, and it is proved that it cannot be done better"),
    "feasible": mark("everything is placed"),
    "partial": mark("not everything could be placed, though it may be possible"),
    "infeasible": mark("it is proved that not everything can be placed"),
}


def register(noun: typer.Typer) -> None:
    """Add the verbs."""
    noun.command("solve", help=say("Put every meeting of the approved classes on the timetable."))(
        solve
    )
    noun.command("check", help=say("List every rule that the stored timetable breaks."))(check)


def solve(
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CODE", help=say("Only this class (repeatable).")),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0.0, help=say("Stop after so many seconds.")),
    ] = None,
    work: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help=say("Stop after so many steps: the same steps and seed give the same timetable."),
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help=say("Where chance begins."))] = 0,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Put every meeting of the approved classes on date, period, venue and teacher."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.engine.solution import Limits
    from trainer.timetable.solving import solve_timetable

    limits = Limits(seconds=time_limit, work=work, seed=seed)
    with interruptible() as interruption, progress_bar() as bar:
        bar(say("reading the plan"), 0, None)
        solved = solve_timetable(
            desk(),
            classes=tuple(classes or ()),
            limits=limits,
            on_progress=lambda progress: _show(bar, progress, time_limit, work),
            should_stop=interruption.asked,
        )
    warn_of_unknown_holidays(desk())
    if as_json:
        print_json(solved.document())
    else:
        _print_solved(solved)
    if interruption.asked():
        tell(say("interrupted: the best timetable found until then is stored"))
        leave(INTERRUPTED)
    if solved.status not in ("optimal", "feasible"):
        leave(1)


def check(
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """List every rule that the stored timetable breaks; exit 1 for a hard one."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.checking import check_timetable, report

    here = desk()
    with here.reading() as session:
        findings = check_timetable(session, here.clock.today())
    warn_of_unknown_holidays(here)
    hard = sum(each.hard for each in findings)
    if as_json:
        print_json(report(findings))
    else:
        for each in findings:
            template = "{rule}: {message}" if each.hard else "({rule}, {cost}) {message}"
            print_line(template.format(rule=each.rule, cost=each.cost, message=each.message))
        print_line(
            say(
                "{hard} hard rules broken, {soft} soft findings",
                hard=hard,
                soft=len(findings) - hard,
            )
        )
    if hard:
        leave(1)


def _show(bar: Bar, progress: Progress, seconds: float | None, work: int | None) -> None:
    text = say(
        "{placed} placed, {unplaced} to go, cost {cost}",
        placed=progress.placed,
        unplaced=progress.unplaced,
        cost=progress.cost,
    )
    if work:
        bar(text, progress.steps, work)
    elif seconds:
        bar(text, progress.elapsed, seconds)
    else:
        bar(text, 0, None)


def _print_solved(solved: Solved) -> None:
    print_line(say(_STATUS[solved.status]))
    print_line(
        say(
            "{placed} sessions placed, {unplaced} not, in {seconds} seconds",
            placed=solved.placed,
            unplaced=len(solved.unplaced),
            seconds=f"{solved.seconds:.1f}",
        )
    )
    for left in solved.unplaced:
        print_line("  " + _line(left.document()))
    for name, cost in solved.cost.items():
        if cost:
            print_line(f"  {name:<14}{cost:>8}")


def _line(document: Mapping[str, Any]) -> str:
    return say("{class_} {course} no. {seq}: {message}", **_safe(document))


def _safe(document: Mapping[str, Any]) -> dict[str, Any]:
    # “class” is a word of the language
    return {("class_" if name == "class" else name): value for name, value in document.items()}
