"""The reports of the demonstration, attendance and completion: a file for each view and format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from trainer.calendars.export import write_whole
from trainer.desk import Desk
from trainer.phrases import Phrase, phrase
from trainer.reports.attendance import GROUPS, attendance_report
from trainer.reports.completion import completion_report
from trainer.reports.formats import render
from trainer.reports.report import Report

FORMATS: Final = ("csv", "json", "xlsx")
#: How completion is seen: what takes a row for each person is too long to be looked at.
COMPLETION: Final = ("class", "series")


def write_reports(
    desk: Desk, folder: Path, on_step: Callable[[Phrase, float, float | None], None]
) -> int:
    """Write the reports by everything they can be seen by; return how many files."""
    folder.mkdir(parents=True, exist_ok=True)
    told = phrase("writing reports")
    views: list[tuple[Callable[..., Report], str]] = [(attendance_report, by) for by in GROUPS]
    views += [(completion_report, by) for by in COMPLETION]
    count = 0
    for make, by in views:
        on_step(told, count, len(views) * len(FORMATS))
        report = make(desk, by=by)
        for kind in FORMATS:
            write_whole(folder / f"{report.name}-by-{by}.{kind}", render(report, kind))
            count += 1
    return count
