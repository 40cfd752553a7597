"""A line to type marks into: Enter and the arrows are taken in the order of the keys."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets import Input


class MarkLine(Input):
    """A line whose Enter is acted upon before the next key is looked at.

    As a message or a binding Enter would be behind digits that have come meanwhile and that are
    meant for the next person.
    """

    def __init__(
        self, take: Callable[[str], None], step: Callable[[int], None], *, id: str | None = None  # noqa: A002 - Textual's own word
    ) -> None:  # fmt: skip
        super().__init__(id=id, select_on_focus=False)
        self._take_line, self._step = take, step

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            self._take_line(self.value)
        elif event.key in ("up", "down"):
            self._step(1 if event.key == "down" else -1)
        else:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
