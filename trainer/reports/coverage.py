"""The coverage report (全员覆盖): who of the roster took part at least once, and who is missing.

The roster is everybody who had joined by the period's end and had not left by its beginning;
guests are not of it. People whom the office exempts (EX-1: training goes to the old, frail and ill)
leave the denominator and are shown apart: ``[policies.coverage] exempt`` lists their categories.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from db.tables import Person
from db.work import table_of
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import Office, read_office
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.attendance import (
    Line,
    add_up,
    group_columns,
    group_names,
    period_phrase,
    person_groups,
)
from trainer.reports.report import Column, Report
from trainer.reports.tally import RATE_DIGITS, Key

DIMENSIONS: Final = ("unit", "tier", "person")
GUEST: Final = "guest"
FIGURES: Final = (
    Column("persons", Phrase(mark("persons"))),
    Column("covered", Phrase(mark("covered"))),
    Column("missing", Phrase(mark("missing"))),
    Column("exempt", Phrase(mark("exempt"))),
    Column("rate", Phrase(mark("coverage")), "rate"),
)


@dataclass(slots=True)
class _Group:
    persons: set[str] = field(default_factory=set)
    exempt: set[str] = field(default_factory=set)

    def figures(self, attended: frozenset[str]) -> dict[str, Any]:
        wanted = self.persons - self.exempt
        covered = len(wanted & attended)
        return {
            "persons": len(wanted),
            "covered": covered,
            "missing": len(wanted) - covered,
            "exempt": len(self.exempt),
            "rate": round(covered / len(wanted), RATE_DIGITS) if wanted else None,
        }


def coverage_report(
    desk: Desk,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str = "unit",
    rollup: Line | None = None,
) -> Report:
    """Return coverage by unit, tier or person; raise UsageError for other dimensions."""
    if by not in DIMENSIONS:
        raise UsageError(
            "there is no coverage by “{by}”; use one of: {known}",
            by=by,
            known=", ".join(DIMENSIONS),
        )
    people = add_up(desk, first=first, last=last, by="person").tallies
    attended = frozenset(key for key, tally in people.items() if key and tally.persons)
    if by != "unit" and rollup is not None:
        # says which roll-ups there are
        add_up(desk, first=first, last=last, by=by, rollup=rollup)
    with desk.reading() as session:
        exempt = _exempt(read_office(session))
        belongs = person_groups(session, by, rollup)
        names = group_names(session, by)
        groups: dict[Key, _Group] = {}
        total = _Group()
        for code, category in _roster(session, first, last or desk.clock.today()):
            for group in (total, *(groups.setdefault(key, _Group()) for key in belongs(code))):
                group.persons.add(code)
                if category in exempt:
                    group.exempt.add(code)
    rows = tuple(
        {by: key, "key": key, "name": names.get(key or "") or key} | groups[key].figures(attended)
        for key in sorted(groups, key=lambda key: (key is None, key or ""))
    )
    return Report(
        "coverage",
        phrase("Coverage"),
        period_phrase(first, last),
        (*group_columns(by), *FIGURES),
        rows,
        {by: None, "key": None, "name": say("total"), **total.figures(attended)},
    )


def _roster(session: Session, first: dt.date | None, last: dt.date) -> list[tuple[str, Any]]:
    table = table_of(Person)
    query = select(table.c.code, table.c.category, table.c.joined, table.c.left)
    return [
        (row.code, row.category)
        for row in session.connection().execute(query)
        if row.category != GUEST
        and (row.joined is None or row.joined <= last)
        and (row.left is None or row.left >= (first or last))
    ]


def _exempt(office: Office) -> frozenset[str]:
    rules = office.policies.get("coverage")
    given = rules.get("exempt", ()) if isinstance(rules, Mapping) else ()
    return frozenset(str(word) for word in given)
