"""What a day holds: limits of its periods, and courses together or apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from tests.factories.daily import DAILY, with_days
from tests.factories.slow_checker import every_placement
from tests.factories.slow_costs import soft_units
from tests.factories.timetables import PERIODS, tiny_problem
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.exact import Exact
from trainer.timetable.engine.explain import explain
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
)
from trainer.timetable.engine.rules import RuleSetting
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables
from trainer.timetable.engine.why import why

DAY = date(2023, 6, 5)


def week(**values: object) -> Problem:
    """Return three days of four periods, and a class with two courses, twice each."""
    problem = Problem(
        calendar=Calendar(DAY, (True,) * 3),
        periods=PERIODS[:4],
        teachers=(Teacher("T", "王老师"),),
        courses=tuple(
            Course(code, title, needs_venue=False, teachers=(0,))
            for code, title in (("K", "党史"), ("L", "法律"))
        ),
        classes=(TrainingClass("C", "青干班"),),
        meetings=tuple(Meeting((Part(0, course, n),)) for course in (0, 1) for n in (1, 2)),
        rules={"spread": RuleSetting(level="off")},
    )
    return replace(problem, **values)  # type: ignore[arg-type]


def days_of(places: tuple[Placement | None, ...]) -> list[list[date]]:
    """Return the days of each course."""
    found: list[list[date]] = [[], []]
    for number, place in enumerate(places):
        assert place is not None
        found[number // 2].append(place.day)
    return found


def test_a_day_has_no_more_periods_than_its_class_and_its_teacher_should_have() -> None:
    limited = (TrainingClass("C", "青干班", periods_a_day=2),)
    tired = (Teacher("T", "王老师", periods_a_day=2),)
    for problem in (week(classes=limited), week(teachers=tired)):
        found = solve(problem, Limits(work=200))
        days = [day for course in days_of(found.placements) for day in course]
        assert max(Counter(days).values()) == 2
    all_at_once = tuple(Placement(n, DAY, n, (None,), 0) for n in range(4))
    told = check_placements(week(classes=limited, teachers=tired), all_at_once)
    sentences = {each.rule: each.message for each in told}
    assert sentences["teacher_day"].text("en") == "王老师 has 4 periods on 2023-06-05, more than 2"
    assert sentences["class_day"].text("zh") == "青干班在2023-06-05排了 4 节课，超过每天 2 节"
    assert {each.rule: each.cost for each in told}["class_day"] == 2


def test_courses_come_together_or_keep_apart() -> None:
    both = (frozenset({0, 1}),)
    near = days_of(solve(week(together=both), Limits(work=200)).placements)
    assert len({day for course in near for day in course}) == 1
    first, second = days_of(solve(week(apart=both), Limits(work=200)).placements)
    assert not set(first) & set(second)


def test_only_courses_that_a_class_has_are_named() -> None:
    """A group may name courses that the class does not have, or not on that day."""
    problem = week()
    courses = (*problem.courses, Course("M", "经济", needs_venue=False))
    all_three = (frozenset({0, 1, 2}),)
    problem = replace(problem, courses=courses, together=all_three, apart=all_three)
    morrow = DAY + timedelta(days=1)
    places = [Placement(n, day, n, (None,), 0) for n, day in enumerate((DAY, morrow, DAY))]
    told = {each.rule: each.message for each in check_placements(problem, places)}
    together = "青干班 has 党史, 法律, which belong together, on 2 days"
    assert told["together"].text("en") == together
    assert told["together"].text("zh") == "青干班应排在同一天的课程（党史、法律）分在了 2 天"
    assert told["apart"].text("zh") == "青干班应排在不同日的课程（党史、法律）都排在2023-06-05"


@pytest.mark.parametrize("seed", range(30))
def test_the_search_the_checker_and_the_slow_way_agree(seed: int) -> None:
    problem = with_days(tiny_problem(seed), seed)
    found = solve(problem, Limits(work=60, seed=seed))
    placed = [placement for placement in found.placements if placement is not None]
    units: Counter[str] = Counter()
    for finding in check_placements(problem, found.placements):
        units[finding.rule] += finding.cost
    slow = soft_units(problem, placed)
    assert {name: units[name] for name in DAILY} == {name: slow[name] for name in DAILY}
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for placement in placed:
        spot = tables.spot_of(placement)
        assert spot is not None
        before = state.cost - state.costs.unplaced[placement.meeting]
        told = state.cost_with(placement.meeting, spot)
        state.place(placement.meeting, spot)
        assert state.cost == before + told
    assert state.cost == found.total
    for placement in placed:
        state.remove(placement.meeting)
    assert state.cost == sum(state.costs.unplaced)


def tight(seed: int) -> Problem:
    """Return four meetings of two classes on two days of two periods, with all rules made hard."""
    rng = Random(seed)  # noqa: S311 - chance for a test
    courses = tuple(
        Course(code, code, needs_venue=False, teachers=rng.choice(((0,), (1,), (0, 1))))
        for code in "KLM"
    )
    pair = frozenset(rng.sample(range(3), 2))
    return Problem(
        calendar=Calendar(DAY, (True,) * 2),
        periods=PERIODS[:3],
        teachers=tuple(
            Teacher(code, code, periods_a_day=rng.choice((None, 1, 2))) for code in "TS"
        ),
        courses=courses,
        classes=tuple(
            TrainingClass(code, code, periods_a_day=rng.choice((None, 1, 2))) for code in "CD"
        ),
        meetings=tuple(
            Meeting((Part(rng.randrange(2), rng.randrange(3), n),), length=rng.choice((1, 1, 2)))
            for n in range(4)
        ),
        together=(pair,) if rng.random() < 0.4 else (),
        apart=(frozenset({0, 1, 2}) - pair | {min(pair)},) if rng.random() < 0.4 else (),
        rules=dict.fromkeys(DAILY, RuleSetting(level="hard")),
    )


def fits(problem: Problem, chosen: tuple[Placement, ...] = ()) -> bool:
    """Say whether the meetings can be placed, by trying all ways: more mends nothing."""
    if any(each.hard for each in check_placements(problem, chosen)):
        return False
    if len(chosen) == len(problem.meetings):
        return True
    options = every_placement(problem, len(chosen))
    return any(fits(problem, (*chosen, each)) for each in options)


def test_the_exact_model_knows_the_rules_that_are_made_hard() -> None:
    """It places all where some way of all ways breaks nothing, and only there."""
    possible = 0
    for seed in range(40):
        problem = tight(seed)
        tables = Tables(problem)
        found: Exact = Model(State(tables, Costs(tables)), list(range(4)), required=True).solve(
            Budget(Limits(seconds=20), None), effort=20.0
        )
        placed = found.outcome in {"optimal", "feasible"}
        assert placed == fits(problem), seed
        possible += placed
        places = [tables.placement_of(m, spot) for m, spot in found.spots.items()]
        assert not [each for each in check_placements(problem, places) if each.hard]
    assert 5 < possible < 35


def test_what_stands_beyond_a_limit_binds_only_what_is_free() -> None:
    """A class that has too much already keeps it, and gets no more on that day."""
    limited = (TrainingClass("C", "青干班", periods_a_day=1),)
    hard = {"class_day": RuleSetting(level="hard")}
    problem = week(classes=limited, rules=hard)
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    for number in range(2):
        spot = tables.spot_of(Placement(number, DAY, number, (None,), 0))
        assert spot is not None
        state.place(number, spot)
    found = Model(state, [2, 3], required=True).solve(Budget(Limits(seconds=20), None), effort=5.0)
    days = {tables.placement_of(m, spot).day for m, spot in found.spots.items()}
    assert days == {DAY + timedelta(days=1), DAY + timedelta(days=2)}


def test_what_is_locked_beyond_a_limit_is_no_contradiction_by_itself() -> None:
    """It stands all the same, and the class may end a day later for what has no place."""
    stored = Placement(0, DAY, 0, (None,), 0)
    problem = week(
        classes=(TrainingClass("C", "青干班", periods_a_day=1, latest=DAY),),
        meetings=(
            Meeting((Part(0, 0),), length=2, locked=True, stored=stored),
            Meeting((Part(0, 1),)),
        ),
        rules={"class_day": RuleSetting(level="hard")},
    )
    found = explain(problem, (stored, None), 1, margin=0)
    assert [reason.fact.kind for reason in found.reasons] == ["rule", "window"]
    assert found.minimal
    places = {each.fact.kind: each.placement.day for each in found.relaxations}
    assert places == {"window": DAY + timedelta(days=1), "rule": DAY}


def test_what_nobody_asks_for_weighs_nothing() -> None:
    """The search goes as it did before an office knew these rules."""
    weights = Costs(Tables(week())).weight
    assert {name: weights[name] for name in DAILY} == dict.fromkeys(DAILY, 0)
    asked = Costs(Tables(week(apart=(frozenset({0, 1}),)))).weight
    assert [name for name in DAILY if asked[name]] == ["apart"]


def test_what_stands_scattered_keeps_nothing_more_from_the_days_that_it_has() -> None:
    """Two locked sessions lie on two days: the others may come to these, and to no third."""
    stored = [Placement(n, DAY + timedelta(days=n), 0, (None,), 0) for n in range(2)]
    problem = week(together=(frozenset({0, 1}),), rules={"together": RuleSetting(level="hard")})
    meetings = [
        replace(each, locked=True, stored=place)
        for each, place in zip(problem.meetings, stored, strict=False)
    ]
    problem = replace(problem, meetings=(*meetings, *problem.meetings[2:]))
    found = solve(problem, Limits(work=200))
    days = {place.day for place in found.placements if place is not None}
    assert (found.placed, len(days)) == (4, 2)
    places = (*stored, None, None)
    for later, rules in ((0, []), (1, []), (2, ["together"])):
        day = DAY + timedelta(days=later)
        assert [each.rule for each in why(problem, places, 2, day, 1)] == rules
