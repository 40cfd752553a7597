"""The dates that people type."""

from __future__ import annotations

import datetime as dt

import pytest

from tui.screens.dates import date_typed

NEAR = dt.date(2023, 3, 1)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023-04-05", dt.date(2023, 4, 5)),
        ("2023年4月5日", dt.date(2023, 4, 5)),
        ("20230405", dt.date(2023, 4, 5)),
        ("4-5", dt.date(2023, 4, 5)),
        ("4月5日", dt.date(2023, 4, 5)),
        ("４月５日", dt.date(2023, 4, 5)),
        ("0405", dt.date(2023, 4, 5)),
        ("5", dt.date(2023, 3, 5)),
        ("+7", dt.date(2023, 3, 8)),
        ("-1", dt.date(2023, 2, 28)),
    ],
)
def test_a_date_is_understood(text: str, date: dt.date) -> None:
    """In full, without its year, as figures, or as days from the one on show."""
    assert date_typed(text, NEAR) == date


@pytest.mark.parametrize("text", ["", "yesterday", "2-30", "13-1", "2023-0-5", "1-2-3-4", "+"])
def test_what_is_no_date_is_none(text: str) -> None:
    """Nonsense and days that do not exist are no dates."""
    assert date_typed(text, NEAR) is None
