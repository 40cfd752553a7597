"""The clock's date and the working days of an office.

Working days follow the office's weekdays, the official days off and make-up workdays (调休) of the
bundled table, and the office's own exceptions, which win. The table covers whole years; outside
them weekdays alone decide, and ``WorkCalendar.warning`` says so.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pendulum

from trainer.phrases import Phrase, phrase

TABLE: Final = Path(__file__).parent / "_data" / "cn_calendar.csv"


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the date and the instant; ``fixed`` replaces the date but leaves the time of day."""

    zone: str = "Asia/Shanghai"
    fixed: dt.date | None = None
    source: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def now(self) -> dt.datetime:
        """Return the present instant in UTC (on the fixed date, where there is one)."""
        instant = pendulum.instance(self.source()).in_timezone(self.zone)
        if self.fixed is not None:
            instant = instant.set(year=self.fixed.year, month=self.fixed.month, day=self.fixed.day)
        return dt.datetime.fromtimestamp(instant.timestamp(), dt.UTC)

    def today(self) -> dt.date:
        """Return the date in the office's zone."""
        if self.fixed is not None:
            return self.fixed
        here = pendulum.instance(self.source()).in_timezone(self.zone)
        return dt.date(here.year, here.month, here.day)


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """Days that differ from their weekday: True works (a make-up day), False is off."""

    days: Mapping[dt.date, bool]
    names: Mapping[dt.date, str]
    first: dt.date
    last: dt.date
    provisional_from: dt.date | None


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which dates an office works on."""

    workdays: Collection[int] = (1, 2, 3, 4, 5)
    table: HolidayTable | None = None
    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_working(self, date: dt.date) -> bool:
        """Tell whether ``date`` is a working day, make-up days included."""
        if date in self.exceptions:
            return self.exceptions[date]
        if self.table and date in self.table.days:
            return self.table.days[date]
        return date.isoweekday() in self.workdays

    def is_makeup(self, date: dt.date) -> bool:
        """Tell whether ``date`` works only to make up for a day off."""
        return self.is_working(date) and date.isoweekday() not in self.workdays

    def name_of(self, date: dt.date) -> str | None:
        """Return the holiday that makes ``date`` differ from its weekday."""
        return self.table.names.get(date) if self.table else None

    def working_days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Return the working days from ``first`` to ``last``, both counted."""
        span = (last - first).days + 1
        days = (first + dt.timedelta(days=number) for number in range(span))
        return [date for date in days if self.is_working(date)]

    def warning(self, first: dt.date, last: dt.date) -> Phrase | None:
        """Say where holidays between the two dates are not, or not officially, known."""
        table = self.table
        if table is None:
            return None
        if first < table.first or last > table.last:
            return phrase(
                "the table of holidays covers {first} to {last}; outside it only weekdays decide: "
                "add days off and make-up days to [calendar] in office.toml",
                first=table.first,
                last=table.last,
            )
        if table.provisional_from and last >= table.provisional_from:
            return phrase(
                "the holidays from {first} on are provisional: compare them with the official "
                "notice and put differences into [calendar] in office.toml",
                first=table.provisional_from,
            )
        return None


@cache
def chinese_holidays() -> HolidayTable:
    """Return the bundled table of official days off and make-up workdays."""
    days: dict[dt.date, bool] = {}
    names: dict[dt.date, str] = {}
    provisional: list[dt.date] = []
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            date = dt.date.fromisoformat(row["date"])
            days[date] = row["kind"] == "makeup_workday"
            names[date] = row["name"]
            if row["status"] != "official":
                provisional.append(date)
    return HolidayTable(
        days=days,
        names=names,
        first=dt.date(min(days).year, 1, 1),
        last=dt.date(max(days).year, 12, 31),
        provisional_from=dt.date(min(provisional).year, 1, 1) if provisional else None,
    )
