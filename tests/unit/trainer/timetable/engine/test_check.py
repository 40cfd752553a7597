"""The checker agrees with a slow and obvious one, and names what is wrong with foreign sessions."""

# ruff: noqa: S311 - random problems are repeatable on purpose

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.slow_checker import broken_rules
from tests.factories.slow_costs import soft_units
from tests.factories.timetables import PERIODS, office_year, tiny_problem
from trainer.timetable.engine.check import check, check_placements, cost_by_rule
from trainer.timetable.engine.problem import (
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    Sitting,
    Teacher,
    TrainingClass,
    Venue,
    sittings_of,
)
from trainer.timetable.engine.rules import SOFT_IDS, RuleSetting
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.solve import solve


def random_placements(problem: Problem, rng: Random) -> list[Placement]:
    """Put each meeting anywhere, right or wrong."""
    placements = []
    for index, meeting in enumerate(problem.meetings):
        venues: list[int | None] = [None, *range(len(problem.venues))]
        teachers: list[int | None] = [None, *range(len(problem.teachers))]
        start = rng.randrange(max(1, len(problem.periods) - meeting.length + 1))
        day = problem.calendar.day(rng.randrange(len(problem.calendar)))
        rooms = tuple(rng.choice(venues) for _ in meeting.parts)
        if start + meeting.length <= len(problem.periods):
            placements.append(Placement(index, day, start, rooms, rng.choice(teachers)))
    return placements


@given(st.integers(0, 10**6))
@settings(max_examples=300, deadline=None)
def test_hard_rules_agree_with_the_slow_checker(seed: int) -> None:
    problem = tiny_problem(seed, meetings=5)
    placements = random_placements(problem, Random(seed))
    found = {f.rule for f in check_placements(problem, placements) if f.hard}
    assert found == broken_rules(problem, placements)


@given(st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_soft_rules_agree_with_the_slow_checker(seed: int) -> None:
    problem = tiny_problem(seed, meetings=6)
    rng = Random(seed)
    stored = random_placements(problem, rng)
    meetings = list(problem.meetings)
    for placement in stored[::2]:
        known = replace(meetings[placement.meeting], stored=placement, published=rng.random() < 0.5)
        meetings[placement.meeting] = known
    problem = replace(problem, meetings=tuple(meetings))
    placements = [
        p if rng.random() < 0.3 else q
        for p, q in zip(stored, random_placements(problem, rng), strict=True)
    ]
    placements = [p for p in placements if rng.random() < 0.9]
    found = {name: 0 for name in SOFT_IDS if name != "sturdy"}
    for finding in check_placements(problem, placements):
        if not finding.hard:
            found[finding.rule] += finding.cost
    units = soft_units(problem, placements)
    assert found == {name: units[name] for name in found}


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_order_of_sessions_does_not_matter(seed: int) -> None:
    problem = tiny_problem(seed, meetings=5)
    sittings = [
        s for p in random_placements(problem, Random(seed)) for s in sittings_of(problem, p)
    ]
    shuffled = sittings.copy()
    Random(seed).shuffle(shuffled)
    one, other = check(problem, sittings), check(problem, shuffled)
    assert cost_by_rule(problem, one) == cost_by_rule(problem, other)
    assert {(f.rule, frozenset(f.touches)) for f in one if f.rule != "H2"} == {
        (f.rule, frozenset(f.touches)) for f in other if f.rule != "H2"
    }


DAY = date(2023, 5, 8)


def small(**changes: object) -> Problem:
    problem = Problem(
        calendar=Calendar(DAY, (True,) * 5),
        periods=PERIODS,
        venues=(Venue("A", "一号教室", capacity=30), Venue("B", "二号教室", capacity=10)),
        teachers=(Teacher("T", "王老师"),),
        courses=(Course("K", "党史", teachers=(0,)),),
        classes=(TrainingClass("C", "青干班", 20),),
        meetings=(Meeting((Part(0, 0, 1, uid="u1"),)), Meeting((Part(0, 0, 2, uid="u2"),))),
        travel=((0, 5), (5, 0)),
        buffer=10,
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def hard_rules(problem: Problem, *sittings: Sitting) -> list[str]:
    return [finding.rule for finding in check(problem, sittings) if finding.hard]


def test_a_good_session_breaks_nothing() -> None:
    assert hard_rules(small(), Sitting(0, 0, DAY, 0, 0, 0)) == []


def test_the_places_of_a_class_hold_whether_or_not_they_suit_the_course() -> None:
    """A class that meets only in the field has no classroom, even where one is asked for."""
    problem = small(
        venues=(Venue("A", "一号教室"), Venue("F", "示范田", "field_site")),
        courses=(Course("K", "党史", kinds=frozenset({"classroom"}), teachers=(0,)),),
        classes=(TrainingClass("C", "青干班", 20, venues=(1,)),),
    )
    assert hard_rules(problem, Sitting(0, 0, DAY, 0, 0, 0)) == ["H5"]
    assert hard_rules(problem, Sitting(0, 0, DAY, 0, 1, 0)) == ["H5"]
    solution = solve(problem, Limits(work=50))
    assert (solution.status, solution.placed) == ("infeasible", 0)


def test_a_start_that_is_no_period_is_found() -> None:
    sitting = Sitting(0, 0, DAY, None, 0, 0, start=500, end=550)
    assert hard_rules(small(), sitting) == ["H9"]


def test_a_wrong_length_and_an_overrun_are_found() -> None:
    assert hard_rules(small(), Sitting(0, 0, DAY, 0, 0, 0, length=2)) == ["H9"]
    rules = hard_rules(small(), Sitting(0, 0, DAY, 4, 0, 0, length=2))
    assert rules == ["H9", "H9", "H10"]


def test_actual_times_decide_about_overlap() -> None:
    one = Sitting(0, 0, DAY, 0, 0, 0, start=510, end=605)
    assert hard_rules(small(), one, Sitting(1, 0, DAY, 1, 0, 0)) == ["H1", "H2", "H3"]


def test_a_day_outside_the_calendar_is_no_working_day() -> None:
    sitting = Sitting(0, 0, DAY + timedelta(days=400), 0, 0, 0)
    assert hard_rules(small(), sitting) == ["H10"]


def test_a_session_stored_twice_is_found() -> None:
    one = Sitting(0, 0, DAY, 0, 0, 0)
    assert "H8" in hard_rules(small(), one, replace(one, period=2))


def test_a_joint_meeting_torn_apart_is_found() -> None:
    problem = small(
        classes=(TrainingClass("C", "青干班", 5), TrainingClass("D", "村书记班", 5)),
        meetings=(Meeting((Part(0, 0), Part(1, 0))),),
    )
    together = Sitting(0, 0, DAY, 0, 0, 0), Sitting(0, 1, DAY, 0, 0, 0)
    assert hard_rules(problem, *together) == []
    assert hard_rules(problem, together[0], replace(together[1], period=2)) == ["H8"]


def test_joint_classes_in_one_room_are_summed() -> None:
    problem = small(
        classes=(TrainingClass("C", "青干班", 16), TrainingClass("D", "村书记班", 16)),
        meetings=(Meeting((Part(0, 0), Part(1, 0))),),
        venues=(Venue("A", "一号教室", capacity=30), Venue("B", "二号教室", capacity=30)),
    )
    in_one = Sitting(0, 0, DAY, 0, 0, 0), Sitting(0, 1, DAY, 0, 0, 0)
    assert hard_rules(problem, *in_one) == ["H4"]
    assert hard_rules(problem, in_one[0], replace(in_one[1], venue=1)) == []


def test_what_the_syllabus_fixes_stands_on_a_sunday_outside_the_window() -> None:
    sunday = DAY + timedelta(days=6)
    problem = small(
        classes=(TrainingClass("C", "青干班", 20, latest=DAY, max_days=1),),
        meetings=(Meeting((Part(0, 0),), fixed_day=sunday, fixed_period=4), Meeting((Part(0, 0),))),
    )
    assert hard_rules(problem, Sitting(0, 0, sunday, 4, 0, 0), Sitting(1, 0, DAY, 0, 0, 0)) == []


def test_the_buffer_counts_even_where_the_way_is_nothing() -> None:
    problem = small(travel=((0, 0), (0, 0)), classes=(TrainingClass("C", "青干班", 8),), buffer=11)
    one = Sitting(0, 0, DAY, 0, 0, 0)
    rules = hard_rules(problem, one, Sitting(1, 0, DAY, 1, 1, 0))
    assert rules == ["H7", "H7"]  # for the class and for its teacher
    assert hard_rules(problem, one, Sitting(1, 0, DAY, 2, 1, 0)) == []


def test_an_office_makes_a_soft_rule_hard_or_switches_it_off() -> None:
    practice = Course("K", "插秧", strand="practice", form="field", kinds=frozenset({"field_site"}))
    problem = small(
        courses=(practice,),
        venues=(Venue("F", "示范田", "field_site"),),
        travel=((0,),),
        calendar=Calendar(DAY, (True,) * 5, ((600, 900),) * 5),
    )
    sitting = Sitting(0, 0, DAY, 0, 0)
    found = [(f.rule, f.hard) for f in check(problem, [sitting]) if f.rule == "daylight"]
    assert found == [("daylight", False)]
    harder = replace(problem, rules={"daylight": RuleSetting(level="hard")})
    assert hard_rules(harder, sitting) == ["daylight"]
    off = replace(problem, rules={"daylight": RuleSetting(level="off")})
    assert all(f.rule != "daylight" for f in check(off, [sitting]))


def test_messages_name_class_course_and_date_in_both_languages() -> None:
    message = check(small(), [Sitting(0, 0, DAY, 0, 1, 0)])[0].message
    for language in ("en", "zh"):
        text = message.text(language)
        assert all(word in text for word in ("青干班", "党史", "2023-05-08", "二号教室", "20"))


@pytest.mark.slow
def test_a_year_is_checked_in_a_second() -> None:
    problem = office_year()
    placements = random_placements(problem, Random(1))
    started = time.thread_time()
    check_placements(problem, placements)
    # some 0.05 s by itself; the rest is room for a collector with a whole test run in memory
    assert time.thread_time() - started < 3
