"""Checks of one row by itself: spans that run backwards, periods that the office has not."""

from __future__ import annotations

from typing import Final

from trainer.dataset.check.facts import Facts
from trainer.dataset.parse import BAD, Table
from trainer.phrases import Phrase, mark, phrase

_BEFORE: Final = mark("{last} lies before {first}")
_NOT_AFTER: Final = mark("{last} does not come after {first}")


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
    known = {code: place for place, code in enumerate(facts.periods or ())}
    days = list(zip(table.values("date_from"), table.values("date_to"), strict=True))
    ends = zip(table.values("period_from"), table.values("period_to"), strict=True)
    for index, (first, last) in enumerate(ends):
        one_day = days[index][0] == days[index][1]
        if one_day and first in known and last in known and known[last] < known[first]:
            _report_order(facts, table, index, ("period_from", "period_to"), _BEFORE)
    ends = zip(table.values("time_from"), table.values("time_to"), strict=True)
    for index, (first, last) in enumerate(ends):
        given = first is not None and last is not None and BAD not in (first, last)
        if given and days[index][0] == days[index][1] and last <= first:
            _report_order(facts, table, index, ("time_from", "time_to"), _NOT_AFTER)


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
