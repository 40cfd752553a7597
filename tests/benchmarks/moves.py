"""How fast a move's effect, a whole check and the sturdiness of the 80-class year are known.

``python -m tests.benchmarks.moves`` prints a table; the year is the generator's at seed 1.
"""

# ruff: noqa: S311 - the same moves every time

from __future__ import annotations

import sys
from random import Random
from time import perf_counter

from tests.factories.timetables import office_year
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.effect import LiveTimetable
from trainer.timetable.engine.problem import Placement
from trainer.timetable.engine.robust import share_repairable, sturdiness
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve

MOVES = 2_000
WORK = 2_000


def main() -> int:
    """Solve the year shortly, then measure."""
    problem = office_year()
    placements = solve(problem, Limits(work=WORK)).placements
    started = perf_counter()
    check_placements(problem, placements)
    whole = perf_counter() - started
    live = LiveTimetable(problem, placements)
    rng = Random(1)
    spent = []
    for _ in range(MOVES):
        now = rng.choice([each for each in placements if each is not None])
        length = problem.meetings[now.meeting].length
        day = problem.calendar.day(rng.randrange(len(problem.calendar)))
        period = rng.randrange(len(problem.periods) - length + 1)
        there = Placement(now.meeting, day, period, now.venues, now.teacher)
        started = perf_counter()
        live.effect(now.meeting, there)
        spent.append(perf_counter() - started)
    spent.sort()
    started = perf_counter()
    share = share_repairable(sturdiness(problem, placements))
    sturdy = perf_counter() - started
    rows = (
        ("meetings", f"{len(problem.meetings)}"),
        ("whole check, ms", f"{whole * 1e3:.1f}"),
        ("effect of a move, median ms", f"{spent[len(spent) // 2] * 1e3:.2f}"),
        ("effect of a move, 99th percentile ms", f"{spent[len(spent) * 99 // 100] * 1e3:.2f}"),
        ("sturdiness of all, s", f"{sturdy:.2f}"),
        ("could be mended", f"{share:.1%}"),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:<38} {value:>10}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
