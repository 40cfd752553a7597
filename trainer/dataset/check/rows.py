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
                facts.report(
                    table,
                    index,
                    span.last,
                    Phrase(
                        _BEFORE if span.equal else _NOT_AFTER,
                        {"last": table.header(span.last), "first": table.header(span.first)},
                    ),
                    phrase("correct one of the two"),
                )


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


def check_order_of_periods(facts: Facts, table: Table) -> None:
    """Report every leave of one day whose last period comes before its first."""
    if facts.periods is None:
        return
    known = {code: place for place, code in enumerate(facts.periods)}
    columns = (table.values(name) for name in ("date_from", "date_to", "period_from", "period_to"))
    for index, (first_day, last_day, first, last) in enumerate(zip(*columns, strict=True)):
        if (
            first_day == last_day
            and first in known
            and last in known
            and known[last] < known[first]
        ):
            facts.report(
                table,
                index,
                "period_to",
                Phrase(
                    _BEFORE,
                    {"last": table.header("period_to"), "first": table.header("period_from")},
                ),
                phrase("correct one of the two"),
            )
