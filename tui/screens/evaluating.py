"""Trainees answer at the class's laptop, one after another: code, questions, thanks, next code."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from trainer.phrases import mark, say
from tui.evalbook import (
    Admitted,
    Standing,
    admit_holder,
    admit_paper,
    count_sheet,
    read_standing,
)
from tui.keys import bind
from tui.screens.kept import KeptScreen
from tui.screens.room import sentence_of
from tui.widgets.badge_line import BadgeLine
from tui.widgets.big import BigWords
from tui.widgets.cells import fit
from tui.widgets.sheet_lines import SheetLines

if TYPE_CHECKING:
    from trainer.evaluation.answering import Parts, Ticket
    from tui.app import TrainerApp

#: Seconds for which thanks stay, and for which a refusal stays to be read.
GLANCE: Final = 4.0
READ: Final = 9.0
#: Seconds without a key after which a sheet that somebody left is wiped away.
IDLE: Final = 180.0
#: Seconds within which the second Esc must come.
AGAIN: Final = 3.0
_LONGEST: Final = 60


class Let(Message):
    """A code is good: its holder may answer."""

    def __init__(self, admitted: Admitted) -> None:
        super().__init__()
        self.admitted = admitted


class Refusal(Message):
    """A code is not good, or a sheet could not be counted; the sheet stays where it was."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class Counted(Message):
    """A sheet has been counted."""


class CountsRead(Message):
    """How many have answered has been read."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self.standing = standing


class EvaluationScreen(KeptScreen):
    """One line that takes codes; then a sheet; then thanks. It goes back to waiting by itself."""

    CSS_PATH = "evaluating.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("evaluating.leave", "escape", "leave", mark("Back"),
             mark("Give the sheet up, or end the evaluation at this screen"), show=True,
             priority=True),
    ]  # fmt: skip

    def __init__(self, standing: Standing, *, paper: bool = False, word: str = "") -> None:
        """Take codes; or with ``paper`` sheets that a clerk types, which need none.

        Neither leads to the other: trainees stand alone before this screen. With ``word`` nobody
        leaves it who does not know that.
        """
        super().__init__(word)
        self._standing = standing
        self._paper = paper
        self._ticket: Ticket | None = None
        self._drawn = ""
        self._leaving = False
        self._busy = False
        self._back: Timer | None = None
        self._idle: Timer | None = None

    @property
    def _trainer(self) -> TrainerApp:
        return self.app  # type: ignore[return-value]  # the only app there is

    def compose(self) -> ComposeResult:
        """Lay out the class, the questionnaire, the large words, the sheet, the hint, the line."""
        yield Static("", id="head", markup=False)
        yield Static("", id="form", markup=False)
        with Vertical(id="stage"):
            yield BigWords(tallest=32, share=0.4, id="large")
            yield Static("", id="told", markup=False)
        yield SheetLines(id="sheet")
        yield Static("", id="hint", markup=False)
        yield BadgeLine(placeholder=say("code on the slip, or badge"), id="code")

    def on_mount(self) -> None:
        """Wait for the first code, or lay out the first sheet of paper."""
        self._wait()
        if self._paper:
            self._busy = True
            self._admit_paper()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the head out anew; a sheet that somebody fills in stays."""
        self.call_after_refresh(self._show_head)
        if self._ticket is None and not self._paper:
            self.call_after_refresh(self._wait)

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Take the focus back: there is nowhere else to go."""
        self.call_after_refresh(self._focus)

    def _focus(self) -> None:
        wanted = "#sheet" if self._ticket is not None else "#code"
        with suppress(Exception):
            self.query_one(wanted).focus()

    # from the code to the sheet

    @on(BadgeLine.Read)
    def _take(self, event: BadgeLine.Read) -> None:
        event.stop()
        text = "".join(letter for letter in event.text if letter.isprintable())[:_LONGEST].strip()
        if text and not self._busy and self._ticket is None and not self._paper:
            self._busy = True
            self._admit(text)

    @work(thread=True, group="evaluating", exit_on_error=False)
    def _admit(self, text: str) -> None:
        try:
            self.post_message(Let(admit_holder(self._trainer.backroom, self._standing.code, text)))
        except Exception as error:  # noqa: BLE001 - nobody stands beside it: said, and gone on
            self.post_message(Refusal(sentence_of(error)))

    @work(thread=True, group="evaluating", exit_on_error=False)
    def _admit_paper(self) -> None:
        try:
            self.post_message(Let(admit_paper(self._trainer.backroom, self._standing.code)))
        except Exception as error:  # noqa: BLE001 - said, and gone on
            self.post_message(Refusal(sentence_of(error)))

    @on(Let)
    def _begin(self, event: Let) -> None:
        event.stop()
        self._stop_timers()
        self._busy = False
        self._ticket, self._drawn = event.admitted.ticket, event.admitted.drawn
        self.query_one("#sheet", SheetLines).load(self._ticket)
        self.add_class("answering")
        self._show_head()
        self._touched()
        self._focus()
        # what the lines have room for is known once they are on the screen
        self.call_after_refresh(self._hint)

    # on the sheet

    @on(SheetLines.Touched)
    def _touch(self, event: SheetLines.Touched) -> None:
        event.stop()
        self._touched()
        self._hint()

    def _touched(self) -> None:
        self._leaving = False
        if self._idle is not None:
            self._idle.stop()
        self._idle = self.set_timer(IDLE, self._go_back)

    @on(SheetLines.Incomplete)
    def _ask_for_more(self, event: SheetLines.Incomplete) -> None:
        event.stop()
        self._hint(say("this one is still to be answered"), "warning")

    @on(SheetLines.Complete)
    def _hand_in(self, event: SheetLines.Complete) -> None:
        event.stop()
        if self._ticket is not None and not self._busy:
            self._busy = True
            self._hint(say("one moment"))
            self._count(self._ticket, event.parts)

    @work(thread=True, group="evaluating", exit_on_error=False)
    def _count(self, ticket: Ticket, parts: Parts) -> None:
        try:
            count_sheet(self._trainer.backroom, ticket, parts)
        except Exception as error:  # noqa: BLE001 - the sheet stays, and can be handed in again
            self.post_message(Refusal(sentence_of(error)))
        else:
            self.post_message(Counted())

    @on(Counted)
    def _thank(self, event: Counted) -> None:
        event.stop()
        self._wipe()
        if self._paper:
            self._busy = True
            self._admit_paper()
            self._read_counts()
            return
        self._say(say("thank you"), say("Your answers are counted. The next one, please."),
                  "success", GLANCE)  # fmt: skip
        self._read_counts()

    @on(Refusal)
    def _refuse(self, event: Refusal) -> None:
        event.stop()
        self._busy = False
        self.app.bell()
        if self._ticket is not None:
            self._hint(event.sentence, "error")
        else:
            self._say(say("not accepted"), event.sentence, "error", READ)

    # back to the code

    def _wipe(self) -> None:
        """Leave nothing of anybody on the screen or in memory."""
        self._stop_timers()
        self._ticket, self._drawn, self._busy, self._leaving = None, "", False, False
        self.query_one("#sheet", SheetLines).clear()
        self.query_one("#code", BadgeLine).value = ""
        self.remove_class("answering")
        self._show_head()
        self._hint()
        self._focus()

    def _wait(self) -> None:
        self._wipe()
        if not self._paper:
            self._say(say("your code, please"), say("Type the code on your slip and press Enter, "
                      "or hold the slip before the reader."), "primary", None)  # fmt: skip
        self._read_counts()

    def _go_back(self) -> None:
        """Go back to codes; from sheets of paper to whoever wanted to type them."""
        if self._paper:
            self.dismiss(None)
        else:
            self._wait()

    def _say(self, large: str, told: str, colour: str, seconds: float | None) -> None:
        style = self._bold(colour)
        self.query_one("#large", BigWords).put(large, style)
        self.query_one("#told", Static).update(Text(told, style, justify="center"))
        if self._back is not None:
            self._back.stop()
        self._back = self.set_timer(seconds, self._go_back) if seconds else None

    def _stop_timers(self) -> None:
        for timer in (self._back, self._idle):
            if timer is not None:
                timer.stop()
        self._back = self._idle = None

    @work(thread=True, exclusive=True, group="counts", exit_on_error=False)
    def _read_counts(self) -> None:
        # only the counts: what is wrong with the database is told by the code that it concerns
        with suppress(Exception):
            standing = read_standing(self._trainer.backroom, self._standing.class_code)
            self.post_message(CountsRead(standing))

    @on(CountsRead)
    def _know_counts(self, event: CountsRead) -> None:
        event.stop()
        self._standing = event.standing
        self._show_head()

    # keys

    def action_leave(self) -> None:
        """Give the sheet up, or leave, at the second press: one may be a slip."""
        if not self._leaving:
            self._leaving = True
            self.set_timer(AGAIN, self._no_leaving)
            told = (
                say("press Esc again to give this sheet up; nothing of it is kept")
                if self._ticket is not None
                else say("press Esc again to end the evaluation at this screen")
            )
            self._hint(told, "warning")
        elif self._ticket is not None:
            self._go_back()
        else:
            self._leaving = False
            self.ask_word(lambda: self.dismiss(None))

    def _no_leaving(self) -> None:
        if self._leaving:
            self._leaving = False
            self._hint()

    # words

    def _show_head(self) -> None:
        standing, width = self._standing, self.size.width - 2
        counts = say("{count} of {total} have answered", count=standing.answered,
                     total=standing.invited)  # fmt: skip
        right = Text(counts, self._bold("success"))
        left = fit(standing.class_title, max(width - right.cell_len - 2, 10))
        gap = max(width - Text(left).cell_len - right.cell_len, 1)
        head = Text.assemble((left, "bold"), " " * gap, right, no_wrap=True)
        self.query_one("#head", Static).update(head)
        words = standing.form
        if self._paper:
            words = say("{form}   SHEETS OF PAPER: Esc twice ends", form=words)
        elif self._drawn:
            words = say("{form}   your code, should you have to stop: {code}", form=words,
                        code=self._drawn)  # fmt: skip
        style = f"bold reverse {self._trainer.colour('warning' if self._paper else 'primary')}"
        form = Text(f" {fit(words, width - 2)} ", style, no_wrap=True)
        form.pad_right(max(width - form.cell_len, 0))
        self.query_one("#form", Static).update(form)

    def _hint(self, words: str = "", colour: str = "") -> None:
        if not words and self._ticket is not None:
            sheet = self.query_one("#sheet", SheetLines)
            words = sheet.choices_here or say(
                "{answered}/{asked} | digits answer | arrows move | Backspace takes back | Enter "
                "hands in",
                answered=sheet.answered,
                asked=sheet.asked,
            )
        elif not words:
            words = say("What you answer is only counted: nobody can see who said what.")
        style = self._bold(colour) if colour else ""
        hint = Text(fit(words, max(self.size.width - 2, 10)), style, no_wrap=True)
        self.query_one("#hint", Static).update(hint)

    def _bold(self, colour: str) -> str:
        return f"bold {self._trainer.colour(colour)}"
