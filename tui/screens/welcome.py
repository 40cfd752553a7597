"""The first screen where there is no database yet, or nothing in it: how to begin."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.cli.state import database_url
from tui.keys import bind
from tui.screens.spoken import spoken


class WelcomeScreen(Screen[None]):
    """What is missing, and the commands that bring it."""

    CSS_PATH = "welcome.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("welcome.again", "r,enter", "again", mark("Look again"),
             mark("Look whether the database is there now"), show=True),
    ]  # fmt: skip

    def __init__(self, problem: str) -> None:
        super().__init__()
        self._problem = problem

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, in the language of the moment."""
        return spoken(super().active_bindings)

    def compose(self) -> ComposeResult:
        """Lay out what is missing and the ways to begin."""
        with Vertical(id="box"):
            yield Static(say("Welcome to the training office"), id="title", markup=False)
            yield Static(self._problem, id="problem", markup=False)
            yield Static(self._ways(), id="ways")
        yield Footer(show_command_palette=False, compact=True)

    def action_again(self) -> None:
        """Go back to the room, which reads again."""
        self.dismiss(None)

    def _ways(self) -> Text:
        command = f"bold {self.app.theme_variables['primary']}"
        return Text.assemble(
            say("To look around, load the year of an example county:"),
            "\n",
            ("  trainer demo", command),
            "\n\n",
            say("To begin with your own data, a folder of CSV files or a workbook:"),
            "\n",
            ("  trainer import PATH", command),
            "\n\n",
            say("To open another database:"),
            "\n",
            ("  trainer --db FILE", command),
            "\n\n",
            (say("This one is {url}", url=database_url()), "dim"),
        )
