"""The compiled cores' chance, the same on every machine, and what they accept by it.

Imported late: numba takes a second to import.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from trainer.timetable.engine.annealing.kernel import kernel, typed

WHOLE: Final = typed(1 << 32)
"""One above the greatest draw."""
ODDS: Final = 256
"""Changes for the worse of so many units or more are never accepted."""


def cumulated(shares: tuple[float, ...]) -> npt.NDArray[np.int64]:
    """Return shares of moves as bounds of a draw below 2**32."""
    return (np.cumsum(shares) / sum(shares) * 2**32).astype(np.int64)


@kernel
def draw(state: Any, below: int) -> int:
    """Return a random whole number from 0 up to, but not, ``below`` (at most 2**32)."""
    chance = state.chance[0]
    chance ^= chance << np.uint64(13)
    chance ^= chance >> np.uint64(7)
    chance ^= chance << np.uint64(17)
    state.chance[0] = chance
    # typed as well: Python's own whole number is another type to numba
    drawn: Any = np.int64(((chance >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32))
    return drawn  # type: ignore[no-any-return]


@kernel
def accepts(state: Any, delta: int) -> bool:
    """Decide on a change of cost; ``state.odds[delta]`` is its chance out of 2**32."""
    if delta <= 0:
        return True
    return delta < ODDS and draw(state, WHOLE) < state.odds[delta]


@kernel
def cool(state: Any, temperature: float) -> None:
    """Write the chances of acceptance at a temperature."""
    for delta in range(ODDS):
        state.odds[delta] = np.int64(math.exp(-delta / temperature) * 4294967296.0)
