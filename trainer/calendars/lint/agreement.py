"""What the components of one calendar must agree about: UIDs, time zones, series, the method."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from trainer.calendars.lint.findings import Report
from trainer.calendars.lint.frame import Frame
from trainer.calendars.lint.house import advise_on_entry, advise_on_timezone
from trainer.calendars.lint.lines import ContentLine
from trainer.calendars.lint.scheduling import ONE_UID, START_OPTIONAL, check_methods

_ESCAPE: Final = re.compile(r"\\([\\,;])")


@dataclass(slots=True)
class Agreement:
    """Notes taken while a calendar is read; what needs all of it is reported by ``finish``."""

    report: Report
    zones: dict[str, int] = field(default_factory=dict)
    zones_used: dict[str, int | None] = field(default_factory=dict)
    uids: dict[tuple[str, str], int] = field(default_factory=dict)
    first_uid: tuple[str, int] | None = None
    masters: dict[str, tuple[bool, int]] = field(default_factory=dict)
    overrides: list[tuple[str, bool, int]] = field(default_factory=list)

    def note_zone_use(self, line: ContentLine) -> None:
        """Note that a line names a time zone; extension properties need no VTIMEZONE for it."""
        zone = line.parameter("TZID")
        # a leading slash names a zone of a global registry, which needs no VTIMEZONE (3.2.19)
        if not zone or zone.startswith("/"):
            return
        if line.name.startswith("X-"):
            self.zones_used.setdefault(zone, None)
        elif self.zones_used.get(zone) is None:
            self.zones_used[zone] = line.number

    def note_timezone(self, frame: Frame) -> None:
        """Note a VTIMEZONE; report a second one of the same name."""
        advise_on_timezone(frame, self.report)
        name = _ESCAPE.sub(r"\1", frame.value("TZID") or "")
        if name in self.zones:
            self.report.add(frame.number, "duplicate-timezone", value=name, first=self.zones[name])
        elif name:
            self.zones[name] = frame.number

    def note_entry(self, frame: Frame, method: str) -> None:
        """Check an event (to-do, journal, free-busy) as one of its calendar."""
        check_methods(frame, method, self.report)
        advise_on_entry(frame, method, self.report)
        if frame.name == "VEVENT" and method not in START_OPTIONAL and not frame.names("DTSTART"):
            self.report.add(
                frame.number, "missing-property", component=frame.name, property="DTSTART"
            )
        uid = frame.first("UID")
        if uid is None or frame.name == "VFREEBUSY":
            return
        self._note_uid(uid, frame.value("RECURRENCE-ID") or "", method)
        self._note_series(frame, uid.value)

    def _note_uid(self, uid: ContentLine, occurrence: str, method: str) -> None:
        first = self.uids.setdefault((uid.value, occurrence), uid.number)
        if first != uid.number:
            self.report.add(uid.number, "duplicate-uid", value=uid.value, first=first)
        if self.first_uid is None:
            self.first_uid = (uid.value, uid.number)
        elif method in ONE_UID and self.first_uid[0] != uid.value:
            self.report.add(uid.number, "method-many-uids", method=method, first=self.first_uid[1])

    def _note_series(self, frame: Frame, uid: str) -> None:
        override = frame.moment("RECURRENCE-ID")
        if override is not None:
            line, moment = override
            self.overrides.append((uid, moment.has_time, line.number))
            return
        start = frame.moment("DTSTART")
        if start is not None and frame.names("RRULE", "RDATE"):
            self.masters[uid] = (start[1].has_time, start[0].number)

    def finish(self) -> None:
        """Report what only the whole calendar shows."""
        for zone, number in self.zones_used.items():
            if zone not in self.zones and number is not None:
                self.report.add(number, "tzid-without-timezone", value=zone)
        for zone, number in self.zones.items():
            if zone not in self.zones_used:
                self.report.add(number, "timezone-unused", value=zone)
        for uid, has_time, number in self.overrides:
            master = self.masters.get(uid)
            if master is not None and master[0] != has_time:
                self.report.add(number, "recurrence-id-type", first=master[1])
