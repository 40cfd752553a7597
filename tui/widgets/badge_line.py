"""The line into which a reader types: what it has read leaves the line at the very Enter."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input


class BadgeLine(Input):
    """A line that empties itself: a reader types the next badge before anybody answers."""

    class Read(Message):
        """A line has been read."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    async def action_submit(self) -> None:
        """Take what stands in the line out of it and tell."""
        text, self.value = self.value, ""
        if text.strip():
            self.post_message(self.Read(text))
