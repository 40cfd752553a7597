"""Ctrl-C, or being told to end, as a request that long work answers at a good point."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Remembers that the user pressed Ctrl-C, so that work can end at a good point."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._done = False

    def asked(self) -> bool:
        """Tell whether the user asked to stop."""
        return self._asked.is_set()

    def done(self) -> bool:
        """Let nothing break off what is left, which is short: telling what the work came to.

        Tell whether the user had asked to stop by then.
        """
        self._done = True
        return self.asked()

    def ask(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Ask to stop; asking a second time does not wait any longer."""
        if self._asked.is_set() and not self._done:
            raise KeyboardInterrupt
        self._asked.set()


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Yield what tells whether Ctrl-C was pressed meanwhile, instead of stopping at once."""
    interruption = Interruption()
    asked_by = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interruption.ask) for number in asked_by]
    try:
        yield interruption
    finally:
        for number, handler in zip(asked_by, before, strict=True):
            signal.signal(number, handler)
