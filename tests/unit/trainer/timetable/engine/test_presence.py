"""Two classes are at a stop of their rounds at one time only where it holds several: everywhere."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules, every_placement, most_placeable
from tests.factories.tours import tour_problem
from trainer.timetable.engine.check import check, check_placements
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.effect import LiveTimetable, finding_key
from trainer.timetable.engine.explain import explain
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.obstacles import meetings_in_the_way, spot_allowed
from trainer.timetable.engine.presence import Use, united
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Period,
    Placement,
    Problem,
    Sitting,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.replan import replan
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve
from trainer.timetable.engine.state import State
from trainer.timetable.engine.suggest import suggest
from trainer.timetable.engine.tables import Tables
from trainer.timetable.engine.why import why

DAY = date(2023, 5, 8)


def two_rounds(**changes: object) -> Problem:
    """Two classes that set out from two schools and visit one site, half a day or a day long."""
    problem = Problem(
        calendar=Calendar(DAY, (True, True)),
        periods=(Period("AM", "上午", 510, 690), Period("PM", "下午", 840, 1020)),
        venues=(
            Venue("S", "党校"),
            Venue("T", "分校"),
            Venue("A", "大雁合作社", "field_site"),
            Venue("B", "新村中心", "field_site"),
        ),
        courses=(
            Course("K", "现场教学", venues=(0,), stops=(2, 3), stay=40),
            Course("L", "村居观摩", venues=(1,), stops=(2,), stay=40),
        ),
        classes=(TrainingClass("C", "青干班", 20), TrainingClass("D", "书记班", 20)),
        meetings=(Meeting((Part(0, 0),)), Meeting((Part(1, 1),))),
        travel=((0, 0, 10, 60), (0, 0, 10, 60), (10, 10, 0, 15), (60, 60, 15, 0)),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def with_site(problem: Problem, **changes: object) -> Problem:
    site = replace(problem.venues[2], **changes)  # type: ignore[arg-type]
    return replace(problem, venues=(*problem.venues[:2], site, *problem.venues[3:]))


FIRST, SECOND = Placement(0, DAY, 0, (0,)), Placement(1, DAY, 0, (1,))


def hard(problem: Problem, *placements: Placement) -> list[str]:
    return [finding.rule for finding in check_placements(problem, placements) if finding.hard]


def test_two_classes_at_one_stop_at_once_break_h2_and_are_told_when() -> None:
    problem = two_rounds()
    (finding,) = [f for f in check_placements(problem, (FIRST, SECOND)) if f.hard]
    assert finding.rule == "H2"
    assert finding.touches == ((0, 0), (1, 0))
    for language in ("zh", "en"):
        text = finding.message.text(language)
        words = ("大雁合作社", "08:40", "09:20", "青干班", "书记班")
        assert all(word in text for word in words)
    assert hard(with_site(problem, parallel=2), FIRST, SECOND) == []
    assert hard(problem, FIRST, replace(SECOND, period=1)) == []


def test_stays_that_follow_one_upon_another_are_no_clash() -> None:
    """The stored order turns the first round about: then the second class has left already."""
    problem = two_rounds()
    turned = replace(problem.meetings[0], parts=(Part(0, 0, order=(3, 2)),))
    problem = replace(problem, meetings=(turned, problem.meetings[1]))
    assert hard(problem, FIRST, SECOND) == []
    solution = solve(replace(problem, calendar=Calendar(DAY, (True,))), Limits(work=50))
    assert solution.placed == 2


def test_a_class_that_meets_at_the_stop_and_one_that_visits_it_clash() -> None:
    problem = two_rounds(courses=(two_rounds().courses[0], Course("L", "党课", venues=(2,))))
    there = Placement(1, DAY, 0, (2,))
    assert hard(problem, FIRST, there) == ["H2"]
    assert hard(problem, FIRST, replace(there, period=1)) == []


def test_a_stop_in_a_hall_that_is_taken_is_taken() -> None:
    courses = (two_rounds().courses[0], Course("L", "党课", venues=(1,)))
    problem = with_site(two_rounds(courses=courses), part_of=1)
    assert hard(problem, FIRST, SECOND) == ["H2"]
    solution = solve(problem, Limits(work=50))
    assert solution.placed == 2
    assert hard(problem, *filter(None, solution.placements)) == []


def test_classes_that_meet_jointly_visit_as_one_and_are_seated_together() -> None:
    joint = (Meeting((Part(0, 0), Part(1, 0))),)
    problem = two_rounds(meetings=joint)
    sittings = [Sitting(0, part, DAY, 0, 0) for part in (0, 1)]
    assert [f.rule for f in check(problem, sittings) if f.hard] == []
    small = with_site(problem, capacity=30)
    assert {f.rule for f in check(small, sittings) if f.hard} == {"H4"}
    assert solve(problem, Limits(work=50)).placed == 1
    assert solve(small, Limits(work=50)).placed == 0


def test_explain_why_suggest_and_replan_know_of_it() -> None:
    problem = two_rounds(calendar=Calendar(DAY, (True,)), periods=(Period("AM", "上午", 510, 690),))
    solution = solve(problem, Limits(work=100))
    assert (solution.status, solution.placed) == ("infeasible", 1)
    placements = (FIRST, None)
    assert [f.rule for f in why(problem, placements, 1, DAY, 0, 1)] == ["H2"]
    explanation = explain(problem, placements, 1, limits=Limits(seconds=20))
    told = " ".join(reason.message.text("zh") for reason in explanation.reasons)
    assert explanation.minimal
    assert "大雁合作社" in told
    longer = two_rounds()
    best = suggest(longer, placements, 1)
    assert (DAY, 0) not in {(s.placement.day, s.placement.period) for s in best if not s.others}
    stored = tuple(
        replace(meeting, stored=place)
        for meeting, place in zip(longer.meetings, (FIRST, SECOND), strict=True)
    )
    mended = replan(replace(longer, meetings=stored), (), date(2023, 5, 1))
    assert (len(mended.moves), mended.minimal) == (1, True)
    assert hard(longer, *filter(None, mended.placements)) == []


def test_uses_of_one_meeting_at_one_place_count_once() -> None:
    uses = [Use(1, 10, 20), Use(1, 15, 30), Use(1, 30, 40), Use(2, 12, 18)]
    assert united(uses) == [Use(1, 10, 30), Use(1, 30, 40), Use(2, 12, 18)]


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_solver_agrees_with_brute_force(seed: int) -> None:
    problem = tour_problem(seed)
    problem = replace(problem, classes=tuple(replace(c, priority=1) for c in problem.classes))
    solution = solve(problem, Limits(work=300, seed=seed))
    assert hard(problem, *filter(None, solution.placements)) == []
    possible = most_placeable(problem)
    assert solution.placed == possible
    wanted = {"optimal", "feasible"} if possible == len(problem.meetings) else {"infeasible"}
    assert solution.status in wanted


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_exact_model_alone_agrees_with_brute_force(seed: int) -> None:
    problem = tour_problem(seed)
    problem = replace(problem, classes=tuple(replace(c, priority=1) for c in problem.classes))
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    model = Model(state, list(range(len(problem.meetings))), required=False)
    found = model.solve(Budget(Limits(work=10**6)), effort=5.0)
    assert found.outcome == "optimal"
    assert len(found.spots) == most_placeable(problem)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_checker_and_obstacles_agree_with_the_slow_checker(seed: int) -> None:
    rng = Random(seed)
    problem = tour_problem(seed, 4)
    chosen = [rng.choice(list(every_placement(problem, m))) for m in range(4)]
    assert set(hard(problem, *chosen)) == broken_rules(problem, chosen)
    tables = Tables(problem)
    state = State(tables, Costs(tables))
    placed: list[Placement] = []
    for placement in chosen:
        spot = tables.spot_of(placement)
        assert spot is not None
        alone = not broken_rules(problem, [placement])
        suits = spot.teacher in tables.teachers[placement.meeting] and all(
            venue in dict(rooms)
            for venue, rooms in zip(spot.venues, tables.rooms[placement.meeting], strict=True)
        )
        assert not alone or spot_allowed(state, placement.meeting, spot) == suits
        if alone and suits:
            free = not any(True for _ in meetings_in_the_way(state, placement.meeting, spot))
            assert free == (not broken_rules(problem, [*placed, placement]))
            if free:
                state.place(placement.meeting, spot)
                placed.append(placement)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_effect_of_a_move_is_the_difference_of_two_checks(seed: int) -> None:
    rng = Random(seed)
    problem = tour_problem(seed, 4)
    places: list[Placement | None] = [
        rng.choice(list(every_placement(problem, m))) for m in range(4)
    ]
    live = LiveTimetable(problem, places)

    def found() -> Counter[object]:
        return Counter(finding_key(f) for f in check_placements(problem, places) if f.hard)

    before = found()
    for _ in range(4):
        meeting = rng.randrange(4)
        places[meeting] = rng.choice([None, *every_placement(problem, meeting)])
        effect = live.move(meeting, places[meeting])
        after = found()
        assert Counter(map(finding_key, effect.appearing)) == after - before
        assert Counter(map(finding_key, effect.vanishing)) == before - after
        before = after
