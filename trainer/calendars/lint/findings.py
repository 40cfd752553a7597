"""What the lint returns: findings with their line, and the report that collects them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from trainer.calendars.lint.defects import ADVICE, ALIKE, ALIKE_MEND, ERRORS, Defect
from trainer.phrases import Phrase

LIMIT: Final = 200
"""Findings of one code that are listed one by one; the rest are counted."""

SHOWN: Final = 40
"""Characters of a faulty value that a message quotes."""


class Severity(StrEnum):
    """Whether a finding fails the file or only advises."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: where, which rule, what is wrong and how to mend it."""

    line: int
    code: str
    severity: Severity
    message: Phrase
    mend: Phrase

    def as_dict(self, language: str | None = None) -> dict[str, Any]:
        """Return the finding as plain data, its sentences in ``language``."""
        return {
            "line": self.line,
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message.text(language),
            "mend": self.mend.text(language),
        }


class Report:
    """Collects findings; of a code that never ends only the first ``LIMIT`` are kept."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._seen: Counter[str] = Counter()
        self._last: dict[str, int] = {}

    def add(self, line: int, code: str, /, **params: Any) -> None:
        """Record a defect at a line (counted from 1) with the values of its sentence."""
        self._seen[code] += 1
        if self._seen[code] > LIMIT:
            self._last[code] = line
            return
        severity, defect = _defect(code)
        shown = {name: _shown(value) for name, value in params.items()}
        self._findings.append(
            Finding(
                line,
                code,
                severity,
                Phrase(defect.message, shown),
                Phrase(defect.mend, shown),
            )
        )

    def add_once(self, line: int, code: str, /, **params: Any) -> None:
        """Record a defect only the first time: for advice that concerns the file as a whole."""
        if not self._seen[code]:
            self.add(line, code, **params)

    def findings(self) -> list[Finding]:
        """Return everything found, by line."""
        rest = [
            Finding(
                line,
                code,
                _defect(code)[0],
                Phrase(ALIKE, {"count": self._seen[code] - LIMIT, "code": code}),
                Phrase(ALIKE_MEND),
            )
            for code, line in self._last.items()
        ]
        return sorted([*self._findings, *rest], key=lambda finding: (finding.line, finding.code))


def _defect(code: str) -> tuple[Severity, Defect]:
    if code in ERRORS:
        return Severity.ERROR, ERRORS[code]
    return Severity.ADVICE, ADVICE[code]


def _shown(value: object) -> object:
    """Return a value fit for a sentence: short, and nothing in it that moves a cursor."""
    if not isinstance(value, str):
        return value
    short = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    return "".join(char if char.isprintable() else "\ufffd" for char in short)
