"""The line into which a reader types: what it has read leaves the line at the very Enter."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.message import Message
from textual.widgets import Input

#: What readers put behind a badge, as they are set up: carriage return, line feed, tab.
_ENDS: Final = frozenset({"enter", "ctrl+j", "tab"})


class BadgeLine(Input):
    """A line that empties itself: a reader types the next badge before anybody answers.

    What ends a badge is taken here, in the order of the keys. As a binding it would be run once it
    has gone up to the app, behind letters that have come meanwhile, and two badges would be one.
    """

    class Read(Message):
        """A line has been read."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    async def _on_key(self, event: events.Key) -> None:
        if event.key in _ENDS:
            event.stop()
            event.prevent_default()
            await self.action_submit()
        elif event.key == "shift+tab":
            # there is nowhere else to go
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)

    async def action_submit(self) -> None:
        """Take what stands in the line out of it and tell."""
        text, self.value = self.value, ""
        if text.strip():
            self.post_message(self.Read(text))
