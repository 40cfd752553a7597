"""The attendance reports of the demonstration: one file for each view and format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from trainer.calendars.export import write_whole
from trainer.desk import Desk
from trainer.phrases import Phrase, phrase
from trainer.reports.attendance import GROUPS, attendance_report
from trainer.reports.formats import render

FORMATS: Final = ("csv", "json", "xlsx")


def write_reports(
    desk: Desk, folder: Path, on_step: Callable[[Phrase, float, float | None], None]
) -> int:
    """Write the attendance report by everything it can be seen by; return how many files."""
    folder.mkdir(parents=True, exist_ok=True)
    told = phrase("writing reports")
    count = 0
    for by in GROUPS:
        on_step(told, count, len(GROUPS) * len(FORMATS))
        report = attendance_report(desk, by=by)
        for kind in FORMATS:
            write_whole(folder / f"attendance-by-{by}.{kind}", render(report, kind))
            count += 1
    return count
