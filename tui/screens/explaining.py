"""What has no place in the timetable: why not, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.mendbook import ExplainLine, explain
from tui.screens.working import WorkingRoom
from tui.widgets.cells import fit
from tui.widgets.listing import Listing
from tui.words import short_date

if TYPE_CHECKING:
    from trainer.timetable.reasons import Help

#: What is looked for takes so long at most.
SECONDS = 60.0


class ExplainScreen(WorkingRoom):
    """Each meeting without a place, the facts that together forbid it, and what would help."""

    CSS_PATH = "mend.tcss"
    WORDS = (
        mark("What has no place in the timetable. Below the list stand the facts that together "
             "forbid it (where it says so, none of them can be left out), then what would help, "
             "the cheapest first, each tried out: where the meeting would go, and how many others "
             "would move. [ and ] turn long ones. While it is looked for, Esc stops and keeps what "
             "was found."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("explain.down", "right_square_bracket", "turn(4)", mark("Reasons"),
             mark("Go down the reasons"), show=True, display="[ ]"),
        bind("explain.up", "left_square_bracket", "turn(-4)", mark("Reasons before"),
             mark("Go up the reasons")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[ExplainLine, ...] | None = None
        self.seconds = SECONDS

    def compose_room(self) -> ComposeResult:
        """Lay out how many there are, the list, and the reasons of one of them."""
        yield Static(say("Without a place"), id="subject", markup=False)
        yield Static("", id="told", markup=False)
        yield Listing(id="rows", striped=True)
        with VerticalScroll(id="row", can_focus=False):
            yield Static("", id="why", markup=False)

    def enter(self) -> None:
        """Look for the reasons, unless they are known."""
        if self.lines is None and not self.failure:
            self.begin()

    def labour(self) -> tuple[ExplainLine, ...]:
        """Look for the reasons."""
        return explain(self.trainer_app.backroom, self.seconds, self.asked)

    def finished(self, result: Any) -> None:
        """Take what was found."""
        self.lines = result

    def show_progress(self, told: str) -> None:
        """Show how long it has been looked for."""
        text = say("Looking for what forbids it: {told}", told=told)
        self.tell(Text(text, self.trainer_app.colour("primary")))

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show what has no place, or that everything has one."""
        self.show_ground()
        if self.working:
            return
        told, colour = self.query_one("#told", Static), self.trainer_app.colour
        if self.failure:
            told.update(Text(self.failure, colour("error")))
        elif self.lines is not None:
            if self.lines:
                text = say_n(
                    "{count} meeting cannot be placed",
                    "{count} meetings cannot be placed",
                    len(self.lines),
                )
                told.update(Text(text, f"bold {colour('warning')}"))
            else:
                text = say("Everything has a place, or can get one by solving.")
                told.update(Text(text, colour("success")))
            self._fill(self.lines)

    def _fill(self, lines: tuple[ExplainLine, ...]) -> None:
        listing = self.query_one(Listing)
        width = self.size.width - 3 - 2 * 2 - 8
        listing.columns_of(("name", say("Session"), width), ("helps", say("Helps"), 8))
        for one in lines:
            count = len(one.explained.helps)
            listing.add_row(Text(fit(one.title, width)), Text(str(count), justify="right"),
                            key=one.key)  # fmt: skip
        listing.focus()
        self._show_line()

    @on(DataTable.RowHighlighted)
    def _follow(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._show_line()

    @on(DataTable.RowSelected)
    def _ignore(self, event: DataTable.RowSelected) -> None:
        event.stop()

    def _show_line(self) -> None:
        chosen = self.query_one(Listing).chosen
        one = next((each for each in self.lines or () if each.key == chosen), None)
        text = Text("") if one is None else self._why(one)
        self.query_one("#why", Static).update(text)

    def action_turn(self, lines: int) -> None:
        """Go down or up in the reasons, where they are longer than their place."""
        self.query_one("#row", VerticalScroll).scroll_relative(y=lines, animate=False)

    def _why(self, line: ExplainLine) -> Text:
        one, colour = line.explained, self.trainer_app.colour
        text = Text(one.message.text(), "bold")
        for reason in one.reasons:
            text.append("\n- ").append(reason.text())
        if one.reasons and one.minimal:
            text.append("\n").append(say("none of these can be left out"), "dim")
        if one.helps:
            text.append("\n").append(say("What would help, each tried out:"), colour("primary"))
        for help_ in one.helps:
            text.append("\n+ ").append(_help(help_))
        return text


def _help(help_: Help) -> str:
    where = f"{short_date(help_.place.date)} {help_.place.period}"
    if not help_.moved:
        return say("{message}: it then goes to {place}; nothing else moves",
                   message=help_.message, place=where)  # fmt: skip
    return say_n(
        "{message}: it then goes to {place}; {count} other session moves",
        "{message}: it then goes to {place}; {count} other sessions move",
        len(help_.moved), message=help_.message, place=where,
    )  # fmt: skip
