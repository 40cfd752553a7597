"""How a week is laid out: which days and periods have a place, what stands side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from trainer.timetable.views import Day, PeriodLine, SessionView, WeekView
from tui.widgets.week import blocks_of, days_shown, periods_shown

MONDAY = dt.date(2023, 2, 27)
PARTS = ("AM", "AM", "PM", "PM", "EVE")


def view(*sessions: SessionView) -> WeekView:
    """Return a week with five periods a day."""
    days = [MONDAY + dt.timedelta(days=number) for number in range(7)]
    return WeekView(
        kind="venue",
        code="V",
        name="V",
        days=tuple(Day(date, date.isoweekday() < 6, makeup=False, holiday=None) for date in days),
        periods=tuple(
            PeriodLine(str(place), str(place), dt.time(8 + place), dt.time(9 + place), part)
            for place, part in enumerate(PARTS)
        ),
        sessions=sessions,
        previous=None,
        next=None,
    )


def session(uid: str, day: int, first: int, last: int, joint: str | None = None) -> SessionView:
    """Return a session on a day of the week over some periods."""
    return SessionView(
        uid=uid, class_code="C", class_title="C", course_code="K", course_title="K", form=None,
        strand=None, seq=1, date=MONDAY + dt.timedelta(days=day), start=dt.time(8),
        end=dt.time(9), first=first, last=last, venue_code=None, venue_name=None,
        teacher_code=None, teacher_name=None, status="planned", locked=False, joint=joint,
    )  # fmt: skip


def test_overlapping_meetings_share_the_column() -> None:
    """Two at once stand side by side; the one after them has the whole width."""
    week = view(session("a", 0, 0, 1), session("b", 0, 1, 1), session("c", 0, 2, 2))
    assert [(b.sessions[0].uid, b.lane, b.lanes) for b in blocks_of(week)] == [
        ("a", 0, 2),
        ("b", 1, 2),
        ("c", 0, 1),
    ]


def test_classes_held_together_are_one_block() -> None:
    """Equal joint and equal periods are one meeting."""
    week = view(session("a", 0, 0, 1, "J"), session("b", 0, 0, 1, "J"))
    blocks = blocks_of(week)
    assert len(blocks) == 1
    assert {one.uid for one in blocks[0].sessions} == {"a", "b"}


def test_weekend_and_evening_appear_where_they_are_used() -> None:
    """An idle Saturday and an idle evening take no room; a make-up Sunday does."""
    assert days_shown(view()) == [0, 1, 2, 3, 4]
    assert periods_shown(view()) == [0, 1, 2, 3]
    week = view(session("a", 5, 4, 4))
    assert days_shown(week) == [0, 1, 2, 3, 4, 5]
    assert periods_shown(week) == [0, 1, 2, 3, 4]
    days = [*week.days[:6], replace(week.days[6], working=True, makeup=True)]
    assert days_shown(replace(week, sessions=(), days=tuple(days))) == [0, 1, 2, 3, 4, 6]
