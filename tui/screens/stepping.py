"""Rooms where the last change of the timetable is taken back, or done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from trainer.phrases import mark, say_n
from tui.keys import bind
from tui.screens.room import Room

if TYPE_CHECKING:
    from trainer.timetable.steps import Taken


class SteppedBack(Message):
    """A change of the timetable was undone, or done again."""

    def __init__(self, taken: Taken, *, again: bool) -> None:
        super().__init__()
        self.taken = taken
        self.again = again


class SteppingRoom(Room):
    """A room that shows the timetable, and steps back and on through its changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("timetable.undo", "u", "step(False)", mark("Undo"),
             mark("Take back your last change of the timetable")),
        bind("timetable.redo", "r", "step(True)", mark("Redo"),
             mark("Do again what you undid last")),
    ]  # fmt: skip

    def action_step(self, again: bool) -> None:  # noqa: FBT001 - written in a binding
        """Take back the user's last change of the timetable, or do it again."""
        self.read(lambda backroom: SteppedBack(backroom.step(again=again), again=again))

    @on(SteppedBack)
    def _tell_step(self, event: SteppedBack) -> None:
        event.stop()
        count, title = len(event.taken.sessions), event.taken.title
        if event.again:
            told = say_n(
                "done again: {title} ({count} session)", "done again: {title} ({count} sessions)",
                count, title=title,
            )  # fmt: skip
        else:
            told = say_n(
                "undone: {title} ({count} session)", "undone: {title} ({count} sessions)",
                count, title=title,
            )  # fmt: skip
        self.notify(told, markup=False, timeout=4)
        self.enter()
