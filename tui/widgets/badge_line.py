"""The line into which a reader types: what it has read leaves the line at the very Enter."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class BadgeLine(Input):
    """A line that empties itself: a reader types the next badge before anybody answers.

    Enter is taken here, in the order of the keys. As a binding it would be run once it has gone up
    to the app, behind letters that have come meanwhile, and two badges would be one.
    """

    class Read(Message):
        """A line has been read."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.action_submit()
        else:
            await super()._on_key(event)

    async def action_submit(self) -> None:
        """Take what stands in the line out of it and tell."""
        text, self.value = self.value, ""
        if text.strip():
            self.post_message(self.Read(text))
