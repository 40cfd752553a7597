"""A proposal for the vacant posts of a class: who for what, and what the rules would find."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.findings import findings_text
from tui.screens.spoken import Dialog

if TYPE_CHECKING:
    from tui.app import TrainerApp
    from tui.classacts import Proposal


class ProposalScreen(Dialog[bool | None]):
    """Who is proposed; Enter appoints all of them, Esc nobody."""

    CSS_PATH = "proposal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("proposal.take", "enter", "take", mark("Appoint all"), mark("Appoint all of them"),
             show=True),
        bind("proposal.leave", "escape,q", "leave", mark("Back"), mark("Appoint nobody"),
             show=True),
    ]  # fmt: skip

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self._proposal = proposal

    def compose(self) -> ComposeResult:
        """Lay out who is proposed for what and what the rules say."""
        app = cast("TrainerApp", self.app)
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        for one in self._proposal.nominees:
            member = one.member
            note = "  ".join(part for part in (member.unit_name, member.position) if part)
            table.add_row(Text(one.seat.post), Text(member.name, "bold"), Text(note, "dim"))
        with VerticalScroll(id="box"):
            yield Static(say("Proposed for the vacant posts"), id="title", markup=False)
            yield Static(table)
            yield Static(findings_text(self._proposal.findings, app.colour), id="findings")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#box").focus()

    def action_take(self) -> None:
        """Appoint all of them."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Appoint nobody."""
        self.dismiss(None)
