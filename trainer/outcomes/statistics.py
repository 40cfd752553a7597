"""How an exam or a work of a class turned out: figures, distribution, and who must retake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from trainer.outcomes.entries import EXAM, Attempt, Marks, counting, off_scale, passes
from trainer.outcomes.facts import ClassBook
from trainer.outcomes.marksheet import must_retake
from trainer.outcomes.rules import CompletionRules

#: Tenths of the scale from which a band of marks begins, the lowest first.
_BANDS: Final = (0, 6, 7, 8, 9)
RATE_DIGITS: Final = 4


@dataclass(slots=True)
class Spread:
    """Marks and grades added up; the mean is of exact marks, rounded once."""

    examined: int = 0
    absent: int = 0
    passed: int = 0
    total: Fraction = Fraction(0)
    scored: int = 0
    highest: float | None = None
    lowest: float | None = None
    grades: Counter[str] | None = None

    def add(self, attempt: Attempt, rules: CompletionRules) -> None:
        """Add what counts of one trainee."""
        entry = attempt.entry
        if entry.away:
            self.absent += 1
            return
        self.examined += 1
        self.passed += passes(entry, rules)
        if entry.score is not None:
            self.scored += 1
            self.total += Fraction(entry.score)
            self.highest = entry.score if self.highest is None else max(self.highest, entry.score)
            self.lowest = entry.score if self.lowest is None else min(self.lowest, entry.score)
        if entry.grade is not None:
            self.grades = self.grades or Counter()
            self.grades[entry.grade] += 1

    def figures(self) -> dict[str, Any]:
        """Return how many came, passed and did not come, the pass rate, mean, highest, lowest."""
        mean = round(float(self.total / self.scored), 2) if self.scored else None
        rate = round(self.passed / self.examined, RATE_DIGITS) if self.examined else None
        return {
            "examined": self.examined,
            "absent": self.absent,
            "passed": self.passed,
            "pass_rate": rate,
            "mean": mean,
            "highest": self.highest,
            "lowest": self.lowest,
        }


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of one kind of mark in a class."""

    kind: str
    spread: Spread
    first: Spread
    bands: Mapping[str, int]
    missing: tuple[tuple[str, str], ...]
    retake: tuple[tuple[str, str], ...]

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "kind": self.kind,
            **self.spread.figures(),
            "first_attempt": self.first.figures(),
            "bands": dict(self.bands),
            "grades": dict(self.spread.grades or {}),
            "missing": [{"person": code, "name": name} for code, name in self.missing],
            "retake": [{"person": code, "name": name} for code, name in self.retake],
        }


def statistics_of(book: ClassBook, kind: str) -> Statistics:
    """Return how a kind of mark turned out among those who are of the class."""
    rules = book.rules.rules
    spread, first = Spread(), Spread()
    bands = dict.fromkeys(_bands(rules), 0)
    missing, retake = [], []
    for one in book.evaluations:
        trainee = one.trainee
        if trainee.standing in ("withdrawn", "left"):
            continue
        whom = (trainee.person, trainee.name)
        attempts = settled(trainee.marks, kind, rules)
        if not attempts:
            missing.append(whom)
            continue
        counts = counting(attempts, rules)
        spread.add(counts, rules)
        first.add(attempts[0], rules)
        if counts.entry.score is not None:
            bands[_band(counts.entry.score, rules)] += 1
        if kind == EXAM and must_retake(one):
            retake.append(whom)
    return Statistics(kind, spread, first, bands, tuple(missing), tuple(retake))


def settled(marks: Marks, kind: str, rules: CompletionRules) -> tuple[Attempt, ...]:
    """Return the attempts of which nothing disagrees, and that the scale has."""
    return tuple(one for one in marks.get(kind, ())
                 if not one.disagrees and not off_scale(one.entry, rules))  # fmt: skip


def _edges(rules: CompletionRules) -> list[float]:
    return [rules.exam.full * tenth / 10 for tenth in _BANDS]


def _bands(rules: CompletionRules) -> Iterable[str]:
    edges = [*_edges(rules), None]
    for low, high in pairwise(edges):
        yield f"{low:g}-{rules.exam.full:g}" if high is None else f"{low:g}-<{high:g}"


def _band(score: float, rules: CompletionRules) -> str:
    place = max(place for place, low in enumerate(_edges(rules)) if score >= low)
    return list(_bands(rules))[place]
