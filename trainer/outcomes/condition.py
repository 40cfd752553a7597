"""A condition of completing a class: met, not met, or not to be said yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from trainer.phrases import Phrase

State = Literal["met", "unmet", "open", "waived"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its state, the figure and the limit, what it says and what would mend it."""

    id: str
    state: State
    message: Phrase
    figure: float | str | None = None
    limit: float | str | None = None
    mend: Phrase | None = None

    def document(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "condition": self.id,
            "state": self.state,
            "figure": self.figure,
            "limit": self.limit,
            "message": self.message.text(),
            "mend": self.mend.text() if self.mend else None,
        }


def between(fails: bool, *, surely: bool) -> State:  # noqa: FBT001 - the two sides of one scale
    """Return what holds where it fails even at best, and surely holds even at worst."""
    if fails:
        return "unmet"
    return "met" if surely else "open"


def plain(value: float | str) -> str:
    """Return a figure as people read it."""
    return value if isinstance(value, str) else f"{value:g}"
