"""What mending the timetable came to: the changes, whom they concern, and what is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trainer.timetable.affected import Affected
from trainer.timetable.apply import Stored
from trainer.timetable.facts import Key
from trainer.timetable.reasons import Place


@dataclass(frozen=True, slots=True)
class Moved:
    """One change to the sessions of a meeting; ``after`` None is one that lost its place.

    One that is new has no ``before``. ``was`` and ``lasts`` are the periods that it took and takes:
    a session that became longer or shorter is a change even where it stays. ``alternatives`` would
    do as well as ``after``, what changes least first.
    """

    key: Key
    classes: tuple[str, ...]
    sessions: tuple[str, ...]
    before: Place | None
    after: Place | None
    was: int
    lasts: int
    alternatives: tuple[Place, ...]

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "sessions": list(self.sessions),
            "before": self.before.document() if self.before else None,
            "after": self.after.document() if self.after else None,
            "periods": {"before": self.was, "after": self.lasts},
            "alternatives": [each.document() for each in self.alternatives],
        }

    def wanted(self) -> dict[str, Any]:
        """Return the meeting, and the place that it lost, as the command line prints them."""
        nowhere = dict.fromkeys(("date", "period", "venue", "teacher"))
        named = dict(zip(("class", "course", "seq"), self.key, strict=True))
        return self.before.document() if self.before else {**named, **nowhere}


@dataclass(frozen=True, slots=True)
class Replanned:
    """What mending came to; ``weight`` counts the changes (published ones more).

    ``bound`` is a proved lower bound of it, ``fewest_changes`` one of how many meetings change (new
    ones aside), ``fewest_left_out`` one of how many lose their place; ``minimal`` says that weight
    and what is left out are at their bounds.
    """

    moves: tuple[Moved, ...]
    affected: Affected
    fewest_left_out: int
    weight: int
    bound: int
    fewest_changes: int
    minimal: bool
    seconds: float
    stored: Stored | None

    @property
    def stretched(self) -> tuple[Moved, ...]:
        """Return the changes of what stays at its place and takes more or fewer periods there."""
        return tuple(
            move for move in self.moves if move.after is not None and move.before == move.after
        )

    @property
    def added(self) -> tuple[Moved, ...]:
        """Return the changes that gave a meeting its first place."""
        return tuple(move for move in self.moves if move.before is None and move.after is not None)

    @property
    def left_out(self) -> tuple[Moved, ...]:
        """Return the changes that took a meeting off the timetable."""
        return tuple(move for move in self.moves if move.after is None)

    def document(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "changes": [move.document() for move in self.moves],
            "unplaced": [move.wanted() for move in self.left_out],
            "affected": self.affected.document(),
            "least_unplaced": self.fewest_left_out,
            "weight": self.weight,
            "bound": self.bound,
            "least_changes": self.fewest_changes,
            "minimal": self.minimal,
            "stored": self.stored is not None,
            "seconds": round(self.seconds, 3),
        }
