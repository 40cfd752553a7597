"""Limits of days, and groups of courses, laid over a problem."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from trainer.timetable.engine.problem import Problem
from trainer.timetable.engine.rules import Level, RuleSetting

DAILY: Final = ("class_day", "teacher_day", "together", "apart")
"""The rules about what a day holds."""


def with_days(problem: Problem, seed: int, level: Level = "soft") -> Problem:
    """Return a problem of three courses with limits of days, and up to two groups of courses."""
    rng = Random(seed)  # noqa: S311 - chance for a test
    groups = [frozenset(rng.sample(range(3), 2)) for _ in range(2)]
    limits = (None, 1, 2)
    return replace(
        problem,
        teachers=tuple(replace(t, periods_a_day=rng.choice(limits)) for t in problem.teachers),
        classes=tuple(replace(c, periods_a_day=rng.choice(limits)) for c in problem.classes),
        together=tuple(groups[: rng.randrange(2)]),
        apart=tuple(groups[1 : rng.randrange(1, 3)]),
        rules={**problem.rules, **dict.fromkeys(DAILY, RuleSetting(level=level))},
    )
