"""Offices of growing size: how long until everything is placed, and what it costs after a while.

``python -m tests.benchmarks.offices`` prints one line for each size; ``--plain SECONDS`` runs the
plain model beside the engine at the smallest size.
"""

from __future__ import annotations

import argparse
import resource
import sys
from dataclasses import dataclass

from tests.benchmarks.plain import solve_plain
from tests.factories.timetables import office_year
from trainer.timetable.engine.offices.polish import CORES
from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.solution import Limits, Progress, Solution
from trainer.timetable.engine.solve import solve

LINE = (
    "{scale:>5} {meetings:>8} {placed:>7} {status:>10} {all_placed:>10} {seconds:>8} {cost:>8}"
    " {bound:>8} {memory:>9}\n"
)


@dataclass(slots=True)
class Clocked:
    """A solve, and when its last meeting found a place."""

    solution: Solution
    all_placed: float | None


def clock(problem: Problem, seconds: float, seed: int) -> Clocked:
    """Solve a problem and note when everything was placed."""
    when: list[float] = []

    def told(progress: Progress) -> None:
        if progress.unplaced == 0:
            when.append(progress.elapsed)

    solution = solve(problem, Limits(seconds=seconds, seed=seed), on_progress=told)
    return Clocked(solution, when[0] if when else None)


def memory() -> int:
    """Return the megabytes that this process and two of its largest helpers took at most."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    helper = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + CORES * helper) // 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=float, nargs="*", default=[0.2, 1, 4, 10])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain", type=float, default=0)
    options = parser.parse_args()
    write = sys.stdout.write
    write(
        LINE.format(
            scale="scale",
            meetings="meetings",
            placed="placed",
            status="status",
            all_placed="all placed",
            seconds="seconds",
            cost="cost",
            bound="bound",
            memory="memory MB",
        )
    )
    for scale in options.scales:
        problem = office_year(scale)
        run = clock(problem, options.seconds * max(1, scale), options.seed)
        write(
            LINE.format(
                scale=f"{scale:g}",
                meetings=len(problem.meetings),
                placed=run.solution.placed,
                status=run.solution.status,
                all_placed="-" if run.all_placed is None else f"{run.all_placed:.1f}",
                seconds=f"{run.solution.seconds:.1f}",
                cost=run.solution.total,
                bound="-" if run.solution.bound is None else run.solution.bound,
                memory=memory(),
            )
        )
        sys.stdout.flush()
    if options.plain:
        scale = min(options.scales)
        for soft in (False, True):
            plain = solve_plain(office_year(scale), options.plain, soft=soft)
            write(
                f"plain model at {scale:g}, {'with' if soft else 'without'} soft rules: {plain}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
