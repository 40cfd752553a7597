"""The VTIMEZONE: one block for a steady zone, right rules for one with daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from trainer.calendars.lint import lint
from trainer.calendars.zone import steady_offset, zone_component

HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\n"


def test_zone_component_of_shanghai_is_one_standard_block() -> None:
    """Nothing of 1986 to 1991."""
    assert zone_component("Asia/Shanghai", 2026, 2026) == (
        b"BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\n"
        b"DTSTART:19700101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\n"
        b"TZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )


@pytest.mark.parametrize(
    ("zone", "hours"), [("Asia/Urumqi", 6), ("Asia/Kathmandu", 5.75), ("America/Phoenix", -7)]
)
def test_steady_offset_of_zones_without_daylight_saving(zone: str, hours: float) -> None:
    """One offset for the whole of the years asked for."""
    assert steady_offset(zone, 2025, 2027) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "zone",
    [
        "Asia/Shanghai",
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Gaza",
        "Pacific/Chatham",
    ],
)
def test_zone_component_gives_the_right_offset_at_every_hour(zone: str) -> None:
    """A reader that knows only the component finds what the time zone database says."""
    component = zone_component(zone, 2026, 2026)
    calendar = icalendar.Calendar.from_ical(HEAD + component + b"END:VCALENDAR\r\n")
    timezone: Any
    (timezone,) = calendar.walk("VTIMEZONE")
    read = timezone.to_tz(lookup_tzid=False)
    known = ZoneInfo(zone)
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    while moment.year == 2026:
        clock = moment.astimezone(known).replace(tzinfo=None)
        assert clock.replace(tzinfo=read).utcoffset() == clock.replace(tzinfo=known).utcoffset()
        moment += timedelta(hours=23)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Casablanca", "Asia/Shanghai"])
def test_zone_component_breaks_no_standard(zone: str) -> None:
    """The lint's only findings are about the calendar around it."""
    found = lint(HEAD + zone_component(zone, 2026, 2026) + b"END:VCALENDAR\r\n")
    assert {finding.code for finding in found} <= {
        "no-calendar-name",
        "only-timezones",
        "timezone-unused",
        "timezone-history",
    }


def test_zone_component_with_daylight_saving_is_two_yearly_rules() -> None:
    """Clients that read only rules, not dates, read these."""
    text = zone_component("Europe/Berlin", 2026, 2027).decode()
    assert text.count("RRULE:") == 2
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in text
    assert "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" in text
