"""What ``timetable replan`` says of how few changes are possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from trainer.phrases import current_language, set_language
from trainer.timetable.affected import Affected
from trainer.timetable.reasons import Place
from trainer.timetable.replanned import Moved, Replanned
from tui.cli.timetable.naming import Names
from tui.cli.timetable.replanning import _print_counts, _print_proof, print_moves

HERE = Place(("C", "K", 1), dt.date(2023, 5, 8), "A1", ("R",), None)
MOVED = Moved(HERE.key, ("C",), (), HERE, replace(HERE, period="A2"), 1, 1, ())
FOUND = Replanned(
    moves=(MOVED,) * 10,
    affected=Affected((), (), ()),
    fewest_left_out=0,
    weight=47,
    bound=43,
    fewest_changes=8,
    minimal=False,
    seconds=0.0,
    stored=None,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = current_language()
    set_language("en")
    yield
    set_language(before)


def test_without_a_proof_it_says_how_many_changes_there_are_at_least(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _print_proof(FOUND)
    told = capsys.readouterr().out
    assert "any plan changes at least 8 (weight 47, at least 43)" in told
    assert FOUND.document()["least_changes"] == 8


def test_changes_are_told_by_name_and_the_unknown_by_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = Names({"C": "青年班"}, {"K": "党史"}, {"R": "报告厅"}, {"T": "王老师"}, {"A1": "1st"})
    taught = replace(MOVED, before=replace(HERE, teacher="T"), alternatives=(HERE,))
    print_moves((taught, replace(MOVED, after=None)), names)
    assert capsys.readouterr().out.splitlines() == [
        "  青年班 党史 no. 1: 2023-05-08 1st 报告厅 王老师 becomes 2023-05-08 A2 报告厅 -",
        "      or 2023-05-08 1st 报告厅 -",
        "  青年班 党史 no. 1: 2023-05-08 1st 报告厅 - is taken off",
    ]


def test_a_proof_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    _print_proof(replace(FOUND, minimal=True))
    assert capsys.readouterr().out.strip() == "it is proved that fewer changes do not suffice"


def test_a_budget_of_moves_is_named_where_something_is_taken_off(
    capsys: pytest.CaptureFixture[str],
) -> None:
    taken_off = replace(FOUND, moves=(MOVED, replace(MOVED, after=None)))
    _print_counts(taken_off, 1)
    told = capsys.readouterr().out
    assert "no more than 1 may move (--max-moves)" in told
    _print_counts(taken_off, None)
    _print_counts(FOUND, 10)
    assert "--max-moves" not in capsys.readouterr().out
