"""Our house style, as advice: legal, but known to serve readers badly."""

from __future__ import annotations

import re
from typing import Final

from trainer.calendars.lint.findings import Report
from trainer.calendars.lint.frame import Frame
from trainer.calendars.lint.lines import ContentLine
from trainer.calendars.lint.moments import moment_of

LIVING_RULES: Final = 4
"""Rules of a time zone that has daylight saving now, with one change of law."""

_HOST: Final = re.compile(r"@[^@\s]+\.[A-Za-z]{2,}$")
_TIMED: Final = frozenset({"DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "EXDATE", "RDATE"})


def advise_on_time(line: ContentLine, report: Report) -> None:
    """Advise against a floating time; dates without time are meant for the whole day."""
    if line.name not in _TIMED or "TZID" in line.parameters:
        return
    moment = moment_of(line.value.partition(",")[0])
    if moment is not None and moment.has_time and not moment.is_utc:
        report.add(line.number, "floating-time", property=line.name)


def advise_on_entry(entry: Frame, method: str, report: Report) -> None:
    """Advise on an event's (a to-do's, a journal's) UID, cancellation and privacy."""
    uid = entry.first("UID")
    if uid is not None and _HOST.search(uid.value[-256:]):
        report.add_once(uid.number, "uid-with-host", value=uid.value)
    attendee = entry.first("ATTENDEE")
    if attendee is not None and method in {"", "PUBLISH"}:
        report.add_once(attendee.number, "attendee-named")
    if entry.name != "VEVENT" or (entry.value("STATUS") or "").upper() != "CANCELLED":
        return
    if (entry.value("TRANSP") or "").upper() != "TRANSPARENT" and method != "CANCEL":
        report.add(entry.number, "cancelled-blocks-time")
    alarm = next((child for child in entry.children if child.name == "VALARM"), None)
    if alarm is not None:
        report.add(alarm.number, "cancelled-alarm")


def advise_on_timezone(zone: Frame, report: Report) -> None:
    """Advise against a time zone that writes history out."""
    count = sum(
        1 + sum(line.value.count(",") + 1 for line in rule.lines.get("RDATE", []))
        for rule in zone.children
    )
    if count > LIVING_RULES:
        report.add(zone.number, "timezone-history", value=zone.value("TZID") or "", count=count)


def advise_on_calendar(calendar: Frame, method: str, report: Report) -> None:
    """Advise on a calendar's name; a mailed file needs none."""
    if method in {"", "PUBLISH"} and not calendar.names("NAME", "X-WR-CALNAME"):
        report.add(calendar.number, "no-calendar-name")
