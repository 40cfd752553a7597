"""What is typed about coming and going, and the minutes that follow from it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.attendance.rules import Rules
from tui.arrival import arrival_typed, by_limits, departure_typed
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
    "8:35-10:00": ("late", 15),
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
    assert arrival_typed(text, START, END, Rules()) == TYPED[text]


@given(st.text(alphabet="0123456789:-~. ", max_size=12))
def test_minutes_never_exceed_the_session(text: str) -> None:
    """Whatever is typed, nobody misses more than there was, and present misses nothing."""
    said = arrival_typed(text, START, END, Rules())
    if said is not None:
        status, minutes = said
        assert (status == "present") == (minutes is None)
        assert minutes is None or 0 < minutes <= 100
        assert (status == "absent") == (minutes == 100)


@pytest.mark.parametrize(
    ("text", "said"),
    [("10", ("present", None)), ("11", ("late", 11)), ("8:40", ("present", None)),
     ("-5", ("present", None)), ("-6", ("early", 6)), ("11-6", ("late", 17)),
     ("35-30", ("absent", 65))],
)  # fmt: skip
def test_limits_in_force_decide_as_they_do_by_the_clock(text: str, said: Said) -> None:
    """Ten late, five early and sixty in all are allowed, whichever way it comes in."""
    rules = Rules(late_after_minutes=10, early_after_minutes=5, absent_after_minutes=60)
    assert arrival_typed(text, START, END, rules) == said


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("20", 20), ("-20", 20), ("100", 100), ("9:40", 30), ("940", 30), ("0940", 30),
     ("９：４０", 30), ("10:30", 0), ("0", 0), ("7:00", None), ("101", None), ("", None),
     ("soon", None), ("9:75", None)],
)  # fmt: skip
def test_leaving_is_minutes_or_a_time(text: str, minutes: int | None) -> None:
    """Up to the length of the session a number is minutes; above, and with a colon, a time."""
    assert departure_typed(text, START, END) == minutes


@pytest.mark.parametrize(
    ("said", "meant"),
    [(("late", 12), ("late", 12)), (("late", 10), ("present", None)),
     (("early", 5), ("present", None)), (("early", 6), ("early", 6)),
     (("late", 61), ("absent", 61)), (("late", None), ("late", None)),
     (("absent", None), ("absent", None))],
)  # fmt: skip
def test_minutes_of_a_paper_sheet_follow_the_limits_too(said: Said, meant: Said) -> None:
    """Ten late, five early and sixty in all are allowed; a status without minutes stays."""
    rules = Rules(late_after_minutes=10, early_after_minutes=5, absent_after_minutes=60)
    assert by_limits(said, START, END, rules) == meant
    if said != ("late", 61):
        assert by_limits(said, START, END, Rules()) == said
