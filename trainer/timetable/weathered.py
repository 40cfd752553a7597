"""What bad weather comes to: who is under a roof at the same time, who is elsewhere, who stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from trainer.phrases import Phrase
from trainer.timetable.affected import Affected
from trainer.timetable.apply import Stored
from trainer.timetable.facts import Key
from trainer.timetable.replanned import Moved


@dataclass(frozen=True, slots=True)
class Change:
    """A meeting in the open: its venues before and after, or ``why`` it has no usable plan B."""

    key: Key
    classes: tuple[str, ...]
    sessions: tuple[str, ...]
    date: dt.date
    period: str
    teacher: str | None
    before: tuple[str | None, ...]
    after: tuple[str | None, ...] = ()
    why: tuple[Phrase, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "class": self.key[0],
            "course": self.key[1],
            "seq": self.key[2],
            "classes": list(self.classes),
            "sessions": list(self.sessions),
            "date": self.date.isoformat(),
            "period": self.period,
            "from": list(self.before),
            "to": list(self.after) or None,
            "why": [each.text() for each in self.why],
        }


@dataclass(frozen=True, slots=True)
class Weathered:
    """What became of the meetings in the open.

    ``moved`` go to another venue at their own time; ``kept`` have no plan B that does, and go
    ``elsewhere`` with whatever gives way to them; ``fixed`` stay in the open.
    """

    venues: tuple[str, ...]
    moved: tuple[Change, ...]
    kept: tuple[Change, ...]
    fixed: tuple[Change, ...]
    elsewhere: tuple[Moved, ...]
    affected: Affected
    minimal: bool
    stored: Stored | None

    @property
    def left_out(self) -> tuple[Moved, ...]:
        """Return what found no other place and is off the timetable."""
        return tuple(move for move in self.elsewhere if move.after is None)

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "venues": list(self.venues),
            "plan_b": [each.document() for each in self.moved],
            "without_plan_b": [each.document() for each in self.kept],
            "fixed": [each.document() for each in self.fixed],
            "elsewhere": [move.document() for move in self.elsewhere],
            "unplaced": [move.wanted() for move in self.left_out],
            "affected": self.affected.document(),
            "minimal": self.minimal,
            "stored": self.stored is not None,
        }
