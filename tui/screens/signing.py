"""Signing in unattended: a reader types what a badge holds, and the name appears, large."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.room import sentence_of
from tui.screens.spoken import Dialog
from tui.widgets.big import BigWords
from tui.widgets.cells import fit
from tui.words import short_date, span_of, status_word

if TYPE_CHECKING:
    from trainer.attendance.progress import Progress
    from trainer.attendance.signin import Belongs, SignedIn
    from trainer.timetable.views import SessionView
    from tui.app import TrainerApp
    from tui.backroom import Signing

#: Seconds for which a name stays, and for which something to be read stays.
GLANCE: Final = 4.0
READ: Final = 9.0
_LAST: Final = 6
_LONGEST: Final = 200


class SignInTold(Message):
    """Somebody has signed in."""

    def __init__(self, signing: Signing) -> None:
        super().__init__()
        self.signing = signing


class SignInRefused(Message):
    """What was read or typed signed nobody in."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class ProgressRead(Message):
    """How many have signed in has been read."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress


class SignInScreen(Dialog[None]):
    """One line that takes badges, and above it who came last; it goes back to waiting by itself."""

    CSS_PATH = "signing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("signing.leave", "escape", "leave", mark("Back"), mark("Back to the roll call"),
             show=True, priority=True),
        bind("signing.stay", "tab,shift+tab", "stay", "", "", priority=True),
    ]  # fmt: skip

    def __init__(self, session: SessionView) -> None:
        super().__init__()
        self._session = session
        self._scans: deque[str] = deque()
        self._turn = Lock()
        self._busy = False
        self._leaving = False
        self._back: Timer | None = None
        self._latest: deque[str] = deque(maxlen=_LAST)

    @property
    def _trainer(self) -> TrainerApp:
        return self.app  # type: ignore[return-value]  # the only app there is

    def compose(self) -> ComposeResult:
        """Lay out the session, the counts, the name, the status and the line."""
        yield Static("", id="head", markup=False)
        with Vertical(id="stage"):
            yield BigWords(tallest=24, id="name")
            yield BigWords(tallest=12, id="status")
            yield Static("", id="told", markup=False)
        yield Static("", id="latest", markup=False)
        yield Input(placeholder=say("badge, or name and code"), id="badge")

    def on_mount(self) -> None:
        """Wait for the first badge."""
        self.query_one("#badge", Input).focus()
        self._head(None)
        self._wait()
        self._read_progress()

    def on_resize(self, _event: events.Resize) -> None:
        """Begin anew at the new size."""
        self.call_after_refresh(self._wait)

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Take the focus back: a reader types wherever it is."""
        self.query_one("#badge", Input).focus()

    def action_stay(self) -> None:
        """Do nothing: there is nowhere else to go."""

    def action_leave(self) -> None:
        """Leave at the second press: one may be a slip, or part of what a reader types."""
        if self._leaving:
            self.dismiss(None)
            return
        self._leaving = True
        self.set_timer(3, self._no_leaving)
        self.notify(say("press Esc again to end the sign-in"), markup=False, timeout=3)

    def _no_leaving(self) -> None:
        self._leaving = False

    @on(Input.Submitted, "#badge")
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        event.input.value = ""
        text = "".join(letter for letter in event.value if letter.isprintable())[:_LONGEST].strip()
        if not text:
            return
        with self._turn:
            self._scans.append(text)
            start, self._busy = not self._busy, True
        if start:
            self._sign_in()

    # not exclusive: somebody who waits for his turn must never be passed over
    @work(thread=True, group="signing", exit_on_error=False)
    def _sign_in(self) -> None:
        while True:
            with self._turn:
                if not self._scans:
                    self._busy = False
                    return
                text = self._scans.popleft()
            try:
                signing = self._trainer.backroom.sign_in(self._session.uid, text)
            except Exception as error:  # noqa: BLE001 - nobody stands beside it: said, and gone on
                self.post_message(SignInRefused(sentence_of(error)))
            else:
                self.post_message(SignInTold(signing))

    @work(thread=True, group="signing", exit_on_error=False)
    def _read_progress(self) -> None:
        self.post_message(ProgressRead(self._trainer.backroom.progress(self._session.uid)))

    @on(ProgressRead)
    def _show_progress(self, event: ProgressRead) -> None:
        event.stop()
        self._head(event.progress)

    @on(SignInTold)
    def _show_name(self, event: SignInTold) -> None:
        event.stop()
        signed = event.signing.signed
        self._head(event.signing.progress)
        told, colour = _told(signed), _colour(signed)
        status = say("already signed in") if signed.already else status_word(signed.status)
        if signed.minutes and not signed.already:
            status = say("{status} {minutes}'", status=status, minutes=signed.minutes)
        self._show(signed.name, status, told, colour, READ if told else GLANCE)
        self._latest.appendleft(signed.name)
        text = say("last: {names}", names="  ".join(self._latest))
        self.query_one("#latest", Static).update(fit(text, self.size.width - 2))

    @on(SignInRefused)
    def _show_refusal(self, event: SignInRefused) -> None:
        event.stop()
        self._show("", say("not signed in"), event.sentence, "error", READ)
        self.app.bell()

    def _show(self, name: str, status: str, told: str, colour: str, seconds: float) -> None:
        style = f"bold {self._trainer.colour(colour)}"
        self.query_one("#name", BigWords).put(name, f"bold {self._trainer.colour('foreground')}")
        self.query_one("#status", BigWords).put(status, style)
        self.query_one("#told", Static).update(Text(told, style, justify="center"))
        if self._back is not None:
            self._back.stop()
        self._back = self.set_timer(seconds, self._wait)

    def _wait(self) -> None:
        quiet = self._trainer.colour("primary")
        self.query_one("#name", BigWords).put(say("sign in"), f"bold {quiet}")
        self.query_one("#status", BigWords).put("", "")
        told = Text(say("hold your badge before the reader"), quiet, justify="center")
        self.query_one("#told", Static).update(told)

    def _head(self, progress: Progress | None) -> None:
        session, width = self._session, self.size.width - 2
        counts = ""
        if progress is not None:
            counts = say(
                "{count} of {total} here", count=progress.attended, total=progress.expected
            )
        about = (
            session.class_title, session.course_title, short_date(session.date),
            span_of(session.start, session.end),
        )  # fmt: skip
        right = Text(counts, f"bold {self._trainer.colour('success')}")
        left = fit("  ".join(about), max(width - right.cell_len - 2, 10))
        gap = max(width - Text(left).cell_len - right.cell_len, 1)
        head = Text.assemble((left, "bold"), " " * gap, right, no_wrap=True)
        self.query_one("#head", Static).update(head)


def _colour(signed: SignedIn) -> str:
    if signed.already:
        return "secondary"
    if not signed.expected:
        return "error"
    return "success" if signed.status == "present" else "warning"


def _told(signed: SignedIn) -> str:
    """Return what somebody has to know beyond the status, nothing for most."""
    if signed.expected:
        return ""
    now = [one for one in signed.belongs if one.now]
    for one in (now or signed.belongs)[:1]:
        return _place(one)
    return say("not on the list of this session: taken down as a guest")


def _place(one: Belongs) -> str:
    span = span_of(one.start.time(), one.end.time())
    if one.venue_name:
        return say(
            "your class is {title}, {span}, {venue}; here you are a guest",
            title=one.class_title,
            span=span,
            venue=one.venue_name,
        )
    return say(
        "your class is {title}, {span}; here you are a guest", title=one.class_title, span=span
    )
