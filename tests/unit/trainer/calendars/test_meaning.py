"""What an event says is the same however another program writes it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest
import vobject

from trainer.calendars.lint import Severity, lint
from trainer.calendars.meaning import meaning_of
from trainer.calendars.write import write_item

Build = Callable[..., Any]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject")
ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin")


@pytest.mark.parametrize("zone", ZONES)
def test_item_is_one_event_and_its_zone(make_event: Build, zone: str) -> None:
    """Without METHOD or a name, which a server's calendar has itself."""
    event = make_event(alarm_minutes=15)
    data = write_item(event, zone)
    assert not [finding for finding in lint(data) if finding.severity is Severity.ERROR]
    assert b"METHOD" not in data
    calendar: Any = icalendar.Calendar.from_ical(data)
    (read,) = calendar.walk("VEVENT")
    assert read["DTSTART"].dt == event.start
    assert len(calendar.walk("VTIMEZONE")) == (zone != "UTC")


@pytest.mark.parametrize("zone", ZONES)
def test_rewriting_does_not_change_it(make_event: Build, zone: str) -> None:
    """Neither icalendar's nor vobject's, nor another zone."""
    event = make_event(title="专题, 辅导；" * 12, alarm_minutes=15)
    data = write_item(event, zone)
    meaning = meaning_of(data)
    assert meaning_of(icalendar.Calendar.from_ical(data).to_ical()) == meaning
    assert meaning_of(vobject.readOne(data.decode()).serialize().encode()) == meaning
    assert meaning_of(write_item(event, "Asia/Tokyo")) == meaning


@pytest.mark.parametrize(
    "change",
    [
        {"title": "别的课"},
        {"place": "操场"},
        {"notes": ("教师：李四",)},
        {"sequence": 1},
        {"cancelled": True},
        {"private": True},
        {"alarm_minutes": 15},
    ],
)
def test_any_change_changes_it(make_event: Build, change: dict[str, Any]) -> None:
    """Of words, state, privacy or alarm."""
    before, after = write_item(make_event(), "UTC"), write_item(make_event(**change), "UTC")
    assert meaning_of(before) != meaning_of(after)


def test_later_end_changes_it_and_later_stamp_does_not(make_event: Build) -> None:
    """When it was written down says nothing."""
    event = make_event()
    later = event.revised_at + timedelta(days=1)
    longer = event.end + timedelta(minutes=5)
    meaning = meaning_of(write_item(event, "UTC"))
    assert meaning_of(write_item(make_event(revised_at=later), "UTC")) == meaning
    assert meaning_of(write_item(make_event(end=longer), "UTC")) != meaning


def test_what_is_no_calendar_means_nothing() -> None:
    """And never fails."""
    assert meaning_of(b"hello") == meaning_of(b"") == meaning_of(b"\xff")
