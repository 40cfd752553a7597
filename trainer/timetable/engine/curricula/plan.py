"""What a round of annealing is asked to do, and what it found; light enough to be sent about."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.timetable.engine.curricula.form import Ints


@dataclass(frozen=True, slots=True)
class Round:
    """One fall of temperature from a timetable: until ``ends`` (monotonic), or ``proposals``.

    Where both are given the one that is used up first ends it; without ``ends`` the result depends
    on nothing but what stands here and the form.
    """

    seed: int
    hot: float
    cold: float
    slots: Ints
    places: Ints
    proposals: int | None = None
    ends: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The best timetable of a round."""

    cost: int
    slots: Ints
    places: Ints
    proposals: int
