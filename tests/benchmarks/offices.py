"""Offices of growing size: how long until everything is placed, and what it costs after a while.

``python -m tests.benchmarks.offices`` prints one line for each size. ``--office zoucheng`` takes
that dataset, made larger, instead of a made-up year. ``--plain SECONDS`` runs the plain model
beside the engine: without soft rules for that long, and with them for ten times the engine's time.
``--sturdy`` solves each size once more with the rule that prefers sturdier timetables.
``--placing N…`` solves those sizes only until everything is placed. ``--work STEPS`` limits the
engine's work instead of its time, so that costs do not depend on what else the machine does.
``--resume FILE`` keeps what was measured; ``--chart FILE`` draws it (SVG).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Any, Final

from tests.benchmarks.chart import growth_chart
from tests.benchmarks.counties import OFFICES, year
from tests.benchmarks.plain import solve_plain
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.offices.polish import CORES
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.robust import share_repairable, sturdiness
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.solution import Limits, Progress, Solution
from trainer.timetable.engine.solve import solve

Row = dict[str, Any]

TENFOLD: Final = 10
"""How much longer than the engine the plain model may look for a cheap timetable."""
MOST_MEMORY: Final = 14 << 30
"""Bytes that the plain model may take before it is given up."""
COLUMNS: Final = (
    ("scale", "scale"),
    ("meetings", "meetings"),
    ("placed", "placed"),
    ("status", "status"),
    ("all placed, s", "all_placed"),
    ("of the processor", "all_placed_processor"),
    ("seconds", "seconds"),
    ("processor s", "processor"),
    ("cost", "cost"),
    ("bound", "bound"),
    ("memory, MB", "memory"),
    ("load", "load"),
)
PLACING: Final = tuple(
    column for column in COLUMNS if column[1] not in {"cost", "bound", "seconds", "processor"}
)
PLAIN: Final = (
    ("scale", "scale"),
    ("soft rules", "soft"),
    ("booleans", "booleans"),
    ("building, s", "building"),
    ("first timetable, s", "found"),
    ("seconds", "seconds"),
    ("processor s", "processor"),
    ("placed", "placed"),
    ("hard", "hard"),
    ("cost", "cost"),
    ("bound", "bound"),
    ("memory, MB", "memory"),
)
STURDY: Final = (
    ("scale", "scale"),
    ("setting", "setting"),
    ("placed", "placed"),
    ("without a stand-in", "frail"),
    ("could be mended", "share"),
    ("cost of the other rules", "cost"),
)
STURDY_WEIGHT: Final = 10


def measure(
    problem: Problem, limits: Limits, *, until_placed: bool = False
) -> tuple[Solution, Row]:
    """Solve a problem and note when everything was placed, and what it took."""
    when: list[tuple[float, float]] = []
    begun, before = process_time(), _processor_seconds()

    def told(progress: Progress) -> None:
        if progress.unplaced == 0:
            when.append((progress.elapsed, process_time() - begun))

    load = os.getloadavg()[0]
    solution = solve(
        problem,
        limits,
        on_progress=told,
        should_stop=(lambda: bool(when)) if until_placed else None,
    )
    return solution, {
        "meetings": len(problem.meetings),
        "placed": solution.placed,
        "status": solution.status,
        "all_placed": round(when[0][0], 2) if when else None,
        "all_placed_processor": round(when[0][1], 2) if when else None,
        "seconds": round(solution.seconds, 1),
        "processor": round(_processor_seconds() - before, 1),
        "cost": solution.total,
        "by_rule": {name: cost for name, cost in solution.cost.items() if cost},
        "bound": solution.bound,
        "memory": memory(),
        "load": round(load, 1),
    }


def memory() -> int:
    """Return the megabytes that this process and two of its largest helpers took at most."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    helper = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + CORES * helper) // 1024


def _processor_seconds() -> float:
    """Return the processor seconds of this process and of its ended helpers."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def sturdy(problem: Problem, limits: Limits) -> list[Row]:
    """Return how much could be mended in a timetable made without the setting, and with it."""
    settled = replace(problem, rules={**problem.rules, "sturdy": _setting(STURDY_WEIGHT)})
    judged = replace(problem, rules={**problem.rules, "sturdy": _setting(1)})
    rows = []
    for name, asked in (("off", problem), ("on", settled)):
        solution = solve(asked, limits)
        findings = check_placements(judged, solution.placements)
        rows.append(
            {
                "setting": name,
                "placed": solution.placed,
                "frail": sum(each.cost for each in findings if each.rule == "sturdy"),
                "share": f"{share_repairable(sturdiness(problem, solution.placements)):.1%}",
                "cost": solution.total - solution.cost.get("sturdy", 0),
            }
        )
    return rows


def _setting(weight: int) -> RuleSetting:
    return RuleSetting(level="soft", weight=weight)


def table(columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table."""
    lines = [f"| {' | '.join(title for title, _ in columns)} |", "|---" * len(columns) + "|"]
    for row in rows:
        cells = (row.get(name) for _, name in columns)
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join([*lines, ""])


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def run_engine(key: Row) -> list[Row]:
    """Measure the engine on one size."""
    return [measure(year(key["office"], key["scale"]), _limits(key))[1]]


def run_placing(key: Row) -> list[Row]:
    """Measure how long the engine takes until everything is placed, and stop there."""
    problem = year(key["office"], key["scale"])
    return [measure(problem, _limits(key), until_placed=True)[1]]


def run_sturdy(key: Row) -> list[Row]:
    """Measure the setting for sturdier timetables on one size."""
    return sturdy(year(key["office"], key["scale"]), _limits(key))


def run_plain(key: Row) -> list[Row]:
    """Measure the plain model on one size; without soft rules, or with them."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    load = os.getloadavg()[0]
    problem = year(key["office"], key["scale"])
    try:
        found = solve_plain(problem, key["limit"], soft=key["soft"], seed=key["seed"])
    except MemoryError:
        return [{"failed": "memory"}]
    figures = {
        name: round(value, 1) if isinstance(value, float) else value
        for name, value in asdict(found).items()
    }
    seconds = round(found.building + found.solving, 1)
    return [{**figures, "seconds": seconds, "memory": memory(), "load": round(load, 1)}]


def _limits(key: Row) -> Limits:
    if key.get("work"):
        return Limits(work=round(key["work"] * max(1, key["scale"])), seed=key["seed"])
    return Limits(seconds=key["limit"], seed=key["seed"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, and print it."""
    options = _options(arguments)
    bench = Bench(options.resume)
    found: dict[str, list[Row]] = {"placing": [], "engine": [], "plain": [], "sturdy": []}

    def asked(scale: float) -> Row:
        seconds = options.seconds * max(1, scale)
        key = {"office": options.office, "scale": scale, "limit": seconds, "seed": options.seed}
        return {**key, "work": options.work}

    for scale in options.placing:
        found["placing"] += bench.rows({**asked(scale), "kind": "placing"}, run_placing)
    for scale in options.scales:
        key = asked(scale)
        found["engine"] += bench.rows({**key, "kind": "engine"}, run_engine)
        if options.plain:
            for soft, limit in ((False, options.plain), (True, TENFOLD * key["limit"])):
                wanted = {**key, "kind": "plain", "limit": limit, "soft": soft, "work": 0}
                found["plain"] += bench.rows(wanted, run_plain)
        if options.sturdy:
            found["sturdy"] += bench.rows({**key, "kind": "sturdy"}, run_sturdy)
    for columns, rows in zip((PLACING, COLUMNS, PLAIN, STURDY), found.values(), strict=True):
        if rows:
            sys.stdout.write(table(columns, rows) + "\n")
    if options.chart is not None:
        options.chart.write_text(
            growth_chart(found["placing"] or found["engine"], found["engine"]), encoding="utf-8"
        )
        sys.stdout.write(f"{options.chart}\n")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.offices",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--office", choices=OFFICES, default=OFFICES[0])
    parser.add_argument("--scales", type=float, nargs="*", default=[1, 4, 10], metavar="N")
    parser.add_argument("--placing", type=float, nargs="*", default=[], metavar="N")
    parser.add_argument(
        "--seconds", type=float, default=8, help="of the engine, for each 80 classes"
    )
    parser.add_argument("--work", type=int, default=0, help="the same, in steps", metavar="STEPS")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--plain", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--sturdy", action="store_true")
    parser.add_argument("--resume", type=Path, default=None, metavar="FILE")
    parser.add_argument("--chart", type=Path, default=None, metavar="FILE")
    return parser.parse_args(arguments)


class Bench:
    """Measures each thing in a process of its own, once, and keeps it in a file if there is one."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.known: list[Row] = []
        if path is not None and path.exists():
            lines = path.read_text(encoding="utf-8").splitlines()
            self.known = [json.loads(line) for line in lines if line]

    def rows(self, wanted: Row, run: Callable[[Row], list[Row]]) -> list[Row]:
        """Return the rows that were measured before, or measure and keep them."""
        found = [row for row in self.known if all(row.get(key) == wanted[key] for key in wanted)]
        if found:
            return found
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            try:
                measured = pool.submit(run, wanted).result()
            except BrokenProcessPool:
                measured = [{"failed": "ended by the system"}]
        rows = [{**wanted, **row} for row in measured]
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return rows


if __name__ == "__main__":
    # the workers import this module again: only the first of them runs it
    sys.exit(main())
