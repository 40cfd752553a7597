"""The serialiser: its bytes by hand, icalendar's reading of them, and the lint's silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainer.calendars.event import CalendarDocument, CalendarEvent, Mailing, Method
from trainer.calendars.lint import lint
from trainer.calendars.text import clean_line, clean_text
from trainer.calendars.write import stream_calendar, write_calendar

Build = Callable[..., Any]
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

TEXT = st.text(st.characters(exclude_categories=()), max_size=120) | st.text(
    st.sampled_from("专题讲座，；：“”\\,;:\"'\n\r\t\x00\x07\x1b \u2028\x85😀👨‍👩‍👧𠮷ñ^"),
    max_size=200,
)
MOMENT = st.integers(788_918_400, 2_366_841_600).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@st.composite
def events(draw: st.DrawFn) -> CalendarEvent:
    """Draw any event that an office could have."""
    start = draw(MOMENT)
    return CalendarEvent(
        uid=str(draw(st.uuids())),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 3000))),
        title=draw(TEXT),
        revised_at=draw(MOMENT),
        sequence=draw(st.integers(0, 1000)),
        place=draw(TEXT),
        address=draw(TEXT),
        geo=draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
        categories=tuple(draw(st.lists(TEXT, max_size=3))),
        notes=tuple(draw(st.lists(TEXT, max_size=3))),
        cancelled=draw(st.booleans()),
        transparent=draw(st.booleans()),
        private=draw(st.booleans()),
        alarm_minutes=draw(st.none() | st.integers(0, 10000)),
    )


def read_back(data: bytes) -> list[Any]:
    """Return the events as icalendar reads them."""
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_write_calendar_to_the_byte(make_document: Build, make_event: Build) -> None:
    """The whole file, as the specification says it."""
    event = make_event(geo=(35.405, 116.973), alarm_minutes=30, address="钢山街道, 2 号")
    assert write_calendar(make_document(event)).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//County Trainer//Calendars//ZH",
        "CALSCALE:GREGORIAN",
        "UID:0b8f5a4e-4b1e-4f0e-9a55-3b2f8f9d0c11",
        "LAST-MODIFIED:20260220T080000Z",
        "NAME:2026年春季主体班",
        "X-WR-CALNAME:2026年春季主体班",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "COLOR:steelblue",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "TZNAME:CST",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "UID:6f1c2a9e-58b7-4d35-9f0a-2b7d1c3e4f50",
        "DTSTAMP:20260220T080000Z",
        "DTSTART;TZID=Asia/Shanghai:20260302T083000",
        "DTEND;TZID=Asia/Shanghai:20260302T113000",
        "SUMMARY:专题辅导",
        "LOCATION:市委党校第一教室\\, 钢山街道\\, 2 号",
        "GEO:35.405000;116.973000",
        "CATEGORIES:主体班,theory",
        "DESCRIPTION:教师：张三\\n请带笔记本",
        "STATUS:CONFIRMED",
        "SEQUENCE:0",
        "LAST-MODIFIED:20260220T080000Z",
        "CLASS:PUBLIC",
        "TRANSP:OPAQUE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:专题辅导",
        "TRIGGER:-PT30M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_write_calendar_of_a_cancelled_event(make_document: Build, make_event: Build) -> None:
    """Marked in the title, out of the way, and silent."""
    text = write_calendar(make_document(make_event(cancelled=True, alarm_minutes=30))).decode()
    assert "SUMMARY:【取消】专题辅导\r\n" in text
    assert "STATUS:CANCELLED\r\n" in text
    assert "TRANSP:TRANSPARENT\r\n" in text
    assert "VALARM" not in text


def test_write_calendar_in_utc_has_no_timezone(make_document: Build) -> None:
    """Times end in Z and no VTIMEZONE is needed."""
    text = write_calendar(make_document(), utc=True).decode()
    assert "DTSTART:20260302T003000Z\r\n" in text
    assert "VTIMEZONE" not in text
    assert "TZID" not in text
    assert lint(text.encode()) == []


def test_write_calendar_orders_by_start_and_uid(make_document: Build, make_event: Build) -> None:
    """However the events come, the bytes are the same."""
    later = make_event(start=datetime(2026, 3, 2, 1, tzinfo=UTC), uid="0")
    events = [later, make_event(uid="b"), make_event(uid="a")]
    data = write_calendar(make_document(*events))
    assert [str(event["UID"]) for event in read_back(data)] == ["a", "b", "0"]
    assert write_calendar(make_document(*reversed(events))) == data


def test_write_calendar_twice_gives_the_same_bytes(make_document: Build) -> None:
    """No clock is read and nothing is random."""
    assert write_calendar(make_document()) == write_calendar(make_document())


def test_write_calendar_across_daylight_saving(make_document: Build, make_event: Build) -> None:
    """Every event is read back at its instant, the doubled hour in autumn as well."""
    first = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    events = [
        make_event(uid=f"{hour:02d}", start=start, end=start + timedelta(minutes=30))
        for hour in range(8)
        for start in [first + timedelta(hours=hour)]
    ]
    data = write_calendar(make_document(*events, zone="Europe/Berlin"))
    assert lint(data) == []
    read = [event.start.astimezone(UTC) for event in read_back(data)]
    assert read == [event.start for event in events]


def test_write_calendar_for_mailing(make_document: Build) -> None:
    """METHOD with both parties; the lint knows what it demands."""
    mailing = Mailing(
        Method.REQUEST, '办公室 "训练"', "office@example.org", "学员, 甲", "a@example.org"
    )
    data = write_calendar(make_document(mailing=mailing))
    assert lint(data) == []
    (event,) = read_back(data)
    assert str(event["ORGANIZER"]) == "mailto:office@example.org"
    assert event["ATTENDEE"].params["CN"] == "学员, 甲"
    cancel = Mailing(Method.CANCEL, "办公室", "office@example.org", "甲", "a@example.org")
    document = make_document(mailing=cancel)
    assert [finding.code for finding in lint(write_calendar(document))] == ["cancel-not-cancelled"]


def test_mailing_refuses_what_is_no_address() -> None:
    """An address never carries a line end into the file."""
    with pytest.raises(ValueError, match="not an electronic mail address"):
        Mailing(Method.REQUEST, "a", "a@b.example\r\nX:y", "b", "c@d.example")


def test_a_calendar_without_events_is_refused(make_document: Build) -> None:
    """There is never an empty calendar."""
    document = CalendarDocument(uid="u", name="n", zone="Asia/Shanghai", events=())
    with pytest.raises(ValueError, match="without events"):
        write_calendar(document)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": datetime(2026, 3, 2, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))},
        {"start": datetime(2026, 3, 2, 8, 30)},  # noqa: DTZ001 - a naive time is the point
        {"end": datetime(2026, 3, 2, 0, 30, tzinfo=UTC)},
        {"uid": ""},
        {"uid": "a\r\nb"},
    ],
)
def test_an_event_that_no_calendar_can_hold_is_refused(
    make_event: Build, changes: dict[str, Any]
) -> None:
    """Not in UTC, empty, or without a plain UID."""
    with pytest.raises(ValueError, match=r"event|UID"):
        make_event(**changes)


def test_stream_calendar_refuses_disorder(make_document: Build, make_event: Build) -> None:
    """What comes in the wrong order or twice would not be the same bytes next time."""
    first, second = make_event(uid="a"), make_event(uid="b")
    head = make_document(first, second).head()
    for wrong in ([second, first], [first, first]):
        with pytest.raises(ValueError, match="out of order"):
            list(stream_calendar(head, wrong))


def test_stream_calendar_holds_a_few_events_at_a_time(
    make_document: Build, make_event: Build
) -> None:
    """Pieces come while the events are still being made."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    made = 0

    def lazily() -> Any:
        nonlocal made
        for made in range(5000):
            moment = start + timedelta(minutes=made)
            yield make_event(uid=str(made), start=moment, end=moment + timedelta(hours=1))

    last = make_event(start=start, end=start + timedelta(days=5))
    pieces = stream_calendar(make_document(last).head(), lazily())
    next(pieces)
    assert len(next(pieces)) < 200_000
    assert made < 300


@SHARED
@given(st.lists(events(), min_size=1, max_size=4, unique_by=lambda event: event.uid), TEXT)
def test_any_calendar_is_silent_in_the_lint_and_read_back(
    drawn: list[CalendarEvent], name: str
) -> None:
    """Any text, any moment: no error, no advice, and icalendar reads what was meant."""
    document = CalendarDocument(
        uid="0b8f5a4e-4b1e-4f0e-9a55-3b2f8f9d0c11",
        name=name,
        zone="Asia/Shanghai",
        events=tuple(drawn),
        description=name,
    )
    data = write_calendar(document)
    assert lint(data) == []
    read = read_back(data)
    assert len(read) == len(drawn)
    for event, found in zip(document.in_order(), read, strict=True):
        assert found["UID"] == event.uid
        assert found.start.astimezone(UTC) == event.start
        assert found.end.astimezone(UTC) == event.end
        assert found["DTSTAMP"].dt == found["LAST-MODIFIED"].dt == event.revised_at
        assert found["SEQUENCE"] == event.sequence
        prefix = "【取消】" if event.cancelled else ""
        assert found["SUMMARY"] == clean_line(prefix + event.title)
        assert found.get("DESCRIPTION", "") == clean_text("\n".join(event.notes))
        categories = [clean_line(text) for text in event.categories if clean_line(text)]
        written = [str(text) for text in found["CATEGORIES"].cats] if "CATEGORIES" in found else []
        assert written == categories
        assert found["STATUS"] == ("CANCELLED" if event.cancelled else "CONFIRMED")
        assert found["CLASS"] == ("PRIVATE" if event.private else "PUBLIC")


@SHARED
@given(events())
def test_every_line_is_what_icalendar_would_write(event: CalendarEvent) -> None:
    """Unfolded, each line of an event is byte for byte the one of icalendar's own serialiser."""
    document = CalendarDocument(uid="u", name="n", zone="Asia/Shanghai", events=(event,))
    ours = write_calendar(document, utc=True).replace(b"\r\n ", b"").split(b"\r\n")
    theirs = _by_icalendar(event).to_ical(sorted=False).replace(b"\r\n ", b"").split(b"\r\n")
    start, end = ours.index(b"BEGIN:VEVENT"), ours.index(b"END:VEVENT")
    assert sorted(ours[start : end + 1]) == sorted(theirs[: theirs.index(b"END:VEVENT") + 1])


class _Written(icalendar.vText):
    """A value that is written as it is."""

    def to_ical(self) -> bytes:
        return str(self).encode()


def _by_icalendar(event: CalendarEvent) -> Any:
    made = icalendar.Event()
    made.add("UID", event.uid)
    for name, moment in (
        ("DTSTAMP", event.revised_at),
        ("LAST-MODIFIED", event.revised_at),
        ("DTSTART", event.start),
        ("DTEND", event.end),
    ):
        made.add(name, moment)
    made.add("SUMMARY", clean_line(("【取消】" if event.cancelled else "") + event.title))
    where = ", ".join(filter(None, map(clean_line, (event.place, event.address))))
    if where:
        made.add("LOCATION", where)
    if event.geo is not None:
        # six decimals, as RFC 5545 asks; icalendar writes as many as the float has
        made["GEO"] = _Written("{:.6f};{:.6f}".format(*event.geo))
    if any(clean_line(text) for text in event.categories):
        made.add("CATEGORIES", [clean_line(t) for t in event.categories if clean_line(t)])
    if clean_text("\n".join(event.notes)):
        made.add("DESCRIPTION", clean_text("\n".join(event.notes)))
    made.add("STATUS", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("SEQUENCE", event.sequence)
    made.add("CLASS", "PRIVATE" if event.private else "PUBLIC")
    made.add("TRANSP", "TRANSPARENT" if event.cancelled or event.transparent else "OPAQUE")
    if event.alarm_minutes is not None and not event.cancelled:
        alarm = icalendar.Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", clean_line(event.title))
        alarm["TRIGGER"] = f"-PT{event.alarm_minutes}M"
        made.add_component(alarm)
    return made


def test_same_moment_is_written_by_each_zones_own_clock(
    make_event: Build, make_document: Build
) -> None:
    """One process writes many zones, one after the other."""
    event = make_event()
    clocks = [
        read_back(write_calendar(make_document(event, zone=zone)))[0]["DTSTART"].dt.isoformat()
        for zone in ("Asia/Shanghai", "UTC", "Europe/Berlin", "Asia/Tokyo", "America/New_York")
    ]
    assert clocks == [
        "2026-03-02T08:30:00+08:00",
        "2026-03-02T00:30:00+00:00",
        "2026-03-02T01:30:00+01:00",
        "2026-03-02T09:30:00+09:00",
        "2026-03-01T19:30:00-05:00",
    ]
