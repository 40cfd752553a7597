"""Leaving the app: not before every mark is stored, unless somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Footer, Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.screens.spoken import Dialog

if TYPE_CHECKING:
    from tui.app import TrainerApp

#: A mark that takes longer to store than this is spoken about instead of waited for.
PATIENCE = 5.0


class LeavingScreen(Dialog[bool]):
    """Some marks are not stored: stay and store them, or leave them behind."""

    CSS_PATH = "leaving.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("leaving.stay", "escape,enter", "answer(False)", mark("Stay"),
             mark("Stay and store them"), show=True),
        bind("leaving.leave", "x", "answer(True)", mark("Leave without them"),
             mark("Leave; these marks are lost"), show=True),
    ]  # fmt: skip

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="box"):
            yield Static(
                say_n(
                    "{count} mark is not stored yet.",
                    "{count} marks are not stored yet.",
                    self._count,
                ),
                id="title",
                markup=False,
            )
            yield Static(
                say("Stay, and press s where they were taken down to store them again."),
                markup=False,
            )
        yield Footer(show_command_palette=False, compact=True)

    def action_answer(self, leave: bool) -> None:  # noqa: FBT001 - written in a binding
        """Answer the question."""
        self.dismiss(leave)


async def leave(app: TrainerApp) -> None:
    """Leave at once where all is stored; else wait a moment, then ask."""
    from tui.screens.marking import MarkingRoom
    from tui.screens.roll import RollScreen

    rolls = [
        screen
        for stack in app._screen_stacks.values()  # noqa: SLF001 - Textual offers no other way
        for screen in stack
        if isinstance(screen, (RollScreen, MarkingRoom))
    ]
    if sum([await roll.settle(PATIENCE) for roll in rolls]) == 0:
        app.exit()
        return
    if not isinstance(app.screen, LeavingScreen):
        unsaved = sum(roll.unsaved for roll in rolls)
        app.push_screen(LeavingScreen(unsaved), lambda gone: app.exit() if gone else None)
