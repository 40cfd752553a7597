"""What stands of the marks: a pure function of the set of entries, whatever their order.

An entry that another one replaces is out, and one that states nothing takes back. Two that stand
for the same attempt and say different things disagree: a person must correct one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from db.tables import Score
from trainer.outcomes.rules import CompletionRules
from trainer.phrases import Phrase, phrase

EXAM: Final = "exam"
#: The notes by which somebody who did not come, or handed nothing in, is told from who failed.
AWAY: Final = frozenset({"absent", "did not sit", "not handed in", "缺考", "未交"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log of marks, as far as it decides anything."""

    id: str
    person: str
    kind: str
    attempt: int
    score: float | None = None
    grade: str | None = None
    passed: bool | None = None
    date: dt.date | None = None
    title: str | None = None
    replaces: str | None = None
    note: str | None = None

    @property
    def away(self) -> bool:
        """Tell whether the trainee did not come, or handed nothing in."""
        return self.said == (None, None, False) and (self.note or "").casefold() in AWAY

    @property
    def said(self) -> tuple[float | None, str | None, bool | None]:
        """What it says, without by whom or when."""
        return (self.score, self.grade, self.passed)

    @property
    def is_void(self) -> bool:
        """Tell whether it takes back what it replaces and states nothing."""
        return self.said == (None, None, None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What stands for one attempt at an exam or one work: one entry, or several that disagree."""

    number: int
    entries: tuple[Entry, ...]

    @property
    def disagrees(self) -> bool:
        """Tell whether the entries say different things."""
        return len({entry.said for entry in self.entries}) > 1

    @property
    def entry(self) -> Entry:
        """The entry that is shown."""
        return self.entries[0]


#: By kind: the attempts in their order.
Marks = Mapping[str, tuple[Attempt, ...]]


def entry_of(row: Score, rules: CompletionRules) -> Entry:
    """Return an entry of the table as the rules read it."""
    kind = rules.kind_of(row.kind)
    first = 2 if kind == EXAM and rules.is_retake(row.kind) else 1
    return Entry(
        row.id,
        row.person,
        kind,
        row.attempt or first,
        row.score,
        row.grade,
        row.passed,
        row.date,
        row.title,
        row.replaces,
        row.note,
    )


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that nothing replaces and that state something, in a fixed order."""
    every = list(entries)
    gone = {entry.replaces for entry in every if entry.replaces}
    left = [entry for entry in every if entry.id not in gone and not entry.is_void]
    return sorted(left, key=lambda entry: (entry.person, entry.kind, entry.attempt, entry.id))


def marks_by_person(entries: Iterable[Entry]) -> dict[str, dict[str, tuple[Attempt, ...]]]:
    """Return what stands of everybody, by person and kind, the attempts in their order."""
    found: dict[str, dict[str, dict[int, list[Entry]]]] = {}
    for entry in standing(entries):
        kinds = found.setdefault(entry.person, {})
        kinds.setdefault(entry.kind, {}).setdefault(entry.attempt, []).append(entry)
    return {
        person: {
            kind: tuple(Attempt(number, tuple(attempts[number])) for number in sorted(attempts))
            for kind, attempts in kinds.items()
        }
        for person, kinds in found.items()
    }


def value_of(entry: Entry, rules: CompletionRules) -> float | None:
    """Return an entry in marks of the exam's scale; of a grade those it stands for; None."""
    if entry.score is not None:
        return entry.score
    if entry.grade in rules.works.grades:
        return rules.works.mark_of(entry.grade) * rules.exam.full / 100
    return None


def mark_of(entry: Entry) -> Phrase:
    """Return an entry as people read it, in words that may be typed for it again."""
    if entry.score is not None:
        return Phrase(f"{entry.score:g}")
    if entry.grade:
        return Phrase(entry.grade)
    if entry.away:
        return phrase("did not sit") if entry.kind == EXAM else phrase("not handed in")
    return phrase("pass") if entry.passed else phrase("fail")


def off_scale(entry: Entry, rules: CompletionRules) -> bool:
    """Tell whether a dataset brought marks that the scale has not: 760 for 76, or less than 0."""
    return entry.score is not None and not 0 <= entry.score <= rules.exam.full


def passes(entry: Entry, rules: CompletionRules) -> bool:
    """Tell whether an entry passes: by its marks, its grade, or what the examiner said."""
    if entry.score is not None:
        return entry.score >= rules.exam.passing
    if entry.grade in rules.works.grades:
        return rules.works.is_passing(entry.grade)
    return bool(entry.passed)


def counting(attempts: Sequence[Attempt], rules: CompletionRules) -> Attempt:
    """Return the attempt that counts: the last, or the best, of equal ones the earlier."""
    if rules.exam.counts == "last":
        return attempts[-1]

    def rank(attempt: Attempt) -> tuple[bool, float, int]:
        value = value_of(attempt.entry, rules)
        return (passes(attempt.entry, rules), -1 if value is None else value, -attempt.number)

    return max(attempts, key=rank)
