"""Checks of one row by itself: spans that run backwards, periods that the office has not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from trainer.dataset.check.facts import Facts
from trainer.dataset.files import FILES
from trainer.dataset.parse import BAD, Table
from trainer.phrases import Phrase, mark, phrase

_BEFORE: Final = mark("{last} lies before {first}")
_NOT_AFTER: Final = mark("{last} does not come after {first}")
#: The columns that say from when to when leave is.
_ENDS: Final = (
    "date_from",
    "period_from",
    "time_from",
    "date_to",
    "period_to",
    "time_to",
)
_DAY: Final = 24 * 60


def check_rows(facts: Facts, table: Table) -> None:
    """Report what is wrong with each row of a table by itself."""
    check_spans(facts, table)
    check_periods(facts, table)
    if table.file.name == "leaves":
        check_ends_of_leave(facts, table)


def check_spans(facts: Facts, table: Table) -> None:
    """Report every span of days or times that ends before it begins."""
    for span in table.file.spans:
        pairs = zip(table.values(span.first), table.values(span.last), strict=True)
        for index, (first, last) in enumerate(pairs):
            if first is None or last is None or BAD in (first, last):
                continue
            if last < first or (last == first and not span.equal):
                template = _BEFORE if span.equal else _NOT_AFTER
                _report_order(facts, table, index, (span.first, span.last), template)


def check_periods(facts: Facts, table: Table) -> None:
    """Report every period that is not one of the office's."""
    if facts.periods is None:
        return
    known = facts.periods
    for column in table.file.columns:
        if column.kind != "period":
            continue
        for index, code in enumerate(table.values(column.name)):
            if code is not None and code is not BAD and code not in known:
                facts.report(
                    table,
                    index,
                    column.name,
                    phrase("the office has no period “{code}”", code=code),
                    phrase("write one of: {words}", words=", ".join(known)),
                )


def check_leaves(facts: Facts, table: Table) -> None:
    """Report leave whose ends make no sense, and leave that changes after it was approved."""
    check_ends_of_leave(facts, table)
    check_leave_kept(facts, table)


def check_ends_of_leave(facts: Facts, table: Table) -> None:
    """Report every leave that ends before it begins within a day, or an end that is said twice."""
    for side in ("from", "to"):
        ends = zip(table.values(f"period_{side}"), table.values(f"time_{side}"), strict=True)
        for index, (period, time) in enumerate(ends):
            if period is not None and time is not None and BAD not in (period, time):
                facts.report(
                    table,
                    index,
                    f"time_{side}",
                    phrase("there are a period and a time"),
                    phrase("keep one of the two"),
                )
    places = table.file.places(_ENDS)
    for index, row in enumerate(table.rows):
        cells = dict(zip(_ENDS, (row[place] for place in places), strict=True))
        if BAD in cells.values() or cells["date_from"] != cells["date_to"]:
            continue
        first, last = (_end_said(cells, side) for side in ("from", "to"))
        begin, end = _minute(facts, cells[first]), _minute(facts, cells[last], last=True)
        if begin is not None and end is not None and end <= begin:
            same = (first, last) == ("period_from", "period_to")
            template = _BEFORE if same else _NOT_AFTER
            _report_order(facts, table, index, (first, last), template)


def check_leave_kept(facts: Facts, table: Table) -> None:
    """Report every leave whose time is changed after somebody approved a step of it (LV-4)."""
    given = {row["leave"] for row in facts.stored.rows(FILES["leave_steps"])}
    if not given:
        return
    stored = {row["id"]: row for row in facts.stored.rows(table.file) if row["id"] in given}
    names = ("id", "person", *_ENDS)
    fields = [table.file.column(name).field for name in names]
    places = table.file.places(names)
    for index, row in enumerate(table.rows):
        before = stored.get(row[places[0]])
        if before is None:
            continue
        for name, field, place in zip(names, fields, places, strict=True):
            if row[place] is not BAD and row[place] != before[field]:
                facts.report(
                    table,
                    index,
                    name,
                    phrase("somebody approved the leave “{id}” as it was", id=row[places[0]]),
                    phrase("cancel it, and ask for another one in a row with an id of its own"),
                )
                break


def _end_said(cells: Mapping[str, Any], side: str) -> str:
    # the column that says when leave begins or ends; the day itself where none does
    said = (name for name in (f"time_{side}", f"period_{side}") if cells[name] is not None)
    return next(said, f"date_{side}")


def _minute(facts: Facts, cell: Any, *, last: bool = False) -> int | None:
    if isinstance(cell, dt.time):
        return cell.hour * 60 + cell.minute
    if not isinstance(cell, str):
        return _DAY if last else 0
    periods = facts.office.periods if facts.office else ()
    found = next((period for period in periods if period.code == cell), None)
    if found is None:
        return None
    return found.ends_at if last else found.starts_at


def _report_order(
    facts: Facts, table: Table, index: int, columns: tuple[str, str], template: str
) -> None:
    first, last = columns
    facts.report(
        table,
        index,
        last,
        Phrase(template, {"last": table.header(last), "first": table.header(first)}),
        phrase("correct one of the two"),
    )
