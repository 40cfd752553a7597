"""Which reports there are, and what each may be asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.reports.attendance import attendance_report
from trainer.reports.completion import completion_report
from trainer.reports.coverage import coverage_report
from trainer.reports.evaluation import evaluation_report
from trainer.reports.hours import hours_report
from trainer.reports.plan import plan_report
from trainer.reports.report import Report
from trainer.reports.teaching import teachers_report, venues_report

NAMES: Final = (
    "attendance", "hours", "coverage", "plan", "completion", "teachers", "venues", "evaluation",
)  # fmt: skip
_ROLLED_UP: Final = ("attendance", "hours", "coverage")
_BY_DIMENSION: Final[Mapping[str, Callable[..., Report]]] = {
    "attendance": attendance_report,
    "hours": hours_report,
    "coverage": coverage_report,
    "plan": plan_report,
    "completion": completion_report,
    "evaluation": evaluation_report,
}


def make_report(
    desk: Desk,
    name: str,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str | None = None,
    rollup: Any = None,
) -> Report:
    """Return the report of that name; raise UsageError where there is none, or not like that."""
    if name not in NAMES:
        raise UsageError(
            "there is no report “{name}” yet; use one of: {known}",
            name=name,
            known=", ".join(NAMES),
        )
    options: dict[str, Any] = {"first": first, "last": last}
    if by is not None:
        options["by"] = by
    if rollup is not None:
        if name not in _ROLLED_UP:
            raise UsageError(
                "the report “{name}” has no roll-up; leave --rollup away, or use one of: {known}",
                name=name,
                known=", ".join(_ROLLED_UP),
            )
        options["rollup"] = rollup
    if name in _BY_DIMENSION:
        return _BY_DIMENSION[name](desk, **options)
    if by not in (None, name[:-1]):
        raise UsageError(
            "the report “{name}” has one row for each of them; leave --by away", name=name
        )
    options.pop("by", None)
    return (teachers_report if name == "teachers" else venues_report)(desk, **options)
