"""Who completes a class, and why: pure, facts in, a result with its conditions out (CO-1).

Each condition is met, not met, or cannot be said yet. Sessions to come, and those of which nothing
is marked, are taken both ways: only what holds either way is said. So nothing that is still to come
counts against anybody, and an unfinished roll matters only where it could turn the scale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal

from trainer.attendance.cap import out_of_reach, passes_cap
from trainer.office import QUARTERS
from trainer.outcomes.entries import EXAM, Attempt, Marks, counting, passes, value_of
from trainer.outcomes.rules import CompletionRules
from trainer.phrases import Phrase, phrase

State = Literal["met", "unmet", "open", "waived"]
Result = Literal["completed", "not_completed", "cannot", "open", "left", "withdrawn", "exempt"]
Standing = Literal["member", "left", "withdrawn", "exempt"]
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody's attendance in quarter-hours; ``undecided`` may still become anything.

    ``leave`` and ``absent`` are certain, ``lost`` is what was missed for good in either way,
    ``credited`` what was earned. ``unmarked`` are sessions behind us of which nothing is marked.
    """

    total: int = 0
    leave: Fraction = Fraction(0)
    absent: int = 0
    lost: int = 0
    undecided: int = 0
    credited: int = 0
    unmarked: int = 0


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody of a class with all that decides the result."""

    person: str
    name: str
    unit: str | None = None
    unit_name: str | None = None
    standing: Standing = "member"
    left_on: dt.date | None = None
    attended: Attended = Attended()
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """A class as far as completing it depends on it; ``works`` says how many of each are wanted."""

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

    @property
    def over(self) -> bool:
        """Tell whether every session lies behind us."""
        return self.sessions > 0 and self.to_come == 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its state, the figure and the limit, what it says and what would mend it."""

    id: str
    state: State
    message: Phrase
    figure: float | str | None = None
    limit: float | str | None = None
    mend: Phrase | None = None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "condition": self.id,
            "state": self.state,
            "figure": self.figure,
            "limit": self.limit,
            "message": self.message.text(),
            "mend": self.mend.text() if self.mend else None,
        }


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
                    found[f"{one.id}.{name}"] = _plain(value)
        return found


def evaluate(klass: ClassFacts, trainee: Trainee, rules: CompletionRules) -> Evaluation:
    """Return the result of a trainee by the rules."""
    if trainee.standing in ("left", "withdrawn"):
        gone: Result = "left" if trainee.standing == "left" else "withdrawn"
        return Evaluation(trainee, gone, (_gone(trainee),))
    exempt = trainee.standing == "exempt"
    conditions = [_sessions(klass)]
    conditions += [_waived()] if exempt else _attendance(klass, trainee.attended, rules)
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
    held = klass.sessions - klass.to_come
    figures: dict[str, Any] = {"figure": held, "limit": klass.sessions}
    if not klass.sessions:
        message = phrase("no session is on the timetable")
        return Condition("sessions", "open", message, **figures,
                         mend=phrase("put the class on the timetable"))  # fmt: skip
    if klass.to_come:
        message = phrase("{count} of {total} sessions are still to come", count=klass.to_come,
                         total=klass.sessions)  # fmt: skip
        return Condition("sessions", "open", message, **figures,
                         mend=phrase("decide after {date}", date=klass.last))  # fmt: skip
    message = phrase("all {total} sessions are over", total=klass.sessions)
    return Condition("sessions", "met", message, **figures)


def _waived() -> Condition:
    message = phrase("exempt from attendance (EX-1)")
    return Condition("attendance", "waived", message)


def _attendance(
    klass: ClassFacts, attended: Attended, rules: CompletionRules
) -> Iterator[Condition]:
    if rules.attendance.leave_cap:
        yield _leave(attended)
    if rules.attendance.absent_hours is not None:
        yield _absence(attended, rules.attendance.absent_hours)
    if rules.attendance.share and klass.share:
        yield _share(attended, klass.share)
    if rules.hours.least is not None:
        yield _hours(attended, rules.hours.least)


def _leave(attended: Attended) -> Condition:
    leave, total = attended.leave, attended.total
    state = _between(
        passes_cap(leave, total), surely=not passes_cap(leave + attended.undecided, total)
    )
    message = phrase(
        "{leave} of {total} hours on leave, a seventh is {limit} (LV-1)",
        leave=_hours_of(leave),
        total=_hours_of(total),
        limit=_hours_of(Fraction(total, 7)),
    )
    mend = phrase("confirm the withdrawal, or override with a reason")
    return Condition(
        "leave", state, message, float(leave) / QUARTERS, round(total / 7 / QUARTERS, 2),
        _mend(state, attended, mend),
    )  # fmt: skip


def _absence(attended: Attended, most: float) -> Condition:
    limit = Fraction(most) * QUARTERS
    state = _between(attended.absent > limit, surely=attended.absent + attended.undecided <= limit)
    message = phrase(
        "{absent} hours absent without leave, at most {limit}",
        absent=_hours_of(attended.absent),
        limit=_hours_of(limit),
    )
    mend = phrase("correct the marks where leave was given, or let sessions be made up")
    return Condition(
        "absence", state, message, attended.absent / QUARTERS, most, _mend(state, attended, mend)
    )


def _share(attended: Attended, share: float) -> Condition:
    total, lost = attended.total, attended.lost
    state = _between(
        out_of_reach(lost, total, share),
        surely=not out_of_reach(lost + attended.undecided, total, share),
    )
    message = phrase(
        "{lost} of {total} hours missed; {share} must be attended",
        lost=_hours_of(lost),
        total=_hours_of(total),
        share=f"{share:.1%}",
    )
    figure = round((total - lost) / total, 4) if total else None
    return Condition(
        "share", state, message, figure, round(share, 4),
        _mend(state, attended, phrase("let missed sessions be made up")),
    )  # fmt: skip


def _hours(attended: Attended, least: float) -> Condition:
    wanted = Fraction(least) * QUARTERS
    have = attended.credited
    state = _between(have + attended.undecided < wanted, surely=have >= wanted)
    message = phrase(
        "{hours} hours earned, at least {least}", hours=_hours_of(have), least=_hours_of(wanted)
    )
    return Condition(
        "hours", state, message, have / QUARTERS, least,
        _mend(state, attended, phrase("let missed sessions be made up")),
    )  # fmt: skip


def _between(fails: bool, *, surely: bool) -> State:  # noqa: FBT001 - the two sides of one scale
    if fails:
        return "unmet"
    return "met" if surely else "open"


def _mend(state: State, attended: Attended, mend: Phrase) -> Phrase | None:
    if state == "met":
        return None
    if state == "open" and attended.unmarked:
        return phrase("finish the roll: {count} sessions are unmarked", count=attended.unmarked)
    return phrase("wait for the sessions to come") if state == "open" else mend


def _exam(klass: ClassFacts, trainee: Trainee, rules: CompletionRules) -> Condition:
    attempts = trainee.marks.get(EXAM, ())
    limit = rules.exam.passing
    if not attempts:
        if klass.exam_on is not None and klass.exam_on > klass.today:
            message = phrase("the exam is on {date}", date=klass.exam_on)
            return Condition(EXAM, "open", message, None, limit)
        message = phrase("no mark of the exam yet")
        return Condition(EXAM, "open", message, None, limit, phrase("enter the mark"))
    if (odd := _odd(attempts)) is not None:
        return _disagreeing(EXAM, odd, limit)
    found = counting(attempts, rules)
    figure = _said(found)
    if passes(found.entry, rules):
        message = phrase("exam: {mark}, passed (from {limit} on)", mark=figure, limit=_plain(limit))
        return Condition(EXAM, "met", message, figure, limit)
    left = 1 + rules.exam.retakes - max(attempt.number for attempt in attempts)
    message = phrase("exam: {mark}, not passed (from {limit} on)", mark=figure, limit=_plain(limit))
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
    if (odd := _odd(attempts)) is not None:
        return _disagreeing(kind, odd, limit)
    passed = [one for one in attempts if passes(one.entry, rules)]
    figure = "/".join(str(_said(one)) for one in attempts) or None
    facts: dict[str, Any] = {"work": name, "passed": len(passed), "count": count}
    if len(passed) >= count:
        message = phrase("{work}: {marks}", work=name, marks=figure)
        return Condition(kind, "met", message, figure, limit)
    if not attempts:
        message = phrase("{work}: no grade yet", work=name)
        return Condition(kind, "open", message, None, limit, phrase("enter the grade"))
    message = phrase("{work}: {passed} of {count} passed ({marks})", **facts, marks=figure)
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
                     limit=_plain(limit))  # fmt: skip
    # a retake or another work may still raise it
    rises = any(one.state == "open" for one in before)
    state = _between(best < Fraction(limit) and not rises, surely=worst >= Fraction(limit))
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


def _odd(attempts: tuple[Attempt, ...]) -> Attempt | None:
    return next((one for one in attempts if one.disagrees), None)


def _disagreeing(kind: str, odd: Attempt, limit: float | str) -> Condition:
    message = phrase("two entries for attempt {number} disagree", number=odd.number)
    figure = "/".join(sorted({str(_plain_entry(entry.said)) for entry in odd.entries}))
    return Condition(kind, "open", message, figure, limit, phrase("correct one of them"))


def _said(attempt: Attempt) -> str:
    return _plain_entry(attempt.entry.said)


def _plain_entry(said: tuple[float | None, str | None, bool | None]) -> str:
    score, grade, passed = said
    if score is not None:
        return _plain(score)
    return grade or ("pass" if passed else "fail")


def work_name(kind: str) -> Phrase:
    """Return a kind of work as people call it."""
    names = {"report": phrase("research report"), "reflection": phrase("reflection"),
             EXAM: phrase("exam")}  # fmt: skip
    return names.get(kind, Phrase(kind))


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _hours_of(quarters: Fraction | int) -> str:
    return f"{float(Fraction(quarters) / QUARTERS):.2f}".rstrip("0").rstrip(".")
