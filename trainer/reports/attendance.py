"""The attendance report: figures of a period, by one dimension, and in total.

What each figure means stands in ``trainer.reports.tally``. The total counts distinct things, so it
is not the sum of its rows where somebody appears in several. ``trainer report attendance`` prints
it; its keys are fixed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from db.tables import Person, TrainingClass, Unit, Venue
from db.work import table_of
from trainer.attendance.credit import credit_shares
from trainer.attendance.rules import HALF_DAY, attendance_rules
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import read_office
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.facts import read_facts
from trainer.reports.halfdays import by_half_days
from trainer.reports.report import Column, Report, Row
from trainer.reports.tally import BUCKETS, SESSION_GROUPS, Key, PersonGroups, Tally, tally_all
from trainer.reports.terms import TERMS

#: Which line of supervisors a roll-up follows: the first, the second, or either (双重管理).
Line = Literal["parent", "second_parent", "both"]
LINES: Final = ("parent", "second_parent", "both")

GROUPS: Final[Mapping[str, Phrase]] = {
    "unit": Phrase(mark("unit")),
    "class": Phrase(mark("class")),
    "series": Phrase(mark("series")),
    "venue": Phrase(mark("venue")),
    "tier": Phrase(mark("tier")),
    "strand": Phrase(mark("strand")),
    "person": Phrase(mark("person")),
    "month": Phrase(mark("month")),
}
FIGURES: Final = (
    Column("classes", Phrase(mark("classes"))),
    Column("sessions", Phrase(mark("sessions"))),
    Column("persons", Phrase(mark("persons"))),
    Column("person_times", Phrase(mark("person-times"))),
    Column("expected", Phrase(mark("expected"))),
    Column("attended", Phrase(mark("attended"))),
    Column("present", Phrase(mark("present"))),
    Column("late", Phrase(mark("late"))),
    Column("early", Phrase(mark("left early"))),
    Column("leave", Phrase(mark("on leave"))),
    Column("duty", Phrase(mark("on duty"))),
    Column("absent", Phrase(mark("absent"))),
    Column("unmarked", Phrase(mark("unmarked"))),
    Column("rate", Phrase(mark("attendance rate")), "rate"),
    Column("hours", Phrase(mark("hours")), "hours"),
)
#: Shown where there is any: what else must be known to add the other figures up.
BESIDES: Final = (
    Column("guests", Phrase(mark("guests"))),
    Column("exempt", Phrase(mark("exempt"))),
    Column("made_up", Phrase(mark("made up"))),
    Column("changed_later", Phrase(mark("changed after freezing"))),
)


def _besides(total: Tally) -> tuple[Column, ...]:
    figures = total.figures()
    return tuple(column for column in BESIDES if figures[column.key])


@dataclass(frozen=True, slots=True)
class Figures:
    """What was added up: the tallies by group with the groups' names, and that of everything."""

    by: str
    tallies: Mapping[Key, Tally]
    names: Mapping[str, str]
    total: Tally
    #: whether half-days were counted instead of sessions (AT-1)
    half_days: bool = False

    def rows(self, figures: Callable[[Tally], dict[str, Any]]) -> tuple[Row, ...]:
        """Return a row of figures for each group, by its key; what has none comes last."""
        ordered = sorted(self.tallies, key=lambda key: (key is None, key or ""))
        return tuple(
            {self.by: key, "key": key, "name": self.names.get(key or "") or key}
            | figures(self.tallies[key])
            for key in ordered
        )


def attendance_report(
    desk: Desk,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str = "class",
    rollup: Line | None = None,
) -> Report:
    """Return the report of the sessions from ``first`` to ``last``, both days counted, None open.

    ``rollup`` (by unit only) gives each unit's row the people of all units under it too, along one
    line of supervisors or both; nobody counts twice in a row. Raise UsageError.
    """
    found = add_up(desk, first=first, last=last, by=by, rollup=rollup)
    return Report(
        "attendance",
        phrase("Attendance, counted by half-days") if found.half_days else phrase("Attendance"),
        period_phrase(first, last),
        (*group_columns(by), *FIGURES, *_besides(found.total)),
        found.rows(Tally.figures),
        {by: None, "key": None, "name": say("total"), **found.total.figures()},
    )


def add_up(
    desk: Desk,
    *,
    first: dt.date | None,
    last: dt.date | None,
    by: str,
    rollup: Line | None = None,
) -> Figures:
    """Return the tallies of a period by one dimension; raise UsageError for what makes no sense."""
    if by not in GROUPS:
        raise UsageError(
            "there is no report by “{by}”; use one of: {known}", by=by, known=", ".join(GROUPS)
        )
    check_period(first, last)
    if rollup is not None and (by != "unit" or rollup not in LINES):
        raise UsageError(
            "a roll-up is for the report by unit, along one of: {known}", known=", ".join(LINES)
        )
    with desk.reading() as session:
        office = read_office(session)
        shares = credit_shares(office)
        rules = attendance_rules(office)
        lates, half_days = rules.lates_per_absence, rules.unit == HALF_DAY
        bucket = by if by in BUCKETS else None
        now = desk.clock.now()
        facts = whole = read_facts(
            session, office, now=now, first=first, last=last, bucket=bucket, singly=half_days
        )
        if half_days:
            facts, whole = by_half_days(facts, bucket), by_half_days(facts)
        if by in SESSION_GROUPS:
            tallies = tally_all(facts, shares, by=by, lates_per_absence=lates)
        else:
            groups = person_groups(session, by, rollup)
            tallies = tally_all(facts, shares, person_groups=groups, lates_per_absence=lates)
        total = tally_all(whole, shares, lates_per_absence=lates).get(None, Tally())
        return Figures(by, tallies, group_names(session, by), total, half_days)


def check_period(first: dt.date | None, last: dt.date | None) -> None:
    """Raise UsageError for a period that ends before it begins."""
    if first and last and last < first:
        raise UsageError(
            "the period would end on {last}, before it begins on {first}; give the dates the other "
            "way round",
            first=first,
            last=last,
        )


def group_columns(by: str) -> tuple[Column, ...]:
    """Return the columns that say which group a row is of."""
    code = Column(by, GROUPS[by], "text")
    if by in ("series", "month"):
        return (code,)
    return code, Column("name", phrase("name") if by == "person" else phrase("title"), "text")


def period_phrase(first: dt.date | None, last: dt.date | None) -> Phrase:
    """Say which period a report is of."""
    if first and last:
        return phrase("{first} to {last}", first=first, last=last)
    if first:
        return phrase("from {first} on", first=first)
    if last:
        return phrase("up to {last}", last=last)
    return phrase("all dates")


def person_groups(session: Session, by: str, rollup: Line | None = None) -> PersonGroups:
    """Return what tells the groups that a person counts in: unit, tier, or the person alone."""
    if by == "person":
        return lambda person: (person,)
    table = table_of(Person)
    rows = session.connection().execute(select(table.c.code, table.c[by]))
    own: dict[str, Key] = {row[0]: row[1] for row in rows}
    if rollup is None:
        return lambda person: (own.get(person),)
    above = _supervisors(session, rollup)
    return lambda person: above.get(own.get(person) or "", {None})


def _supervisors(session: Session, line: Line) -> dict[str, set[Key]]:
    # each unit with all units above it, itself included; a ring of supervisors does not hang
    table = table_of(Unit)
    columns = [table.c[name] for name in (LINES[:2] if line == "both" else (line,))]
    rows = session.connection().execute(select(table.c.code, *columns))
    parents = {row[0]: [parent for parent in row[1:] if parent] for row in rows}
    found: dict[str, set[Key]] = {}
    for unit in parents:
        reached: set[Key] = set()
        waiting = [unit]
        while waiting:
            code = waiting.pop()
            if code not in reached:
                reached.add(code)
                waiting += parents.get(code, ())
        found[unit] = reached
    return found


def group_names(session: Session, by: str) -> dict[str, str]:
    """Return the name of each group by its key, for those that have one."""
    if by in ("tier", "strand"):
        return {word: str(text) for word, text in TERMS.items()}
    tables: dict[str, type[SQLModel]] = {
        "unit": Unit,
        "class": TrainingClass,
        "venue": Venue,
        "person": Person,
    }
    if by not in tables:
        return {}
    table = table_of(tables[by])
    name = table.c.title if by == "class" else table.c.name
    return {row[0]: row[1] for row in session.connection().execute(select(table.c.code, name))}
