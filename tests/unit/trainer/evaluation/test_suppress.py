"""Suppression: somebody who sees everything shown, and knows the rules, learns nobody's answer."""

from __future__ import annotations

import itertools
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.evaluation.suppress import Counts, Rule, added, is_unanimous, publish

World = tuple[Counts, ...]


def test_cells_with_enough_different_answers_are_shown_singly() -> None:
    cells = {"a": (1, 0, 5), "b": (0, 3, 4), "c": (2, 2, 2)}
    assert publish(cells, Rule(5)) == (("a",), ("b",), ("c",))


def test_a_single_small_cell_is_left_out_of_everything() -> None:
    assert publish({"a": (1, 0, 5), "b": (0, 2, 2)}, Rule(5)) == (("a",),)


def test_small_cells_are_shown_together_where_they_are_enough() -> None:
    assert publish({"a": (1, 5), "b": (1, 2), "c": (0, 2)}, Rule(5)) == (("a",), ("b", "c"))


def test_small_cells_that_all_gave_the_same_stay_out() -> None:
    assert publish({"b": (0, 3), "c": (0, 2)}, Rule(5, "show")) == ()


def test_a_unanimous_cell_is_shown_with_its_neighbour() -> None:
    """Two cells have 6 answers each; 7 of the 12 are the third choice: either may be it."""
    cells = {"a": (0, 0, 6), "b": (2, 3, 1), "c": (9, 9, 9)}
    assert publish(cells, Rule(5)) == (("a", "b", "c"),)
    four = cells | {"d": (8, 9, 9)}
    assert publish(four, Rule(5)) == (("a", "b"), ("c",), ("d",))


def test_a_sum_that_tells_which_cell_is_unanimous_is_not_shown() -> None:
    """Of 5 + 20 answers 5 + 5 are the first choice, the rest fewer: only a can be unanimous."""
    cells = {"a": (5, 0, 0, 0, 0), "b": (1, 4, 4, 4, 4), "c": (4,) * 5, "d": (5,) * 5}
    assert sum(cells["b"]) < sum(cells["c"])
    assert publish(cells, Rule(5)) == (("c",), ("d",))


@pytest.mark.parametrize(
    ("word", "blocks"), [("hide", (("b",),)), ("show", (("a",), ("b",))), ("widen", (("a", "b"),))]
)
def test_what_becomes_of_unanimous_cells_is_a_rule(word: str, blocks: object) -> None:
    assert publish({"a": (0, 6), "b": (1, 6)}, Rule(5, word)) == blocks  # type: ignore[arg-type]


def _worlds(sizes: tuple[int, ...], choices: int) -> list[World]:
    """Return all that people could have answered, by how many gave each answer in each cell."""
    ways = [
        [
            counts
            for counts in itertools.product(range(size + 1), repeat=choices)
            if sum(counts) == size
        ]
        for size in sizes
    ]
    return list(itertools.product(*ways))


def _seen(world: World, rule: Rule) -> tuple[tuple[tuple[int, ...], Counts], ...]:
    # every figure that is ever shown is a sum of these
    blocks = publish(dict(enumerate(world)), rule)
    return tuple((block, added([world[key] for key in block])) for block in blocks)


@pytest.mark.parametrize("unanimous", ["widen", "hide"])
@pytest.mark.parametrize(
    ("sizes", "choices", "threshold"),
    [
        ((1,), 3, 2), ((3,), 2, 2), ((1, 3), 3, 2), ((3, 3), 3, 2), ((2, 5), 2, 2), ((2, 5), 3, 2),
        ((1, 1, 3), 3, 2), ((2, 2, 3), 3, 2), ((3, 3, 4), 2, 3), ((1, 2, 2, 3), 2, 2),
        ((2, 2, 2, 2), 2, 2), ((2, 4), 4, 2), ((1, 1, 1, 4, 4), 2, 2), ((0, 2, 3, 1), 3, 2),
    ],
)  # fmt: skip
def test_somebody_who_tries_all_worlds_cannot_tell_a_hidden_cell_or_an_answer(
    sizes: tuple[int, ...], choices: int, threshold: int, unanimous: str
) -> None:
    """The attacker knows who answered what, the rules, and all that is shown; and tries it all."""
    rule = Rule(threshold, unanimous)  # type: ignore[arg-type]
    alike: dict[object, list[World]] = defaultdict(list)
    for world in _worlds(sizes, choices):
        alike[_seen(world, rule)].append(world)
    for seen, worlds in alike.items():
        singly = {block[0] for block, _counts in seen if len(block) == 1}  # type: ignore[attr-defined]
        for cell, size in enumerate(sizes):
            found = {world[cell] for world in worlds}
            assert size == 0 or cell in singly or len(found) > 1
            given_by_someone = {
                choice for counts in found for choice, count in enumerate(counts) if count
            }
            assert size == 0 or len(given_by_someone) > 1


@st.composite
def _offices(draw: st.DrawFn) -> tuple[Rule, dict[int, Counts]]:
    choices = draw(st.integers(2, 5))
    counts = st.tuples(*[st.integers(0, 4)] * choices)
    alike = st.tuples(st.integers(0, choices - 1), st.integers(1, 9)).map(
        lambda pair: tuple(pair[1] if place == pair[0] else 0 for place in range(choices))
    )
    cells = draw(st.lists(counts | alike, min_size=1, max_size=9))
    rule = Rule(draw(st.integers(2, 7)), draw(st.sampled_from(["widen", "hide"])))
    return rule, dict(enumerate(cells))


@given(_offices(), st.data())
@settings(max_examples=50, deadline=None)
def test_no_combination_of_totals_comes_to_a_hidden_cell(
    office: tuple[Rule, dict[int, Counts]], data: st.DataObject
) -> None:
    """All tables at once, over any groups: equations in the cells, solved exactly."""
    rule, cells = office
    blocks = publish(cells, rule)
    assert len(set(itertools.chain(*blocks))) == sum(map(len, blocks))
    groups = data.draw(st.lists(st.sets(st.sampled_from(sorted(cells))), max_size=6))
    tables = [
        {cell for block in blocks if set(block) <= group for cell in block}
        for group in [*groups, set(cells), *({cell} for cell in cells)]
    ]
    rows = [[Fraction(cell in table) for cell in cells] for table in tables]
    singly = {block[0] for block in blocks if len(block) == 1}
    for cell in cells:
        wanted = [Fraction(other == cell) for other in cells]
        assert (cell in singly) == _spans(rows, wanted)
    for block in blocks:
        counts = added([cells[cell] for cell in block])
        assert sum(counts) >= rule.threshold
        assert not is_unanimous(counts)


def _spans(rows: list[list[Fraction]], wanted: list[Fraction]) -> bool:
    return _rank([*rows, wanted]) == _rank(rows)


def _rank(rows: list[list[Fraction]]) -> int:
    left = [list(row) for row in rows]
    rank = 0
    for column in range(len(left[0])):
        pivot = next((row for row in left[rank:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(rank, pivot)
        for place, row in enumerate(left):
            if place != rank and row[column]:
                share = row[column] / pivot[column]
                left[place] = [one - share * other for one, other in zip(row, pivot, strict=True)]
        rank += 1
    return rank
