"""The rules of the timetable as an office has set them, and what the solver does with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trainer.office import Office
from trainer.phrases import Phrase, phrase
from trainer.timetable.build import rule_settings
from trainer.timetable.engine.rules import HARD_IDS, TREATMENTS, Rule, rules_in_force


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in force; ``contract`` says that no office may change its level."""

    rule: Rule
    contract: bool

    @property
    def treatment(self) -> Phrase:
        """Return what the solver does with it, in a sentence."""
        return phrase(TREATMENTS[self.rule.treatment])

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "rule": self.rule.id,
            "title": phrase(self.rule.title).text(),
            "level": self.rule.level,
            "fixed": self.contract,
            "weight": None if self.contract else self.rule.weight,
            "params": dict(self.rule.params),
            "solver": self.rule.treatment,
            "does": self.treatment.text(),
        }


def rules_of(office: Office) -> tuple[Entry, ...]:
    """Return the rules in the order of the registry, with an office's levels and weights."""
    rules = rules_in_force(rule_settings(office))
    return tuple(Entry(rule, name in HARD_IDS) for name, rule in rules.items())


def unheeded_levels(office: Office) -> tuple[str, ...]:
    """Return the contract's rules to which an office gives a lower level, which nobody looks at."""
    return tuple(name for name in HARD_IDS if office.levels.get(name, "block") != "block")
