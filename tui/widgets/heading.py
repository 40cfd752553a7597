"""The line at the top: the four rooms of the app, the office and the clock's date."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from trainer.phrases import mark, say
from tui.keys import key_name
from tui.widgets.cells import fit

#: The rooms in the order of their keys: mode, key, title.
ROOMS: Final = (
    ("today", "f2", mark("Today")),
    ("timetable", "f3", mark("Timetable")),
    ("roll", "f4", mark("Roll call")),
    ("class", "f5", mark("Class")),
)

#: A name of fewer cells than this says nothing.
NARROWEST: Final = 8


class RoomTab(Static):
    """The name of a room with its key; a click goes there."""

    class Clicked(Message):
        """Somebody clicked on the name of a room."""

        def __init__(self, room: str) -> None:
            super().__init__()
            self.room = room

    def __init__(self, room: str, key: str, title: str, *, current: bool) -> None:
        label = Text.assemble((key_name(key), "dim"), " ", say(title))
        super().__init__(label, classes="-current" if current else "")
        self.room = room

    def on_click(self, event: events.Click) -> None:
        """Tell the app to go there."""
        event.stop()
        self.post_message(self.Clicked(self.room))


class Heading(Horizontal):
    """The rooms on the left, office and date on the right."""

    DEFAULT_CLASSES: ClassVar[str] = "heading"

    def __init__(self, room: str) -> None:
        super().__init__()
        self.room = room

    def compose(self) -> ComposeResult:
        """Lay out the names of the rooms and the place for the office."""
        for room, key, title in ROOMS:
            yield RoomTab(room, key, title, current=room == self.room)
        yield Static("", id="office", markup=False)

    def show_office(self, name: str, date: str) -> None:
        """Show the office, as far as there is room for its name, and the date."""
        place = self.query_one("#office", Static)
        room = place.content_region.width - cell_len(date) - 2
        place.update(f"{fit(name, room)}  {date}" if room >= NARROWEST else date)
