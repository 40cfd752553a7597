"""Other people's readers agree about what we write: vobject and ics beside icalendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import ics
import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainer.calendars.text import clean_line
from trainer.calendars.write import write_calendar

Build = Callable[..., Any]
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ics"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:tatsu"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject"),
]

START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
# no backslash: ics 0.7 reads an escaped one together with the letter after it
TITLE = st.text(
    st.characters(exclude_categories=(), exclude_characters="\\") | st.sampled_from("专题,;:\n 😀"),
    max_size=90,
)


def facts_by_vobject(data: bytes) -> list[tuple[str, datetime, datetime, str]]:
    """Return UID, start, end and summary as vobject reads them."""
    calendar = vobject.readOne(data.decode())
    return [
        (
            event.uid.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.summary.value,
        )
        for event in calendar.vevent_list
    ]


def facts_by_ics(data: bytes) -> list[tuple[str, datetime, datetime, str]]:
    """Return UID, start, end and summary as ics reads them."""
    calendar = ics.Calendar(data.decode())
    return sorted(
        (
            (
                event.uid,
                event.begin.datetime.astimezone(UTC),
                event.end.datetime.astimezone(UTC),
                event.name or "",
            )
            for event in calendar.events
        ),
        key=lambda facts: (facts[1], facts[0]),
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(titles=st.lists(TITLE, min_size=1, max_size=4), utc=st.booleans())
def test_readers_agree_about_any_titles(
    titles: list[str], *, utc: bool, make_event: Build, make_document: Build
) -> None:
    """UID, start, end and summary are the same to all."""
    events = [
        make_event(
            uid=f"6f1c2a9e-58b7-4d35-9f0a-{number:012d}",
            start=START + timedelta(hours=number),
            end=START + timedelta(hours=number + 3),
            title=title,
        )
        for number, title in enumerate(titles)
    ]
    data = write_calendar(make_document(*events), utc=utc)
    meant = [(event.uid, event.start, event.end, clean_line(event.title)) for event in events]
    assert facts_by_vobject(data) == meant
    assert facts_by_ics(data) == meant


def test_readers_agree_across_daylight_saving(make_event: Build, make_document: Build) -> None:
    """An office in another zone is read right as well."""
    events = [
        make_event(uid=f"{month:02d}", start=start, end=start + timedelta(hours=1))
        for month in range(1, 13)
        for start in [datetime(2026, month, 28, 12, tzinfo=UTC)]
    ]
    data = write_calendar(make_document(*events, zone="Europe/Berlin"))
    meant = [(event.uid, event.start, event.end, event.title) for event in events]
    assert facts_by_vobject(data) == meant
    assert facts_by_ics(data) == meant
