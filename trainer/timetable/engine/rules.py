"""The rules of a timetable, once: id, level, weight, parameters, and the sentences that tell them.

The checker, the solver, ``why``, ``explain`` and the screens all read this registry. Hard rules
are those of the contract, H1 to H11; soft rules have weights that an office may change, and an
office may make a soft rule hard, or switch it off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from trainer.phrases import mark

Level = Literal["hard", "soft", "off"]
Treatment = Literal["constraint", "penalty", "repair", "nothing"]

TREATMENTS: Final[Mapping[Treatment, str]] = {
    "constraint": mark("the solver never breaks it; what cannot do without stays unplaced"),
    "penalty": mark("the solver weighs its cost against the others"),
    "repair": mark("the solver weighs its cost, and places what is missing exactly"),
    "nothing": mark("nobody looks at it"),
}
"""What the solver does with a rule, in a sentence."""


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What an office sets for one rule; None keeps the registry's own."""

    level: Level | None = None
    weight: int | None = None
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, what it asks in one sentence, its level, and for a soft one its weight.

    ``solver`` is what the solver does with it at its usual level.
    """

    id: str
    title: str
    level: Level
    weight: int = 0
    params: Mapping[str, int] = field(default_factory=dict)
    solver: Treatment = "penalty"

    @property
    def treatment(self) -> Treatment:
        """Return what the solver does with the rule at the level that it has."""
        if self.level == "off":
            return "nothing"
        return "constraint" if self.level == "hard" else self.solver


def _hard(name: str, title: str) -> Rule:
    return Rule(name, title, "hard", solver="constraint")


_HARD: Final = (
    _hard("H1", mark("a teacher is in one place at a time")),
    _hard("H2", mark("a venue holds no more meetings at once than it has room for")),
    _hard("H3", mark("a class, and a person of several classes, is in one place at a time")),
    _hard("H4", mark("the class fits the venue's capacity")),
    _hard("H5", mark("a venue's kind, equipment, accreditation and sharing suit")),
    _hard("H6", mark("nothing is used while unavailable, closed or out of season")),
    _hard("H7", mark("between two places there is time for the journey and the buffer")),
    _hard("H8", mark("order, first, last and everything the syllabus fixes hold")),
    _hard("H9", mark("a meeting's periods are neighbours on one day")),
    _hard("H10", mark("meetings lie in the class's window, span and working periods")),
    _hard("H11", mark("a teacher's weekly limit holds")),
)

_SOFT: Final = (
    Rule("compact", mark("a class's day has no idle periods, its span no idle days"), "soft", 2),
    Rule("spread", mark("a class does not have the same course twice on one day"), "soft", 2),
    Rule("class_day", mark("a class has no more periods a day than is set"), "soft", 2),
    Rule("teacher_day", mark("a teacher has no more periods a day than is set"), "soft", 2),
    Rule("together", mark("courses that belong together are on one day"), "soft", 3),
    Rule("apart", mark("courses that are to be apart are on different days"), "soft", 3),
    Rule("one_room", mark("a class keeps to one room of a kind"), "soft", 3),
    Rule("preference", mark("preferred teachers and venues are used"), "soft", 1),
    Rule("fair_load", mark("teachers who share courses share the load"), "soft", 1),
    Rule("travel", mark("classes travel little within a day"), "soft", 1, {"minutes": 30}),
    Rule("evening", mark("evenings stay free"), "soft", 3),
    Rule("unbroken", mark("no long break cuts a meeting"), "soft", 6, {"minutes": 60}),
    Rule("working_time", mark("knowledge classes keep out of working time"), "soft", 4),
    Rule("trainees", mark("classes meet when none of their trainees is away"), "soft", 2),
    Rule("farm_work", mark("classes keep out of the season of farm work"), "soft", 2),
    Rule("daylight", mark("field sites are visited in daylight"), "soft", 5),
    Rule(
        "room_fits",
        mark("small classes do not take large rooms"),
        "soft",
        1,
        {"factor": 2, "slack": 20, "seats": 50},
    ),
    Rule("plan_b", mark("a site in the open has a place for bad weather"), "soft", 2),
    Rule("theory_first", mark("theory comes before practice and field work"), "soft", 3),
    Rule("sturdy", mark("somebody else could teach it then, and another room would do"), "off", 2),
    Rule("changes", mark("what is stored stays as it is"), "soft", 5, {"published": 4}),
    Rule("unplaced", mark("every meeting has a place"), "soft", 1000, solver="repair"),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in (*_HARD, *_SOFT)}
HARD_IDS: Final = tuple(rule.id for rule in _HARD)
SOFT_IDS: Final = tuple(rule.id for rule in _SOFT)
OF_SOLVING: Final = frozenset({"changes", "unplaced"})
"""Soft rules that no place of a meeting breaks by itself: they bind the solver, and no person."""


def rules_in_force(settings: Mapping[str, RuleSetting]) -> dict[str, Rule]:
    """Return the registry with an office's settings laid over it; an unknown id raises KeyError.

    The contract's hard rules keep their level whatever a setting says.
    """
    rules = dict(RULES)
    for name, setting in settings.items():
        rule = RULES[name]
        rules[name] = replace(
            rule,
            level=rule.level if name in HARD_IDS else (setting.level or rule.level),
            weight=rule.weight if setting.weight is None else setting.weight,
            params={**rule.params, **setting.params},
        )
    return rules


def made_hard(rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """Return the soft rules that an office made hard and that a timetable can break."""
    return tuple(n for n in SOFT_IDS if rules[n].level == "hard" and n not in OF_SOLVING)


def when_moved(settings: Mapping[str, RuleSetting]) -> Mapping[str, RuleSetting]:
    """Return the settings for what somebody asks to be moved: that it changes is no breach."""
    setting = settings.get("changes")
    if setting is None or setting.level != "hard":
        return settings
    return {**settings, "changes": replace(setting, level="soft")}
