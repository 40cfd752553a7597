"""``trainer benchmark itc2007``: public instances of course timetabling, solved by the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from trainer.phrases import mark, say, say_n, text_of
from tui.cli.interruption import interruptible
from tui.cli.state import leave, print_json, print_line, tell
from tui.cli.telling import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.errors import TrainerError
    from trainer.timetable.engine.itc2007 import Formulation, Instance, Outcome
    from trainer.timetable.engine.solution import Limits, Progress

INTERRUPTED: Final = 130
SECONDS: Final = 60.0

_WHY_NOT: Final = {
    "infeasible": mark("{file}: it is proved that every timetable violates a hard rule"),
    "unknown": mark("{file}: no timetable without violations was found; allow more time"),
}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    benchmark = typer.Typer(help=say("Public instances, solved by the same engine."))
    benchmark.callback()(_group)
    benchmark.command("itc2007", help=say("Solve curriculum-based course timetabling instances."))(
        itc2007
    )
    app.add_typer(benchmark, name="benchmark")


def _group() -> None:
    # a group with one command would otherwise be that command
    pass


def itc2007(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help=say("Instances (.ctt or .ectt)."))
    ],
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", min=0.0, help=say("Stop after so many seconds per file (60).")
        ),
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
    formulation: Annotated[
        str, typer.Option(metavar="UD1…UD5", help=say("The rules and weights that count."))
    ] = "UD2",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=say("Where the .sol files go (here)."))
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print one JSON document."))] = False,
) -> None:
    """Solve instances, write a .sol file for each, and print cost by rule."""
    # the engine is imported only by those who need it
    from trainer.timetable.engine.itc2007 import formulation_named
    from trainer.timetable.engine.solution import Limits

    rules = formulation_named(formulation)
    if time_limit is None and work is None:
        time_limit = SECONDS
    limits = Limits(seconds=time_limit, work=work, seed=seed)
    folder = out or Path()
    _refuse_twins(files)
    _refuse_folder(folder)
    results: list[dict[str, Any]] = []
    worst = 0
    with interruptible() as interruption:
        for file in files:
            if interruption.asked():
                break
            result, code = _result_of(file, rules, limits, folder, interruption.asked)
            worst = max(worst, code)
            results.append(result)
            if not as_json:
                _print_result(result)
    if as_json:
        document = {"formulation": rules.name, "seed": seed, "instances": results}
        print_json({**document, "total": sum(each.get("total", 0) for each in results)})
    else:
        _print_sum(results)
    if interruption.asked():
        tell(say("interrupted: the best timetables found until then are written"))
        leave(INTERRUPTED)
    leave(worst)


def _result_of(
    file: Path, rules: Formulation, limits: Limits, folder: Path, asked: Callable[[], bool]
) -> tuple[dict[str, Any], int]:
    """Solve one file, or tell why it cannot be read; return what is told, and the exit code."""
    from trainer.errors import TrainerError

    try:
        result = _solve(file, rules, limits, folder, asked)
    except TrainerError as error:
        _say_problem(error)
        return {"file": str(file), "status": "unread", "problem": text_of(error)}, error.exit_code
    return result, 0 if "solution" in result else 1


def _refuse_twins(files: list[Path]) -> None:
    """Raise UsageError for files whose solutions would be written over each other."""
    from trainer.errors import UsageError

    known: dict[str, Path] = {}
    for file in files:
        if file.stem in known:
            raise UsageError(
                "the timetables of {one} and {other} would both be written to {name}.sol; solve "
                "them one after the other, into different folders (--out)",
                one=str(known[file.stem]),
                other=str(file),
                name=file.stem,
            )
        known[file.stem] = file


def _refuse_folder(folder: Path) -> None:
    """Raise FileProblem for a folder that cannot be had, before anything is solved."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritten(folder, error) from None


def _solve(
    file: Path, rules: Formulation, limits: Limits, folder: Path, asked: Callable[[], bool]
) -> dict[str, Any]:
    """Solve one file and write what was found; return what is told about it."""
    # the engine is imported only by those who need it
    from trainer.timetable.engine.itc2007 import read_file, solve_instance

    instance = read_file(file)
    with progress_bar() as bar:
        outcome = solve_instance(
            instance,
            rules,
            limits,
            on_progress=lambda progress: _show(bar, file, progress, limits),
            should_stop=asked,
        )
    result: dict[str, Any] = {
        "file": str(file),
        "name": instance.name,
        "status": outcome.status,
        "seconds": round(outcome.seconds, 2),
        "first_feasible_seconds": round(outcome.first_seconds, 2),
        "steps": outcome.steps,
    }
    if outcome.score is None:
        return result
    return {
        **result,
        "hard": dict(outcome.score.hard),
        "violations": outcome.score.violations,
        "cost": dict(outcome.score.cost),
        "total": outcome.score.total,
        "bound": outcome.bound,
        "solution": str(_write(file, folder, instance, outcome)),
    }


def _write(file: Path, folder: Path, instance: Instance, outcome: Outcome) -> Path:
    # the engine is imported only by those who need it
    from trainer.timetable.engine.itc2007 import write_sol

    path = folder / f"{file.stem}.sol"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(write_sol(instance, outcome.timetable), encoding="utf-8", newline="\n")
    except OSError as error:
        raise _unwritten(path, error) from None
    return path


def _unwritten(path: Path, error: OSError) -> TrainerError:
    from trainer.errors import FileProblem

    return FileProblem(
        "the timetable cannot be written to {file} ({problem}); choose another folder with --out",
        file=str(path),
        problem=error.strerror or type(error).__name__,
    )


def _show(bar: Any, file: Path, progress: Progress, limits: Limits) -> None:
    text = say("{file}: cost {cost}", file=file.name, cost=progress.cost)
    if limits.work:
        bar(text, progress.steps, limits.work)
    else:
        bar(text, progress.elapsed, limits.seconds)


def _say_problem(error: TrainerError) -> None:
    tell(f"error: {text_of(error)}")
    for problem in getattr(error, "problems", ()):
        tell(f"  {problem}")


def _print_result(result: dict[str, Any]) -> None:
    if result["status"] == "unread":
        return
    if "total" not in result:
        print_line(say(_WHY_NOT[result["status"]], file=result["file"]))
        return
    print_line(
        say(
            "{file}: cost {total}, hard violations {violations}, {seconds} seconds, {solution}",
            file=result["file"],
            total=result["total"],
            violations=result["violations"],
            seconds=result["seconds"],
            solution=result["solution"],
        )
    )
    for rule, cost in result["cost"].items():
        print_line(f"  {rule:<22}{cost:>8}")


def _print_sum(results: list[dict[str, Any]]) -> None:
    """Say what all solved instances cost together, where there are several."""
    totals = [result["total"] for result in results if "total" in result]
    if len(totals) > 1:
        print_line(
            say_n(
                "{count} instance: {total}",
                "{count} instances: {total}",
                len(totals),
                total=sum(totals),
            )
        )
