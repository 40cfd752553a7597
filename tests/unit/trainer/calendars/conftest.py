"""Builders of events and documents for the calendar tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trainer.calendars.event import CalendarDocument, CalendarEvent

START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
def make_event() -> Callable[..., CalendarEvent]:
    """Return a builder of a morning session at the party school, with whatever is changed."""

    def build(**changes: Any) -> CalendarEvent:
        facts: dict[str, Any] = {
            "uid": "6f1c2a9e-58b7-4d35-9f0a-2b7d1c3e4f50",
            "start": START,
            "end": START + timedelta(hours=3),
            "title": "专题辅导",
            "revised_at": datetime(2026, 2, 20, 8, 0, tzinfo=UTC),
            "place": "市委党校第一教室",
            "address": "邹城市",
            "categories": ("主体班", "theory"),
            "notes": ("教师：张三", "请带笔记本"),
        }
        return CalendarEvent(**(facts | changes))

    return build


@pytest.fixture
def make_document(
    make_event: Callable[..., CalendarEvent],
) -> Callable[..., CalendarDocument]:
    """Return a builder of a document with one event or those given."""

    def build(*events: CalendarEvent, **changes: Any) -> CalendarDocument:
        facts: dict[str, Any] = {
            "uid": "0b8f5a4e-4b1e-4f0e-9a55-3b2f8f9d0c11",
            "name": "2026年春季主体班",
            "zone": "Asia/Shanghai",
            "events": events or (make_event(),),
            "color": "steelblue",
        }
        return CalendarDocument(**(facts | changes))

    return build


@pytest.fixture
def good_files() -> list[Path]:
    """Return sample files in the manner of other programs."""
    return sorted((Path(__file__).parent / "good").glob("*.ics"))
