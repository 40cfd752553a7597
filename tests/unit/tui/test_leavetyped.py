"""A line about leave: sessions, half-days, minutes, days; its kind, its paper, its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from trainer.attendance.leave import Stretch
from trainer.office import Office
from tui.leavetyped import Frame, Listed, Typed, leave_typed

DAY = dt.date(2023, 3, 16)
NEXT = dt.date(2023, 3, 17)
LISTED = (
    Listed("A", DAY, "PM1", "PM2", dt.time(14), dt.time(15, 40), "one"),
    Listed("B", DAY, "PM3", "PM4", dt.time(15, 50), dt.time(17, 30), "two"),
    Listed("C", NEXT, "AM1", "AM4", dt.time(8, 30), dt.time(12), "three"),
)
FRAME = Frame(Office(), DAY, dt.date(2023, 3, 13), dt.date(2023, 3, 24), LISTED, LISTED[0])
THIS = Stretch(DAY, DAY, "PM1", "PM2")
AFTERNOON = Stretch(DAY, DAY, "PM1", "PM4")


def minutes(first: str | None, last: str | None, date: dt.date = DAY) -> Stretch:
    """Return a stretch by times of day."""
    ends = (dt.time.fromisoformat(each) if each else None for each in (first, last))
    begin, end = ends
    return Stretch(date, date, time_from=begin, time_to=end)


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("", THIS),
        ("2", Stretch(DAY, DAY, "PM3", "PM4")),
        ("1 3", Stretch(DAY, NEXT, "PM1", "AM4")),
        ("pm", AFTERNOON),
        ("下午", AFTERNOON),
        ("ＰＭ", AFTERNOON),
        ("明天 上午", Stretch(NEXT, NEXT, "AM1", "AM4")),
        ("+1 am", Stretch(NEXT, NEXT, "AM1", "AM4")),
        ("全天", Stretch(DAY, DAY)),
        ("14:30-16:00", minutes("14:30", "16:00")),
        ("1430-1600", minutes("14:30", "16:00")),
        ("1630-", minutes("16:30", None)),
        ("-1500", minutes(None, "15:00")),
        ("0317 8:30-9:30", minutes("08:30", "09:30", NEXT)),
        ("0317", Stretch(NEXT, NEXT)),
        ("3-17", Stretch(NEXT, NEXT)),
        ("0316-0317", Stretch(DAY, NEXT)),
        ("3.16-3.17", Stretch(DAY, NEXT)),
        ("3月16日下午至3月17日上午", Stretch(DAY, NEXT, "PM1", "AM4")),
        ("0316pm-0317am", Stretch(DAY, NEXT, "PM1", "AM4")),
    ],
)
def test_when(text: str, stretch: Stretch) -> None:
    """Each way to say when is understood; digits within the days of the class are dates."""
    assert leave_typed(text, FRAME) == Typed(stretch, "personal")


@pytest.mark.parametrize("text", ["9", "1730-1600", "14.75-16", "2 pm", "1 2 3", "0340"])
def test_what_makes_no_sense_is_nothing(text: str) -> None:
    """Too late a session, backwards, no such time or day, two things at once."""
    assert leave_typed(text, FRAME) is None


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("看病 2 次", Typed(THIS, "personal", "看病 2 次")),
        ("bj pm 发烧 +", Typed(AFTERNOON, "sick", "发烧", "")),
        ("公假 +督导通知 开会", Typed(THIS, "duty", "开会", "督导通知")),
        ("pm sick leave", Typed(AFTERNOON, "sick", "leave")),
    ],
)
def test_kind_paper_and_reason(text: str, typed: Typed) -> None:
    """A kind before the reason, a paper anywhere, and all else is the reason."""
    assert leave_typed(text, FRAME) == typed


def test_without_a_session_an_empty_line_is_nothing() -> None:
    """From the page of a class nothing is asked for by Enter alone."""
    frame = Frame(Office(), DAY, DAY, DAY, LISTED)
    assert leave_typed("", frame) is None
    assert leave_typed("", frame, "sick") is None
    assert leave_typed("1", frame, "sick") == Typed(THIS, "sick")
