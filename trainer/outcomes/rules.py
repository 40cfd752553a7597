"""What completing a class takes (CO-1): parameters as data, and what an office sets instead.

``rules.toml`` beside this file holds the usual ones with their source; ``[policies.completion]`` of
the office replaces them key by key, and ``[[policies.completion.exceptions]]`` for one series, one
measure or one class, each with a reason.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from db.tables.words import FORMS
from trainer.errors import UsageError
from trainer.office import Office

_FILE: Final = Path(__file__).parent / "rules.toml"
RULE: Final = "CO-1"
Level = Literal["block", "warn", "report", "off"]
Required = Literal["syllabus", "yes", "no"]
#: What an exception may be about, the narrower the later it is applied.
_ABOUT: Final = ("series", "measure", "class")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DecidingRules(_Part):
    """The forms of sessions that deciding does not wait for."""

    ahead_of: tuple[str, ...]


class MembershipRules(_Part):
    """What becomes of those whose stay ends before the class: apart, or by their own sessions."""

    ended: Literal["apart", "own"]


class AttendanceRules(_Part):
    """Whether the cap on leave and the required share count, and the most hours of absence."""

    leave_cap: bool
    share: bool
    absent_hours: float | None = Field(default=None, ge=0)


class HoursRules(_Part):
    """The least credit hours."""

    least: float | None = Field(default=None, ge=0)


class ExamRules(_Part):
    """The exam: whether it is wanted, its marks, and its retakes."""

    required: Required
    passing: float = Field(alias="pass", ge=0)
    full: float = Field(gt=0)
    retakes: int = Field(ge=0)
    counts: Literal["best", "last"]
    retake_days: int | None = Field(default=None, ge=0)
    words: tuple[str, ...]
    retake_words: tuple[str, ...]


class KindRules(_Part):
    """A kind of work: whether it is wanted, how many, and the words for it."""

    required: Required
    titles: tuple[str, ...] = ()
    count: int = Field(default=1, ge=1)
    words: tuple[str, ...]


class WorkRules(_Part):
    """The grades in words, best first, what marks they stand for, and the one that passes."""

    grades: tuple[str, ...] = Field(min_length=2)
    marks: tuple[float, ...]
    pass_grade: str
    kinds: dict[str, KindRules]

    def is_passing(self, grade: str) -> bool:
        """Tell whether a grade is no worse than the one that passes."""
        return self.grades.index(grade) <= self.grades.index(self.pass_grade)

    def mark_of(self, grade: str) -> float:
        """Return the marks that a grade stands for."""
        return self.marks[self.grades.index(grade)]


class TotalRules(_Part):
    """The total by weights; without weights there is none."""

    weights: dict[Literal["attendance", "exam", "works"], float]
    passing: float = Field(alias="pass", ge=0)


class CompletionRules(_Part):
    """All parameters of completing a class."""

    version: str
    source: str
    level: Level
    deciding: DecidingRules
    membership: MembershipRules
    attendance: AttendanceRules
    hours: HoursRules
    exam: ExamRules
    works: WorkRules
    total: TotalRules

    def kind_of(self, word: str | None) -> str:
        """Return the kind that a free word means: exam, a kind of work, or the word itself.

        No word means the exam.
        """
        plain = (word or "exam").strip().casefold()
        if plain in self.exam.words or plain in self.exam.retake_words:
            return "exam"
        for name, kind in self.works.kinds.items():
            if plain == name or plain in kind.words:
                return name
        return plain

    def is_retake(self, word: str | None) -> bool:
        """Tell whether a free word means a retake."""
        return (word or "").strip().casefold() in self.exam.retake_words


@dataclass(frozen=True, slots=True)
class ClassRules:
    """The parameters in force for a class, the reasons of its exceptions, and their version."""

    rules: CompletionRules
    reasons: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version by which a decision says what judged it: that of the pack and a digest."""
        plain = json.dumps(self.rules.model_dump(by_alias=True), ensure_ascii=False, sort_keys=True)
        return f"{self.rules.version}+{hashlib.sha256(plain.encode()).hexdigest()[:8]}"


def rules_for(
    office: Office,
    *,
    class_code: str = "",
    series: str | None = None,
    measure: str | None = None,
) -> ClassRules:
    """Return the parameters for a class; raise UsageError naming a setting that is not usable."""
    own = office.policies.get("completion")
    given = dict(own) if isinstance(own, Mapping) else {}
    exceptions = given.pop("exceptions", [])
    document = _merged(_usual(), given)
    document["level"] = office.levels.get(RULE, document["level"])
    reasons = []
    facts = {"series": series, "measure": measure, "class": class_code}
    for set_, reason in _applying(exceptions, facts):
        document = _merged(document, set_)
        reasons.append(reason)
    return ClassRules(_checked(document), tuple(reasons))


def _applying(exceptions: Any, facts: Mapping[str, str | None]) -> list[tuple[dict[str, Any], str]]:
    found = []
    for number, one in enumerate(exceptions if isinstance(exceptions, list) else [], start=1):
        about = [name for name in _ABOUT if isinstance(one, Mapping) and one.get(name)]
        if not about or not str(one.get("reason") or "").strip():
            raise UsageError(
                "the setting policies.completion.exceptions.{number} is not usable; name a class, "
                "a series or a measure, and a reason",
                number=number,
            )
        if all(one[name] == facts[name] for name in about):
            set_ = {key: value for key, value in one.items() if key not in (*_ABOUT, "reason")}
            found.append((_ABOUT.index(about[-1]), number, set_, str(one["reason"])))
    return [(set_, reason) for _width, _number, set_, reason in sorted(found, key=lambda f: f[:2])]


def _checked(document: Mapping[str, Any]) -> CompletionRules:
    try:
        rules = CompletionRules.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in found["loc"])
        raise _unusable(place, found["msg"]) from None
    works = rules.works
    if works.pass_grade not in works.grades or len(works.marks) != len(works.grades):
        raise _unusable("works", "pass_grade must be one of grades, and marks one for each")
    if not set(rules.deciding.ahead_of) <= set(FORMS):
        raise _unusable("deciding.ahead_of", "use forms of courses: " + ", ".join(FORMS))
    if rules.exam.passing > rules.exam.full:
        raise _unusable("exam.pass", "it must not be more than exam.full")
    return rules


def _unusable(place: str, problem: str) -> UsageError:
    return UsageError(
        "the setting policies.completion.{place} is not usable: {problem}; correct it in "
        "office.toml and import it again",
        place=place,
        problem=problem,
    )


@cache
def _usual() -> Mapping[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def _merged(usual: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(usual)
    for name, value in own.items():
        known = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        merged[name] = _merged(known, value) if both and known is not None else value
    return merged
