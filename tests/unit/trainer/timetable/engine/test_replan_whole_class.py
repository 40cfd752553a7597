"""A whole class has to move: others give way, far more of them than share its classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.factories.mishaps import a_row_of_classes
from trainer.timetable.engine import mender
from trainer.timetable.engine.costs import Costs
from trainer.timetable.engine.homes import MOVE_COST
from trainer.timetable.engine.model import Model
from trainer.timetable.engine.problem import (
    Absence,
    Calendar,
    Course,
    Meeting,
    Part,
    Period,
    Placement,
    Problem,
    TrainingClass,
    Venue,
)
from trainer.timetable.engine.replan import replan
from trainer.timetable.engine.search import Budget
from trainer.timetable.engine.sketch import sketch
from trainer.timetable.engine.solution import Limits
from trainer.timetable.engine.state import State
from trainer.timetable.engine.tables import Tables

MONDAY = date(2023, 5, 8)
PERIODS, DAYS, MEETINGS = 4, 3, 12


def later(days: int) -> date:
    return MONDAY + timedelta(days=days)


def two_classes_in_one_room(fixed: int = 0) -> Problem:
    """Return one class on the first three days, another on the next three, in the only room.

    The first must end with the sixth day, the second with the ninth. Of the first class's meetings
    so many are ``fixed`` to their day.
    """
    stored = [Placement(m, later(m // PERIODS), m % PERIODS, (0,), None) for m in range(24)]
    return Problem(
        calendar=Calendar(MONDAY, (True,) * 9),
        periods=tuple(
            Period(f"P{n}", f"P{n}", 480 + 60 * n, 530 + 60 * n, "AM") for n in range(PERIODS)
        ),
        venues=(Venue("R", "R", capacity=50),),
        courses=(Course("K", "K"),),
        classes=(
            TrainingClass("A", "A", 20, earliest=MONDAY, latest=later(5)),
            TrainingClass("B", "B", 20, earliest=MONDAY, latest=later(8)),
        ),
        meetings=tuple(
            Meeting(
                (Part(each.meeting // MEETINGS, 0, each.meeting),),
                stored=each,
                fixed_day=each.day if each.meeting < fixed else None,
            )
            for each in stored
        ),
    )


def suspended(*classes: int) -> Absence:
    return Absence("unit", "U", "U", MONDAY, later(DAYS - 1), classes=classes)


def test_a_class_suspended_for_days_pushes_another_class_back() -> None:
    mended = replan(two_classes_in_one_room(), [suspended(0)], MONDAY)
    assert mended.left_out == ()
    assert {move.after.day for move in mended.moves[:MEETINGS] if move.after} == set(
        map(later, range(DAYS, 2 * DAYS))
    )
    assert (len(mended.moves), mended.minimal) == (2 * MEETINGS, True)


@pytest.mark.parametrize("fixed", [1, 3])
def test_where_some_cannot_be_kept_all_others_still_are(fixed: int) -> None:
    mended = replan(two_classes_in_one_room(fixed), [suspended(0)], MONDAY)
    assert mended.left_out == tuple(range(fixed))
    assert mended.fewest_left_out == fixed


def test_a_sketch_leaves_the_state_as_it_was() -> None:
    problem = two_classes_in_one_room()
    tables = Tables(replace(problem, absences=(suspended(0),)))
    state = State(tables, Costs(tables))
    for meeting in range(MEETINGS, 2 * MEETINGS):
        stored = problem.meetings[meeting].stored
        assert stored is not None
        spot = tables.spot_of(stored)
        assert spot is not None
        state.place(meeting, spot)
    before, cost = list(state.spots), state.cost
    everything = range(2 * MEETINGS)
    changed = sketch(state, everything, range(MEETINGS, 2 * MEETINGS), None)
    assert (state.spots, state.cost) == (before, cost)
    assert set(changed) == set(everything)
    assert None not in changed.values()


def test_a_search_keeps_everything_where_the_exact_model_finds_no_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each class pushes the next one on; nobody is left without a place for want of time."""
    for name in ("EFFORT", "EFFORT_IN_ALL", "PARTIAL_EFFORT", "PARTIAL_EFFORT_IN_ALL"):
        monkeypatch.setattr(mender, name, 1e-9)
    closed = Absence("venue", "R", "R", MONDAY, MONDAY, venues=(0,))
    mended = replan(a_row_of_classes(6), [closed], MONDAY)
    assert mended.left_out == ()
    assert [move.after.day for move in mended.moves if move.after] == [
        later(m + 1) for m in range(6)
    ]


def test_what_costs_less_than_the_best_is_proved_not_to_be_there() -> None:
    problem = a_row_of_classes(4)
    closed = Absence("venue", "R", "R", MONDAY, MONDAY, venues=(0,))
    tables = Tables(replace(problem, absences=(closed,)))
    homes = [tables.spot_of(m.stored) for m in problem.meetings if m.stored is not None]
    home = {m: (spot, 1) for m, spot in enumerate(homes) if spot is not None}

    def outcome(below: int) -> tuple[str, int]:
        state = State(tables, Costs(tables))
        model = Model(state, [0, 1, 2, 3], required=True, home=home, gentle=False, below=below)
        found = model.solve(Budget(Limits(work=1)), effort=1.0)
        return found.outcome, found.cost

    assert outcome(4 * MOVE_COST + 1) == ("optimal", 4 * MOVE_COST)
    assert outcome(4 * MOVE_COST)[0] == "infeasible"
