"""The days that a timetable reaches over, and the hours of daylight on them."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.plans import MONDAY, Plan, day
from trainer.office import Office
from trainer.timetable.horizon import daylight, engine_calendar

TODAY = dt.date(2023, 3, 1)


def span(plan: Plan, *classes: str) -> tuple[dt.date, dt.date]:
    calendar = engine_calendar(plan.facts(), classes, TODAY)
    return calendar.first, calendar.day(len(calendar) - 1)


def test_the_calendar_spans_the_windows_and_what_is_fixed_or_stored(sqlite_plan: Plan) -> None:
    """From the first date that anything names to the last one."""
    plan = sqlite_plan
    plan.venue()
    plan.course()
    plan.training("C1", {"course": "K1", "date": day(20)})
    assert span(plan, "C1") == (MONDAY, day(20))
    plan.session("C1", "K1", day(2), "AM1", venue="V1")
    assert span(plan, "C1") == (day(2), day(20))


def test_an_open_window_reaches_to_the_year_ends(sqlite_plan: Plan) -> None:
    """An open side may use the whole calendar year; without any date it is the clock's."""
    plan = sqlite_plan
    plan.course()
    plan.training("OPEN", "K1", earliest=None, latest=None)
    assert span(plan, "OPEN") == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    plan.training("LATE", "K1", earliest=dt.date(2024, 5, 1), latest=None)
    assert span(plan, "LATE") == (dt.date(2024, 5, 1), dt.date(2024, 12, 31))


def test_make_up_days_work_and_holidays_do_not(sqlite_plan: Plan) -> None:
    """Sunday 23 April 2023 works for the May holiday; 1 May does not."""
    plan = sqlite_plan
    plan.course()
    plan.training("C1", "K1", earliest=dt.date(2023, 4, 20), latest=dt.date(2023, 5, 10))
    calendar = engine_calendar(plan.facts(), ["C1"], TODAY)
    assert calendar.working[calendar.index(dt.date(2023, 4, 23))]
    assert not calendar.working[calendar.index(dt.date(2023, 5, 1))]


@pytest.mark.parametrize(
    ("date", "rise", "set_"),
    [
        # Jinan: published times of sunrise and sunset
        (dt.date(2023, 6, 21), "04:53", "19:34"),
        (dt.date(2023, 12, 22), "07:21", "16:58"),
        (dt.date(2023, 3, 21), "06:18", "18:27"),
    ],
)
def test_daylight_is_right_to_a_few_minutes(date: dt.date, rise: str, set_: str) -> None:
    """The sun over Jinan (36.65° N, 117.0° E)."""
    found = daylight(Office(), date, 36.65, 117.0)
    for minutes, told in zip(found, (rise, set_), strict=True):
        hour, minute = map(int, told.split(":"))
        assert minutes == pytest.approx(hour * 60 + minute, abs=4)


def test_the_midnight_sun_and_the_polar_night() -> None:
    """Far north there is a day without night, and one without light."""
    summer = daylight(Office(), dt.date(2023, 6, 21), 80.0, 117.0)
    winter = daylight(Office(), dt.date(2023, 12, 21), 80.0, 117.0)
    assert summer[1] - summer[0] == 1440
    assert winter[1] == winter[0]
