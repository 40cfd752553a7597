"""Rooms where long work goes on behind the screen: how far it is, and a key that stops it."""

from __future__ import annotations

from threading import Event
from time import monotonic
from typing import Any, ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.room import Room, sentence_of

#: Seconds between two looks at how far the work is.
LOOK = 0.25


class WorkDone(Message):
    """The work has come to its end, or was stopped with the best that it had."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


class WorkFailed(Message):
    """The work came to nothing, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class WorkingRoom(Room):
    """Work in a thread that is stopped by its own flag; Esc asks it to keep the best and end.

    The thread writes ``progress``, which a timer shows: it touches no widget.
    """

    room = "timetable"
    #: How many seconds the work takes at most; 0 where it ends by itself.
    seconds: float = 0.0
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("working.back", "escape,q", "back", mark("Stop, then back"),
             mark("Stop and keep the best; without work, go back"), show=True),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.working = False
        self.failure = ""
        self.progress = ""
        self._stop = Event()
        self._began = 0.0

    # what each room has of its own

    def labour(self) -> Any:
        """Do the work; in a worker. ``asked`` tells when to stop."""
        raise NotImplementedError

    def finished(self, result: Any) -> None:
        """Take what the work came to."""
        raise NotImplementedError

    def show_progress(self, told: str) -> None:
        """Show how far the work is."""
        raise NotImplementedError

    def tell(self, text: Text) -> None:
        """Show a text where the room tells how it stands."""
        # while the room is laid out anew there is no such place
        for told in self.query("#told").results(Static):
            told.update(text)

    # the frame

    def asked(self) -> bool:
        """Tell whether the work is to stop."""
        return self._stop.is_set()

    def on_mount(self) -> None:
        """Look from time to time how far the work is."""
        super().on_mount()
        self.set_interval(LOOK, self._look)

    def on_unmount(self) -> None:
        """Leave no work behind."""
        self._stop.set()

    def begin(self) -> None:
        """Begin the work, unless it is under way."""
        if self.working:
            return
        self._stop.clear()
        self.working, self.failure, self.progress = True, "", ""
        self._began = monotonic()
        self._look()
        self._work()

    @work(thread=True, exclusive=True, group="labour", exit_on_error=False)
    def _work(self) -> None:
        try:
            result = self.labour()
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(WorkFailed(sentence_of(error)))
        else:
            self.post_message(WorkDone(result))

    def _look(self) -> None:
        if not self.working:
            return
        passed = int(monotonic() - self._began)
        if self.asked():
            told = say("stopping; the best found so far is kept ...")
        elif self.seconds:
            told = say("{passed} of at most {seconds} seconds; Esc stops and keeps the best",
                       passed=passed, seconds=int(self.seconds))  # fmt: skip
        else:
            told = say("{passed} seconds; Esc stops and keeps the best", passed=passed)
        self.show_progress("   ".join(part for part in (self.progress, told) if part))

    @on(WorkDone)
    def _take_result(self, event: WorkDone) -> None:
        event.stop()
        self.working = False
        self.finished(event.result)
        self.show()

    @on(WorkFailed)
    def _take_failure(self, event: WorkFailed) -> None:
        event.stop()
        self.working, self.failure = False, event.sentence
        self.show()

    def action_back(self) -> None:
        """Stop the work and keep the best; where none goes on, go back."""
        if self.working:
            self._stop.set()
            self._look()
        else:
            self.dismiss(None)

    def action_back_to_room(self) -> None:
        """Do the same by the room's own key."""
        self.action_back()
