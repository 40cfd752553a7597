"""Asking for leave in one line: what is understood, which sessions it touches, and the cap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Footer, Input, Static
from textual.worker import get_current_worker

from trainer.phrases import mark, say
from tui.keys import bind
from tui.leavebook import weigh_typed
from tui.leavetyped import Typed, leave_typed
from tui.leavewords import KINDS, kind_said, stage_said, stretch_said, weighed_said
from tui.screens.room import READING, sentence_of
from tui.screens.spoken import Dialog
from tui.widgets.cells import fit
from tui.widgets.prompt_line import PromptLine
from tui.words import short_date

if TYPE_CHECKING:
    from trainer.attendance.weighing import Weighed
    from tui.app import TrainerApp
    from tui.leavebook import Wanting

#: How wide the box is at most, and how much of it is its frame.
_WIDTH = 76
_FRAME = 8
#: So many of the leaves that somebody has already are named.
_NAMED = 3


class TypedWeighed(Message):
    """What leave as it was typed would mean is known, or why not."""

    def __init__(self, typed: Typed, weighed: tuple[Weighed, ...], problem: str = "") -> None:
        super().__init__()
        self.typed = typed
        self.weighed = weighed
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was typed; ``wanting`` None where Enter was quicker than the reading."""

    text: str
    kind: str
    wanting: Wanting | None


class LeavePrompt(Dialog[Line | None]):
    """A line for when and why; below it what is understood, at every key. Enter asks for it.

    The box is open before what it needs is read, so that whatever is typed ahead goes into it, and
    gone with Enter, so that whatever is typed after that goes to the list.
    """

    CSS_PATH = "leaveprompt.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("leave.kind", "tab", "kind", mark("Kind of leave"), mark("Take the next kind"),
             show=True, priority=True),
        bind("leave.nothing", "escape", "leave", mark("Back"), mark("Ask for nothing"), show=True),
    ]  # fmt: skip

    def __init__(self, title: str) -> None:
        super().__init__()
        self._called = title
        self._wanting: Wanting | None = None
        self._kind = KINDS[0]
        self._typed: Typed | None = None
        #: the line whose meaning for the cap is on the screen
        self.told: str | None = None

    def offer(self, wanting: Wanting) -> None:
        """Go on, now that it is known what may be asked for."""
        self._wanting = wanting
        if self.is_mounted:
            self._begin()

    def compose(self) -> ComposeResult:
        """Lay out whose leave it is, the line, and what is understood of it."""
        with Vertical(id="box"):
            yield Static(self._called, id="title", markup=False)
            yield PromptLine(id="typed", select_on_focus=False)
            yield Static("", id="kinds", markup=False)
            yield Static(say(READING), id="understood", markup=False)
            yield Static("", id="weighed", markup=False)
            yield Static("", id="listed", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Take what is typed from the first moment on."""
        self.query_one("#typed", Input).focus()
        if self._wanting is not None:
            self._begin()

    def _begin(self) -> None:
        """Say what Enter would ask for."""
        wanting = self._wanting
        assert wanting is not None
        title = say("{name}: leave from {class_}", name=wanting.name, class_=wanting.class_title)
        self.query_one("#title", Static).update(title)
        self.query_one("#typed", Input).placeholder = _hint(wanting)
        self.query_one("#listed", Static).update(self._listed(wanting))
        self._understand(self.query_one("#typed", Input).value)

    @on(Input.Changed)
    def _type(self, event: Input.Changed) -> None:
        event.stop()
        self._understand(event.value)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        wanting = self._wanting
        if wanting is None or leave_typed(event.value, wanting.frame, self._kind) is not None:
            self.dismiss(Line(event.value, self._kind, wanting))

    def action_kind(self) -> None:
        """Take the next kind of leave."""
        self._kind = KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]
        self._understand(self.query_one("#typed", Input).value)

    def action_leave(self) -> None:
        """Ask for nothing."""
        self.dismiss(None)

    def _listed(self, wanting: Wanting) -> Text:
        text = Text("\n", no_wrap=True).join(
            Text(fit(f"{number} {short_date(one.date)} {one}", self._width), "dim")
            for number, one in enumerate(wanting.frame.listed, 1)
        )
        for one in wanting.open[:_NAMED]:
            span = stretch_said(one.stretch, wanting.frame.office)
            stage = stage_said(one, wanting.today, self._app.colour)
            text.append("\n").append(say("has:"), "dim").append(f" {span} ").append(stage)
        return text

    def _understand(self, text: str) -> None:
        wanting = self._wanting
        if wanting is None:
            return
        self._typed = leave_typed(text, wanting.frame, self._kind)
        self._show_kinds(self._typed.kind if self._typed else self._kind)
        self.query_one("#understood", Static).update(self._said(wanting, text))
        if self._typed is None:
            self.query_one("#weighed", Static).update("")
        else:
            self._weigh(wanting, self._typed)

    def _show_kinds(self, chosen: str) -> None:
        line = Text()
        for kind in KINDS:
            line.append(f" {kind_said(kind)} ", "reverse" if kind == chosen else "dim").append(" ")
        self.query_one("#kinds", Static).update(line)

    def _said(self, wanting: Wanting, text: str) -> Text:
        typed, office = self._typed, wanting.frame.office
        if typed is None:
            return Text(say("not understood yet") if text else _hint(wanting), "dim")
        # what has read the office has imported it
        from trainer.attendance.ladder import days_of, paper_of, said, steps_needed

        days = days_of(office, typed.stretch)
        line = Text(stretch_said(typed.stretch, office), "bold")
        line.append("  ").append(say("{days} days", days=f"{days:g}"), "dim")
        if typed.reason:
            line.append("  ").append(typed.reason)
        steps = say(", ").join(said(step) for step in steps_needed(office, typed.stretch))
        line.append("\n").append(say("to be approved by {approver}", approver=steps), "dim")
        wanted = paper_of(office, typed.kind)
        if typed.paper is not None:
            paper = typed.paper or (said(wanted) if wanted else "")
            line.append("   ").append(say("with {paper}", paper=paper) if paper else "", "dim")
        elif wanted:
            line.append("   ").append(say("paper: {paper}, + once it is there", paper=said(wanted)),
                                      self._app.colour("warning"))  # fmt: skip
        return line

    @property
    def _width(self) -> int:
        return min(self.app.size.width, _WIDTH) - _FRAME

    @property
    def _app(self) -> TrainerApp:
        return cast("TrainerApp", self.app)

    # exclusive: only what is typed last matters
    @work(thread=True, exclusive=True, group="weighing", exit_on_error=False)
    def _weigh(self, wanting: Wanting, typed: Typed) -> None:
        worker = get_current_worker()
        try:
            message = TypedWeighed(typed, weigh_typed(self._app.backroom, wanting, typed))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            message = TypedWeighed(typed, (), sentence_of(error))
        if not worker.is_cancelled:
            self.post_message(message)

    @on(TypedWeighed)
    def _show_weighed(self, event: TypedWeighed) -> None:
        event.stop()
        if event.typed == self._typed:
            text = (
                Text(event.problem, self._app.colour("error"))
                if event.problem
                else weighed_said(event.weighed, event.typed.kind, self._width, self._app.colour)
            )
            self.query_one("#weighed", Static).update(text)
            self.told = self.query_one("#typed", Input).value


def _hint(wanting: Wanting) -> str:
    if wanting.frame.this is not None:
        return say("Enter: this session; or pm, 2, 14:30-16:00, 0316-0317; then the reason")
    return say("pm, 2, 1 3, 14:30-16:00, 0316, 0316-0317am; then the reason")
