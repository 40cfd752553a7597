"""Asking how to mark all who are still unmarked: one key answers."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.screens.spoken import Dialog
from tui.widgets.cells import pad
from tui.words import STATUSES, status_word

_KEYS = dict(zip(STATUSES, ("p,1,enter", "l,2", "e,3", "v,4", "d,5", "a,6"), strict=True))


class RestPrompt(Dialog[str | None]):
    """The number of those who are left and the six statuses; gives the one chosen, or None."""

    CSS_PATH = "rest.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            bind(f"rest.{status}", keys, f"take('{status}')", status, "")
            for status, keys in _KEYS.items()
        ),
        bind("rest.leave", "escape", "leave", mark("Back"), mark("Mark nobody"), show=True),
    ]

    def __init__(self, left: int, with_leave: int, *, partly: bool = False) -> None:
        super().__init__()
        self._left = left
        self._with_leave = with_leave
        self._partly = partly

    def compose(self) -> ComposeResult:
        """Lay out the question and the keys that answer it."""
        with Vertical(id="box"):
            yield Static(
                say_n(
                    "Mark the {count} person who is left as:",
                    "Mark the {count} people who are left as:",
                    self._left,
                ),
                id="title",
                markup=False,
            )
            answers = Text()
            style = f"bold {self.app.theme_variables['primary']}"
            for number, (status, keys) in enumerate(_KEYS.items(), 1):
                answers.append(f"{keys[0]} ", style).append(pad(status_word(status), 16))
                if number == len(_KEYS) // 2:
                    answers.append("\n")
            yield Static(answers, id="answers")
            if self._partly:
                yield Static(
                    say("Only those shown are meant; Esc twice shows everybody."),
                    id="partly",
                    markup=False,
                )
            if self._with_leave:
                yield Static(
                    say_n(
                        "{count} of them has approved leave and is marked by that.",
                        "{count} of them have approved leave and are marked by that.",
                        self._with_leave,
                    ),
                    id="leave",
                    markup=False,
                )
            yield Static(say("Esc: mark nobody"), id="back", markup=False)

    def action_take(self, status: str) -> None:
        """Choose a status."""
        self.dismiss(status)

    def action_leave(self) -> None:
        """Mark nobody."""
        self.dismiss(None)
