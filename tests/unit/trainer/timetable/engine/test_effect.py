"""A move's effect by increments is the difference of two whole checks, and comes at once."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.timetables import office_year, tiny_problem
from trainer.timetable.engine.check import check_placements, cost_by_rule
from trainer.timetable.engine.effect import LiveTimetable, finding_key
from trainer.timetable.engine.problem import Placement, Problem
from trainer.timetable.engine.rules import SOFT_IDS, RuleSetting
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve


def anywhere(problem: Problem, meeting: int, rng: Random) -> Placement | None:
    """Return a random place for a meeting, right or wrong, or none."""
    facts = problem.meetings[meeting]
    latest = len(problem.periods) - facts.length
    if rng.random() < 0.15 or latest < 0:
        return None
    venues: list[int | None] = [None, *range(len(problem.venues))]
    teachers: list[int | None] = [None, *range(len(problem.teachers))]
    return Placement(
        meeting,
        problem.calendar.day(rng.randrange(len(problem.calendar))),
        rng.randint(0, latest),
        tuple(rng.choice(venues) for _ in facts.parts),
        rng.choice(teachers),
    )


def whole(
    problem: Problem, placements: Sequence[Placement | None]
) -> tuple[Counter[object], dict[str, int]]:
    """Check everything: the hard findings, and the cost by rule."""
    findings = check_placements(problem, placements)
    hard: Counter[object] = Counter(finding_key(finding) for finding in findings if finding.hard)
    return hard, cost_by_rule(problem, findings)


@given(st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_increments_are_the_difference_of_whole_checks(seed: int) -> None:
    rng = Random(seed)
    problem = tiny_problem(seed, meetings=6)
    if rng.random() < 0.3:
        harder = {name: RuleSetting(level="hard") for name in rng.sample(SOFT_IDS, 3)}
        problem = replace(problem, rules=harder)
    placements = [anywhere(problem, meeting, rng) for meeting in range(6)]
    live = LiveTimetable(problem, placements)
    hard, costs = whole(problem, placements)
    for _ in range(8):
        meeting = rng.randrange(6)
        placement = anywhere(problem, meeting, rng)
        asked = live.effect(meeting, placement)
        effect = live.move(meeting, placement)
        assert asked == effect
        placements[meeting] = placement
        assert live.placements == placements
        now, now_costs = whole(problem, placements)
        assert Counter(map(finding_key, effect.appearing)) == now - hard
        assert Counter(map(finding_key, effect.vanishing)) == hard - now
        changed = {name: now_costs[name] - costs[name] for name in costs}
        assert effect.soft == {name: cost for name, cost in changed.items() if cost}
        assert effect.cost == sum(changed.values())
        hard, costs = now, now_costs


def test_moving_there_and_back_leaves_nothing() -> None:
    problem = tiny_problem(11, meetings=5)
    rng = Random(11)
    placements = [anywhere(problem, meeting, rng) for meeting in range(5)]
    live = LiveTimetable(problem, placements)
    away = live.move(2, anywhere(problem, 2, rng))
    back = live.move(2, placements[2])
    assert back.cost == -away.cost
    assert Counter(map(finding_key, back.appearing)) == Counter(map(finding_key, away.vanishing))
    assert live.placements == placements


@pytest.mark.slow
def test_an_effect_on_a_year_is_known_in_milliseconds() -> None:
    problem = office_year()
    solution = solve(problem, Limits(work=2_000))
    live = LiveTimetable(problem, solution.placements)
    rng = Random(1)
    spent = []
    for _ in range(300):
        meeting = rng.randrange(len(problem.meetings))
        placement = anywhere(problem, meeting, rng)
        started = time.thread_time()
        live.effect(meeting, placement)
        spent.append(time.thread_time() - started)
    # some 1.5 ms by itself; the rest is room for a slower machine
    assert median(spent) < 0.005
