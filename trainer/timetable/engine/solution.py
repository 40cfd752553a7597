"""What comes out of the engine: findings, progress, and the result of a solve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from trainer.phrases import Phrase
from trainer.timetable.engine.problem import Placement

Status = Literal["optimal", "feasible", "partial", "infeasible"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a timetable breaks: what it touches, what it costs, and it in words.

    ``touches`` are pairs of meeting and part; ``cost`` counts units of the rule (its weight not yet
    applied) and is 0 for a hard rule.
    """

    rule: str
    hard: bool
    touches: tuple[tuple[int, int], ...]
    cost: int
    message: Phrase


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: after ``seconds`` or after ``work`` steps of the engine; None is no limit.

    Steps are counted once everything has been tried to be placed. With ``work`` alone the result
    depends on nothing but the problem and the seed.
    """

    seconds: float | None = None
    work: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come; ``bound`` is a proven lower bound of the cost, or None."""

    elapsed: float
    steps: int
    placed: int
    unplaced: int
    cost: int
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A meeting that found no place, with a reason; ``impossible`` where that is proved."""

    meeting: int
    impossible: bool
    message: Phrase


@dataclass(frozen=True, slots=True)
class Solution:
    """The best timetable found: ``placements`` by meeting, None where there is none.

    ``cost`` is weighted cost by rule id, ``total`` its sum, ``bound`` a proven lower bound of it.
    """

    status: Status
    placements: tuple[Placement | None, ...]
    unplaced: tuple[Unplaced, ...] = ()
    cost: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    bound: int | None = None
    seconds: float = 0.0
    steps: int = 0
    stopped: bool = False

    @property
    def placed(self) -> int:
        """Return how many meetings have a place."""
        return sum(placement is not None for placement in self.placements)


OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]
