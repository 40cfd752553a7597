"""A sample of the long proofs; ``make soak`` runs them at full length."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.registers import Register
from tests.soak.crash import crash_rolls
from tests.soak.laptops import merge_laptops, small_truth
from tests.soak.splits import merge_splits
from trainer.clock import Clock
from trainer.desk import Desk


@pytest.mark.slow
def test_killed_roll_calls_lose_nothing_that_was_acknowledged(url: str, tmp_path: Path) -> None:
    """Four roll calls killed by signal 9: every acknowledged mark is there, none twice."""
    figures = crash_rolls(url, rolls=4, seed=3)
    assert figures.acknowledged >= 4
    assert figures.good, figures


def test_ten_laptops_merge_to_the_exact_figures(sqlite_url: str) -> None:
    """Overlaps, wrong clocks, repeats, random order: person-times exact, conflicts all listed."""
    desk = Desk(sqlite_url, "soak", Clock(fixed=None))
    truth = small_truth(Register(desk), classes=6, people=80, seed=5)
    figures = merge_laptops(desk, truth, seed=5)
    assert figures.good, figures
    assert figures.disagreements > 0


def test_histories_split_over_laptops_merge_to_the_same_state(url: str) -> None:
    """Files, folders and class databases, overlapping, repeated, in any order: no event is lost."""
    figures = merge_splits(Desk(url, "soak"), histories=60, seed=7, each=30)
    assert figures.histories == 60
    assert figures.good, figures
