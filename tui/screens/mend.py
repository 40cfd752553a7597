"""Mending the timetable after something came up: the fewest changes, stored on a key only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable, Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.mendbook import MendPage, MoveLine, propose, store, told_anew
from tui.screens.room import sentence_of
from tui.screens.working import WorkingRoom
from tui.widgets.cells import fit
from tui.widgets.listing import Listing

if TYPE_CHECKING:
    from tui.mendbook import Event

#: What is looked for takes so long at most; looking longer takes three times as long.
SECONDS = 20.0
LONGER = 3


class Mended(Message):
    """The proposal is stored."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class NotMended(Message):
    """The proposal was not stored, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class MendScreen(WorkingRoom):
    """What would move, whom it concerns and what is proved; p stores it, Esc leaves it."""

    CSS_PATH = "mend.tcss"
    WORDS = (
        mark("What came up, and the fewest changes that mend the timetable after it. While it is "
             "looked for, Esc stops and keeps the best. Nothing in the past moves, nothing locked, "
             "and nothing is stored before you press p."),
        mark("Above stands how many move, whom it concerns, and whether it is proved that fewer "
             "do not do; the line under the cursor tells other places for it. Enter goes to its "
             "week, where e comes back here; l looks longer for fewer changes; p stores the "
             "proposal and keeps what came up as unavailability, and u in the timetable takes it "
             "back."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("mend.store", "p", "store", mark("Store it"),
             mark("Store the proposal as it is shown"), show=True),
        bind("mend.longer", "l", "longer", mark("Look longer"),
             mark("Look longer for fewer changes"), show=True),
        bind("mend.week", "enter", "week", mark("Go to"), mark("Go to the week of the line"),
             show=True),
    ]  # fmt: skip

    def __init__(self, event: Event, page: MendPage | None = None) -> None:
        super().__init__()
        self.event = event
        self.page = page
        self.done = ""
        self.seconds = SECONDS
        self._storing = False

    def compose_room(self) -> ComposeResult:
        """Lay out what came up, what is proposed, the changes, and more of one of them."""
        yield Static(self.event.said(), id="subject", markup=False)
        yield Static("", id="told", markup=False)
        yield Listing(id="rows", striped=True)
        yield Static("", id="row", markup=False)

    def enter(self) -> None:
        """Look for the fewest changes, unless they are known."""
        if self.page is not None:
            self.show()
        elif not self.failure:
            self.begin()

    def labour(self) -> MendPage:
        """Look for the fewest changes."""
        return propose(self.trainer_app.backroom, self.event, self.seconds, self.asked)

    def finished(self, result: Any) -> None:
        """Take the proposal."""
        self.page = result

    def show_progress(self, told: str) -> None:
        """Show how long it has been looked for."""
        text = say("Looking for the fewest changes: {told}", told=told)
        self.tell(Text(text, self.trainer_app.colour("primary")))

    async def relabel(self) -> None:
        """Tell everything in the language of the moment, dates and all."""
        if self.page is not None:
            self.page = told_anew(self.page.proposal)
        await super().relabel()

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the proposal, or why there is none."""
        self.show_ground()
        self.query_one("#subject", Static).update(fit(self.event.said(), self.size.width - 2))
        if self.working:
            return
        told = self.query_one("#told", Static)
        if self.failure:
            told.update(Text(self.failure, self.trainer_app.colour("error")))
        elif self.page is not None:
            told.update(self._summary(self.page))
            self._fill(self.page)

    def _summary(self, page: MendPage) -> Text:
        found, colour = page.proposal.found, self.trainer_app.colour
        if not found.moves:
            nothing = say("Nothing has to move. p keeps what came up as unavailability.")
            return Text(nothing, colour("success"))
        moved = len(found.moves) - len(found.left_out) - len(found.added) - len(found.stretched)
        parts = [say_n("{count} meeting moves", "{count} meetings move", moved)] if moved else []
        if found.added:
            parts.append(say("{count} new", count=len(found.added)))
        if found.stretched:
            parts.append(say("{count} of another length", count=len(found.stretched)))
        line = Text(say(", ").join(parts), "bold")
        if found.left_out:
            text = say_n(
                "{count} finds no place and is taken off",
                "{count} find no place and are taken off",
                len(found.left_out),
            )
            line.append(say(", ") if parts else "").append(text, f"bold {colour('error')}")
        affected = found.affected
        line.append("\n").append(
            say(
                "affected: classes {classes}, teachers {teachers}, people {people}",
                classes=len(affected.classes), teachers=len(affected.teachers),
                people=len(affected.people),
            )
        )  # fmt: skip
        return line.append("\n").append(self._proof(page))

    def _proof(self, page: MendPage) -> Text:
        found, colour = page.proposal.found, self.trainer_app.colour
        if found.minimal and found.left_out:
            text = say("it is proved that more cannot be kept, and fewer changes do not suffice")
        elif found.minimal:
            text = say("it is proved that fewer changes do not suffice")
        elif found.left_out and found.fewest_left_out:
            text = say("it is proved that at least {least} cannot be kept",
                       least=found.fewest_left_out)  # fmt: skip
        else:
            text = say(
                "not proved to be the fewest: any plan changes at least {least} (weight {weight}, "
                "at least {bound}); l looks longer",
                least=found.fewest_changes, weight=found.weight, bound=found.bound,
            )  # fmt: skip
            return Text(text, colour("warning"))
        return Text(text, colour("success" if found.minimal else "warning"))

    def _fill(self, page: MendPage) -> None:
        listing = self.query_one(Listing)
        before = listing.chosen
        width = self.size.width - 3 - 3 * 2
        place = max(width * 3 // 10, 12)
        name = max(width - 2 * place, 12)
        listing.columns_of(
            ("name", say("Session"), name), ("before", say("Now"), place),
            ("after", say("Then"), place),
        )  # fmt: skip
        lost = f"bold {self.trainer_app.colour('error')}"
        for one in page.lines:
            after = Text(fit(one.brief, place)) if one.after else Text(say("no place"), lost)
            now = Text(fit(one.before or say("new"), place), "dim")
            listing.add_row(Text(fit(one.title, name)), now, after, key=one.key)
        keys = [one.key for one in page.lines]
        if before in keys:
            listing.move_cursor(row=keys.index(before), animate=False)
        listing.focus()
        self._show_line()

    @on(DataTable.RowHighlighted)
    def _follow(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._show_line()

    @on(DataTable.RowSelected)
    def _ignore(self, event: DataTable.RowSelected) -> None:
        event.stop()

    def _line(self) -> MoveLine | None:
        chosen = self.query_one(Listing).chosen
        lines = self.page.lines if self.page else ()
        return next((one for one in lines if one.key == chosen), None)

    def _show_line(self) -> None:
        one, width = self._line(), self.size.width - 2
        if one is None:
            self.query_one("#row", Static).update("")
            return
        lines = [one.title, "  ".join(part for part in (one.before, "->", one.after) if part)]
        if one.lost:
            lines[1] = say("{place}: no other place was found", place=one.before)
        lines += [say("or {place}", place=other) for other in one.others]
        self.query_one("#row", Static).update(Text("\n".join(fit(line, width) for line in lines)))

    def action_week(self) -> None:
        """Go to the week of the session under the cursor."""
        one = self._line()
        if one is not None and one.uid and not self._storing:
            self.trainer_app.open_week("class", one.class_code, one.date, one.uid)

    def action_longer(self) -> None:
        """Look longer for fewer changes."""
        if not self.working and not self._storing:
            self.seconds *= LONGER
            self.begin()

    def action_store(self) -> None:
        """Store the proposal as it is shown."""
        if self.page is not None and not self.working and not self._storing:
            self._storing = True
            self._store(self.page)

    @work(thread=True, group="storing", exit_on_error=False)
    def _store(self, page: MendPage) -> None:
        try:
            told = store(self.trainer_app.backroom, page)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(NotMended(sentence_of(error)))
        else:
            self.post_message(Mended(told))

    @on(Mended)
    def _leave(self, event: Mended) -> None:
        event.stop()
        self.done = event.sentence
        self.dismiss(None)

    @on(NotMended)
    def _stay(self, event: NotMended) -> None:
        event.stop()
        self._storing = False
        self.notify(event.sentence, severity="error", markup=False, timeout=10)
