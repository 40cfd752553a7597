"""The office: its name and zone, its periods of the day, its travel and its rules' settings.

The document is what ``office.toml`` holds and what the database keeps; ``Office`` is that document
checked, with what follows from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    field_validator,
    model_validator,
)
from sqlmodel import Session

from db.tables import OfficeSettings
from trainer.clock import WorkCalendar, chinese_holidays
from trainer.errors import UsageError

QUARTERS = 4


def _time(value: Any) -> Any:
    # TOML has local times of its own (08:30:00); the contract writes them as text
    return dt.time.fromisoformat(value) if isinstance(value, str) else value


TimeOfDay = Annotated[
    dt.time,
    BeforeValidator(_time),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(_Document):
    """A period (时段) of the day: ``hours`` are credit hours, ``work`` lies in working hours."""

    code: str = Field(min_length=1)
    label: str = ""
    start: TimeOfDay
    end: TimeOfDay
    hours: float = Field(default=1, ge=0)
    work: bool = True
    part: Literal["AM", "PM", "EVE"] = "AM"

    @property
    def quarters(self) -> int:
        """Credit hours as whole quarter-hours (HRS-8)."""
        return round(self.hours * QUARTERS)

    @property
    def starts_at(self) -> int:
        """Minutes from midnight to the start."""
        return self.start.hour * 60 + self.start.minute

    @property
    def ends_at(self) -> int:
        """Minutes from midnight to the end."""
        return self.end.hour * 60 + self.end.minute

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.end <= self.start:
            raise ValueError("end must be later than start")
        return self


class TravelSettings(_Document):
    """How minutes follow from coordinates: great circle x ``detour`` / speed, plus the buffer."""

    speed_kmh: float = Field(default=40, gt=0)
    detour: float = Field(default=1.3, ge=1)
    buffer_minutes: int = Field(default=10, ge=0)


class TransportSettings(_Document):
    """The seats of each bus that the office has, and who goes along with a class (head teacher)."""

    seats: tuple[Annotated[int, Field(ge=1)], ...] = ()
    escorts: int = Field(default=0, ge=0)


class CalendarSettings(_Document):
    """The office's own exceptions to the table of holidays."""

    days_off: tuple[dt.date, ...] = ()
    workdays: tuple[dt.date, ...] = ()


def _default_periods() -> tuple[Period, ...]:
    rows = (
        ("AM1", "上午一", "08:30", "09:15", True, "AM"),
        ("AM2", "上午二", "09:25", "10:10", True, "AM"),
        ("AM3", "上午三", "10:20", "11:05", True, "AM"),
        ("AM4", "上午四", "11:15", "12:00", True, "AM"),
        ("PM1", "下午一", "14:00", "14:45", True, "PM"),
        ("PM2", "下午二", "14:55", "15:40", True, "PM"),
        ("PM3", "下午三", "15:50", "16:35", True, "PM"),
        ("PM4", "下午四", "16:45", "17:30", True, "PM"),
        ("EVE1", "晚上一", "19:00", "19:45", False, "EVE"),
        ("EVE2", "晚上二", "19:55", "20:40", False, "EVE"),
    )
    names = ("code", "label", "start", "end", "work", "part")
    return tuple(Period.model_validate(dict(zip(names, row, strict=True))) for row in rows)


class Office(_Document):
    """An office's settings, checked."""

    name: str = ""
    timezone: str = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"
    holidays: Literal["CN", ""] = "CN"
    workdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    models: tuple[str, ...] = ()
    periods: tuple[Period, ...] = Field(default_factory=_default_periods, min_length=1)
    travel: TravelSettings = TravelSettings()
    transport: TransportSettings = TransportSettings()
    calendar: CalendarSettings = CalendarSettings()
    policies: dict[str, Any] = Field(default_factory=dict)
    #: weight of a soft rule by its name; a rule that is not named keeps its own
    weights: dict[str, float] = Field(default_factory=dict)
    #: level of a rule by its id: block, warn, report or off
    levels: dict[str, Literal["block", "warn", "report", "off"]] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("no such time zone") from None
        return value

    @field_validator("policies", mode="before")
    @classmethod
    def _policy_table(cls, value: Any) -> Any:
        # a plain list names the packs in force
        return {"packs": value} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _ordered_periods(self) -> Self:
        codes = [period.code for period in self.periods]
        if len(set(codes)) < len(codes):
            raise ValueError("two periods have the same code")
        for one, other in zip(self.periods, self.periods[1:], strict=False):
            if other.start < one.end:
                raise ValueError("periods overlap or are not in the order of the day")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def work_calendar(self) -> WorkCalendar:
        """The office's working days."""
        exceptions = dict.fromkeys(self.calendar.days_off, False)
        exceptions |= dict.fromkeys(self.calendar.workdays, True)
        table = chinese_holidays() if self.holidays == "CN" else None
        return WorkCalendar(frozenset(self.workdays), table, exceptions)

    @cached_property
    def period_index(self) -> Mapping[str, int]:
        """The place of each period in the day, by its code."""
        return {period.code: place for place, period in enumerate(self.periods)}

    def part_of(self, period: str) -> str:
        """Return the part of the day of a period (AM, PM, EVE), empty for an unknown one."""
        place = self.period_index.get(period)
        return "" if place is None else self.periods[place].part

    def meeting_periods(self, period: str, count: int) -> tuple[Period, ...]:
        """Return ``count`` neighbouring periods from ``period`` on (fewer at the day's end)."""
        first = self.period_index[period]
        return self.periods[first : first + count]

    def instants(self, date: dt.date, period: str, count: int) -> tuple[dt.datetime, dt.datetime]:
        """Return start and end, in UTC, of a meeting of ``count`` periods from ``period`` on."""
        span = self.meeting_periods(period, count)
        return self.instant(date, span[0].start), self.instant(date, span[-1].end)

    def instant(self, date: dt.date, time: dt.time) -> dt.datetime:
        """Return the instant, in UTC, of a time of day in the office's zone."""
        return dt.datetime.combine(date, time, self.zone).astimezone(dt.UTC)

    def document(self) -> dict[str, Any]:
        """Return the settings as plain data, the same for equal settings.

        What was added later stays out where an office has nothing of the kind.
        """
        usual = {"transport"} if self.transport == TransportSettings() else set()
        return self.model_dump(mode="json", exclude=usual)


def office_from(document: Mapping[str, Any]) -> Office:
    """Return the checked office; raise UsageError naming the first key that is wrong."""
    try:
        return Office.model_validate(document)
    except ValidationError as error:
        place, problem = office_problems(error)[0]
        raise UsageError(
            "the setting {place} of the office is not usable: {problem}; correct it in "
            "office.toml and import it again",
            place=place,
            problem=problem,
        ) from None


def office_problems(error: ValidationError) -> list[tuple[str, str]]:
    """Return each problem of a document as its key (``periods.2.start``) and what is wrong."""
    return [
        (".".join(str(part) for part in item["loc"]) or "office.toml", item["msg"])
        for item in error.errors(include_url=False, include_context=False)
    ]


def read_office(session: Session) -> Office:
    """Return the office of a database, or the default one where none was imported."""
    row = session.get(OfficeSettings, 1)
    return office_from(row.document if row else {})
