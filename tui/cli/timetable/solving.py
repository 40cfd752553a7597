"""``trainer timetable solve`` and ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from trainer.errors import UsageError
from trainer.phrases import mark, say
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line, tell
from tui.cli.telling import progress_bar
from tui.cli.timetable.arguments import selection_of
from tui.cli.timetable.warning import warn_of_unknown_holidays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainer.timetable.engine.solution import Progress
    from trainer.timetable.scenarios import Start
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
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=say("Solve a copy under this name; the timetable itself stays as it is."),
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="stored|empty",
            help=say("Begin the scenario anew: from the stored timetable, or from nothing."),
        ),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(
            "--weight", metavar="RULE=N", help=say("A rule's weight in the scenario (repeatable).")
        ),
    ] = None,
    levels: Annotated[
        list[str] | None,
        typer.Option(
            "--level",
            metavar="RULE=LEVEL",
            help=say("A rule's level in the scenario: block, warn, report or off (repeatable)."),
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help=say("Any setting of office.toml in the scenario (repeatable)."),
        ),
    ] = None,
    locks: Annotated[
        list[str] | None,
        typer.Option(
            "--lock",
            metavar="KIND:CODE",
            help=say(
                "Lock in the scenario: class:CODE, day:DATE, teacher:CODE or venue:CODE "
                "(repeatable; of several kinds all must hold)."
            ),
        ),
    ] = None,
    unlocks: Annotated[
        list[str] | None,
        typer.Option(
            "--unlock",
            metavar="KIND:CODE",
            help=say("Unlock in the scenario, named as with --lock (repeatable)."),
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Put every meeting of the approved classes on date, period, venue and teacher."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.engine.solution import Limits
    from trainer.timetable.scenarios import Wish, solve_scenario
    from trainer.timetable.settings import level_overrides, setting_overrides, weight_overrides
    from trainer.timetable.solving import solve_timetable

    if scenario is None and (start or weights or levels or settings or locks or unlocks):
        raise UsageError(
            "--start, --weight, --level, --set, --lock and --unlock are for scenarios; name one "
            "with --scenario, or change office.toml or the locks of the timetable"
        )
    limits = Limits(seconds=time_limit, work=work, seed=seed)
    chosen = tuple(classes or ())
    with interruptible() as interruption, progress_bar() as bar:
        bar(say("reading the plan"), 0, None)

        def step(progress: Progress) -> None:
            _show(bar, progress, time_limit, work)

        if scenario is None:
            solved = solve_timetable(
                desk(),
                classes=chosen,
                limits=limits,
                on_progress=step,
                should_stop=interruption.asked,
            )
        else:
            overrides = setting_overrides(settings or ()) | weight_overrides(weights or ())
            wish = Wish(
                start=_start(start),
                settings=overrides | level_overrides(levels or ()),
                locked=selection_of(locks or ()),
                unlocked=selection_of(unlocks or ()),
                classes=chosen,
            )
            solved = solve_scenario(
                desk(),
                scenario,
                wish,
                limits=limits,
                on_progress=step,
                should_stop=interruption.asked,
            )
    if not solved.asked:
        tell(
            say(
                "there is nothing to put on dates: no approved class has a syllabus; approve the "
                "plan or import classes.csv and syllabus.csv first"
            )
        )
    warn_of_unknown_holidays(desk())
    if as_json:
        print_json(solved.document())
    elif solved.asked:
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


def _start(text: str | None) -> Start | None:
    if text is None or text == "stored":
        return None if text is None else "stored"
    if text == "empty":
        return "empty"
    raise UsageError(
        "a scenario does not start from “{text}”; say --start stored or --start empty", text=text
    )


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
    if solved.scenario is not None:
        print_line(
            say(
                "this is the scenario “{name}”, the timetable itself is unchanged; see “trainer "
                "timetable compare {name}”",
                name=solved.scenario,
            )
        )
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
