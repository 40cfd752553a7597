"""Which reports there are."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.reports.attendance import attendance_report
from trainer.reports.report import Report

NAMES: Final = ("attendance",)


def make_report(
    desk: Desk,
    name: str,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str | None = None,
    rollup: Any = None,
) -> Report:
    """Return the report of that name; raise UsageError where there is none."""
    if name == "attendance":
        return attendance_report(desk, first=first, last=last, by=by or "class", rollup=rollup)
    raise UsageError(
        "there is no report “{name}” yet; use one of: {known}", name=name, known=", ".join(NAMES)
    )
