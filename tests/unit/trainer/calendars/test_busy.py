"""Busy times out of other people's calendars: what counts, and on which days and periods."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from trainer.calendars.busy import Busy, read_busy
from trainer.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = dt.date(2023, 3, 1), dt.date(2023, 3, 31)
WEEKLY = (
    "DTSTART:20230306T010000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\n"
    "EXDATE:20230313T010000Z\nRDATE:20230315T010000Z"
)
BERLIN = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, before: str = "") -> bytes:
    """Return a calendar of events given by their lines; each has a UID unless it brings one."""
    parts = [
        f"BEGIN:VEVENT\n{'' if 'UID:' in event else f'UID:u{number}' + chr(10)}"
        f"DTSTAMP:20230101T000000Z\n{event}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    ]
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{before}{''.join(parts)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(data: bytes, **options: object) -> list[str]:
    """Return the stretches as the office's clock shows them."""
    return [shown(busy) for busy in read_busy(data, FIRST, LAST, SHANGHAI, **options)]  # type: ignore[arg-type]


def shown(busy: Busy) -> str:
    start, end = (each.astimezone(SHANGHAI) for each in (busy.start, busy.end))
    return f"{start:%d %H:%M}-{end:%d %H:%M}"


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        ("DTSTART:20230306T010000Z\nDTEND:20230306T020000Z", ["06 09:00-06 10:00"]),
        ("DTSTART:20230306T090000\nDTEND:20230306T100000", ["06 09:00-06 10:00"]),
        ("DTSTART:20230306T010000Z\nDURATION:PT90M", ["06 09:00-06 10:30"]),
        ("DTSTART;VALUE=DATE:20230306", ["06 00:00-07 00:00"]),
        ("DTSTART;VALUE=DATE:20230306\nDTEND;VALUE=DATE:20230309", ["06 00:00-09 00:00"]),
        ("DTSTART:20230306T010000Z", []),
        ("DTSTART:20230306T010000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20230306T010000Z\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("DTSTART:20230306T010000Z\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20230306T010000Z\nDURATION:PT1H\nSTATUS:TENTATIVE", ["06 09:00-06 10:00"]),
        (
            "DTSTART;TZID=Eastern Standard Time:20230306T200000\nDURATION:PT1H",
            ["07 09:00-07 10:00"],
        ),
        (
            "DTSTART:20230306T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20230307",
            ["06 09:00-06 10:00", "07 09:00-07 10:00"],
        ),
        (
            "DTSTART:20230306T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20230307",
            ["06 09:00-06 10:00", "07 09:00-07 10:00"],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20230324T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4",
            ["24 17:00-24 18:00", "25 17:00-25 18:00", "26 16:00-26 17:00", "27 16:00-27 17:00"],
        ),
        (
            WEEKLY,
            ["06 09:00-06 10:00", "15 09:00-15 10:00", "20 09:00-20 10:00", "27 09:00-27 10:00"],
        ),
        ("DTSTART:20200101T010000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY", []),
        (
            "DTSTART:20230225T010000Z\nDTEND:20230302T010000Z",
            ["25 09:00-02 09:00"],
        ),
        ("DTSTART:20230401T010000Z\nDURATION:PT1H", []),
    ],
)
def test_what_counts_and_when(event: str, taken: list[str]) -> None:
    """Zones, whole days, recurrences with exceptions; what is free or cancelled does not count."""
    assert read(calendar(event, before=BERLIN)) == taken


def test_changed_and_cancelled_occurrences() -> None:
    """RECURRENCE-ID moves one occurrence and cancels another."""
    data = calendar(
        "UID:r\nDTSTART:20230306T010000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3",
        "UID:r\nRECURRENCE-ID:20230313T010000Z\nDTSTART:20230314T060000Z\nDURATION:PT2H",
        "UID:r\nRECURRENCE-ID:20230320T010000Z\nDTSTART:20230320T010000Z\nDURATION:PT1H\n"
        "STATUS:CANCELLED",
    )
    assert read(data) == ["06 09:00-06 10:00", "14 14:00-14 16:00"]


def test_free_and_busy_answers_count_as_well() -> None:
    """A hall's system may tell no more than this."""
    data = calendar(
        before="BEGIN:VFREEBUSY\nUID:f\nDTSTAMP:20230101T000000Z\n"
        "FREEBUSY:20230306T010000Z/20230306T020000Z,20230307T010000Z/PT3H\n"
        "FREEBUSY;FBTYPE=FREE:20230308T010000Z/PT3H\nEND:VFREEBUSY\n"
    )
    assert read(data) == ["06 09:00-06 10:00", "07 09:00-07 12:00"]


def test_our_own_sessions_do_not_count() -> None:
    """A teacher who subscribed to us is not kept from teaching by it."""
    data = calendar("UID:own\nDTSTART:20230306T010000Z\nDURATION:PT1H")
    assert read(data, own={"own"}) == []


def test_private_titles_are_not_read() -> None:
    """Public ones are, as one line."""
    data = calendar(
        "SUMMARY:board\\nmeeting\nDTSTART:20230306T010000Z\nDURATION:PT1H",
        "SUMMARY:doctor\nCLASS:PRIVATE\nDTSTART:20230307T010000Z\nDURATION:PT1H",
    )
    assert [busy.title for busy in read_busy(data, FIRST, LAST, SHANGHAI)] == ["board meeting", ""]


@pytest.mark.parametrize(
    "rule", ["SECONDLY", "MINUTELY", "HOURLY", "DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5"]
)
def test_rule_that_never_stops_is_refused(rule: str) -> None:
    """It would keep the machine busy for hours."""
    data = calendar(f"SUMMARY:tick\nDTSTART:20230306T010000Z\nDURATION:PT1S\nRRULE:FREQ={rule}")
    with pytest.raises(Refused, match="“tick” repeats more than"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x00\xff",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        calendar("DTSTART:tomorrow\nDTEND:20230306T010000Z"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    """In words: read as nothing, it would make somebody look free."""
    with pytest.raises(Refused, match="trainer calendar lint"):
        read(data)


def test_calendar_without_events_is_free() -> None:
    """Nothing is taken, and nothing is wrong."""
    assert read(calendar()) == []


@pytest.mark.parametrize("line", ["DTSTART", "RECURRENCE-ID"])
def test_a_zone_that_nobody_knows_is_refused_by_its_name(line: str) -> None:
    """Taken for local time it would block the wrong hours."""
    event = "DTSTART:20230306T010000Z\nDURATION:PT1H\n"
    data = calendar(event.replace("DTSTART:", "DTSTART;TZID=Nowhere/Land:").replace("00Z", "00"))
    if line != "DTSTART":
        data = calendar(f"{event}{line};TZID=Nowhere/Land:20230306T010000")
    with pytest.raises(Refused) as found:
        read(data)
    assert "Nowhere/Land" in str(found.value)
