"""The completion report: who was to complete, who did, and how exams and works turned out.

``expected`` are memberships to the end of a class; whoever withdrew, whose stay ended before, or
who is exempt (EX-1) is shown apart. ``completed`` and ``not_completed`` are what was decided,
``pending`` of whom nothing is decided yet. A period chooses the classes whose last session lies in
it. Of an exam what counts of each trainee is added up once, whatever the number of attempts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import Session

from db.tables import Score, TrainingClass, TrainingSession
from db.work import table_of
from trainer.attendance.expected import CANCELLED, read_memberships
from trainer.desk import Desk
from trainer.errors import UsageError
from trainer.office import Office, read_office
from trainer.outcomes.decisions import Decided, read_decisions
from trainer.outcomes.entries import EXAM, Marks, counting, entry_of, marks_by_person
from trainer.outcomes.evaluate import ClassFacts
from trainer.outcomes.facts import classes_with_exam, exam_wanted, read_members, standing_of
from trainer.outcomes.rules import CompletionRules, rules_for
from trainer.outcomes.statistics import RATE_DIGITS, Spread, settled
from trainer.phrases import Phrase, mark, phrase, say
from trainer.reports.attendance import GROUPS, check_period, group_names, period_phrase
from trainer.reports.report import Column, Report
from trainer.reports.terms import term

DIMENSIONS: Final = ("class", "series", "measure", "unit", "tier", "person", "month")
_TITLES: Final = {**GROUPS, "measure": Phrase(mark("measure"))}
FIGURES: Final = (
    Column("classes", Phrase(mark("classes"))),
    Column("expected", Phrase(mark("to complete"))),
    Column("completed", Phrase(mark("completed"))),
    Column("not_completed", Phrase(mark("not completed"))),
    Column("pending", Phrase(mark("pending"))),
    Column("withdrawn", Phrase(mark("withdrawals"))),
    Column("left", Phrase(mark("stay ended"))),
    Column("exempt", Phrase(mark("exempt"))),
    Column("rate", Phrase(mark("completion rate")), "rate"),
    Column("examined", Phrase(mark("examined"))),
    Column("absent", Phrase(mark("did not sit"))),
    Column("passed", Phrase(mark("exam passed"))),
    Column("pass_rate", Phrase(mark("pass rate")), "rate"),
    Column("mean", Phrase(mark("mean mark")), "number"),
    Column("highest", Phrase(mark("highest")), "number"),
    Column("lowest", Phrase(mark("lowest")), "number"),
)
_STATES: Final = ("completed", "not_completed", "pending", "withdrawn", "left", "exempt")
_NOT_PLANNED: Final = ("proposed", "cancelled")


@dataclass(slots=True)
class _Line:
    classes: set[str] = field(default_factory=set)
    states: Counter[str] = field(default_factory=Counter)
    exam: Spread = field(default_factory=Spread)
    grades: Counter[str] = field(default_factory=Counter)

    def figures(self, words: Iterable[str]) -> dict[str, Any]:
        counts = {name: self.states[name] for name in _STATES}
        expected = counts["completed"] + counts["not_completed"] + counts["pending"]
        rate = round(counts["completed"] / expected, RATE_DIGITS) if expected else None
        return {
            "classes": len(self.classes),
            "expected": expected,
            **counts,
            "rate": rate,
            **self.exam.figures(),
            **{word: self.grades[word] for word in words},
        }


@dataclass(frozen=True, slots=True)
class _Class:
    row: Any
    last: dt.date | None
    facts: ClassFacts
    rules: CompletionRules
    decided: Mapping[str, Decided]
    marks: Mapping[str, Marks]


def completion_report(
    desk: Desk,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str = "class",
) -> Report:
    """Return completion by one dimension; raise UsageError for one that it has not."""
    if by not in DIMENSIONS:
        raise UsageError(
            "there is no completion report by “{by}”; use one of: {known}",
            by=by,
            known=", ".join(DIMENSIONS),
        )
    check_period(first, last)
    lines: dict[str | None, _Line] = {}
    total = _Line()
    words: dict[str, None] = {}
    with desk.reading() as session:
        office = read_office(session)
        required = {(stay.class_code, stay.person) for stay in read_memberships(session)}
        members = read_members(session)
        for one in _classes(session, office, desk.clock.today(), first, last):
            words |= dict.fromkeys(one.rules.works.grades)
            for person, stays in members.get(one.row.code, ()):
                state = _state(one, person, stays, required)
                line = lines.setdefault(_key(by, one, person), _Line())
                for each in (line, total):
                    _add(each, one, person.code, state)
        names = _names(session, by)
    used = [word for word in words if total.grades[word]]
    return Report(
        "completion",
        phrase("Completion"),
        period_phrase(first, last),
        (*_columns(by), *FIGURES, *(Column(word, Phrase(word)) for word in used)),
        tuple(
            {by: key, "key": key, "name": names.get(key or "") or key} | lines[key].figures(used)
            for key in sorted(lines, key=lambda key: (key is None, key or ""))
        ),
        {by: None, "key": None, "name": say("total"), **total.figures(used)},
    )


def _classes(
    session: Session,
    office: Office,
    today: dt.date,
    first: dt.date | None,
    last: dt.date | None,
) -> Iterable[_Class]:
    table, score = table_of(TrainingClass), table_of(Score)
    names = ("code", "title", "series", "measure")
    query = (
        select(*(table.c[name] for name in names))
        .where(table.c.stage.not_in(_NOT_PLANNED))
        .order_by(table.c.code)
    )
    ends, decisions = _ends(session), read_decisions(session)
    examined = classes_with_exam(session)
    scores: dict[str, list[Score]] = {}
    for found in session.scalars(select(Score).order_by(score.c.id)):
        scores.setdefault(found.class_code, []).append(found)
    for row in session.connection().execute(query).all():
        end = ends.get(row.code)
        if (first and (end is None or end < first)) or (last and (end is None or end > last)):
            continue
        rules = rules_for(office, class_code=row.code, series=row.series, measure=row.measure).rules
        marks = marks_by_person(entry_of(each, rules) for each in scores.get(row.code, ()))
        facts = ClassFacts(
            row.code,
            today,
            sessions=int(end is not None),
            last=end,
            exam=exam_wanted(rules, in_class=row.code in examined),
        )
        yield _Class(row, end, facts, rules, decisions.get(row.code, {}), marks)


def _ends(session: Session) -> dict[str, dt.date]:
    table = table_of(TrainingSession)
    query = (
        select(table.c.class_code, func.max(table.c.date))
        .where(table.c.status != CANCELLED)
        .group_by(table.c.class_code)
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


def _state(one: _Class, person: Any, stays: list[Any], required: set[tuple[str, str]]) -> str:
    known = one.decided.get(person.code)
    if known is not None and known.result is not None:
        return known.result
    standing, _left = standing_of(person, stays, one.facts, one.rules)
    if standing in ("left", "withdrawn"):
        return standing
    return "pending" if (one.row.code, person.code) in required else "exempt"


def _add(line: _Line, one: _Class, person: str, state: str) -> None:
    line.classes.add(one.row.code)
    line.states[state] += 1
    if state in ("left", "withdrawn"):
        return
    marks = one.marks.get(person, {})
    # a mark that went to a class without an exam is no result of one
    if one.facts.exam and (exams := settled(marks, EXAM, one.rules)):
        line.exam.add(counting(exams, one.rules), one.rules)
    for kind in one.rules.works.kinds:
        for attempt in settled(marks, kind, one.rules):
            if attempt.entry.grade in one.rules.works.grades:
                line.grades[attempt.entry.grade] += 1


def _key(by: str, one: _Class, person: Any) -> str | None:
    if by == "class":
        return str(one.row.code)
    if by == "month":
        return f"{one.last:%Y-%m}" if one.last else None
    if by in ("series", "measure"):
        return getattr(one.row, by) or None
    found: str | None = person.code if by == "person" else getattr(person, by)
    return found


def _columns(by: str) -> tuple[Column, ...]:
    code = Column(by, _TITLES[by], "text")
    if by in ("series", "month"):
        return (code,)
    return code, Column("name", phrase("name") if by == "person" else phrase("title"), "text")


def _names(session: Session, by: str) -> Mapping[str, str]:
    if by == "measure":
        words = session.connection().scalars(select(table_of(TrainingClass).c.measure).distinct())
        return {word: term(word, "measure") or word for word in words if word}
    return group_names(session, by)
