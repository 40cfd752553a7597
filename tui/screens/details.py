"""All that is known of one session, or of the sessions held together as one meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.spoken import Dialog
from tui.words import form_word, long_date, span_of, state_word

if TYPE_CHECKING:
    from trainer.timetable.views import SessionView


class DetailsScreen(Dialog[str | None]):
    """The facts of a session; gives its uid where its roll is to be called."""

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("details.roll", "k", "roll", mark("Roll call"), mark("Call the roll"), show=True),
        bind("details.leave", "escape,enter,q", "leave", mark("Back"), mark("Close"), show=True),
    ]

    def __init__(self, sessions: Sequence[SessionView]) -> None:
        super().__init__()
        self._sessions = sessions

    def compose(self) -> ComposeResult:
        """Lay out the facts."""
        with VerticalScroll(id="box"):
            yield Static(self._sessions[0].course_title, id="title", markup=False)
            yield Static(self._facts())
        yield Footer(show_command_palette=False, compact=True)

    def action_roll(self) -> None:
        """Call the roll of the session."""
        if self._sessions[0].status != "cancelled":
            self.dismiss(self._sessions[0].uid)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def _facts(self) -> Table:
        one = self._sessions[0]
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        facts = [
            (say("Date"), long_date(one.date)),
            (say("Time"), span_of(one.start, one.end)),
            *((say("Class"), each.class_title) for each in self._sessions),
            (say("Meeting"), str(one.seq)),
            (say("Form"), form_word(one.form)),
            (say("Venue"), one.venue_name or ""),
            (say("Teacher"), one.teacher_name or ""),
            (say("State"), state_word(one.status)),
            (say("Locked"), say("yes") if one.locked else ""),
            (say("Together with"), one.joint or ""),
            (say("Session id"), one.uid),
        ]
        for name, value in facts:
            if value:
                table.add_row(Text(name, "dim"), Text(value))
        return table
