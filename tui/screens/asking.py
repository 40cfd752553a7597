"""Asking for one line, with what is understood of it said below while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from trainer.phrases import mark
from tui.keys import bind
from tui.screens.spoken import Dialog
from tui.widgets.prompt_line import PromptLine

Meant = TypeVar("Meant")
#: What a line means (None: nothing yet), and how that is said.
Understanding = Callable[[str], tuple[Meant | None, Text]]


class LinePrompt(Dialog[Meant | None], Generic[Meant]):
    """A title, a line to type into, and what is understood; Enter takes it once it makes sense."""

    CSS_PATH = "asking.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("asking.leave", "escape", "leave", mark("Back"), mark("Change nothing"), show=True),
    ]

    def __init__(self, title: str, *, hint: str, understand: Understanding[Meant]) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._understand = understand

    def compose(self) -> ComposeResult:
        """Lay out the title, the line and what is understood."""
        with Vertical(id="box"):
            yield Static(self._title, id="title", markup=False)
            yield PromptLine(placeholder=self._hint, id="typed")
            yield Static("", id="understood", markup=False)

    @on(Input.Changed)
    def _type(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#understood", Static).update(self._understand(event.value)[1])

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        meant, _text = self._understand(event.value)
        if meant is not None:
            self.dismiss(meant)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
