"""The public yardstick: every instance of a folder, several seeds, beside what was published.

``python -m tests.benchmarks.itc2007 --data FOLDER [--time-limit 60] [--seeds 1] [--resume FILE]
[--pace FILE]``

The folder holds the instances (``*.ctt``) and, if there is one, ``published.csv`` with the columns
``instance``, ``best_known`` and one for each published average (``*_avg``). It may also be named by
the environment variable TRAINER_ITC2007. Results are appended to ``--resume`` one by one; what is
there already, with the same time limit and number of cores, is not run again.

On a machine that others use as well, a limit of time measures them. With ``--pace``, results of
short runs, a run is as long as its steps: as many as the instance made in a processor second there,
for ``--time-limit`` processor seconds, all cores together. It then finds the same however long it
takes, and may be stopped for a while.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from trainer.timetable.engine.itc2007 import formulation_named, read_file, solve_instance
from trainer.timetable.engine.solution import Limits

Result = dict[str, Any]
#: Everything that a run must have in common with a stored one to stand for it.
KEY = ("instance", "seed", "time_limit", "formulation", "cores", "work")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is missing and print the table; 1 if a timetable has violations or is missing."""
    options = _options(arguments)
    files = sorted(options.data.glob("*.ctt")) + sorted(options.data.glob("*.ectt"))
    files = [file for file in files if not options.only or file.stem in options.only]
    if not files:
        sys.stderr.write(f"error: no instance is in {options.data}; name its folder with --data\n")
        return 3
    known = {_key(result): result for result in _stored(options.resume)}
    pace = _pace(_stored(options.pace), options.formulation)
    results = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        for file in files:
            wanted = {
                "instance": file.stem,
                "seed": seed,
                "time_limit": options.time_limit,
                "formulation": options.formulation,
                "cores": options.cores,
                "work": _work(pace, file.stem, options),
            }
            result = known.get(_key(wanted)) or _run(file, wanted)
            if _key(wanted) not in known and options.resume is not None:
                with options.resume.open("a", encoding="utf-8") as store:
                    store.write(json.dumps(result) + "\n")
            results.append(result)
            sys.stderr.write(f"{file.stem} seed {seed}: {result['cost']}\n")
    sys.stdout.write(table(results, published(options.data)))
    return int(any(result["violations"] != 0 for result in results))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TRAINER_ITC2007", ".")))
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--seeds", type=int, default=1, metavar="COUNT")
    parser.add_argument("--first-seed", type=int, default=0, metavar="N")
    parser.add_argument("--formulation", default="UD2")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], metavar="INSTANCE")
    parser.add_argument("--resume", type=Path, default=None, metavar="FILE")
    parser.add_argument("--pace", type=Path, default=None, metavar="FILE")
    return parser.parse_args(arguments)


def _key(result: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(result.get(name) for name in KEY)


def _pace(results: Iterable[Result], formulation: str) -> dict[str, float]:
    """Return the steps that each instance made in a processor second."""
    return {
        result["instance"]: result["steps"] / result["processor_seconds"]
        for result in results
        if result["formulation"] == formulation
    }


def _work(pace: Mapping[str, float], instance: str, options: argparse.Namespace) -> int | None:
    """Return how many steps a run is to make, or None where the clock ends it."""
    if options.pace is None:
        return None
    if instance not in pace:
        sys.exit(f"error: {options.pace} has no run of {instance}; make one without --pace first")
    # a round figure, so that measuring the pace anew does not make another run of it
    return int(round(pace[instance] * options.time_limit, -6))


def _stored(path: Path | None) -> Iterable[Result]:
    if path is None or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _run(file: Path, wanted: Result) -> Result:
    before = _processor_seconds()
    outcome = solve_instance(
        read_file(file),
        formulation_named(wanted["formulation"]),
        Limits(
            seconds=wanted["time_limit"] if wanted["work"] is None else None,
            work=wanted["work"],
            seed=wanted["seed"],
        ),
        cores=wanted["cores"],
    )
    return {
        **wanted,
        "cost": None if outcome.score is None else outcome.score.total,
        "violations": None if outcome.score is None else outcome.score.violations,
        "by_rule": {} if outcome.score is None else dict(outcome.score.cost),
        "first_seconds": round(outcome.first_seconds, 2),
        "seconds": round(outcome.seconds, 2),
        "processor_seconds": round(_processor_seconds() - before, 1),
        "steps": outcome.steps,
    }


def _processor_seconds() -> float:
    """Return the processor seconds of this process and of its ended children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def published(folder: Path) -> dict[str, dict[str, float]]:
    """Return the best known cost and the best published average of each instance, if known."""
    path = folder / "published.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["instance"]: {
                "best": float(row["best_known"]),
                "average": min(float(row[name]) for name in row if name.endswith("_avg")),
            }
            for row in csv.DictReader(file)
        }


def table(results: Iterable[Result], known: Mapping[str, Mapping[str, float]]) -> str:
    """Return the results as a Markdown table, one line for each instance, and their sums."""
    by_instance: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_instance[result["instance"]].append(result)
    head = ("instance", "mean", "costs", "best known", "best published average", "first", "Mstep")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    sums = [0.0, 0.0, 0.0]
    for name, mine in sorted(by_instance.items()):
        costs = [result["cost"] for result in mine if result["cost"] is not None]
        average = mean(costs) if costs else float("nan")
        other = known.get(name, {"best": float("nan"), "average": float("nan")})
        for place, value in enumerate((average, other["best"], other["average"])):
            sums[place] += value
        cells = (
            name,
            f"{average:.1f}",
            " ".join(str(result["cost"]) for result in mine),
            f"{other['best']:.0f}",
            f"{other['average']:.1f}" + (" (above)" if average > other["average"] else ""),
            f"{max(result['first_seconds'] for result in mine):.1f} s",
            f"{mean(result['steps'] for result in mine) / 1e6:.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines.append(f"| sum | {sums[0]:.1f} | | {sums[1]:.0f} | {sums[2]:.1f} | | |")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return "\n".join([*lines, "", machine, ""])


if __name__ == "__main__":
    # the workers import this module again: only the first of them runs it
    sys.exit(main())
