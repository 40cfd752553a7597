"""Choosing one of many by typing: name, code, pinyin or initials."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.screens.spoken import Dialog
from tui.widgets.cells import fit
from tui.widgets.prompt_line import PromptLine

#: More than this is not looked through by anybody: type another letter instead.
MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its key, what is shown left and right, and what it is found by."""

    key: str
    title: str
    note: str = ""
    search: str = ""


def matches(query: str, searched: str) -> bool:
    """Tell whether every word typed occurs in a search text; full-width letters count as plain."""
    plain = unicodedata.normalize("NFKC", query).lower()
    return all(word in searched for word in plain.split())


class Chooser(Dialog[str | None]):
    """A box with a line to type in and what matches below; gives the key chosen, or None."""

    CSS_PATH = "chooser.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("choose.leave", "escape", "leave", mark("Back"), mark("Choose nothing"), show=True),
        bind("choose.down", "down", "move(1)", mark("Down"), mark("Go to the line below")),
        bind("choose.up", "up", "move(-1)", mark("Up"), mark("Go to the line above")),
        bind("choose.page_down", "pagedown", "move(10)", mark("Page down"), mark("Go down a page")),
        bind("choose.page_up", "pageup", "move(-10)", mark("Page up"), mark("Go up one page")),
    ]

    def __init__(self, title: str, *, hint: str, choices: Sequence[Choice] | None = None) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._choices = choices
        self._start: str | None = None
        self._taken: str | None = None
        self._filled = ""
        self._shown: list[Choice] = []

    def offer(self, choices: Sequence[Choice], start: str | None = None) -> None:
        """Show what there is to choose from, once it has been read; ``start`` under the cursor.

        The box is open before that, so that letters typed ahead go into it and nowhere else.
        """
        self._choices, self._start = choices, start
        self._fill(self._taken)
        if self._taken is not None:
            self._taken = None
            self._choose_line()

    def compose(self) -> ComposeResult:
        """Lay out the title, the line to type in, the list and the count."""
        with Vertical(id="box"):
            yield Static(self._title, id="title", markup=False)
            yield PromptLine(placeholder=self._hint, id="typed", select_on_focus=False)
            options = OptionList(id="options", markup=False)
            options.can_focus = False
            yield options
            yield Static("", id="count", markup=False)

    def on_mount(self) -> None:
        """Take what is typed from the first moment on, and show what there is."""
        self.query_one("#typed", Input).focus()
        self.call_after_refresh(self._fill)

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self._fill)

    @on(Input.Changed, "#typed")
    def _type(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted, "#typed")
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        if self._choices is None:
            self._taken = event.value if self._taken is None else self._taken
        # as it stood at Enter: what is typed behind it is meant for what comes next
        if event.value != self._filled:
            self._fill(event.value)
        self._choose_line()

    def _choose_line(self) -> None:
        place = self.query_one("#options", OptionList).highlighted
        if place is not None and place < len(self._shown):
            self.dismiss(self._shown[place].key)

    @on(OptionList.OptionSelected)
    def _click(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].key)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_move(self, lines: int) -> None:
        """Move the cursor by some lines, not past either end."""
        options = self.query_one("#options", OptionList)
        if self._shown:
            place = (options.highlighted or 0) + lines
            options.highlighted = min(max(place, 0), len(self._shown) - 1)

    def _fill(self, taken: str | None = None) -> None:
        # what is typed by now: somebody quick has typed on since this was asked for
        query = self.query_one("#typed", Input).value if taken is None else taken
        self._filled = query
        if self._choices is None:
            self.query_one("#count", Static).update(say("reading ..."))
            return
        found = [choice for choice in self._choices if matches(query, choice.search)]
        self._shown = found[:MOST_SHOWN]
        options = self.query_one("#options", OptionList)
        width = options.scrollable_content_region.width - 2
        options.clear_options()
        options.add_options([Option(_line(choice, width)) for choice in self._shown])
        keys = [choice.key for choice in self._shown]
        if keys:
            options.highlighted = keys.index(self._start) if self._start in keys else 0
        if found:
            text = say_n("{count} found", "{count} found", len(found))
        else:
            text = say("nothing found; try fewer letters, pinyin or initials")
        self.query_one("#count", Static).update(text)


def _line(choice: Choice, width: int) -> Text:
    if not choice.note or width <= 0:
        return Text(fit(choice.title, max(width, 0)), no_wrap=True)
    note = Text(fit(choice.note, width // 2), "dim")
    title = Text(fit(choice.title, width - note.cell_len - 2))
    gap = width - title.cell_len - note.cell_len
    return Text.assemble(title, " " * gap, note, no_wrap=True)
