"""What mending a timetable came to: which meetings changed, and how much of that is proved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trainer.timetable.engine.problem import Placement


@dataclass(frozen=True, slots=True)
class News:
    """What happened to meetings themselves: those that are new, and those that changed.

    New ones get a place. Changed ones, such as those that became longer, count as changed wherever
    they go.
    """

    new: Collection[int] = ()
    changed: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One change: from where to where; ``after`` None is a meeting that lost its place.

    Where both are the same the meeting changed in another way, such as its length. One that is new
    has no ``before``. ``alternatives`` are other places for it, what changes least about it first.
    """

    meeting: int
    before: Placement | None
    after: Placement | None
    alternatives: tuple[Placement, ...] = ()


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended timetable: all placements, what changed, and the weight of the changes.

    ``left_out`` meetings found no new place, and ``fewest_left_out`` is a proved lower bound of how
    many; ``bound`` is one of the weight, over every timetable that leaves out no more, and
    ``fewest_changes`` one of how many meetings change then, new ones aside. ``minimal`` says that
    both bounds are reached: less is not left out, and with that fewer changes do not do.
    """

    placements: tuple[Placement | None, ...]
    moves: tuple[Move, ...]
    left_out: tuple[int, ...]
    fewest_left_out: int
    weight: int
    bound: int
    fewest_changes: int
    minimal: bool
    seconds: float
