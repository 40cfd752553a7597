"""What is typed about leaving the grounds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exittyped import Wanted, exit_typed, moment_typed

TODAY = dt.date(2023, 3, 7)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return a time of March."""
    return dt.datetime.combine(dt.date(2023, 3, day), dt.time(hour, minute))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("18:00-21:30 市医院 看病", Wanted(at(7, 18), at(7, 21, 30), "市医院 看病")),
        ("1800-2130", Wanted(at(7, 18), at(7, 21, 30), "")),
        ("１８：００－２１：３０　超市", Wanted(at(7, 18), at(7, 21, 30), "超市")),
        ("3-09 8:00-12:00 邮局", Wanted(at(9, 8), at(9, 12), "邮局")),
        ("18:00-0308 7:00 回家", Wanted(at(7, 18), at(8, 7), "回家")),
        ("3月09日 8:00 ~ 3月10日 9:00", Wanted(at(9, 8), at(10, 9), "")),
        ("21:30-18:00", None),
        ("18:00", None),
        ("25:00-26:00", None),
        ("13-45 8:00-9:00", None),
        ("", None),
    ],
)
def test_typed_and_understood(text: str, wanted: Wanted | None) -> None:
    """Today unless a date comes before the time; over night with a second date."""
    assert exit_typed(text, TODAY) == wanted


@given(st.text(alphabet="0123456789:-~ 月日市", max_size=24))
def test_whoever_leaves_comes_back_later(text: str) -> None:
    """Whatever is typed, the return is after the start."""
    wanted = exit_typed(text, TODAY)
    assert wanted is None or wanted.out < wanted.due


def test_a_time_of_return() -> None:
    """Of the day of the deadline unless a date is given."""
    assert moment_typed("2145", TODAY) == at(7, 21, 45)
    assert moment_typed("0308 7:05", TODAY) == at(8, 7, 5)
    assert moment_typed("soon", TODAY) is None
