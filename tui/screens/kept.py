"""Screens at which people stand alone: where a word was chosen, nobody leaves without it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.spoken import Dialog
from tui.widgets.prompt_line import PromptLine

if TYPE_CHECKING:
    from textual.app import App

#: A word is this long at least: fewer digits are soon tried through.
SHORTEST: Final = 4
#: Seconds without a key after which the question for the word goes away.
PATIENCE: Final = 20.0


def plain(typed: str) -> str:
    """Return a word as it is compared: an input method writes digits of full width."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


class KeptScreen(Dialog[None]):
    """A screen that people stand before alone; its word is in memory only, as long as it is open.

    Without a word it is left as any other.
    """

    def __init__(self, word: str = "") -> None:
        super().__init__()
        self._word = plain(word)

    @property
    def kept(self) -> bool:
        """Whether it takes a word to leave."""
        return bool(self._word)

    def ask_word(self, then: Callable[[], object]) -> None:
        """Do ``then``, where there is a word only once somebody has typed it."""

        def answer(right: bool | None) -> None:  # noqa: FBT001 - what a box answers
            if right:
                then()

        if not self.kept:
            then()
        elif self.app.screen is self:
            self.app.push_screen(WordPrompt(self._word), answer)


class WordPrompt(Dialog[bool]):
    """Ask for the word; a wrong one, Esc and waiting lead back to where people stand."""

    CSS_PATH = "kept.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("kept.stay", "escape", "stay", mark("Back"), mark("Stay at this screen"), show=True),
    ]

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word

    def compose(self) -> ComposeResult:
        """Lay out the question and the line, which does not show what is typed."""
        with Vertical(id="box"):
            yield Static(say("The word to leave this screen"), id="title", markup=False)
            yield PromptLine(password=True, id="typed")
            yield Static(say("Enter leaves; Esc goes back"), id="told", markup=False)

    def on_mount(self) -> None:
        """Go back where nobody types: who comes next must not find a question."""
        self._idle = self.set_timer(PATIENCE, self.action_stay)

    @on(Input.Changed)
    def _type(self, event: Input.Changed) -> None:
        event.stop()
        self._idle.reset()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        right = plain(event.value) == self._word
        if not right:
            # a badge that was read meanwhile is wrong, too, and the next one must find its line
            self.app.bell()
            self.notify(say("that is not the word"), severity="warning", markup=False, timeout=3)
        self.dismiss(right)

    def action_stay(self) -> None:
        """Go back."""
        self.dismiss(result=False)


def choose_word(app: App[None], then: Callable[[str], None]) -> None:
    """Let whoever opens a screen choose the word, and do ``then`` with it."""

    def answer(word: str | None) -> None:
        if word is not None:
            then(word)

    title = say("The word without which nobody leaves the screen")
    hint = say("a number or a short word")
    app.push_screen(LinePrompt(title, hint=hint, understand=_understand), answer)


def _understand(typed: str) -> tuple[str | None, Text]:
    word = plain(typed)
    if len(word) < SHORTEST:
        return None, Text(say("{count} letters or digits at least", count=SHORTEST))
    told = say("Esc and Ctrl+Q will ask for “{word}”. It is stored nowhere: remember it.",
               word=word)  # fmt: skip
    return word, Text(told)


def kept_screen(app: App[None]) -> KeptScreen | None:
    """Return the open screen that takes a word to leave, wherever boxes stand over it."""
    for screen in app.screen_stack:
        if isinstance(screen, KeptScreen) and screen.kept:
            return screen
    return None
