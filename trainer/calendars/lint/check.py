"""The lint's one walk through a file: components are opened, filled, closed and checked."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from trainer.calendars.lint.agreement import Agreement
from trainer.calendars.lint.components import check_component
from trainer.calendars.lint.findings import Finding, Report
from trainer.calendars.lint.frame import Frame
from trainer.calendars.lint.house import advise_on_calendar, advise_on_time
from trainer.calendars.lint.lines import WIDE_BOMS, ContentLine, content_lines
from trainer.calendars.lint.names import COMPONENTS, ENTRIES, PROPERTIES
from trainer.calendars.lint.properties import check_property
from trainer.phrases import phrase

_BEGIN: Final = re.compile(
    rb"(?:^|[\r\n])(?:\xef\xbb\xbf)?[ \t]{0,8}BEGIN:[ \t]{0,8}VCALENDAR", re.IGNORECASE
)
_WIDE_BEGIN: Final = re.compile(rb"B\0+E\0+G\0+I\0+N\0+:", re.IGNORECASE)
"""As UTF-16 and UTF-32 write it, without a byte order mark."""


def lint(data: bytes) -> list[Finding]:
    """Return everything found in the bytes of an .ics file, by line; never raises.

    Time is linear in the size of ``data``. A file that is no calendar at all is one finding.
    """
    report = Report()
    if data.startswith(WIDE_BOMS) or _WIDE_BEGIN.search(data):
        report.add(1, "not-utf8")
    elif _BEGIN.search(data) is None:
        report.add(1, "not-a-calendar")
    else:
        walk = _Walk(report)
        for line in content_lines(data, report):
            walk.read(line)
        walk.end()
    return report.findings()


class _Walk:
    """Reads content lines in order and checks each component when it ends."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._stack: list[Frame] = []
        self._open: Counter[str] = Counter()
        self._agreement = Agreement(report)

    def read(self, line: ContentLine) -> None:
        """Take in one content line."""
        if line.name == "BEGIN":
            self._begin(line)
        elif line.name == "END":
            self._end(line)
        elif not self._stack:
            self._report.add(line.number, "outside-calendar", value=line.name)
        else:
            self._property(line, self._stack[-1])

    def end(self) -> None:
        """Close the file: whatever is still open was never ended."""
        while self._stack:
            self._close_unended()

    def _name(self, line: ContentLine) -> str:
        """Return the component that BEGIN or END names; report blanks and parameters."""
        name = line.value.strip().upper()
        if line.value != line.value.strip() or line.parameters:
            expected = phrase("the name of a component and nothing else")
            self._report.add(
                line.number, "bad-value", property=line.name, value=line.value, expected=expected
            )
        return name

    def _begin(self, line: ContentLine) -> None:
        name = self._name(line)
        parent = self._stack[-1].name if self._stack else ""
        shape = COMPONENTS.get(name)
        if not parent and name != "VCALENDAR":
            self._report.add(line.number, "outside-calendar", value=f"BEGIN:{name}")
        elif shape is None:
            if not name.startswith("X-"):
                self._report.add(line.number, "unknown-component", component=name)
        elif parent in COMPONENTS and parent not in shape.parents:
            self._report.add(line.number, "misplaced-component", component=name, parent=parent)
        if self._stack:
            self._stack[-1].child_names.add(name)
        self._stack.append(Frame(name, line.number))
        self._open[name] += 1

    def _end(self, line: ContentLine) -> None:
        name = self._name(line)
        if not self._open[name]:
            self._report.add(line.number, "stray-end", component=name)
            return
        while self._stack[-1].name != name:
            self._close_unended()
        self._close()

    def _property(self, line: ContentLine, frame: Frame) -> None:
        frame.lines.setdefault(line.name, []).append(line)
        shape = COMPONENTS.get(frame.name)
        if shape is None:
            return
        check_property(line, frame.name, self._report)
        self._agreement.note_zone_use(line)
        if line.name not in PROPERTIES:
            return
        params = {"property": line.name, "component": frame.name}
        if not shape.open and line.name not in shape.allowed:
            self._report.add(line.number, "misplaced-property", **params)
        if frame.has_children:
            self._report.add(line.number, "property-after-component", **params)
        if frame.name in ENTRIES:
            advise_on_time(line, self._report)

    def _close_unended(self) -> None:
        frame = self._stack[-1]
        self._report.add(frame.number, "unclosed-component", component=frame.name)
        self._close()

    def _close(self) -> None:
        """Check the innermost component and let it go, unless the one around it needs it."""
        frame = self._stack.pop()
        self._open[frame.name] -= 1
        check_component(frame, self._report)
        if frame.name == "VCALENDAR":
            self._close_calendar(frame)
        elif self._stack and self._stack[-1].name != "VCALENDAR":
            self._stack[-1].children.append(frame)
        elif frame.name == "VTIMEZONE":
            self._agreement.note_timezone(frame)
        elif frame.name in ENTRIES:
            self._agreement.note_entry(frame, self._method())

    def _method(self) -> str:
        value = self._stack[0].value("METHOD") if self._stack else None
        return (value or "").upper()

    def _close_calendar(self, frame: Frame) -> None:
        if not frame.has_children:
            self._report.add(frame.number, "empty-calendar")
        elif frame.child_names == {"VTIMEZONE"}:
            self._report.add(frame.number, "only-timezones")
        advise_on_calendar(frame, (frame.value("METHOD") or "").upper(), self._report)
        self._agreement.finish()
        self._agreement = Agreement(self._report)
