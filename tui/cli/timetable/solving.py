"""``trainer timetable solve`` and ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from trainer.errors import UsageError
from trainer.phrases import mark, say
from tui.cli.interruption import interruptible
from tui.cli.state import desk, leave, print_json, print_line, tell
from tui.cli.telling import progress_bar
from tui.cli.timetable.arguments import (
    Classes,
    Levels,
    Locks,
    ScenarioName,
    Seed,
    Settings,
    StartFrom,
    TimeLimit,
    Unlocks,
    Weights,
    Work,
    selection_of,
)
from tui.cli.timetable.warning import warn_of_fixed_levels, warn_of_unknown_holidays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainer.timetable.engine.solution import Limits, Progress, ShouldStop
    from trainer.timetable.scenarios import Start, Wish
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
    classes: Classes = None,
    time_limit: TimeLimit = None,
    work: Work = None,
    seed: Seed = 0,
    scenario: ScenarioName = None,
    start: StartFrom = None,
    weights: Weights = None,
    levels: Levels = None,
    settings: Settings = None,
    locks: Locks = None,
    unlocks: Unlocks = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Put every meeting of the approved classes on date, period, venue and teacher."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.engine.solution import Limits

    if scenario is None and (start or weights or levels or settings or locks or unlocks):
        raise UsageError(
            "--start, --weight, --level, --set, --lock and --unlock are for scenarios; name one "
            "with --scenario, or change office.toml or the locks of the timetable"
        )
    limits = Limits(seconds=time_limit, work=work, seed=seed)
    wish = _wish(classes, start, settings, weights, levels, locks, unlocks)
    with interruptible() as interruption:
        solved = _solve(scenario, wish, limits, interruption.asked)
        # whoever asks from here on gets the document all the same
        interrupted = interruption.done()
        _tell(solved, as_json=as_json)
    if interrupted:
        tell(say("interrupted: the best timetable found until then is stored"))
        leave(INTERRUPTED)
    if solved.status not in ("optimal", "feasible"):
        leave(1)


def _wish(
    classes: Sequence[str] | None,
    start: str | None,
    settings: Sequence[str] | None,
    weights: Sequence[str] | None,
    levels: Sequence[str] | None,
    locks: Sequence[str] | None,
    unlocks: Sequence[str] | None,
) -> Wish:
    """Return how it is to be solved; raise UsageError for an option that makes no sense."""
    # the tables are imported only by those who need them
    from trainer.timetable.scenarios import Wish
    from trainer.timetable.settings import level_overrides, setting_overrides, weight_overrides

    overrides = setting_overrides(settings or ()) | weight_overrides(weights or ())
    return Wish(
        start=_start(start),
        settings=overrides | level_overrides(levels or ()),
        locked=selection_of(locks or ()),
        unlocked=selection_of(unlocks or ()),
        classes=tuple(classes or ()),
    )


def _solve(scenario: str | None, wish: Wish, limits: Limits, asked: ShouldStop) -> Solved:
    """Solve the timetable, or a copy of it, with a bar that tells how far it is."""
    # the engine and the tables are imported only by those who need them
    from trainer.timetable.scenarios import solve_scenario
    from trainer.timetable.solving import solve_timetable

    with progress_bar() as bar:
        bar(say("reading the plan"), 0, None)

        def step(progress: Progress) -> None:
            _show(bar, progress, limits.seconds, limits.work)

        if scenario is None:
            return solve_timetable(
                desk(), classes=wish.classes, limits=limits, on_progress=step, should_stop=asked
            )
        return solve_scenario(
            desk(), scenario, wish, limits=limits, on_progress=step, should_stop=asked
        )


def _tell(solved: Solved, *, as_json: bool) -> None:
    """Print what it came to."""
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
    warn_of_fixed_levels(here)
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
