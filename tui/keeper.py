"""Storing changes one after the other in a thread, in the order of their making."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Change = TypeVar("Change")


class Keeper(Generic[Change]):
    """A queue of changes; ``run`` stores all there are and may be called in several threads.

    ``put`` says whether somebody has to call ``run``: nobody else is at it.
    """

    def __init__(
        self,
        keep: Callable[[str, Change], None],
        saved: Callable[[str, Change], None],
        refused: Callable[[str, Change, Exception], None],
    ) -> None:
        self._keep, self._saved, self._refused = keep, saved, refused
        self._waiting: deque[tuple[str, Change]] = deque()
        self._lock = Lock()
        self._running = False

    def put(self, session: str, change: Change) -> bool:
        """Take a change of a session's roll or of a class; return whether to call ``run``."""
        with self._lock:
            self._waiting.append((session, change))
            start, self._running = not self._running, True
        return start

    def run(self) -> None:
        """Store what waits, until nothing does."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                session, change = self._waiting.popleft()
            try:
                self._keep(session, change)
            except Exception as error:  # noqa: BLE001 - told to whoever shows the roll
                self._refused(session, change, error)
            else:
                self._saved(session, change)
