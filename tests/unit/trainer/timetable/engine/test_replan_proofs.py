"""What mending says to be proved is true: held to all plans of small timetables, tried one by one.

With published sessions, large classes, days that are past, locks, a budget of moves, suspended
classes, sessions that became longer or are new, and sessions in places that no solver gave them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.mishaps import Mishap, a_row_of_classes, fewest_changes, mishap, priority
from tests.factories.slow_checker import broken_rules
from tests.factories.timetables import PERIODS
from trainer.timetable.engine import mender
from trainer.timetable.engine.check import check_placements
from trainer.timetable.engine.mended import Mended
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Placement,
    Problem,
    Teacher,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.replan import replan
from trainer.timetable.engine.rules import RuleSetting

MONDAY = date(2023, 5, 8)


def mend(case: Mishap) -> Mended:
    return replan(
        case.problem,
        case.absences,
        case.today,
        most_moves=case.most,
        news=case.news,
        alternatives=2,
    )


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_every_proof_is_true(seed: int) -> None:
    case = mishap(seed)
    fewest = fewest_changes(case)
    if fewest is None:
        return
    mended = mend(case)
    left = sum(priority(case.problem, number) for number in mended.left_out)
    possible = fewest.best[0], fewest.best[1] + case.anyway
    assert (left, mended.weight) >= possible
    if mended.minimal:
        assert (left, mended.weight) == possible
    assert mended.fewest_left_out <= fewest.count
    assert mended.bound <= fewest.within(left) + case.anyway
    changed = sum(move.before is not None for move in mended.moves)
    assert mended.fewest_changes <= changed


@given(st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_no_rule_is_broken_nor_the_past_the_locked_or_the_budget_touched(seed: int) -> None:
    case = mishap(seed)
    mended = mend(case)
    for place in case.fixed:
        assert mended.placements[place.meeting] == place
    moves = [m for m in mended.moves if m.before is not None and m.after not in (None, m.before)]
    assert case.most is None or len(moves) <= case.most
    places = [place for place in mended.placements if place is not None]
    if not broken_rules(case.closed, case.fixed):
        assert not broken_rules(case.closed, places)
    for move in mended.moves:
        rest = [place for place in places if place.meeting != move.meeting]
        for other in (move.after, *move.alternatives):
            assert other is None or other.day >= case.today
            if other is not None and not broken_rules(case.closed, case.fixed):
                assert not broken_rules(case.closed, [*rest, other])


@pytest.mark.parametrize("kept", [{"venues": (1,)}, {"teacher": 1}])
def test_a_room_or_a_teacher_that_nobody_asks_for_may_stay(kept: dict[str, object]) -> None:
    """They weigh as much as any other change: nothing is proved at their expense."""
    problem = Problem(
        calendar=Calendar(MONDAY, (True,)),
        periods=PERIODS[:2],
        venues=(Venue("A", "一号教室"), Venue("B", "二号教室")),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史", teachers=(0, 1)), Course("V", "自习", needs_venue=False)),
        classes=(TrainingClass("C", "青干班", 20),),
        meetings=(
            Meeting((Part(0, 0),), stored=Placement(0, MONDAY, 1, (0,), 0)),
            Meeting(
                (Part(0, 1),),
                stored=replace(Placement(1, MONDAY, 1, (None,), None), **kept),  # type: ignore[arg-type]
                published=True,
            ),
        ),
        travel=((0, 0), (0, 0)),
    )
    # both at once: one of them has to leave
    mended = replan(problem, [], MONDAY)
    assert [move.meeting for move in mended.moves] == [0]
    assert (mended.weight, mended.bound, mended.minimal) == (1, 1, True)


@pytest.mark.parametrize(
    ("seed", "rule"), [(20, "unbroken"), (80, "working_time"), (87, "spread"), (98, "unbroken")]
)
def test_a_soft_rule_that_an_office_made_hard_is_kept(seed: int, rule: str) -> None:
    """Plans that break it and change as little are there in each of these cases."""
    case = mishap(seed)
    case = replace(case, problem=replace(case.problem, rules={rule: RuleSetting(level="hard")}))
    stored = [meeting.stored for meeting in case.problem.meetings]
    assert not any(found.rule == rule for found in check_placements(case.closed, stored))
    mended = mend(case)
    assert mended.moves
    assert not any(found.rule == rule for found in check_placements(case.closed, mended.placements))


def test_parts_that_have_little_to_do_with_each_other_are_proved_apart() -> None:
    """Four classes in a room each, all closed: each has to push one of another course away."""
    count = 4
    stored = [
        Placement(number, MONDAY, number % 2, (number // 2,), number % 2)
        for number in range(2 * count)
    ]
    problem = Problem(
        calendar=Calendar(MONDAY, (True, True)),
        periods=PERIODS[:2],
        venues=tuple(Venue(f"R{n}", f"R{n}") for n in range(count)),
        teachers=(Teacher("T", "王老师"), Teacher("S", "李老师")),
        courses=(Course("K", "党史"), Course("J", "法律")),
        classes=tuple(
            TrainingClass(f"C{n}", f"C{n}", 20, earliest=MONDAY, latest=MONDAY, venues=(n,))
            for n in range(count)
        ),
        meetings=tuple(
            Meeting((Part(p.meeting // 2, p.meeting % 2),), stored=replace(p, teacher=None))
            for p in stored
        ),
        travel=((0,) * count,) * count,
    )
    # the first of each class may no longer be in the first period, which the second then takes
    fixed = tuple(
        replace(m, fixed_period=1) if number % 2 == 0 else replace(m, published=True)
        for number, m in enumerate(problem.meetings)
    )
    mended = replan(replace(problem, meetings=fixed), [], MONDAY)
    assert len(mended.moves) == 2 * count
    assert (mended.weight, mended.bound, mended.minimal) == (count * 6, count * 6, True)
    assert mended.fewest_changes == 2 * count


def test_what_could_not_be_proved_has_a_bound_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first has to go, and pushes the next on; that all others are pushed on is not proved."""
    monkeypatch.setattr(mender, "EFFORT_IN_ALL", 0.0)
    problem = a_row_of_classes(6)
    closed = Absence("venue", "R", "R", MONDAY, MONDAY, venues=(0,))
    mended = replan(problem, [closed], MONDAY)
    assert len(mended.moves) == 6
    assert (mended.fewest_changes, mended.bound, mended.minimal) == (2, 2, False)
