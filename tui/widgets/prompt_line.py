"""A line to type into whose Enter is taken in the order of the keys."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class PromptLine(Input):
    """A line that is handed on as it stood at Enter, whatever is typed right behind it.

    As a binding Enter would be run once it has gone up to the app, behind letters that have come
    meanwhile and that are meant for what comes next.
    """

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.action_submit()
        else:
            await super()._on_key(event)
