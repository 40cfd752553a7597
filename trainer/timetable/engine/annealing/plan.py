"""What a round of annealing is asked to do, and what it found; light enough to be sent about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger]


@dataclass(frozen=True, slots=True)
class Round:
    """One fall of temperature from a timetable: until ``ends`` (monotonic), or ``proposals``.

    ``at`` is the timetable as the core keeps it. Where both limits are given the one that is used
    up first ends the round; without ``ends`` the result depends on nothing but what stands here and
    the form. A cost of ``least`` or below ends it, too.
    """

    seed: int
    hot: float
    cold: float
    at: Ints
    proposals: int | None = None
    ends: float | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The best timetable of a round."""

    cost: int
    at: Ints
    proposals: int
