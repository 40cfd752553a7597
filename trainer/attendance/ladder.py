"""Who approves leave, by its length, and which paper it needs (LV-4): data of the office.

``[[policies.attendance.ladder]]`` lists the steps from the shortest leave up, each with ``days``
(the longest leave that it may approve; none on the last) and ``by``. The default is the customary
one: half a day the head teacher; a day, and the teaching office; three days the vice principal;
beyond, the organisation department. ``[policies.attendance.papers]`` names the paper of each kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from trainer.attendance.covers import united
from trainer.attendance.leave import Stretch
from trainer.errors import UsageError
from trainer.office import Office
from trainer.phrases import Phrase, mark

_HALVES: Final = ("AM", "PM")
HEAD_TEACHER: Final = "head_teacher"


@dataclass(frozen=True, slots=True)
class Step:
    """Who approves leave of up to so many days; None is without end."""

    days: float | None
    by: str


DEFAULT: Final = (
    Step(0.5, HEAD_TEACHER),
    Step(1, "teaching_office"),
    Step(3, "vice_principal"),
    Step(None, "organisation_department"),
)
PAPERS: Final[Mapping[str, str]] = {"sick": "hospital_note", "personal": "unit_note"}
WORDS: Final[Mapping[str, Phrase]] = {
    "head_teacher": Phrase(mark("the head teacher")),
    "teaching_office": Phrase(mark("the teaching office")),
    "vice_principal": Phrase(mark("the vice principal")),
    "organisation_department": Phrase(mark("the organisation department")),
    "hospital_note": Phrase(mark("a hospital's note")),
    "unit_note": Phrase(mark("a note of the unit")),
}


def days_of(office: Office, *stretches: Stretch) -> float:
    """Return the length of leave in days, counted by half-days; an evening by itself is half.

    What several stretches share counts once.
    """
    ends = {day for one in stretches for day in (one.date_from, one.date_to)}
    # of the days between first and last each is as long as the office's day
    between = united(
        (one.date_from.toordinal() + 1, one.date_to.toordinal()) for one in stretches
        if one.date_from.toordinal() + 1 < one.date_to.toordinal()
    )  # fmt: skip
    whole = _halves({period.part for period in office.periods})
    halves = whole * sum(last - first for first, last in between)
    for date in ends:
        if not any(first <= date.toordinal() < last for first, last in between):
            places = {place for one in stretches for place in one.periods_on(office, date)}
            halves += _halves({office.periods[place].part for place in places})
    return halves / len(_HALVES)


def _halves(parts: set[str]) -> int:
    return len(parts.intersection(_HALVES)) or int(bool(parts))


def approver_of(office: Office, stretch: Stretch) -> str:
    """Return who decides on leave of this length; raise UsageError for an unusable ladder."""
    return steps_needed(office, stretch)[-1]


def steps_needed(office: Office, stretch: Stretch) -> tuple[str, ...]:
    """Return all who have to approve leave of this length, from the first step up; each once."""
    return steps_for(office, days_of(office, stretch))


def steps_for(office: Office, days: float) -> tuple[str, ...]:
    """Return all who have to approve leave of so many days, likewise."""
    steps = ladder_of(office)
    enough = (place for place, step in enumerate(steps) if step.days is None or days <= step.days)
    last = next(enough, len(steps) - 1)
    return tuple(dict.fromkeys(step.by for step in steps[: last + 1]))


def ladder_of(office: Office) -> tuple[Step, ...]:
    """Return the office's ladder, from the shortest leave up; raise UsageError."""
    given = _rules(office).get("ladder")
    if given is None:
        return DEFAULT
    try:
        steps = tuple(Step(item.get("days"), str(item["by"])) for item in given)
        limits = [float("inf") if step.days is None else float(step.days) for step in steps]
    except (AttributeError, KeyError, TypeError, ValueError):
        steps, limits = (), []
    if not steps or limits != sorted(set(limits)):
        raise UsageError(
            "the setting policies.attendance.ladder is not usable; list steps with “by” and rising "
            "“days”, the last one without"
        )
    return steps


def paper_of(office: Office, kind: str | None) -> str | None:
    """Return which paper leave of a kind needs, if any."""
    papers = _rules(office).get("papers", PAPERS)
    return papers.get(kind) if isinstance(papers, Mapping) and kind else None


def said(word: str) -> str:
    """Return a step's or paper's name as people read it, or the office's own word as it is."""
    return str(WORDS.get(word, word))


def _rules(office: Office) -> Mapping[str, Any]:
    rules = office.policies.get("attendance")
    return rules if isinstance(rules, Mapping) else {}
