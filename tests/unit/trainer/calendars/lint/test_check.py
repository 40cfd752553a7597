"""The lint: silent on good files, and each defect caught by its own code at its own line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.calendars.lint import Finding, Severity, lint
from trainer.calendars.lint.defects import ADVICE, ERRORS

GOOD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Test//Test//EN",
    "NAME:课表",
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "END:STANDARD",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
    "UID:6f1c2a9e-58b7-4d35-9f0a-2b7d1c3e4f50",
    "DTSTAMP:20260220T080000Z",
    "DTSTART;TZID=Asia/Shanghai:20260302T083000",
    "DTEND;TZID=Asia/Shanghai:20260302T113000",
    "SUMMARY:专题辅导\\, 第一讲",
    "GEO:35.405000;116.973000",
    "CATEGORIES:主体班,theory",
    "STATUS:CONFIRMED",
    "SEQUENCE:0",
    "TRANSP:OPAQUE",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "DESCRIPTION:专题辅导",
    "TRIGGER:-PT30M",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
)
TEXT = "".join(f"{line}\r\n" for line in GOOD)

UID = "UID:6f1c2a9e-58b7-4d35-9f0a-2b7d1c3e4f50\r\n"
STAMP = "DTSTAMP:20260220T080000Z\r\n"
START = "DTSTART;TZID=Asia/Shanghai:20260302T083000\r\n"
END = "DTEND;TZID=Asia/Shanghai:20260302T113000\r\n"
SUMMARY = "SUMMARY:专题辅导\\, 第一讲\r\n"
EVENT = TEXT[TEXT.index("BEGIN:VEVENT") : TEXT.index("END:VCALENDAR")]
ALARM = TEXT[TEXT.index("BEGIN:VALARM") : TEXT.index("END:VEVENT")]
ZONE = TEXT[TEXT.index("BEGIN:VTIMEZONE") : TEXT.index("BEGIN:VEVENT")]
CHINESE = "专题".encode()

# code, what is replaced, by what, and what stands in the line where it must be found
BROKEN: list[tuple[str, str | bytes, str | bytes, str | bytes]] = [
    ("bom", "BEGIN:VCALENDAR", "\ufeffBEGIN:VCALENDAR", "BEGIN:VCALENDAR"),
    ("not-utf8", CHINESE, "专题".encode("gb18030"), b"SUMMARY"),
    ("split-character", CHINESE, CHINESE[:4] + b"\r\n " + CHINESE[4:], b" " + CHINESE[4:]),
    ("control-character", "第一讲", "第\x07一讲", "SUMMARY"),
    ("control-character", "第一讲", "第\x0b一讲", "SUMMARY"),
    ("lf-line-end", "SEQUENCE:0\r\n", "SEQUENCE:0\n", "SEQUENCE"),
    ("doubled-line-end", "SEQUENCE:0\r\n", "SEQUENCE:0\r\r\n", "SEQUENCE"),
    ("long-line", "第一讲", "讲" * 25, "SUMMARY"),
    ("blank-line", "SEQUENCE:0\r\n", "\r\nSEQUENCE:0\r\n", "\r\nSEQUENCE"),
    ("stray-fold", "BEGIN:VCALENDAR", " BEGIN:VCALENDAR", "BEGIN:VCALENDAR"),
    ("raw-newline", "第一讲", "第一讲\r\n带笔记本", "带笔记本"),
    ("bad-parameter", "SUMMARY:", 'SUMMARY;LANGUAGE="zh:', "SUMMARY"),
    ("bad-parameter", "SUMMARY:", "SUMMARY;QUOTED-PRINTABLE:", "SUMMARY"),
    ("duplicate-parameter", "SUMMARY:", "SUMMARY;LANGUAGE=zh;LANGUAGE=en:", "SUMMARY"),
    ("outside-calendar", "BEGIN:VCALENDAR", "SUMMARY:x\r\nBEGIN:VCALENDAR", "SUMMARY:x"),
    ("unclosed-component", "END:VALARM\r\n", "", "BEGIN:VALARM"),
    ("unclosed-component", "END:VCALENDAR\r\n", "", "BEGIN:VCALENDAR"),
    ("stray-end", "BEGIN:VALARM\r\n", "", "END:VALARM"),
    ("misplaced-component", EVENT, EVENT + ALARM, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nD"),
    ("empty-calendar", ZONE + EVENT, "", "BEGIN:VCALENDAR"),
    ("missing-prodid", "PRODID:-//Test//Test//EN\r\n", "", "BEGIN:VCALENDAR"),
    ("missing-version", "VERSION:2.0\r\n", "", "BEGIN:VCALENDAR"),
    ("missing-uid", UID, "", "BEGIN:VEVENT"),
    ("missing-dtstamp", STAMP, "", "BEGIN:VEVENT"),
    ("missing-property", START + END, "", "BEGIN:VEVENT"),
    ("incomplete-alarm", "TRIGGER:-PT30M\r\n", "", "BEGIN:VALARM"),
    ("incomplete-alarm", "ACTION:DISPLAY\r\n", "", "BEGIN:VALARM"),
    ("incomplete-alarm", "ACTION:DISPLAY", "ACTION:EMAIL", "BEGIN:VALARM"),
    ("alarm-without-description", "DESCRIPTION:专题辅导\r\n", "", "BEGIN:VALARM"),
    ("incomplete-timezone", "TZOFFSETTO:+0800\r\n", "", "BEGIN:STANDARD"),
    ("incomplete-timezone", "TZOFFSETFROM:+0800\r\n", "", "BEGIN:STANDARD"),
    ("incomplete-timezone", "DTSTART:19700101T000000\r\n", "", "BEGIN:STANDARD"),
    ("incomplete-timezone", "TZID:Asia/Shanghai\r\n", "", "BEGIN:VTIMEZONE"),
    (
        "timezone-without-rule",
        ZONE,
        "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nEND:VTIMEZONE\r\n",
        "BEGIN:VTIMEZONE",
    ),
    ("duplicate-property", SUMMARY, SUMMARY + "SUMMARY:x\r\n", "SUMMARY:x"),
    ("duplicate-uid", EVENT, EVENT + EVENT.replace("BEGIN:VEVENT", "BEGIN:vevent"), "UID"),
    ("bad-value", "TZOFFSETTO:+0800", "TZOFFSETTO:+8", "TZOFFSETTO"),
    ("bad-value", "20260302T083000", "20260230T083000", "DTSTART;"),
    ("bad-value", "20260302T083000", "20260302T250000", "DTSTART;"),
    ("bad-value", "TRANSP:OPAQUE", "TRANSP:BUSY", "TRANSP"),
    ("bad-value", "SEQUENCE:0", "SEQUENCE:0\r\nPRIORITY:10", "PRIORITY"),
    ("bad-value", "SEQUENCE:0", "SEQUENCE:0\r\nURL:no address", "URL"),
    ("bad-value", "SEQUENCE:0", "SEQUENCE:0\r\nORGANIZER:office@example.org", "ORGANIZER"),
    ("bad-value", "SEQUENCE:0", "SEQUENCE:0\r\nEXDATE:20260302T003000Z,soon", "EXDATE"),
    ("bad-value", "VERSION:2.0", "VERSION:1.0", "VERSION"),
    ("bad-value", "PRODID:-//Test//Test//EN", "PRODID:", "PRODID"),
    ("bad-value", "BEGIN:VEVENT", "BEGIN: VEVENT", "BEGIN: VEVENT"),
    ("bad-value", "BEGIN:VEVENT", "BEGIN;X=1:VEVENT", "BEGIN;"),
    ("bad-value", "END:VEVENT", "END:VEVENT ", "END:VEVENT"),
    ("bad-value", "6f1c2a9e-58b7-4d35-9f0a-2b7d1c3e4f50", "", "UID"),
    ("bad-value", END, "DURATION:PT\r\n", "DURATION"),
    ("date-without-value", START, "DTSTART:20260302\r\n", "DTSTART:20260302"),
    ("wrong-value-type", "SUMMARY:", "SUMMARY;VALUE=DATE:", "SUMMARY"),
    ("missing-value-parameter", "SEQUENCE:0", "SEQUENCE:0\r\nIMAGE:https://a.example/", "IMAGE"),
    ("unescaped-character", "\\, 第", ", 第", "SUMMARY"),
    ("unescaped-character", "\\, 第", "; 第", "SUMMARY"),
    ("bad-escape", "\\, 第", "\\: 第", "SUMMARY"),
    ("bad-escape", "第一讲", "第一讲\\", "SUMMARY"),
    ("bad-status", "STATUS:CONFIRMED", "STATUS:DONE", "STATUS"),
    ("bad-geo", "35.405000;116.973000", "35.405000,116.973000", "GEO"),
    ("bad-geo", "35.405000;116.973000", "116.973000;35.405000", "GEO"),
    ("bad-sequence", "SEQUENCE:0", "SEQUENCE:one", "SEQUENCE"),
    ("bad-sequence", "SEQUENCE:0", "SEQUENCE:-1", "SEQUENCE"),
    ("bad-trigger", "TRIGGER:-PT30M", "TRIGGER:30 minutes", "TRIGGER"),
    ("bad-trigger", "TRIGGER:", "TRIGGER;VALUE=DATE-TIME:", "TRIGGER"),
    ("not-utc", "DTSTAMP:20260220T080000Z", "DTSTAMP:20260220T080000", "DTSTAMP"),
    ("tzid-with-utc", "T083000", "T003000Z", "DTSTART;"),
    (
        "tzid-with-date",
        "DTSTART;TZID=Asia/Shanghai:20260302T083000",
        "DTSTART;VALUE=DATE;TZID=Asia/Shanghai:20260302",
        "DTSTART;VALUE",
    ),
    ("bad-parameter-value", "SEQUENCE:0", "ATTENDEE;RSVP=YES:mailto:a@b.example", "ATTENDEE"),
    (
        "bad-parameter-value",
        "SEQUENCE:0",
        "ORGANIZER;CN=Office, Training:mailto:a@b.example",
        "ORGANIZER",
    ),
    ("encoding-without-binary", "SEQUENCE:0", "ATTACH;ENCODING=BASE64:AAAA", "ATTACH"),
    (
        "end-before-start",
        "DTEND;TZID=Asia/Shanghai:20260302T11",
        "DTEND;TZID=Asia/Shanghai:20260302T07",
        "DTEND",
    ),
    ("end-before-start", END, "DTEND:20260228T033000Z\r\n", "DTEND"),
    ("end-before-start", END, "DTEND:20260302T002959Z\r\n", "DTEND"),
    ("end-equals-start", "T113000", "T083000", "DTEND"),
    ("end-and-duration", END, END + "DURATION:PT3H\r\n", "DURATION"),
    ("negative-duration", END, "DURATION:-PT3H\r\n", "DURATION"),
    (
        "duration-of-date",
        START + END,
        "DTSTART;VALUE=DATE:20260302\r\nDURATION:PT3H\r\n",
        "DURATION",
    ),
    ("mixed-types", END, "DTEND;VALUE=DATE:20260303\r\n", "DTEND"),
    ("mixed-floating", END, "DTEND:20260302T113000\r\n", "DTEND"),
    ("repeat-without-duration", "TRIGGER:-PT30M", "TRIGGER:-PT30M\r\nREPEAT:2", "REPEAT"),
    ("tzid-without-timezone", ZONE, "", "DTSTART;"),
    ("tzid-without-timezone", "TZID:Asia/Shanghai", "TZID:Asia/Chongqing", "DTSTART;"),
    ("duplicate-timezone", ZONE, ZONE + ZONE, "BEGIN:VTIMEZONE"),
    ("timezone-not-local", "DTSTART:19700101T000000", "DTSTART:19700101T000000Z", "DTSTART:"),
    *(
        ("bad-rule", "SEQUENCE:0", f"RRULE:{rule}", "RRULE")
        for rule in (
            "COUNT=3",
            "FREQ=FORTNIGHTLY",
            "FREQ=DAILY;COUNT=3;UNTIL=20260401T000000Z",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;BYDAY=1MO",
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "FREQ=MONTHLY;BYMONTH=14",
            "FREQ=MONTHLY;BYSETPOS=1",
            "FREQ=DAILY;UNTIL=20260401",
            "FREQ=DAILY;UNTIL=20260401T000000",
            "FREQ=DAILY;",
            "FREQ=DAILY;EVERY=2",
            "FREQ=DAILY;UNTIL=20260431T000000Z",
            "FREQ=DAILY;UNTIL=20260401T250000Z",
        )
    ),
    ("method-without-organizer", "VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST", "BEGIN:VEVENT"),
    ("method-without-attendee", "VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST", "BEGIN:VEVENT"),
    ("cancel-not-cancelled", "VERSION:2.0", "VERSION:2.0\r\nMETHOD:CANCEL", "STATUS"),
]
LAST = ("duplicate-uid", "duplicate-timezone", "misplaced-component", "timezone-unused")
"""Defects that stand at the last place of their marker."""

ADVISED = [
    *(
        ("unseen-character", "第一讲", f"第一{sign}讲", "SUMMARY")
        for sign in ("\x85", "\u2028", "\x9f", "\ufeff")
    ),
    ("empty-address", "SEQUENCE:0", "URL;VALUE=URI:", "URL"),
    ("only-timezones", EVENT, "", "BEGIN:VCALENDAR"),
    ("rule-over-at-once", "SEQUENCE:0", "RRULE:FREQ=DAILY;UNTIL=20250302T003000Z", "RRULE"),
    ("floating-time", "DTSTART;TZID=Asia/Shanghai", "DTSTART", "DTSTART:2026"),
    ("timezone-unused", ZONE, ZONE + ZONE.replace("Shanghai", "Urumqi"), "BEGIN:VTIMEZONE"),
    ("uid-with-host", "2b7d1c3e4f50", "2b7d1c3e4f50@host.example", "UID"),
    ("no-calendar-name", "NAME:课表\r\n", "", "BEGIN:VCALENDAR"),
    ("cancelled-blocks-time", "STATUS:CONFIRMED", "STATUS:CANCELLED", "BEGIN:VEVENT"),
    ("cancelled-alarm", "STATUS:CONFIRMED", "STATUS:CANCELLED", "BEGIN:VALARM"),
    ("attendee-named", "SEQUENCE:0", "ATTENDEE:mailto:a@b.example", "ATTENDEE"),
    ("publish-without-organizer", "VERSION:2.0", "VERSION:2.0\r\nMETHOD:PUBLISH", "BEGIN:VEVENT"),
    ("unknown-property", "SEQUENCE:0", "SEQUENZ:0", "SEQUENZ"),
    ("unknown-component", ALARM, ALARM.replace("VALARM", "ALARM"), "BEGIN:ALARM"),
    ("misplaced-property", "SEQUENCE:0", "DUE:20260302T003000Z", "DUE"),
    ("property-after-component", ALARM, ALARM + "COMMENT:x\r\n", "COMMENT"),
    ("deprecated-property", "SEQUENCE:0", "EXRULE:FREQ=DAILY", "EXRULE"),
    ("several-rules", "SEQUENCE:0", "RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY", "RRULE:FREQ=W"),
    ("exdate-type", "SEQUENCE:0", "EXDATE;VALUE=DATE:20260302", "EXDATE"),
    ("color-not-a-name", "SEQUENCE:0", "COLOR:#FF0000", "COLOR"),
    ("no-final-line-end", "END:VCALENDAR\r\n", "END:VCALENDAR", "END:VCALENDAR"),
]


def name_of(value: str | bytes) -> str:
    """Return a short name for a part of a test case."""
    return repr(value[:24])


def raw(text: str | bytes) -> bytes:
    """Return text as the bytes of a file."""
    return text if isinstance(text, bytes) else text.encode()


def broken(old: str | bytes, new: str | bytes) -> bytes:
    """Return the good file with one replacement, which must change it."""
    data = raw(TEXT)
    mutated = data.replace(raw(old), raw(new), 1)
    assert mutated != data
    return mutated


def line_of(data: bytes, code: str, marker: str | bytes) -> int:
    """Return the line, from 1, of the place at which a defect stands."""
    place = data.rindex(raw(marker)) if code in LAST else data.index(raw(marker))
    return data.count(b"\n", 0, place) + 1


def codes(data: bytes) -> list[str]:
    """Return the codes of what is found."""
    return [finding.code for finding in lint(data)]


def errors(data: bytes) -> list[Finding]:
    """Return what breaks a standard."""
    return [finding for finding in lint(data) if finding.severity is Severity.ERROR]


def test_lint_of_a_good_file_is_silent() -> None:
    """Neither errors nor advice."""
    assert lint(raw(TEXT)) == []


def test_lint_of_other_programs_files_finds_no_error(good_files: list[Path]) -> None:
    """Each sample is in the manner of one program and breaks no standard."""
    assert len(good_files) >= 30
    assert {path.name: errors(path.read_bytes()) for path in good_files} == {
        path.name: [] for path in good_files
    }


@pytest.mark.parametrize(("code", "old", "new", "marker"), BROKEN, ids=name_of)
def test_lint_catches_a_broken_file_at_its_line(
    code: str, old: str | bytes, new: str | bytes, marker: str | bytes
) -> None:
    """One mutation, its own code, an error, and the line where it stands."""
    data = broken(old, new)
    found = [finding for finding in errors(data) if finding.code == code]
    assert found, codes(data)
    assert found[0].line == line_of(data, code, marker)


@pytest.mark.parametrize(("code", "old", "new", "marker"), ADVISED, ids=name_of)
def test_lint_advises_without_failing_the_file(code: str, old: str, new: str, marker: str) -> None:
    """House style is advice: no error comes of it."""
    data = broken(old, new)
    found = [finding for finding in lint(data) if finding.code == code]
    assert found, codes(data)
    assert [finding.code for finding in errors(data) if finding.code != "mixed-floating"] == []
    assert found[0].line == line_of(data, code, marker)


def test_lint_catches_at_least_28_kinds_of_broken_files() -> None:
    """The list of mutations covers most of the defects that fail a file."""
    tried = {case[0] for case in BROKEN}
    assert tried <= ERRORS.keys()
    assert len(tried) >= 28
    assert len(BROKEN) >= 60
    assert {case[0] for case in ADVISED} <= ADVICE.keys()


def test_lint_catches_an_alarm_that_counts_from_no_end() -> None:
    """A trigger related to the end needs one."""
    data = broken(END, "").replace(b"TRIGGER:", b"TRIGGER;RELATED=END:")
    assert codes(data) == ["trigger-without-end"]


def test_lint_catches_cr_line_ends_and_goes_on() -> None:
    """A file of an old Mac is read on, so that its other defects are found too."""
    data = broken(UID, "").replace(b"\r\n", b"\r")
    assert codes(data) == ["cr-line-end", "missing-uid"]


def test_lint_of_lf_only_file_counts_its_lines_once() -> None:
    """A whole file with LF is one finding at line 1, not one per line."""
    found = lint(raw(TEXT).replace(b"\r\n", b"\n"))
    assert [(finding.code, finding.line) for finding in found] == [("lf-line-end", 1)]
    assert found[0].message.params["count"] == len(GOOD)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_lint_of_wide_characters_says_so(encoding: str) -> None:
    """With a byte order mark or without: it is a calendar, but not in UTF-8."""
    assert codes(TEXT.encode(encoding)) == ["not-utf8"]


def test_lint_of_doubled_line_ends_counts_them_once() -> None:
    """A file written as text twice over is one finding, not one per line."""
    found = lint(raw(TEXT).replace(b"\r\n", b"\r\r\n"))
    assert [(finding.code, finding.line) for finding in found] == [("doubled-line-end", 1)]
    assert found[0].message.params["count"] == len(GOOD)


def test_lint_tells_blank_lines_at_the_end_from_those_within() -> None:
    """At the end they are advice, at the first of them."""
    found = lint(raw(TEXT) + b"\r\n\r\n")
    assert [(finding.code, finding.line) for finding in found] == [
        ("final-blank-line", len(GOOD) + 1)
    ]
    assert errors(raw(TEXT) + b"\r\n\r\n") == []


def test_lint_reports_a_series_whose_exception_is_of_another_kind() -> None:
    """RECURRENCE-ID must be of the same type as the series' DTSTART."""
    series = EVENT.replace("SEQUENCE:0", "RRULE:FREQ=DAILY;COUNT=2")
    change = EVENT.replace("SEQUENCE:0", "RECURRENCE-ID;VALUE=DATE:20260303")
    assert "recurrence-id-type" in codes(raw(TEXT.replace(EVENT, series + change)))


def test_lint_allows_one_uid_for_a_series_and_its_exception() -> None:
    """The same UID with another RECURRENCE-ID is how an exception is written."""
    series = EVENT.replace("SEQUENCE:0", "RRULE:FREQ=DAILY;COUNT=2")
    change = EVENT.replace("SEQUENCE:0", "RECURRENCE-ID;TZID=Asia/Shanghai:20260303T083000")
    assert codes(raw(TEXT.replace(EVENT, series + change))) == []


def test_lint_checks_each_calendar_of_a_file_by_itself() -> None:
    """UIDs and time zones belong to one VCALENDAR."""
    assert codes(raw(TEXT + TEXT)) == []
    assert codes(raw(TEXT + TEXT.replace(ZONE, ""))) == ["tzid-without-timezone"]


def test_lint_wants_one_uid_in_a_mailed_file() -> None:
    """RFC 5546: all components of a REQUEST speak of the same UID."""
    party = "ORGANIZER:mailto:a@b.example\r\nATTENDEE:mailto:c@d.example\r\n"
    event = EVENT.replace(SUMMARY, SUMMARY + party)
    other = event.replace("6f1c2a9e", "7f1c2a9e")
    text = TEXT.replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST").replace(EVENT, event)
    assert codes(raw(text)) == []
    assert codes(raw(text.replace(event, event + other))) == ["method-many-uids"]


def test_lint_allows_an_end_in_another_zone_that_looks_earlier() -> None:
    """A flight west may land before it left, by the clock."""
    assert codes(broken(END, "DTEND:20260302T003100Z\r\n")) == []


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfeB\x00", b"BEGIN:VCARD\r\n", b"\0" * 99])
def test_lint_of_what_is_no_calendar_is_one_error(data: bytes) -> None:
    """No flood of findings about a file that was chosen by mistake."""
    assert len(errors(data)) == len(lint(data)) == 1


def test_lint_counts_what_it_does_not_list() -> None:
    """Two hundred of a kind are listed; the rest is one finding with their number."""
    found = lint(raw(TEXT.replace(SUMMARY, SUMMARY + "nonsense\r\n" * 1000)))
    assert len(found) == 201
    assert found[-1].message.params["count"] == 800


def test_every_defect_speaks_chinese_and_english() -> None:
    """Each finding of the broken files has both sentences in both languages, filled."""
    for _code, old, new, _marker in [*BROKEN, *ADVISED]:
        for finding in lint(broken(old, new)):
            english, chinese = finding.as_dict("en"), finding.as_dict("zh")
            for key in ("message", "mend"):
                assert "{" not in english[key] + chinese[key]
                assert not chinese[key].isascii(), chinese[key]


@given(st.binary(max_size=400))
def test_lint_never_raises_on_any_bytes(data: bytes) -> None:
    """Whatever is in a file, the lint answers."""
    assert lint(data)
    lint(b"BEGIN:VCALENDAR\r\n" + data)


@settings(max_examples=300)
@given(st.data())
def test_lint_never_raises_on_a_mutated_file(data: st.DataObject) -> None:
    """Bytes taken out, put in and lines moved: always findings, never a crash."""
    lines = raw(TEXT).split(b"\r\n")
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        cut = data.draw(st.integers(0, len(line)))
        piece = data.draw(
            st.binary(max_size=6) | st.sampled_from([b";", b":", b'"', b"\r\n ", b","])
        )
        lines[place] = line[:cut] + piece + line[cut + data.draw(st.integers(0, 3)) :]
        if data.draw(st.booleans()):
            lines.insert(data.draw(st.integers(0, len(lines))), lines.pop(place))
    for finding in lint(b"\r\n".join(lines)):
        assert finding.message.text("zh")
        assert finding.message.text("en")
        assert finding.line >= 1


@pytest.mark.parametrize(
    ("head", "piece", "count"),
    [
        ("", "X", 3_000_000),
        ("SUMMARY:", "\\,", 1_500_000),
        ("SUMMARY:a", "\r\n a", 500_000),
        ("SUMMARY:", "\r\n \x01", 300_000),
        ("X;", 'A="b";', 300_000),
        ("X;A=", '"b",', 300_000),
        ("RRULE:", "BYDAY=1MO;", 200_000),
        ("", "BEGIN:X\r\n", 200_000),
        ("", "BEGIN:X\r\nEND:Y\r\n", 100_000),
    ],
    ids=repr,
)
def test_lint_is_linear_on_hostile_files(head: str, piece: str, count: int) -> None:
    """Megabytes of one line, one fold or one nesting end in seconds, not in hours."""
    started = time.process_time()
    lint(raw("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + head + piece * count + ";"))
    assert time.process_time() - started < 20
