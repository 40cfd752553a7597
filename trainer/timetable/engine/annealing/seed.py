"""Where the cores' chance begins; numpy alone, so that forms are built without numba."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def seeded(seed: int) -> npt.NDArray[np.uint64]:
    """Return the random source's first state; near seeds begin far apart (splitmix64)."""
    mixed = (seed + 1) * 0x9E3779B97F4A7C15 % 2**64
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
    return np.array([mixed or 1], np.uint64)
