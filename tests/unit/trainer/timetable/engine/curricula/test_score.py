"""The scorer against figures worked out by hand."""

from __future__ import annotations

import pytest

from trainer.errors import Refused, UsageError
from trainer.timetable.engine.curricula.instance import Course, Curriculum, Instance, Room
from trainer.timetable.engine.curricula.score import (
    FORMULATIONS,
    Lecture,
    Timetable,
    formulation_named,
    score,
)
from trainer.timetable.engine.curricula.sol import read_sol, write_sol

ALG, GEO, LAB = 0, 1, 2
A, B = 0, 1

INSTANCE = Instance(
    name="hand",
    days=2,
    periods=4,
    courses=(
        Course("Alg", "Wang", lectures=3, min_days=2, students=30, double=True),
        Course("Geo", "Li", lectures=2, min_days=2, students=42),
        Course("Lab", "Wang", lectures=1, min_days=1, students=10),
    ),
    rooms=(Room("A", 40, "east"), Room("B", 25, "west")),
    curricula=(Curriculum("Year1", (ALG, GEO)), Curriculum("Year2", (LAB,))),
    unavailable=frozenset({(LAB, 1, 0)}),
    unsuitable=frozenset({(GEO, A)}),
    min_load=2,
    max_load=3,
    extended=True,
)

#: Day 0: Alg in A, Geo in A, nothing, Alg in B. Day 1: nothing, Alg in A, nothing, Geo in A; Lab.
GOOD = (
    Lecture(ALG, A, 0, 0),
    Lecture(GEO, A, 0, 1),
    Lecture(ALG, B, 0, 3),
    Lecture(ALG, A, 1, 1),
    Lecture(GEO, A, 1, 3),
    Lecture(LAB, B, 1, 3),
)


def cost(name: str, timetable: Timetable = GOOD) -> dict[str, int]:
    return dict(score(INSTANCE, timetable, FORMULATIONS[name]).cost)


def test_ud2_by_hand() -> None:
    """Seats: Alg in B lacks 5, Geo in A lacks 2 twice. Alone: Alg at (0,3), Alg at (1,1), Geo and
    Lab at (1,3): four times 2. Alg uses two rooms: 1. All courses have days enough.
    """  # noqa: D205
    result = score(INSTANCE, GOOD, FORMULATIONS["UD2"])
    assert result.violations == 0
    assert dict(result.cost) == {
        "RoomCapacity": 9,
        "MinWorkingDays": 0,
        "CurriculumCompactness": 8,
        "RoomStability": 1,
    }
    assert result.total == 18


def test_ud1_halves_what_lies_alone_and_forgets_rooms() -> None:
    assert cost("UD1") == {"RoomCapacity": 9, "MinWorkingDays": 0, "CurriculumCompactness": 4}


def test_ud3_counts_windows_load_and_suitability() -> None:
    """Windows of Year1: one on each day. Loads 3, 2 are right; Year2 has one lecture: one too
    few. Geo is in A twice.
    """  # noqa: D205
    assert cost("UD3") == {
        "RoomCapacity": 9,
        "Windows": 8,
        "StudentMinMaxLoad": 2,
        "RoomSuitability": 6,
    }


def test_ud4_makes_suitability_hard_and_wants_doubles() -> None:
    """Alg has two lectures on day 0, apart and in two rooms: both stand alone."""
    result = score(INSTANCE, GOOD, FORMULATIONS["UD4"])
    assert result.hard["RoomSuitability"] == 2
    assert result.cost["DoubleLectures"] == 2


def test_double_lectures_side_by_side_in_one_room_cost_nothing() -> None:
    together = (Lecture(ALG, A, 0, 0), Lecture(ALG, A, 0, 1), *GOOD[3:])
    apart = (Lecture(ALG, A, 0, 0), Lecture(ALG, B, 0, 1), *GOOD[3:])
    assert cost("UD4", together)["DoubleLectures"] == 0
    assert cost("UD4", apart)["DoubleLectures"] == 2


def test_ud5_counts_a_change_of_site_without_a_break() -> None:
    hurried = (Lecture(ALG, B, 0, 0), *GOOD[1:])
    assert cost("UD5")["TravelDistance"] == 0
    assert cost("UD5", hurried)["TravelDistance"] == 2


def test_min_working_days_count_each_missing_day() -> None:
    one_day = tuple(x._replace(day=0, period=p) for p, x in enumerate(GOOD[:1] + GOOD[2:4]))
    assert cost("UD2", one_day)["MinWorkingDays"] == 5 * (1 + 2 + 1)


@pytest.mark.parametrize(
    ("timetable", "rule", "count"),
    [
        (GOOD[1:], "Lectures", 1),
        ((*GOOD, Lecture(LAB, A, 0, 2)), "Lectures", 1),
        ((*GOOD[:2], Lecture(ALG, B, 0, 0), *GOOD[3:]), "Lectures", 2),
        ((*GOOD[:5], Lecture(LAB, B, 1, 1)), "Conflicts", 1),
        ((GOOD[0], Lecture(GEO, B, 0, 0), *GOOD[2:]), "Conflicts", 1),
        ((*GOOD[:5], Lecture(LAB, B, 1, 0)), "Availability", 1),
        ((*GOOD[:5], Lecture(LAB, A, 1, 3)), "RoomOccupancy", 1),
    ],
)
def test_each_hard_rule_is_counted(timetable: Timetable, rule: str, count: int) -> None:
    hard = dict(score(INSTANCE, timetable, FORMULATIONS["UD2"]).hard)
    assert hard.pop(rule) == count
    assert not any(hard.values())


def test_unknown_formulation_is_refused_with_the_known_ones() -> None:
    assert formulation_named("ud4").name == "UD4"
    with pytest.raises(UsageError, match="UD1, UD2, UD3, UD4, UD5"):
        formulation_named("UD9")


def test_solution_file_round_trip() -> None:
    text = write_sol(INSTANCE, GOOD[::-1])
    assert text.splitlines()[0] == "Alg A 0 0"
    assert sorted(read_sol(INSTANCE, text)) == sorted(GOOD)


@pytest.mark.parametrize("line", ["Alg A 0", "Bio A 0 0", "Alg C 0 0", "Alg A 2 0", "Alg A 0 x"])
def test_foreign_line_of_a_solution_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(Refused, match="line 2"):
        read_sol(INSTANCE, f"Alg A 0 0\n{line}\n")
