"""The rules of a timetable, once: id, level, weight, parameters, and the sentences that tell them.

The checker, the solver, ``why``, ``explain`` and the screens all read this registry. Hard rules
are those of the contract, H1 to H11; soft rules have weights that an office may change, and an
office may make a soft rule hard, or switch it off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from trainer.phrases import mark

Level = Literal["hard", "soft", "off"]


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What an office sets for one rule; None keeps the registry's own."""

    level: Level | None = None
    weight: int | None = None
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, what it asks in one sentence, its level, and for a soft one its weight."""

    id: str
    title: str
    level: Level
    weight: int = 0
    params: Mapping[str, int] = field(default_factory=dict)


_HARD: Final = (
    Rule("H1", mark("a teacher is in one place at a time"), "hard"),
    Rule("H2", mark("a venue holds no more meetings at once than it has room for"), "hard"),
    Rule("H3", mark("a class, and a person of several classes, is in one place at a time"), "hard"),
    Rule("H4", mark("the class fits the venue's capacity"), "hard"),
    Rule("H5", mark("a venue's kind, equipment, accreditation and sharing suit"), "hard"),
    Rule("H6", mark("nothing is used while unavailable, closed or out of season"), "hard"),
    Rule("H7", mark("between two places there is time for the journey and the buffer"), "hard"),
    Rule("H8", mark("order, first, last and everything the syllabus fixes hold"), "hard"),
    Rule("H9", mark("a meeting's periods are neighbours on one day"), "hard"),
    Rule("H10", mark("meetings lie in the class's window, span and working periods"), "hard"),
    Rule("H11", mark("a teacher's weekly limit holds"), "hard"),
)

_SOFT: Final = (
    Rule("compact", mark("a class's day has no idle periods, its span no idle days"), "soft", 2),
    Rule("spread", mark("a class does not have the same course twice on one day"), "soft", 2),
    Rule("one_room", mark("a class keeps to one room of a kind"), "soft", 3),
    Rule("preference", mark("preferred teachers and venues are used"), "soft", 1),
    Rule("fair_load", mark("teachers who share courses share the load"), "soft", 1),
    Rule("travel", mark("classes travel little within a day"), "soft", 1, {"minutes": 30}),
    Rule("evening", mark("evenings stay free"), "soft", 3),
    Rule("unbroken", mark("no long break cuts a meeting"), "soft", 6, {"minutes": 60}),
    Rule("working_time", mark("knowledge classes keep out of working time"), "soft", 4),
    Rule("daylight", mark("field sites are visited in daylight"), "soft", 5),
    Rule(
        "room_fits",
        mark("small classes do not take large rooms"),
        "soft",
        1,
        {"factor": 2, "slack": 20, "seats": 50},
    ),
    Rule("theory_first", mark("theory comes before practice and field work"), "soft", 3),
    Rule("sturdy", mark("somebody else could teach it then, and another room would do"), "off", 2),
    Rule("changes", mark("what is stored stays as it is"), "soft", 5, {"published": 4}),
    Rule("unplaced", mark("every meeting has a place"), "soft", 1000),
)

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in (*_HARD, *_SOFT)}
HARD_IDS: Final = tuple(rule.id for rule in _HARD)
SOFT_IDS: Final = tuple(rule.id for rule in _SOFT)


def rules_in_force(settings: Mapping[str, RuleSetting]) -> dict[str, Rule]:
    """Return the registry with an office's settings laid over it; an unknown id raises KeyError.

    The contract's hard rules keep their level whatever a setting says.
    """
    rules = dict(RULES)
    for name, setting in settings.items():
        rule = RULES[name]
        rules[name] = Rule(
            id=rule.id,
            title=rule.title,
            level=rule.level if name in HARD_IDS else (setting.level or rule.level),
            weight=rule.weight if setting.weight is None else setting.weight,
            params={**rule.params, **setting.params},
        )
    return rules
