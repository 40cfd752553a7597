"""What is wrong with the stored timetable: the tables against the rules, whoever wrote them.

The facts are read anew and handed to the engine's checker, which knows nothing of the solver.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from db.tables import TrainingSession
from trainer.office import read_office
from trainer.phrases import Phrase, mark, phrase
from trainer.timetable.build import Built, build_check, rule_settings
from trainer.timetable.engine.check import Checker
from trainer.timetable.engine.problem import Sitting
from trainer.timetable.engine.rules import OF_SOLVING, RULES, made_hard, rules_in_force
from trainer.timetable.engine.solution import Finding
from trainer.timetable.facts import read_facts
from trainer.timetable.meetings import Draft

Breaches = Counter[tuple[str, str]]
"""By rule and class how many units there are of rules that the office made hard."""

MANY_UNITS: Final = 1_000_000
NOT_ITS_HOURS: Final = mark(
    "{course} of {class_} on {date} runs from {start} to {end}, which are not the hours of its "
    "periods"
)


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A rule that the stored timetable breaks, the sessions concerned, and it in words.

    ``cost`` is weighted, and 0 for a hard rule. ``units`` are those of a soft rule that the office
    made hard, of a class's sessions.
    """

    rule: str
    hard: bool
    sessions: tuple[str, ...]
    message: Phrase
    cost: int = 0
    units: int = 0
    class_code: str = ""

    def document(self) -> dict[str, Any]:
        """Return the finding as the command line prints it."""
        document: dict[str, Any] = {
            "rule": self.rule,
            "sessions": list(self.sessions),
            "message": self.message.text(),
        }
        return document if self.hard else {**document, "cost": self.cost}


def check_timetable(
    session: Session, today: dt.date, *, hard_only: bool = False
) -> tuple[StoredFinding, ...]:
    """Return every finding about the stored sessions, hard ones first, in the order of the rules.

    Cancelled sessions take no place and no time: they are not looked at.
    """
    return check_built(build_check(read_facts(session), today), hard_only=hard_only)


def check_built(
    built: Built, *, hard_only: bool = False, gone: Collection[str] = ()
) -> tuple[StoredFinding, ...]:
    """Return every finding about the sessions of a built check, as ``check_timetable`` does.

    Those that are ``gone`` take no place and no time.
    """
    rules = rules_in_force(built.problem.rules)
    checker = Checker(built.problem)
    # what has no place is found by the whole check alone
    short = hard_only and rules["unplaced"].level != "hard"
    look = checker.hard if short else checker.check
    found = [
        _stored(built, finding, 0 if finding.hard else finding.cost * rules[finding.rule].weight)
        for finding in look(sittings(built, gone))
        if finding.hard or not hard_only
    ]
    found += [*_troubles(built), *_wrong_hours(built)]
    order = {name: place for place, name in enumerate(RULES)}
    return tuple(sorted(found, key=lambda each: (not each.hard, order[each.rule])))


def standing_breaches(session: Session, today: dt.date, leaving: Collection[str] = ()) -> Breaches:
    """Return how far each class breaks rules now that the office made hard, before a change.

    Classes from which sessions are ``leaving`` for nowhere may break them more for that: whoever
    takes a session away takes the gap into account that it leaves.
    """
    hard = made_hard(rules_in_force(rule_settings(read_office(session))))
    if not hard:
        return Counter()
    found = _breaches(check_timetable(session, today, hard_only=True))
    found.update({(rule, code): MANY_UNITS for rule in hard for code in leaving})
    return found


def broken_by(
    session: Session, today: dt.date, uids: Collection[str], before: Breaches
) -> list[StoredFinding]:
    """Return what ``findings_about`` finds now, but for what others break as much without them."""
    built = build_check(read_facts(session), today)
    findings = check_built(built, hard_only=True)
    broken = findings_about(findings, uids, before)
    if not any(each.units for each in broken):
        return broken
    now, alone = _breaches(findings), _breaches(check_built(built, hard_only=True, gone=uids))
    groups = [(each.rule, each.class_code) for each in broken]
    return [
        each
        for each, group in zip(broken, groups, strict=True)
        if not each.units or now[group] > min(before[group], alone[group])
    ]


def findings_about(
    findings: Collection[StoredFinding], uids: Collection[str], before: Breaches
) -> list[StoredFinding]:
    """Return the hard findings that concern one of the sessions, and what they left behind.

    That is a soft rule that the office made hard and that a class keeps less well than ``before``.
    """
    wanted, now = set(uids), _breaches(findings)
    return [
        each
        for each in findings
        if each.hard and (not wanted.isdisjoint(each.sessions) or _is_worse(each, before, now))
    ]


def _breaches(findings: Iterable[StoredFinding]) -> Breaches:
    found: Breaches = Counter()
    for each in findings:
        if each.hard and each.rule not in OF_SOLVING:
            found[each.rule, each.class_code] += each.units
    return found


def _is_worse(finding: StoredFinding, before: Breaches, now: Breaches) -> bool:
    group = finding.rule, finding.class_code
    return finding.units > 0 and now[group] > before[group]


def sittings(built: Built, gone: Collection[str] = ()) -> list[Sitting]:
    """Return the stored sessions, but for some, as the engine's checker wants them."""
    return [
        _sitting(built, share.session, number, part)
        for number, draft in enumerate(built.drafts)
        for part, share in enumerate(draft.shares)
        if share.session is not None and share.session.uid not in gone
    ]


def _sitting(built: Built, row: TrainingSession, number: int, part: int) -> Sitting:
    start, end = (None, None) if _keeps_hours(built, row) else _clock(built, row)
    return Sitting(
        meeting=number,
        part=part,
        day=row.date,
        period=built.facts.office.period_index.get(row.period),
        venue=built.numbers.venues.get(row.venue) if row.venue else None,
        teacher=built.numbers.teachers.get(row.teacher) if row.teacher else None,
        length=row.periods,
        start=start,
        end=end,
    )


def _keeps_hours(built: Built, row: TrainingSession) -> bool:
    """Tell whether a session starts and ends when its periods do."""
    office = built.facts.office
    if row.period not in office.period_index:
        return False
    return office.instants(row.date, row.period, row.periods) == (row.start, row.end)


def _clock(built: Built, row: TrainingSession) -> tuple[int, int]:
    """Return start and end in minutes after midnight of the session's date."""
    midnight = built.facts.office.instant(row.date, dt.time())
    start, end = ((each - midnight) // dt.timedelta(minutes=1) for each in (row.start, row.end))
    return start, end


def _stored(built: Built, finding: Finding, cost: int) -> StoredFinding:
    uids = (_uid(built.drafts[meeting], part) for meeting, part in finding.touches)
    return StoredFinding(
        rule=finding.rule,
        hard=finding.hard,
        sessions=tuple(uid for uid in uids if uid),
        message=finding.message,
        cost=cost,
        units=finding.cost if finding.hard else 0,
        class_code=_class_code(built, finding),
    )


def _class_code(built: Built, finding: Finding) -> str:
    meeting, part = finding.touches[0]
    return built.drafts[meeting].shares[part].key[0]


def _uid(draft: Draft, part: int) -> str | None:
    session = draft.shares[part].session
    return session.uid if session else None


def _troubles(built: Built) -> Iterator[StoredFinding]:
    """Yield what a syllabus fixes in contradiction to itself, once for each sentence."""
    uids: dict[str, list[str]] = defaultdict(list)
    said: dict[str, Phrase] = {}
    for draft in built.drafts:
        if draft.trouble is not None:
            sentence = draft.trouble.text("en")
            said[sentence] = draft.trouble
            uids[sentence] += [share.session.uid for share in draft.shares if share.session]
    for sentence, trouble in said.items():
        yield StoredFinding("H8", hard=True, sessions=tuple(uids[sentence]), message=trouble)


def _wrong_hours(built: Built) -> Iterator[StoredFinding]:
    facts = built.facts
    for row in facts.sessions.values():
        known = row.period in facts.office.period_index
        if row.status == "cancelled" or not known or _keeps_hours(built, row):
            continue
        zone = facts.office.zone
        message = phrase(
            NOT_ITS_HOURS,
            course=facts.courses[row.course].title,
            class_=facts.classes[row.class_code].title,
            date=row.date.isoformat(),
            start=row.start.astimezone(zone).strftime("%H:%M"),
            end=row.end.astimezone(zone).strftime("%H:%M"),
        )
        yield StoredFinding("H9", hard=True, sessions=(row.uid,), message=message)


def report(findings: tuple[StoredFinding, ...]) -> Mapping[str, list[dict[str, Any]]]:
    """Return the findings as one document: those of hard rules, and those of soft ones."""
    return {
        "hard": [each.document() for each in findings if each.hard],
        "soft": [each.document() for each in findings if not each.hard],
    }
