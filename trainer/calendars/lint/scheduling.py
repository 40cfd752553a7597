"""What METHOD demands of the components of a file that is mailed (RFC 5546, 3)."""

from __future__ import annotations

from typing import Final

from trainer.calendars.lint.findings import Report
from trainer.calendars.lint.frame import Frame

ONE_UID: Final = frozenset({"REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER"})
NEEDS_ATTENDEE: Final = frozenset({"REQUEST", "REPLY", "REFRESH", "DECLINECOUNTER"})
START_OPTIONAL: Final = frozenset({"CANCEL", "DECLINECOUNTER", "REFRESH", "REPLY"})
METHODS: Final = ONE_UID | NEEDS_ATTENDEE | {"PUBLISH"}


def check_methods(entry: Frame, method: str, report: Report) -> None:
    """Report what a component of a file with ``method`` lacks; unknown methods demand nothing."""
    if method not in METHODS:
        return
    if method == "PUBLISH":
        if not entry.names("ORGANIZER") and entry.name != "VJOURNAL":
            report.add_once(entry.number, "publish-without-organizer", component=entry.name)
        return
    params = {"method": method, "component": entry.name}
    if not entry.names("ORGANIZER"):
        report.add(entry.number, "method-without-organizer", **params)
    if method in NEEDS_ATTENDEE and not entry.names("ATTENDEE") and entry.name != "VJOURNAL":
        report.add(entry.number, "method-without-attendee", **params)
    if method == "CANCEL":
        status = entry.first("STATUS")
        if status is not None and status.value.upper() != "CANCELLED":
            report.add(status.number, "cancel-not-cancelled")
        if not entry.names("SEQUENCE"):
            report.add(entry.number, "cancel-without-sequence")
