"""Everything ever recorded of one person at one session, the latest last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.spoken import Dialog
from tui.words import status_word

if TYPE_CHECKING:
    from trainer.attendance.history import Recorded


class PastRead(Message):
    """The history of a person at a session has been read."""

    def __init__(self, name: str, events: Sequence[Recorded]) -> None:
        super().__init__()
        self.name = name
        self.events = events


class PastScreen(Dialog[None]):
    """The events of the log, each with when, by whom and on which device; what counts is bright."""

    CSS_PATH = "past.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("past.leave", "escape,h,q,enter", "leave", mark("Back"), mark("Close"), show=True),
    ]

    def __init__(self, name: str, events: Sequence[Recorded]) -> None:
        super().__init__()
        self._name = name
        self._events = events

    def compose(self) -> ComposeResult:
        """Lay out the events, two lines each."""
        with VerticalScroll(id="box"):
            yield Static(say("{name}: everything recorded here", name=self._name), id="title",
                         markup=False)  # fmt: skip
            if not self._events:
                yield Static(say("nothing was ever recorded of this person here"), markup=False)
            for event in self._events:
                yield Static(self._said(event), classes="event", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Let the arrow keys scroll, and show the latest."""
        box = self.query_one("#box", VerticalScroll)
        box.focus()
        box.scroll_end(animate=False)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def _said(self, event: Recorded) -> Text:
        status = say("retracted") if event.status == "void" else status_word(event.status)
        if event.minutes:
            status = say("{status}, {minutes} minutes", status=status, minutes=event.minutes)
        colour = self.app.theme_variables["primary" if event.counts else "foreground"]
        head = Text.assemble((f"{event.at:%Y-%m-%d %H:%M:%S}  ", "dim"), (status, f"bold {colour}"))
        if event.counts:
            head.append("  ").append(say("counts now"), str(colour))
        elif event.replaces:
            head.append("  ").append(say("in place of an earlier mark"), "dim")
        who = say("by {by} on {device}", by=event.by or "-", device=event.device or "-")
        head.append(f"\n  {who}", "dim")
        if event.note:
            head.append(f"\n  {event.note}", "dim")
        return head
