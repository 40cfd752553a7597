"""The marks that are being typed: which are on their way, which are stored, which were refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui.rollbook import Keeping

if TYPE_CHECKING:
    from trainer.outcomes.scoring import Value


@dataclass(frozen=True, slots=True)
class Typed:
    """A mark of somebody, ``said`` as typed; with ``corrects`` it replaces the one that stands."""

    number: int
    person: str
    word: str
    value: Value
    said: str
    attempt: int | None = None
    corrects: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A mark that could not be stored, why, and whether a reason lets it pass."""

    typed: Typed
    sentence: str
    with_reason: bool = False


@dataclass
class MarkBook:
    """What became of each mark; by person, the newest counts."""

    last: int = 0
    saving: dict[int, Typed] = field(default_factory=dict)
    saved: dict[str, Typed] = field(default_factory=dict)
    failed: dict[str, Failed] = field(default_factory=dict)

    def take(self, typed: Typed) -> Typed:
        """Take a mark that is to be stored; return it with its number."""
        self.last += 1
        numbered = replace(typed, number=self.last)
        self.saving[self.last] = numbered
        self.failed.pop(typed.person, None)
        self.saved.pop(typed.person, None)
        return numbered

    def stored(self, typed: Typed) -> None:
        """Note that a mark is in the database."""
        self.saving.pop(typed.number, None)
        self.saved[typed.person] = typed

    def refused(self, typed: Typed, sentence: str, *, with_reason: bool) -> None:
        """Note that a mark could not be stored."""
        self.saving.pop(typed.number, None)
        self.failed[typed.person] = Failed(typed, sentence, with_reason)

    def of(self, person: str) -> tuple[Typed, Keeping] | None:
        """Return somebody's newest mark of this sitting and whether it is stored."""
        waiting = [one for one in self.saving.values() if one.person == person]
        if waiting:
            return waiting[-1], Keeping.SAVING
        if person in self.failed:
            return self.failed[person].typed, Keeping.FAILED
        if person in self.saved:
            return self.saved[person], Keeping.SAVED
        return None
