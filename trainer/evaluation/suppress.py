"""Which totals of an evaluation may be shown: pure, from counts alone.

The answers to one question in one evaluation fall into cells, one for each thing that was asked
about (a course, a session, the class). ``publish`` groups cells into *blocks*. Whatever is ever
shown, along whichever dimension and for whichever period, is a sum of whole blocks, and a cell
outside every block enters no figure at all. So the totals of rows and columns, the differences of
two reports, and every other combination of figures come to sums of blocks again: nothing finer can
be worked out. That is what complementary suppression is for, without a search for it.

A block is one cell, or several of which only the sum is shown:

* a cell with fewer answers than the threshold is never shown by itself. All of them together are
  one block where they have enough answers between them that are not all the same, and may be those
  of enough people: two who answered about ten courses each are two. Otherwise they are left out.
* a cell in which all gave the same answer tells what each of them gave. It is shown together with
  its neighbour (``widen``), left out (``hide``), or shown all the same (``show``). Neighbours are
  told by the numbers of answers alone, and *both* are shown as one: which of the two is unanimous
  is not told. Where the sum would tell it, both are left out.

Somebody who knows these rules, every figure and how many answered what finds at least two answers
that each person may have given, and two sets of counts that each cell not shown may have; tests try
all of them. What no totals protect from: people who tell one another what they answered;
and whoever alone differed from all others in a cell sees what they answered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

Unanimous = Literal["widen", "hide", "show"]
UNANIMOUS: Final = ("widen", "hide", "show")
#: How many answers each choice of a question had.
Counts = tuple[int, ...]
Cell = TypeVar("Cell", bound=Hashable)
#: Of how many possible explanations one must not be left alone.
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """How few answers are too few, and what becomes of cells in which all gave the same."""

    threshold: int = 5
    unanimous: Unanimous = "widen"


def publish(
    cells: Mapping[Cell, Counts],
    rule: Rule,
    people: Callable[[Sequence[Cell]], int] | None = None,
) -> tuple[tuple[Cell, ...], ...]:
    """Return the blocks of which sums may be shown; cells in none of them are left out.

    The keys must be sortable and the same whatever was answered. ``people`` tells how many may have
    given the answers in some cells; left out, each answer may be somebody else's.
    """
    answered = {key: counts for key, counts in cells.items() if any(counts)}
    few = sorted(key for key in answered if sum(answered[key]) < rule.threshold)  # type: ignore[type-var]
    pooled = _may_be_pooled([answered[key] for key in few], rule)
    if pooled and people is not None:
        pooled = people(few) >= rule.threshold
    blocks = [tuple(few)] if pooled else []
    many = [key for key in answered if key not in set(few)]
    many.sort(key=lambda key: (sum(answered[key]), key))
    for family in _families(many):
        blocks += _blocks_of(family, answered, rule)
    return tuple(sorted(blocks))


def added(cells: Sequence[Counts]) -> Counts:
    """Return the sums of counts, choice by choice."""
    return tuple(map(sum, zip(*cells, strict=True)))


def is_unanimous(counts: Counts) -> bool:
    """Tell whether all gave the same answer."""
    return sum(counts) == max(counts, default=0)


def _may_be_pooled(cells: Sequence[Counts], rule: Rule) -> bool:
    if len(cells) < _TWO:
        return False
    counts = added(cells)
    return sum(counts) >= rule.threshold and not is_unanimous(counts)


def _families(cells: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    """Return cells two by two, in the order of their sizes; of an odd number the last three."""
    last = len(cells) - len(cells) % _TWO
    found = [tuple(cells[place : place + _TWO]) for place in range(0, last, _TWO)]
    if last < len(cells):
        found = [*found[:-1], (*(found[-1] if found else ()), cells[-1])]
    return found


def _blocks_of(
    family: tuple[Cell, ...], counts: Mapping[Cell, Counts], rule: Rule
) -> list[tuple[Cell, ...]]:
    plain: list[tuple[Cell, ...]] = [(key,) for key in family if not is_unanimous(counts[key])]
    if rule.unanimous == "show" or len(plain) == len(family):
        return [(key,) for key in family]
    if rule.unanimous == "hide":
        return plain
    return [family] if _keeps_secret([counts[key] for key in family]) else []


def _keeps_secret(cells: Sequence[Counts]) -> bool:
    """Tell whether the sum leaves open which cell is unanimous, and in what.

    It looks at the sum and the sizes only, which somebody may know, so that the answer tells
    nothing new.
    """
    total = added(cells)
    suspects = sum(count >= sum(counts) for counts in cells for count in total)
    return len(cells) >= _TWO and suspects >= _TWO and not is_unanimous(total)
