"""Signing in and out unattended: a reader types what a badge holds, and the name appears, large."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from trainer.errors import StorageError
from trainer.phrases import mark, say, say_n
from tui.doorbook import Door, Shown, instant, read_door, scan_shown
from tui.doorwords import told_of
from tui.keys import bind
from tui.screens.kept import KeptScreen
from tui.screens.room import sentence_of
from tui.widgets.badge_line import BadgeLine
from tui.widgets.big import BigWords
from tui.widgets.cells import fit
from tui.words import short_date, span_of

if TYPE_CHECKING:
    from trainer.attendance.scanning import Scan, Way
    from trainer.timetable.views import SessionView
    from tui.app import TrainerApp

#: Seconds for which a name stays, and for which something to be read stays.
GLANCE: Final = 4.0
READ: Final = 9.0
#: Seconds between two looks at the clock and at what other devices have taken down.
LOOK: Final = 20.0
#: Seconds until a badge that could not be stored is tried again.
AGAIN: Final = 1.0
_LAST: Final = 6
_LONGEST: Final = 200
#: In what colour the screen says which way badges are taken, by the theme's names.
_COLOURS: Final[dict[Way, str]] = {"auto": "primary", "in": "success", "out": "warning"}
_NEXT: Final[dict[Way, Way]] = {"auto": "in", "in": "out", "out": "auto"}


class BadgeTaken(Message):
    """A badge has been taken down."""

    def __init__(self, scan: Scan) -> None:
        super().__init__()
        self.scan = scan


class BadgeRefused(Message):
    """What was read or typed is nobody's, or could not be taken."""

    def __init__(self, text: str, sentence: str) -> None:
        super().__init__()
        self.text = text
        self.sentence = sentence


class BadgeWaits(Message):
    """A badge could not be stored yet; it is tried again and not lost."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class DoorRead(Message):
    """How many are here has been read, and what the clock means for badges."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door


class SignInScreen(KeptScreen):
    """One line that takes badges, and above it who came last; it goes back to waiting by itself."""

    CSS_PATH = "signing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("signing.leave", "escape", "leave", mark("Back"), mark("Back to the roll call"),
             show=True, priority=True),
        bind("signing.way", "f6", "way", mark("In or out"),
             mark("Change between coming, going and going by the clock"), show=True, priority=True),
    ]  # fmt: skip

    def __init__(self, session: SessionView, *, word: str = "") -> None:
        """Take badges of a session; with ``word`` nobody leaves who does not know that."""
        super().__init__(word)
        self._session = session
        self._way: Way = "auto"
        self._door: Door | None = None
        self._scans: deque[tuple[Shown, Way]] = deque()
        self._turn = Lock()
        self._busy = False
        self._given_up = Event()
        self._leaving = False
        self._back: Timer | None = None
        self._latest: deque[tuple[str, bool]] = deque(maxlen=_LAST)

    @property
    def _trainer(self) -> TrainerApp:
        return self.app  # type: ignore[return-value]  # the only app there is

    def compose(self) -> ComposeResult:
        """Lay out the session, the counts, the way, the name, the answer and the line."""
        yield Static("", id="head", markup=False)
        yield Static("", id="way", markup=False)
        with Vertical(id="stage"):
            yield BigWords(tallest=40, share=0.36, id="name")
            yield BigWords(tallest=32, share=0.3, id="status")
            yield Static("", id="told", markup=False)
        yield Static("", id="latest", markup=False)
        yield BadgeLine(placeholder=say("badge, or name and code"), id="badge")

    def on_mount(self) -> None:
        """Wait for the first badge."""
        self.query_one("#badge", BadgeLine).focus()
        self._show_head()
        self._wait()
        self._read_door()
        self.set_interval(LOOK, self._read_door)

    def on_unmount(self) -> None:
        """Store what is still in the line, but do not wait for a database that cannot be had."""
        self._given_up.set()

    def on_resize(self, _event: events.Resize) -> None:
        """Begin anew at the new size."""
        self.call_after_refresh(self._show_head)
        self.call_after_refresh(self._wait)

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Take the focus back: a reader types wherever it is."""
        self.query_one("#badge", BadgeLine).focus()

    def action_way(self) -> None:
        """Take badges the next way: by the clock, as coming, as going."""
        self._way = _NEXT[self._way]
        self._show_head()
        self._wait()

    def action_leave(self) -> None:
        """Leave at the second press: one may be a slip, or part of what a reader types."""
        with self._turn:
            waiting = len(self._scans) + self._busy
        if waiting and not self._leaving:
            text = say_n(
                "{count} badge is not stored yet: wait a moment, or press Esc again",
                "{count} badges are not stored yet: wait a moment, or press Esc again",
                waiting,
            )
            self.notify(text, severity="warning", markup=False, timeout=3)
        elif self._leaving:
            self._leaving = False
            self.ask_word(lambda: self.dismiss(None))
            return
        else:
            self.notify(say("press Esc again to end the sign-in"), markup=False, timeout=3)
        self._leaving = True
        self.set_timer(3, self._no_leaving)

    def _no_leaving(self) -> None:
        self._leaving = False

    @on(BadgeLine.Read)
    def _take(self, event: BadgeLine.Read) -> None:
        event.stop()
        text = "".join(letter for letter in event.text if letter.isprintable())[:_LONGEST].strip()
        if not text:
            return
        shown = Shown(text, instant(self._trainer.backroom))
        with self._turn:
            self._scans.append((shown, self._way))
            start, self._busy = not self._busy, True
        if start:
            self._store()

    # not exclusive: somebody who waits for his turn must never be passed over
    @work(thread=True, group="signing", exit_on_error=False)
    def _store(self) -> None:
        while True:
            with self._turn:
                if not self._scans:
                    self._busy = False
                    return
                shown, way = self._scans.popleft()
            try:
                scan = scan_shown(self._trainer.backroom, self._session.uid, shown, way)
            except StorageError as error:
                # a line or a disk that comes back: nobody is asked to show the badge again
                with self._turn:
                    self._scans.appendleft((shown, way))
                self.post_message(BadgeWaits(sentence_of(error)))
                if self._given_up.wait(AGAIN):
                    return
                continue
            except Exception as error:  # noqa: BLE001 - nobody stands beside it: said, and gone on
                self.post_message(BadgeRefused(shown.text, sentence_of(error)))
            else:
                self.post_message(BadgeTaken(scan))
            if not self._scans:
                self._tell_door()

    @work(thread=True, exclusive=True, group="door", exit_on_error=False)
    def _read_door(self) -> None:
        self._tell_door()

    def _tell_door(self) -> None:
        # only the counts: what is wrong with the database is told by the badge that it concerns,
        # and the badges behind must be taken whatever it is
        with suppress(Exception):
            self.post_message(DoorRead(read_door(self._trainer.backroom, self._session.uid)))

    @on(DoorRead)
    def _show_door(self, event: DoorRead) -> None:
        event.stop()
        self._door = event.door
        self._show_head()
        if self._back is None:
            self._wait()

    @on(BadgeTaken)
    def _show_name(self, event: BadgeTaken) -> None:
        event.stop()
        scan = event.scan
        told = told_of(scan)
        self._show(
            scan.name, told.large, told.sentence, told.colour, READ if told.to_read else GLANCE
        )
        self._note(scan.name, taken=scan.what != "not_here")

    @on(BadgeRefused)
    def _show_refusal(self, event: BadgeRefused) -> None:
        event.stop()
        self._show("", say("not accepted"), event.sentence, "error", READ)
        self._note(event.text, taken=False)
        self.app.bell()

    @on(BadgeWaits)
    def _show_waiting(self, event: BadgeWaits) -> None:
        event.stop()
        self._show("", say("please wait"), event.sentence, "warning", READ)

    def _note(self, words: str, *, taken: bool) -> None:
        # in a throng the next name follows at once: who was turned away stays in the last line
        self._latest.appendleft((words, taken))
        self._show_latest()

    def _show_latest(self) -> None:
        if not self._latest:
            return
        line = Text(say("last:"), "dim", no_wrap=True)
        for words, taken in self._latest:
            name = fit(words, 16)
            line.append("  ")
            line.append(name if taken else f"! {name}", "" if taken else self._bold("error"))
        line.truncate(max(self.size.width - 2, 10))
        self.query_one("#latest", Static).update(line)

    def _show(self, name: str, status: str, told: str, colour: str, seconds: float) -> None:
        style = self._bold(colour)
        self.query_one("#name", BigWords).put(name, self._bold("foreground"))
        self.query_one("#status", BigWords).put(status, style)
        self.query_one("#told", Static).update(Text(told, style, justify="center"))
        if self._back is not None:
            self._back.stop()
        self._back = self.set_timer(seconds, self._wait)

    def _wait(self) -> None:
        if self._back is not None:
            self._back.stop()
        self._back = None
        going = self._way == "out" or (
            self._way == "auto" and self._door is not None and self._door.going
        )
        quiet = self._bold("warning" if going else "primary")
        words = say("sign out") if going else say("sign in")
        self.query_one("#name", BigWords).put(words, quiet)
        self.query_one("#status", BigWords).put("", "")
        told = Text(say("hold your badge before the reader"), quiet, justify="center")
        self.query_one("#told", Static).update(told)

    def _show_head(self) -> None:
        session, width, door = self._session, self.size.width - 2, self._door
        counts = ""
        if door is not None:
            progress = door.progress
            counts = say("{count} of {total} here", count=progress.attended,
                         total=progress.expected)  # fmt: skip
            if door.gone:
                counts = say("{counts}, {gone} left", counts=counts, gone=door.gone)
        about = (
            session.class_title, session.course_title, short_date(session.date),
            span_of(session.start, session.end),
        )  # fmt: skip
        right = Text(counts, self._bold("success"))
        left = fit("  ".join(about), max(width - right.cell_len - 2, 10))
        gap = max(width - Text(left).cell_len - right.cell_len, 1)
        head = Text.assemble((left, "bold"), " " * gap, right, no_wrap=True)
        self.query_one("#head", Static).update(head)
        style = f"bold reverse {self._trainer.colour(_COLOURS[self._way])}"
        way = Text(f" {fit(self._way_words(), width - 2)} ", style, no_wrap=True)
        way.pad_right(max(width - way.cell_len, 0))
        self.query_one("#way", Static).update(way)

    def _way_words(self) -> str:
        if self._way == "in":
            return say("COMING: every badge signs in; F6 for going")
        if self._way == "out":
            return say("GOING: every badge signs out; F6 goes by the clock")
        if self._door is None:
            return say("BY THE CLOCK: coming and going; F6 changes it")
        if self._door.going:
            return say("BY THE CLOCK: going; whoever is not here yet signs in; F6 changes it")
        return say(
            "BY THE CLOCK: coming; from {time} on whoever is here signs out; F6 changes it",
            time=f"{self._door.going_from:%H:%M}",
        )

    def _bold(self, colour: str) -> str:
        return f"bold {self._trainer.colour(colour)}"
