"""Who completes a class, and why: pure, facts in, a result with its conditions out (CO-1).

Each condition is met, not met, or cannot be said yet. Sessions to come, and those of which nothing
is marked, are taken both ways: only what holds either way is said. So nothing that is still to come
counts against anybody, and an unfinished roll matters only where it could turn the scale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal

from trainer.outcomes.attending import Attended, attendance_conditions
from trainer.outcomes.condition import Condition, between, plain
from trainer.outcomes.entries import (
    EXAM,
    Attempt,
    Marks,
    counting,
    mark_of,
    off_scale,
    passes,
    value_of,
)
from trainer.outcomes.rules import CompletionRules
from trainer.phrases import Phrase, phrase

Result = Literal["completed", "not_completed", "cannot", "open", "left", "withdrawn", "exempt"]
Standing = Literal["member", "left", "withdrawn", "exempt"]
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody of a class with all that decides the result."""

    person: str
    name: str
    unit: str | None = None
    unit_name: str | None = None
    standing: Standing = "member"
    left_on: dt.date | None = None
    attended: Attended = field(default_factory=Attended)
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class as far as completing it depends on it; ``works`` says how many of each are wanted.

    Once nothing else is to come ``ahead`` are the sessions that deciding does not wait for (a
    closing ceremony); ``behind`` are those of the same forms that are over, and ``until`` is the
    day up to which it waits.
    """

    code: str
    today: dt.date
    sessions: int = 0
    to_come: int = 0
    last: dt.date | None = None
    exam: bool = False
    exam_on: dt.date | None = None
    works: Mapping[str, int] = field(default_factory=dict)
    #: the share of the hours that must be attended (``policies.attendance.required_share``)
    share: float | None = None
    ahead: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    until: dt.date | None = None

    @property
    def over(self) -> bool:
        """Tell whether every session that deciding waits for lies behind us."""
        return self.sessions > 0 and self.to_come == len(self.ahead)

    def wants(self, kind: str) -> bool:
        """Tell whether marks of a kind decide anything in this class."""
        return self.exam if kind == EXAM else kind in self.works


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of one trainee with all conditions."""

    trainee: Trainee
    result: Result
    conditions: tuple[Condition, ...]

    @property
    def failing(self) -> tuple[Condition, ...]:
        """The conditions that are not met, or cannot be said yet."""
        return tuple(one for one in self.conditions if one.state in ("unmet", "open"))

    def figures(self) -> dict[str, str]:
        """Return state, figure and limit of each condition as a decision keeps them."""
        found: dict[str, str] = {}
        for one in self.conditions:
            found[f"{one.id}.state"] = one.state
            for name, value in (("figure", one.figure), ("limit", one.limit)):
                if value is not None:
                    found[f"{one.id}.{name}"] = plain(value)
        return found


def evaluate(klass: ClassFacts, trainee: Trainee, rules: CompletionRules) -> Evaluation:
    """Return the result of a trainee by the rules."""
    if trainee.standing in ("left", "withdrawn"):
        gone: Result = "left" if trainee.standing == "left" else "withdrawn"
        return Evaluation(trainee, gone, (_gone(trainee),))
    exempt = trainee.standing == "exempt"
    conditions = [_sessions(klass)]
    conditions += (
        [_waived()] if exempt else attendance_conditions(trainee.attended, rules, klass.share)
    )
    if klass.exam:
        conditions.append(_exam(klass, trainee, rules))
    conditions += [_work(kind, count, trainee, rules) for kind, count in klass.works.items()]
    if rules.total.weights:
        conditions.append(_total(klass, trainee, rules, conditions))
    return Evaluation(trainee, _result(klass, conditions, exempt=exempt), tuple(conditions))


def _result(klass: ClassFacts, conditions: list[Condition], *, exempt: bool) -> Result:
    states = {one.state for one in conditions}
    if states <= {"met", "waived"}:
        return "completed"
    if exempt:
        return "exempt"
    if "unmet" in states:
        return "not_completed" if klass.over else "cannot"
    return "open"


def _gone(trainee: Trainee) -> Condition:
    if trainee.left_on is not None:
        message = phrase("left the class after {date}", date=trainee.left_on)
    else:
        message = phrase("withdrew from the class")
    return Condition("membership", "unmet", message)


def _sessions(klass: ClassFacts) -> Condition:
    # what nothing waits for is as good as held, so that a decision rests on the same afterwards
    held = klass.sessions - klass.to_come + len(klass.ahead)
    figures: dict[str, Any] = {"figure": held, "limit": klass.sessions}
    if not klass.sessions:
        message = phrase("no session is on the timetable")
        return Condition("sessions", "open", message, **figures,
                         mend=phrase("put the class on the timetable"))  # fmt: skip
    if not klass.over:
        message = phrase("{count} of {total} sessions are still to come", count=klass.to_come,
                         total=klass.sessions)  # fmt: skip
        mend = phrase("decide after {date}", date=klass.until or klass.last)
        return Condition("sessions", "open", message, **figures, mend=mend)
    if klass.ahead:
        message = phrase("{count} of {total} sessions are still to come, and deciding does not "
                         "wait for them", count=klass.to_come, total=klass.sessions)  # fmt: skip
        return Condition("sessions", "met", message, **figures)
    message = phrase("all {total} sessions are over", total=klass.sessions)
    return Condition("sessions", "met", message, **figures)


def _waived() -> Condition:
    message = phrase("exempt from attendance (EX-1)")
    return Condition("attendance", "waived", message)


def _exam(klass: ClassFacts, trainee: Trainee, rules: CompletionRules) -> Condition:
    attempts = trainee.marks.get(EXAM, ())
    limit = rules.exam.passing
    if not attempts:
        if klass.exam_on is not None and klass.exam_on > klass.today:
            message = phrase("the exam is on {date}", date=klass.exam_on)
            return Condition(EXAM, "open", message, None, limit)
        message = phrase("no mark of the exam yet")
        return Condition(EXAM, "open", message, None, limit, phrase("enter the mark"))
    if (odd := _odd(EXAM, attempts, rules, limit)) is not None:
        return odd
    found = counting(attempts, rules)
    figure, said = _said(found), mark_of(found.entry)
    if passes(found.entry, rules):
        message = phrase("exam: {mark}, passed (from {limit} on)", mark=said, limit=plain(limit))
        return Condition(EXAM, "met", message, figure, limit)
    left = 1 + rules.exam.retakes - max(attempt.number for attempt in attempts)
    message = phrase("exam: {mark}, not passed (from {limit} on)", mark=said, limit=plain(limit))
    if left > 0 and not _too_late(klass, rules):
        mend = phrase("retakes left: {count}; enter the mark of the retake", count=left)
        return Condition(EXAM, "open", message, figure, limit, mend)
    return Condition(EXAM, "unmet", message, figure, limit, phrase("no retake is left"))


def _too_late(klass: ClassFacts, rules: CompletionRules) -> bool:
    days = rules.exam.retake_days
    if days is None or klass.last is None:
        return False
    return klass.today > klass.last + dt.timedelta(days=days)


def _work(kind: str, count: int, trainee: Trainee, rules: CompletionRules) -> Condition:
    attempts = trainee.marks.get(kind, ())
    name = work_name(kind)
    limit = rules.works.pass_grade if count == 1 else f"{count} × {rules.works.pass_grade}"
    if (odd := _odd(kind, attempts, rules, limit)) is not None:
        return odd
    passed = [one for one in attempts if passes(one.entry, rules)]
    figure = "/".join(str(_said(one)) for one in attempts) or None
    said = _marks_of(attempts)
    facts: dict[str, Any] = {"work": name, "passed": len(passed), "count": count}
    if len(passed) >= count:
        message = phrase("{work}: {marks}", work=name, marks=said)
        return Condition(kind, "met", message, figure, limit)
    if not attempts:
        message = phrase("{work}: no grade yet", work=name)
        return Condition(kind, "open", message, None, limit, phrase("enter the grade"))
    message = phrase("{work}: {passed} of {count} passed ({marks})", **facts, marks=said)
    if len(attempts) - len(passed) <= rules.exam.retakes:
        mend = phrase("let it be written again, and enter the grade")
        return Condition(kind, "open", message, figure, limit, mend)
    mend = phrase("it was written again as often as the rules allow")
    return Condition(kind, "unmet", message, figure, limit, mend)


def _total(
    klass: ClassFacts, trainee: Trainee, rules: CompletionRules, before: list[Condition]
) -> Condition:
    limit = rules.total.passing
    parts = _parts(klass, trainee, rules)
    if not any(rules.total.weights[name] > 0 for name in parts):  # type: ignore[index]
        return Condition("total", "waived", phrase("nothing to weigh in this class"), None, limit)
    if None in parts.values():
        message = phrase("the total cannot be worked out yet")
        return Condition("total", "open", message, None, limit)
    best = _weighed(parts, rules)
    worst = _weighed(_parts(klass, trainee, rules, worst=True), rules)
    message = phrase("total by weights: {mark}, at least {limit}", mark=f"{float(best):.1f}",
                     limit=plain(limit))  # fmt: skip
    # a retake or another work may still raise it
    rises = any(one.state == "open" for one in before)
    state = between(best < Fraction(limit) and not rises, surely=worst >= Fraction(limit))
    return Condition("total", state, message, round(float(best), 2), limit)


def _weighed(parts: Mapping[str, Fraction | None], rules: CompletionRules) -> Fraction:
    weights = {name: Fraction(rules.total.weights[name]) for name in parts}  # type: ignore[index]
    marks = {name: mark for name, mark in parts.items() if mark is not None}
    whole = sum(weights.values(), Fraction(0))
    return sum((weights[name] * mark for name, mark in marks.items()), Fraction(0)) / whole


def _parts(
    klass: ClassFacts, trainee: Trainee, rules: CompletionRules, *, worst: bool = False
) -> dict[str, Fraction | None]:
    # each part of the total in hundredths; None is not known yet
    found: dict[str, Fraction | None] = {}
    attended = trainee.attended
    if "attendance" in rules.total.weights and trainee.standing != "exempt" and attended.total:
        missed = attended.lost + (attended.undecided if worst else 0)
        found["attendance"] = Fraction(_HUNDRED * (attended.total - missed), attended.total)
    if "exam" in rules.total.weights and klass.exam:
        attempts = trainee.marks.get(EXAM, ())
        value = value_of(counting(attempts, rules).entry, rules) if attempts else None
        full = Fraction(rules.exam.full)
        found["exam"] = None if value is None else Fraction(value) * _HUNDRED / full
    if "works" in rules.total.weights and klass.works:
        found["works"] = _works_mark(klass, trainee, rules)
    return found


def _works_mark(klass: ClassFacts, trainee: Trainee, rules: CompletionRules) -> Fraction | None:
    marks: list[Fraction] = []
    for kind, count in klass.works.items():
        values = [value_of(one.entry, rules) for one in trainee.marks.get(kind, ())]
        known = sorted((value for value in values if value is not None), reverse=True)[:count]
        if len(known) < count:
            return None
        marks += [Fraction(value) * _HUNDRED / Fraction(rules.exam.full) for value in known]
    return sum(marks, Fraction(0)) / len(marks)


def _odd(
    kind: str, attempts: tuple[Attempt, ...], rules: CompletionRules, limit: float | str
) -> Condition | None:
    # nothing is said by entries that disagree, nor by marks that the scale has not
    for one in attempts:
        if one.disagrees:
            return _disagreeing(kind, one, limit)
        if off_scale(one.entry, rules):
            message = phrase("attempt {number}: {mark} is out of the scale from 0 to {full}",
                             number=one.number, mark=_said(one),
                             full=plain(rules.exam.full))  # fmt: skip
            return Condition(kind, "open", message, None, limit, phrase("correct it"))
    return None


def _disagreeing(kind: str, odd: Attempt, limit: float | str) -> Condition:
    message = phrase("two entries for attempt {number} disagree", number=odd.number)
    figure = "/".join(sorted({str(_entry_said(entry.said)) for entry in odd.entries}))
    return Condition(kind, "open", message, figure, limit, phrase("correct one of them"))


def _marks_of(attempts: tuple[Attempt, ...]) -> Phrase:
    said = [mark_of(one.entry) for one in attempts]
    # as many places as there are marks: figures and strokes need no translation
    places = "/".join(f"{{m{number}}}" for number in range(len(said)))
    return Phrase(places, {f"m{number}": one for number, one in enumerate(said)})


def _said(attempt: Attempt) -> str:
    return _entry_said(attempt.entry.said)


def _entry_said(said: tuple[float | None, str | None, bool | None]) -> str:
    score, grade, passed = said
    if score is not None:
        return plain(score)
    return grade or ("pass" if passed else "fail")


def work_name(kind: str) -> Phrase:
    """Return a kind of work as people call it."""
    names = {"report": phrase("research report"), "reflection": phrase("reflection"),
             EXAM: phrase("exam")}  # fmt: skip
    return names.get(kind, Phrase(kind))


def condition_name(condition: str) -> Phrase:
    """Return what a condition is about, in a word or two."""
    names = {
        "sessions": phrase("sessions to come"),
        "leave": phrase("hours of leave"),
        "absence": phrase("hours of absence"),
        "share": phrase("share attended"),
        "hours": phrase("hours earned"),
        "total": phrase("total by weights"),
        "membership": phrase("left before the end"),
    }
    return names.get(condition) or work_name(condition)
