"""What deciding on a class would do, by name, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from trainer.phrases import Phrase, mark, say
from tui.keys import bind
from tui.outcomewords import RESULTS
from tui.screens.spoken import Dialog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainer.outcomes.deciding import Outcome


@dataclass(frozen=True, slots=True)
class Proposal:
    """What deciding would do, what it would do with whoever is open, and everybody's name."""

    usual: Outcome
    final: Outcome
    names: Mapping[str, str]


class DecisionScreen(Dialog[str | None]):
    """Who would complete, who would not, who stays open and why; a key decides."""

    CSS_PATH = "decision.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("decision.decide", "enter", "decide('usual')", mark("Decide"),
             mark("Decide; whoever is open stays open"), show=True),
        bind("decision.final", "f", "decide('final')", mark("Decide on all"),
             mark("Decide; whoever is open has not completed the class"), show=True),
        bind("decision.leave", "escape,q", "leave", mark("Back"), mark("Decide nothing"),
             show=True),
    ]  # fmt: skip

    def __init__(self, title: str, proposal: Proposal) -> None:
        super().__init__()
        self._called = title
        self._proposal = proposal

    def compose(self) -> ComposeResult:
        """Lay out the groups with their names."""
        usual, names = self._proposal.usual, self._proposal.names
        with VerticalScroll(id="box"):
            yield Static(self._called, id="title", markup=False)
            for result in ("completed", "not_completed", "withdrawn"):
                people = [names[who] for who, found in usual.results.items() if found == result]
                if people or result != "withdrawn":
                    yield self._group(RESULTS[result], people)
            if usual.already:
                already = [names[who] for who in usual.already]
                yield self._group(Phrase(mark("decided already")), already)
            if usual.left:
                yield self._group(Phrase(mark("still open")), [one.name for one in usual.left])
                for one in usual.left:
                    text = say("  {name} ({person}): {why}", name=one.name, person=one.person,
                               why=one.why)  # fmt: skip
                    yield Static(Text(text, "dim"), markup=False)
            if not usual.results:
                yield Static(say("nothing is there to be decided now"), classes="group")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#box", VerticalScroll).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would decide something."""
        usual, final = self._proposal.usual, self._proposal.final
        if action == "decide" and parameters == ("usual",):
            return bool(usual.results)
        if action == "decide":
            return final.results != usual.results
        return super().check_action(action, parameters)

    def action_decide(self, how: str) -> None:
        """Decide."""
        self.dismiss(how)

    def action_leave(self) -> None:
        """Decide nothing."""
        self.dismiss(None)

    def _group(self, name: Phrase, people: list[str]) -> Static:
        text = Text(f"{name.text()} {len(people)}", "bold")
        if people:
            text.append("\n").append("  ".join(people), "not bold")
        return Static(text, classes="group", markup=False)
