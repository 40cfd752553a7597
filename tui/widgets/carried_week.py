"""The week while a session is carried over it: what is in the hand stands out, in words too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainer.phrases import say
from tui.widgets.week import Block, WeekGrid

if TYPE_CHECKING:
    import datetime as dt

    from trainer.timetable.views import WeekView


class CarriedWeek(WeekGrid, can_focus=False):
    """A week that shows sessions where they would be, with a sign that is not a colour alone."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._carried: frozenset[str] = frozenset()
        self._giving: frozenset[str] = frozenset()
        self._broken = False

    def carry(
        self,
        view: WeekView,
        today: dt.date,
        carried: Sequence[str],
        *,
        giving: Sequence[str],
        broken: bool,
    ) -> None:
        """Show a week; ``carried`` are the sessions in the hand, ``giving`` those that give way.

        ``broken`` says that a hard rule would break.
        """
        self._carried, self._giving = frozenset(carried), frozenset(giving)
        self._broken = broken
        self.show(view, today)

    def is_chosen(self, block: Block) -> bool:
        """Let what is carried, and what gives way to it, stand out."""
        return any(one.uid in self._carried | self._giving for one in block.sessions)

    def chosen_ground(self, block: Block) -> str:
        """Tell by the ground, as the title does in signs, whether it may be put down here."""
        if any(one.uid in self._carried for one in block.sessions):
            return "error-muted" if self._broken else "block-cursor-background"
        return "warning-muted"

    def title_of(self, block: Block) -> str:
        """Return its title with a sign: ! where a rule would break, > where it may be put."""
        title = super().title_of(block)
        if not self.is_chosen(block):
            return title
        if any(one.uid in self._carried for one in block.sessions):
            return f"! {title}" if self._broken else f"> {title}"
        return say("gives way: {course}", course=title)
