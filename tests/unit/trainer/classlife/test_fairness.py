"""Sharing turns: to within one where everybody is there, as even as can be where not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from trainer.classlife.fairness import Turns, share_turns

DAYS = [dt.date(2023, 3, 6) + dt.timedelta(days=number) for number in range(30)]


def loads(turns: Turns, everybody: list[str]) -> list[int]:
    counts = Counter(one for people in turns.values() for one in people)
    return [counts[one] for one in everybody]


@given(st.integers(1, 30), st.integers(1, 20), st.integers(1, 4), st.integers(0, 9))
def test_everybody_who_is_always_there_has_as_many_turns_to_within_one(
    days: int, people: int, each: int, seed: int
) -> None:
    names = [f"P{number:02}" for number in range(people)]
    here = dict.fromkeys(DAYS[:days], names)
    turns = share_turns(DAYS[:days], here, each_day=each, seed=seed)
    assert all(len(set(one)) == len(one) == min(each, people) for one in turns.values())
    found = loads(turns, names)
    assert max(found) - min(found) <= 1
    assert turns == share_turns(DAYS[:days], here, each_day=each, seed=seed)


@given(st.lists(st.sets(st.sampled_from("ABCD")), min_size=1, max_size=6), st.integers(1, 2))
def test_no_other_rota_is_more_even(present: list[set[str]], each: int) -> None:
    """Held against every possible rota: the sum of the squared numbers is the least."""
    days = DAYS[: len(present)]
    here = dict(zip(days, present, strict=True))
    turns = share_turns(days, here, each_day=each)
    assert all(set(turns[day]) <= here[day] for day in days)
    every = product(*(combinations(sorted(one), min(each, len(one))) for one in present))
    least = min(
        sum(count**2 for count in Counter(one for day in rota for one in day).values())
        for rota in every
    )
    assert sum(count**2 for count in loads(turns, list("ABCD"))) == least


def test_turns_of_the_past_count() -> None:
    """A has had two turns, B one: of three days B gets two and C... none had by C weighs most."""
    turns = share_turns(DAYS[:3], dict.fromkeys(DAYS[:3], "ABC"), before={"A": 2, "B": 1})
    assert sorted(one for people in turns.values() for one in people) == ["B", "C", "C"]


def test_nobody_there_is_nobody_on_duty() -> None:
    assert share_turns(DAYS[:1], {}) == {DAYS[0]: []}
