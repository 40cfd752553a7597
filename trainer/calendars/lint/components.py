"""One component as a whole: what it must have, what excludes what, and its times together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from trainer.calendars.lint.findings import Report
from trainer.calendars.lint.frame import Frame
from trainer.calendars.lint.lines import ContentLine
from trainer.calendars.lint.moments import Moment, clock_of, instant_of, moment_of
from trainer.calendars.lint.names import COMPONENTS, Component
from trainer.calendars.lint.recurrence import parts_of_rule
from trainer.calendars.lint.values import is_duration
from trainer.phrases import phrase

FARTHEST_ZONES: Final = timedelta(hours=26)
"""The clocks of two zones never differ by more."""

_CODES: Final = {
    ("VCALENDAR", "PRODID"): "missing-prodid",
    ("VCALENDAR", "VERSION"): "missing-version",
    ("VALARM", "ACTION"): "incomplete-alarm",
    ("VALARM", "TRIGGER"): "incomplete-alarm",
    ("VTIMEZONE", "TZID"): "incomplete-timezone",
    **{
        (component, name): "incomplete-timezone"
        for component in ("STANDARD", "DAYLIGHT")
        for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
    },
}
_ANYWHERE: Final = {"UID": "missing-uid", "DTSTAMP": "missing-dtstamp"}


def check_component(frame: Frame, report: Report) -> None:
    """Report what is wrong with a component once all of it has been read."""
    shape = COMPONENTS.get(frame.name)
    if shape is None:
        return
    _check_cardinality(frame, shape, report)
    for check in _WHOLE.get(frame.name, ()):
        check(frame, report)


def _check_cardinality(frame: Frame, shape: Component, report: Report) -> None:
    for name in sorted(shape.required - frame.lines.keys()):
        code = _CODES.get((frame.name, name)) or _ANYWHERE.get(name, "missing-property")
        report.add(frame.number, code, component=frame.name, property=name)
    for name, lines in frame.lines.items():
        if name in shape.single:
            for line in lines[1:]:
                report.add(line.number, "duplicate-property", component=frame.name, property=name)


def _check_span(frame: Frame, report: Report) -> None:
    """Check the start against the end (DTEND, or DUE of a to-do) or the duration."""
    end_name = "DUE" if frame.name == "VTODO" else "DTEND"
    duration = frame.first("DURATION")
    end_line = frame.first(end_name)
    if duration is not None and end_line is not None:
        report.add(
            max(duration.number, end_line.number),
            "end-and-duration",
            component=frame.name,
            property=end_name,
        )
    start = frame.moment("DTSTART")
    if duration is not None and is_duration(duration.value):
        if duration.value.startswith("-"):
            report.add(duration.number, "negative-duration")
        elif start is not None and not start[1].has_time and "T" in duration.value:
            report.add(duration.number, "duration-of-date")
    end = frame.moment(end_name)
    if start is not None and end is not None:
        _check_order(*start, *end, report)


def _check_order(
    start_line: ContentLine, start: Moment, end_line: ContentLine, end: Moment, report: Report
) -> None:
    number, name = end_line.number, end_line.name
    if start.has_time != end.has_time:
        report.add(number, "mixed-types", property=name)
        return
    zones = [_zone(start_line, start), _zone(end_line, end)]
    if start.has_time and (zones[0] == "") != (zones[1] == ""):
        report.add(number, "mixed-floating", property=name)
    if zones[0] == zones[1]:
        if end.digits == start.digits:
            report.add(number, "end-equals-start", property=name)
        elif end.digits < start.digits:
            report.add(number, "end-before-start", property=name)
    elif _is_before(end, zones[1], start, zones[0]):
        report.add(number, "end-before-start", property=name)


def _is_before(end: Moment, end_zone: str, start: Moment, start_zone: str) -> bool:
    """Tell whether an end lies before a start of another zone, as far as the zones are known."""
    first, last = instant_of(start, start_zone), instant_of(end, end_zone)
    if first is None or last is None:
        return clock_of(end) + FARTHEST_ZONES < clock_of(start)
    return last < first


def _zone(line: ContentLine, moment: Moment) -> str:
    """Return what a time is relative to; floating times and dates are relative to nothing."""
    return "UTC" if moment.is_utc else (line.parameter("TZID") or "")


def _check_recurrence(frame: Frame, report: Report) -> None:
    rules = frame.lines.get("RRULE", [])
    if len(rules) > 1:
        report.add(rules[1].number, "several-rules", component=frame.name)
    for line in frame.lines.get("EXRULE", []):
        report.add(line.number, "deprecated-property", property=line.name)
    start = frame.moment("DTSTART")
    if start is None:
        return
    for line in rules:
        _check_until(line, *start, report)
    for line in frame.lines.get("EXDATE", []):
        if start[1].has_time and (line.parameter("VALUE") or "").upper() == "DATE":
            report.add(line.number, "exdate-type")


def _check_until(line: ContentLine, start_line: ContentLine, start: Moment, report: Report) -> None:
    until = parts_of_rule(line.value).get("UNTIL")
    if until is None:
        return
    if ("T" in until) != start.has_time:
        reason = phrase("UNTIL and DTSTART must both be dates, or both have a time")
    elif start.has_time and until.endswith("Z") != bool(_zone(start_line, start)):
        reason = phrase("UNTIL must be in UTC where DTSTART has a time zone, and only there")
    else:
        last = moment_of(until)
        if last is not None and clock_of(last) + FARTHEST_ZONES < clock_of(start):
            report.add(line.number, "rule-over-at-once")
        return
    report.add(line.number, "bad-rule", reason=reason)


def _check_todo(frame: Frame, report: Report) -> None:
    if frame.names("DURATION") and not frame.names("DTSTART"):
        report.add(frame.lines["DURATION"][0].number, "duration-without-start")


def _check_alarm(frame: Frame, report: Report) -> None:
    action = (frame.value("ACTION") or "").upper()
    if action in {"DISPLAY", "EMAIL"} and not frame.names("DESCRIPTION"):
        report.add(frame.number, "alarm-without-description", action=action)
    if action == "EMAIL":
        for name in ("ATTENDEE", "SUMMARY"):
            if not frame.names(name):
                report.add(frame.number, "incomplete-alarm", property=name)
    if frame.names("REPEAT") != frame.names("DURATION"):
        line = frame.first("REPEAT") or frame.first("DURATION")
        assert line is not None
        report.add(line.number, "repeat-without-duration")


def _check_alarm_ends(frame: Frame, report: Report) -> None:
    """Report alarms that count from an end where there is none (RFC 5545, 3.8.6.3)."""
    if frame.names("DTEND", "DUE") or (frame.names("DURATION") and frame.names("DTSTART")):
        return
    for alarm in frame.children:
        trigger = alarm.first("TRIGGER") if alarm.name == "VALARM" else None
        if trigger is not None and (trigger.parameter("RELATED") or "").upper() == "END":
            report.add(trigger.number, "trigger-without-end")


def _check_timezone(frame: Frame, report: Report) -> None:
    if not any(child.name in {"STANDARD", "DAYLIGHT"} for child in frame.children):
        report.add(frame.number, "timezone-without-rule")


def _check_observance(frame: Frame, report: Report) -> None:
    start = frame.moment("DTSTART")
    if start is not None and (
        start[1].is_utc or not start[1].has_time or "TZID" in start[0].parameters
    ):
        report.add(start[0].number, "timezone-not-local", component=frame.name)
    for line in frame.lines.get("RRULE", []):
        until = parts_of_rule(line.value).get("UNTIL")
        if until is not None and not until.endswith("Z"):
            reason = phrase("UNTIL in a time zone must be in UTC")
            report.add(line.number, "bad-rule", reason=reason)


_WHOLE: Final[dict[str, tuple[Callable[[Frame, Report], None], ...]]] = {
    "VEVENT": (_check_span, _check_recurrence, _check_alarm_ends),
    "VTODO": (_check_span, _check_todo, _check_recurrence, _check_alarm_ends),
    "VJOURNAL": (_check_recurrence,),
    "VFREEBUSY": (_check_span,),
    "VALARM": (_check_alarm,),
    "VTIMEZONE": (_check_timezone,),
    "STANDARD": (_check_observance,),
    "DAYLIGHT": (_check_observance,),
}
