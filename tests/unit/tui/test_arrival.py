"""What is typed about coming and going, and the minutes that follow from it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.arrival import arrival_typed
from tui.rollbook import Said

START, END = dt.time(8, 30), dt.time(10, 10)
TYPED: dict[str, Said | None] = {
    "12": ("late", 12),
    "0": ("present", None),
    "0842": ("late", 12),
    "842": ("late", 12),
    "8:42": ("late", 12),
    "８：４２": ("late", 12),
    "8.42": ("late", 12),
    "08:10": ("present", None),
    "-15": ("early", 15),
    "-9:40": ("early", 30),
    "-1010": ("present", None),
    "8:35-10:00": ("early", 15),
    "8:50 ~ 10:00": ("late", 30),
    "5-5": ("late", 10),
    "10:10": ("absent", 100),
    "23:00": ("absent", 100),
    "-0800": ("absent", 100),
    "": None,
    "-": None,
    "5-": None,
    "8:75": None,
    "2510": None,
    "abc": None,
    "12345": None,
}


@pytest.mark.parametrize("text", TYPED)
def test_typed_and_understood(text: str) -> None:
    """Minutes, times with and without a colon, departures after a dash; nonsense is nothing."""
    assert arrival_typed(text, START, END) == TYPED[text]


@given(st.text(alphabet="0123456789:-~. ", max_size=12))
def test_minutes_never_exceed_the_session(text: str) -> None:
    """Whatever is typed, nobody misses more than there was, and present misses nothing."""
    said = arrival_typed(text, START, END)
    if said is not None:
        status, minutes = said
        assert (status == "present") == (minutes is None)
        assert minutes is None or 0 < minutes <= 100
        assert (status == "absent") == (minutes == 100)
