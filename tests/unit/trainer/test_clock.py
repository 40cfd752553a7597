"""The clock's date and the working days of an office."""

from __future__ import annotations

import datetime as dt

import pytest

from trainer.clock import Clock, WorkCalendar, chinese_holidays

CHINA = WorkCalendar(table=chinese_holidays())


@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2026, 248)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    assert len(CHINA.working_days(dt.date(year, 1, 1), dt.date(year, 12, 31))) == days


def test_a_makeup_saturday_works_and_a_holiday_monday_does_not() -> None:
    saturday, monday = dt.date(2023, 1, 28), dt.date(2023, 1, 23)
    assert CHINA.is_working(saturday)
    assert CHINA.is_makeup(saturday)
    assert not CHINA.is_working(monday)
    assert CHINA.name_of(monday) == "Spring Festival"


def test_the_offices_own_exceptions_win() -> None:
    snow_day = dt.date(2023, 3, 1)
    calendar = WorkCalendar(table=chinese_holidays(), exceptions={snow_day: False})
    assert not calendar.is_working(snow_day)


def test_beyond_the_table_it_says_so() -> None:
    assert CHINA.warning(dt.date(2023, 1, 1), dt.date(2023, 12, 31)) is None
    assert "provisional" in str(CHINA.warning(dt.date(2027, 1, 1), dt.date(2027, 2, 1)))
    assert "2022-01-01 to 2027-12-31" in str(
        CHINA.warning(dt.date(2027, 12, 1), dt.date(2028, 1, 3))
    )
    assert WorkCalendar().warning(dt.date(2040, 1, 1), dt.date(2040, 2, 1)) is None


def test_today_is_the_offices_date_not_the_worlds() -> None:
    late = dt.datetime(2023, 2, 28, 17, 30, tzinfo=dt.UTC)
    assert Clock(source=lambda: late).today() == dt.date(2023, 3, 1)


def test_a_fixed_date_keeps_the_time_of_day() -> None:
    clock = Clock(
        fixed=dt.date(2023, 5, 4), source=lambda: dt.datetime(2026, 1, 1, 2, 3, tzinfo=dt.UTC)
    )
    assert clock.today() == dt.date(2023, 5, 4)
    assert clock.now() == dt.datetime(2023, 5, 4, 2, 3, tzinfo=dt.UTC)
