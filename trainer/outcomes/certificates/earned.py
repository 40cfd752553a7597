"""What a certificate says of attendance: the class's days, and the hours that each one earned.

Hours are those of the reports: marks by the office's rule of credit, in whole quarter-hours.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select
from sqlmodel import Session

from db.tables import TrainingSession
from db.work import table_of
from trainer.attendance.credit import credit_shares
from trainer.attendance.expected import CANCELLED
from trainer.attendance.rules import HALF_DAY, attendance_rules
from trainer.office import Office
from trainer.outcomes.certificates.ahead import Ahead, ahead_in
from trainer.reports.facts import Facts, read_facts
from trainer.reports.halfdays import by_half_days
from trainer.reports.tally import tally_all


@dataclass(frozen=True, slots=True)
class Earned:
    """First and last day of a class, and the quarter-hours that each person earned in it.

    ``ahead`` is what of them counts although it is still to come, ``owed`` what may come to them.
    """

    first: dt.date
    last: dt.date
    quarters: Mapping[str, int]
    ahead: Mapping[str, int] = field(default_factory=dict)
    owed: Mapping[str, int] = field(default_factory=dict)


def earned_in(
    session: Session, office: Office, class_codes: Collection[str], *, now: dt.datetime
) -> dict[str, Earned]:
    """Return days and hours of each class that has a session."""
    spans = _spans(session, class_codes)
    if not spans:
        return {}
    half_days = attendance_rules(office).unit == HALF_DAY
    facts = read_facts(
        session,
        office,
        now=now,
        first=min(first for first, _last in spans.values()),
        last=max(last for _first, last in spans.values()),
        singly=half_days,
    )
    ahead = ahead_in(session, office, spans.keys(), now=now)
    found = {}
    for code, (first, last) in spans.items():
        quarters = Counter(_quarters(_of_class(facts, code), office, half_days=half_days))
        more = ahead.get(code, Ahead())
        quarters.update(more.coming)
        found[code] = Earned(first, last, quarters, more.coming, more.owed)
    return found


def _spans(session: Session, class_codes: Collection[str]) -> dict[str, tuple[dt.date, dt.date]]:
    table = table_of(TrainingSession)
    query = (
        select(table.c.class_code, func.min(table.c.date), func.max(table.c.date))
        .where(table.c.class_code.in_(sorted(class_codes)), table.c.status != CANCELLED)
        .group_by(table.c.class_code)
    )
    return {row[0]: (row[1], row[2]) for row in session.connection().execute(query)}


def _quarters(facts: Facts, office: Office, *, half_days: bool) -> dict[str, int]:
    if half_days:
        facts = by_half_days(facts)
    tallies = tally_all(facts, credit_shares(office), person_groups=lambda person: (person,))
    return {person: tally.quarters for person, tally in tallies.items() if person}


def _of_class(facts: Facts, class_code: str) -> Facts:
    sessions = {uid: held for uid, held in facts.sessions.items() if held.class_code == class_code}
    return replace(
        facts,
        sessions=sessions,
        spans={class_code: facts.spans[class_code]},
        stays={pair: stays for pair, stays in facts.stays.items() if pair[0] == class_code},
        sums=tuple(item for item in facts.sums if item.class_code == class_code),
        singles=tuple(mark for mark in facts.singles if mark.session in sessions),
        exempt={pair: stays for pair, stays in facts.exempt.items() if pair[0] == class_code},
        changed=tuple(pair for pair in facts.changed if pair[0] in sessions),
    )
