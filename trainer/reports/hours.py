"""The hours report: credit hours earned, beside those that were to be had."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from trainer.attendance.credit import hours
from trainer.desk import Desk
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.attendance import Line, add_up, group_columns, period_phrase
from trainer.reports.report import Column, Report
from trainer.reports.tally import Tally

FIGURES: Final = (
    Column("classes", Phrase(mark("classes"))),
    Column("persons", Phrase(mark("persons"))),
    Column("person_times", Phrase(mark("person-times"))),
    Column("attended", Phrase(mark("attended"))),
    Column("hours", Phrase(mark("hours earned")), "hours"),
    Column("hours_due", Phrase(mark("hours held")), "hours"),
    Column("hours_per_person", Phrase(mark("hours per person")), "hours"),
)


def hours_report(
    desk: Desk,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str = "person",
    rollup: Line | None = None,
) -> Report:
    """Return hours by one dimension: marks by the office's rule of credit, nothing typed in.

    ``hours_due`` are the hours of the held sessions at which people were expected. Raise
    UsageError.
    """
    found = add_up(desk, first=first, last=last, by=by, rollup=rollup)
    return Report(
        "hours",
        phrase("Hours"),
        period_phrase(first, last),
        (*group_columns(by), *FIGURES),
        found.rows(_figures),
        {by: None, "key": None, "name": say("total"), **_figures(found.total)},
    )


def _figures(tally: Tally) -> dict[str, Any]:
    all_of = tally.figures()
    persons = all_of["persons"]
    return {name: all_of[name] for name in ("classes", "persons", "person_times", "attended")} | {
        "hours": all_of["hours"],
        "hours_due": hours(tally.due_quarters),
        "hours_per_person": round(all_of["hours"] / persons, 2) if persons else None,
    }
