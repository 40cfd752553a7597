"""Lines of integers in the making, and the arrays that become of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from trainer.timetable.engine.offices.form import Ints


class Lines:
    """Lines of integers in the making, and how many there are."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[Sequence[int]] = []

    def add(self, lines: Iterable[Sequence[int]]) -> tuple[int, int]:
        """Append lines; return the first of them and the one after the last."""
        first = len(self.lines)
        self.lines.extend(lines)
        return first, len(self.lines)

    def array(self) -> Ints:
        """Return the lines as a matrix."""
        return matrix(self.lines, self.width)


def matrix(lines: Sequence[Sequence[int]], width: int) -> Ints:
    """Return lines of so many integers as a matrix, also where there is none."""
    return np.array(lines, np.int64).reshape(-1, width)


def square(lines: Sequence[Sequence[int]], size: int) -> Ints:
    """Return as many lines as each has integers as a matrix, also where there is none."""
    return np.array(lines, np.int64).reshape(size, size)
