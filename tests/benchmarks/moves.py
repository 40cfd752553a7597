"""How fast a move's effect, ``why``, a whole check and sturdiness of the 80-class year are known.

``python -m tests.benchmarks.moves`` prints a table in processor time; the year is the generator's
at seed 1.
"""

# ruff: noqa: S311 - the same moves every time

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from time import process_time

from tests.factories.timetables import office_year
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.effect import LiveTimetable
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.robust import share_repairable, sturdiness
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.suggest import suggest
from trainer.timetable.engine.why import why

MOVES = 2_000
QUESTIONS = 200
SUGGESTIONS = 20
WORK = 2_000


def main() -> int:
    """Solve the year shortly, then measure."""
    problem = office_year()
    placements = solve(problem, Limits(work=WORK)).placements
    started = process_time()
    check_placements(problem, placements)
    whole = process_time() - started
    live = LiveTimetable(problem, placements)
    rng = Random(1)
    spent = []
    for _ in range(MOVES):
        now = rng.choice([each for each in placements if each is not None])
        length = problem.meetings[now.meeting].length
        day = problem.calendar.day(rng.randrange(len(problem.calendar)))
        period = rng.randrange(len(problem.periods) - length + 1)
        there = Placement(now.meeting, day, period, now.venues, now.teacher)
        started = process_time()
        live.effect(now.meeting, there)
        spent.append(process_time() - started)
    asked = asked_why(problem, placements)
    strict = replace(problem, rules={name: RuleSetting(level="hard") for name in made_hard_too()})
    asked_strict = asked_why(strict, placements)
    offered, offered_strict = (asked_suggest(each, placements) for each in (problem, strict))
    spent.sort()
    started = process_time()
    share = share_repairable(sturdiness(problem, placements))
    sturdy = process_time() - started
    rows = (
        ("meetings", f"{len(problem.meetings)}"),
        ("whole check, ms", f"{whole * 1e3:.1f}"),
        ("effect of a move, median ms", f"{spent[len(spent) // 2] * 1e3:.2f}"),
        ("effect of a move, 99th percentile ms", f"{spent[len(spent) * 99 // 100] * 1e3:.2f}"),
        ("why, median ms", f"{asked[len(asked) // 2] * 1e3:.1f}"),
        ("why, slowest ms", f"{asked[-1] * 1e3:.1f}"),
        (
            "the same, soft rules made hard, median",
            f"{asked_strict[len(asked_strict) // 2] * 1e3:.1f}",
        ),
        ("the same, slowest ms", f"{asked_strict[-1] * 1e3:.1f}"),
        ("suggest, median ms", f"{offered[len(offered) // 2] * 1e3:.0f}"),
        ("the same, soft rules made hard", f"{offered_strict[len(offered_strict) // 2] * 1e3:.0f}"),
        ("sturdiness of all, s", f"{sturdy:.2f}"),
        ("could be mended", f"{share:.1%}"),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:<38} {value:>10}\n")
    return 0


def asked_why(problem: Problem, placements: Sequence[Placement | None]) -> list[float]:
    """Return what asking for one session and place took, each with what it needs worked out anew.

    Every other question names no venue, so that a dozen are compared.
    """
    rng = Random(2)
    spent = []
    for number in range(QUESTIONS):
        meeting = rng.randrange(len(placements))
        day = problem.calendar.day(rng.randrange(len(problem.calendar)))
        period = rng.randrange(len(problem.periods) - problem.meetings[meeting].length + 1)
        venue = rng.randrange(len(problem.venues)) if number % 2 else None
        started = process_time()
        why(problem, placements, meeting, day, period, venue)
        spent.append(process_time() - started)
    return sorted(spent)


def asked_suggest(problem: Problem, placements: Sequence[Placement | None]) -> list[float]:
    """Return what asking for the ten best places of a session took, chains included."""
    rng = Random(3)
    spent = []
    for _ in range(SUGGESTIONS):
        meeting = rng.randrange(len(placements))
        started = process_time()
        suggest(problem, placements, meeting)
        spent.append(process_time() - started)
    return sorted(spent)


def made_hard_too() -> tuple[str, ...]:
    """Return the soft rules about several sessions of a class, the dearest to look at."""
    return "compact", "spread", "one_room", "travel", "theory_first"


if __name__ == "__main__":
    sys.exit(main())
