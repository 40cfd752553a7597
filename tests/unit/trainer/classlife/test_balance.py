"""Dividing people: sizes and units within one, the same for the same seed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from trainer.classlife.balance import divide, join
from trainer.classlife.facts import Member

CLASSES = st.lists(
    st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(["m", "f", None]), st.sampled_from("xyz")),
    min_size=1,
    max_size=40,
).map(
    lambda rows: [
        Member(f"P{number:02}", "", unit=unit, gender=gender, category=category)  # type: ignore[arg-type]
        for number, (unit, gender, category) in enumerate(rows)
    ]
)


def spread(counts: list[int]) -> int:
    return max(counts) - min(counts)


@given(CLASSES, st.integers(1, 9), st.integers(0, 5))
def test_everybody_is_in_one_part_and_sizes_and_units_are_even(
    people: list[Member], parts: int, seed: int
) -> None:
    found = divide(people, parts, seed)
    assert sorted(code for part in found for code in part) == [one.person for one in people]
    assert spread([len(part) for part in found]) <= 1
    unit = {one.person: one.unit for one in people}
    for name in set(unit.values()):
        assert spread([sum(unit[code] == name for code in part) for part in found]) <= 1
    assert divide(reversed(people), parts, seed) == found


def test_genders_and_categories_are_evened_out() -> None:
    """12 men and 12 women of one unit in three categories: each group has 2 of each pair."""
    people = [
        Member(
            f"P{number:02}",
            "",
            unit="U",
            gender="m" if number < 12 else "f",
            category="xyz"[number % 3],
        )
        for number in range(24)
    ]
    for part in divide(people, 4, 7):
        chosen = [one for one in people if one.person in part]
        assert Counter(one.gender for one in chosen) == {"m": 3, "f": 3}
        assert Counter(one.category for one in chosen) == {"x": 2, "y": 2, "z": 2}


def test_newcomers_join_the_smallest_group() -> None:
    """Those who have a group stay; two newcomers even three groups of 2, 1 and 1 out."""
    known = {
        "一": [Member("P1", "", unit="A"), Member("P2", "", unit="B")],
        "二": [Member("P3", "", unit="A")],
        "三": [Member("P4", "", unit="B")],
    }
    joined = join(known, [Member("P5", "", unit="A"), Member("P6", "", unit="B")])
    assert joined == {"P5": "三", "P6": "二"}
