"""The conditions of attendance: leave under the cap (LV-1), absence, the required share, hours.

What is undecided is taken both ways, and only what holds either way is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from trainer.attendance.cap import out_of_reach, passes_cap
from trainer.office import QUARTERS
from trainer.outcomes.condition import Condition, State, between
from trainer.outcomes.rules import CompletionRules
from trainer.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody's attendance in quarter-hours; ``undecided`` may still become anything.

    ``leave`` and ``absent`` are certain, ``lost`` is what was missed for good in either way,
    ``credited`` what was earned. ``unmarked`` are sessions behind us of which nothing is marked.
    Of what is credited ``ahead`` is for sessions to come that deciding does not wait for; ``owed``
    would be for those of them that are over and unmarked.
    """

    total: int = 0
    leave: Fraction = Fraction(0)
    absent: int = 0
    lost: int = 0
    undecided: int = 0
    credited: int = 0
    unmarked: int = 0
    ahead: int = 0
    owed: int = 0


def attendance_conditions(
    attended: Attended, rules: CompletionRules, share: float | None
) -> Iterator[Condition]:
    """Yield the conditions that the rules set; ``share`` is the office's required one."""
    if rules.attendance.leave_cap:
        yield _leave(attended)
    if rules.attendance.absent_hours is not None:
        yield _absence(attended, rules.attendance.absent_hours)
    if rules.attendance.share and share:
        yield _share(attended, share)
    if rules.hours.least is not None:
        yield _hours(attended, rules.hours.least)


def _leave(attended: Attended) -> Condition:
    leave, total = attended.leave, attended.total
    state = between(
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
    state = between(attended.absent > limit, surely=attended.absent + attended.undecided <= limit)
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
    state = between(
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
    state = between(have + attended.undecided < wanted, surely=have >= wanted)
    message = phrase(
        "{hours} hours earned, at least {least}", hours=_hours_of(have), least=_hours_of(wanted)
    )
    return Condition(
        "hours", state, message, have / QUARTERS, least,
        _mend(state, attended, phrase("let missed sessions be made up")),
    )  # fmt: skip


def _mend(state: State, attended: Attended, mend: Phrase) -> Phrase | None:
    if state == "met":
        return None
    if state == "open" and attended.unmarked:
        return phrase("finish the roll: {count} sessions are unmarked", count=attended.unmarked)
    return phrase("wait for the sessions to come") if state == "open" else mend


def _hours_of(quarters: Fraction | int) -> str:
    return f"{float(Fraction(quarters) / QUARTERS):.2f}".rstrip("0").rstrip(".")
