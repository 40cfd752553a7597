"""The code of the moment over the whole screen, for a class to sign in with."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Footer, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.room import sentence_of
from tui.screens.spoken import Dialog
from tui.widgets.big import BigWords
from tui.widgets.cells import fit
from tui.words import short_date, span_of

if TYPE_CHECKING:
    from trainer.attendance.codes import Shown
    from trainer.timetable.views import SessionView
    from tui.app import TrainerApp


class CodeRead(Message):
    """The code of the moment has been worked out."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown = shown


class CodeFailed(Message):
    """There is no code, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class CodeScreen(Dialog[None]):
    """The digits, and how long they are good; the next ones come by themselves."""

    CSS_PATH = "code.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("code.leave", "escape,k,q", "leave", mark("Back"), mark("Back to the roll call"),
             show=True),
    ]  # fmt: skip

    def __init__(self, session: SessionView) -> None:
        super().__init__()
        self._session = session
        self._until = 0.0
        self._asked = False

    @property
    def _trainer(self) -> TrainerApp:
        return self.app  # type: ignore[return-value]  # the only app there is

    def compose(self) -> ComposeResult:
        """Lay out the session, the digits and the time left."""
        with Vertical(id="stage"):
            yield Static("", id="head", markup=False)
            yield BigWords(tallest=28, id="digits")
            yield Static("", id="left", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Ask for the code, and look twice a second whether it is time for the next."""
        session = self._session
        about = (
            session.class_title, session.course_title, short_date(session.date),
            span_of(session.start, session.end),
        )  # fmt: skip
        self.query_one("#head", Static).update(fit("  ".join(about), self.app.size.width - 4))
        self._tick()
        self.set_interval(0.5, self._tick)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def _tick(self) -> None:
        left = self._until - monotonic()
        if left > 0:
            text = say("good for {seconds} more seconds", seconds=int(left) + 1)
            self.query_one("#left", Static).update(text)
        elif not self._asked:
            self._asked = True
            self._ask()

    @work(thread=True, exit_on_error=False)
    def _ask(self) -> None:
        try:
            shown = self._trainer.backroom.code(self._session.uid)
        except Exception as error:  # noqa: BLE001 - said where the code would stand
            self.post_message(CodeFailed(sentence_of(error)))
        else:
            self.post_message(CodeRead(shown))

    @on(CodeRead)
    def _show(self, event: CodeRead) -> None:
        event.stop()
        code, self._asked = event.shown.code, False
        self._until = monotonic() + event.shown.seconds_left
        half = len(code) // 2
        style = f"bold {self._trainer.colour('accent')}"
        self.query_one("#digits", BigWords).put(f"{code[:half]} {code[half:]}", style)
        self._tick()

    @on(CodeFailed)
    def _say_failure(self, event: CodeFailed) -> None:
        event.stop()
        self.query_one("#left", Static).update(Text(event.sentence, justify="center"))
