"""Help: what the room behind it can do, and its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.keys import bind, key_name, shown_keys
from tui.screens.spoken import Dialog


class HelpScreen(Dialog[None]):
    """The words of a room, then its keys: each with what it does and the name for ``keys.toml``."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("help.leave", "escape,f1,q,question_mark", "leave", mark("Back"),
             mark("Close the help"), show=True),
    ]  # fmt: skip

    def __init__(self, words: Sequence[str], bindings: Mapping[str, ActiveBinding]) -> None:
        super().__init__()
        self._words = words
        self._keys = gather([active.binding for active in bindings.values()])

    def compose(self) -> ComposeResult:
        """Lay out the words and the keys."""
        with VerticalScroll(id="box"):
            yield Static(say("Help"), id="title", markup=False)
            for words in self._words:
                yield Static(say(words), classes="words", markup=False)
            yield Static(self._table(), id="keys")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#box").focus()

    def action_leave(self) -> None:
        """Close the help."""
        self.dismiss(None)

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(no_wrap=True, justify="right")
        style = str(self.app.theme_variables["primary"])
        for name, (binding, keys) in self._keys.items():
            names = "  ".join(key_name(key) for key in shown_keys(keys)[:3])
            what = binding.tooltip or binding.description
            table.add_row(Text(names, style), Text(what), Text(name, "dim"))
        return table


def gather(bindings: Sequence[Binding]) -> dict[str, tuple[Binding, list[str]]]:
    """Return the bindings that have an id and words, each once with all its keys.

    The room's own come first, then the app's, then those that only move the cursor.
    """
    found: dict[str, tuple[Binding, list[str]]] = {}
    for binding in sorted(bindings, key=_rank):
        if binding.id and binding.description:
            found.setdefault(binding.id, (binding, []))[1].append(binding.key)
    return found


def moves_cursor(name: str) -> bool:
    """Tell whether a binding only moves the cursor, by its id."""
    return name.startswith(("list.", "week."))


def _rank(binding: Binding) -> int:
    name = binding.id or ""
    return 2 if moves_cursor(name) else int(name.startswith("app."))
