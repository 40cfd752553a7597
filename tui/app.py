"""The terminal app: which rooms there are and how one gets from one to another."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

# with the extended key protocol on, Chinese input methods lose characters in several terminals
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType

from trainer.errors import UsageError
from trainer.phrases import current_language, mark, say, set_language, text_of
from tui.backroom import Backroom
from tui.cli.state import desk
from tui.keys import bind, key_name
from tui.look import INK, PAPER
from tui.screens.room import Room
from tui.screens.today import TodayScreen
from tui.widgets.heading import RoomTab

if TYPE_CHECKING:
    from trainer.desk import Desk
    from trainer.timetable.views import Kind
    from tui.ground import Ground
    from tui.screens.classlife import ClassScreen
    from tui.screens.roll import RollScreen
    from tui.screens.timetable import TimetableScreen


def _timetable() -> TimetableScreen:
    # only the first room is needed for the first frame
    from tui.screens.timetable import TimetableScreen

    return TimetableScreen()


def _roll() -> RollScreen:
    # only the first room is needed for the first frame
    from tui.screens.roll import RollScreen

    return RollScreen()


def _class() -> ClassScreen:
    # only the first room is needed for the first frame
    from tui.screens.classlife import ClassScreen

    return ClassScreen()


class TrainerApp(App[None]):
    """Four rooms over one database; ``open_desk`` is called in a worker, after the first frame."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    MODES: ClassVar = {
        "today": TodayScreen,
        "timetable": _timetable,
        "roll": _roll,
        "class": _class,
    }
    DEFAULT_MODE = "today"
    # a small terminal gives its lines to people, not to space between them
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("app.help", "f1,question_mark", "help", mark("Help"), mark("What this room can do"),
             show=True),
        bind("app.today", "f2", "room('today')", mark("Today"), mark("Go to Today")),
        bind("app.timetable", "f3", "room('timetable')", mark("Timetable"),
             mark("Go to the timetable")),
        bind("app.roll", "f4", "room('roll')", mark("Roll call"), mark("Go to the roll call")),
        bind("app.class", "f5", "room('class')", mark("Class"), mark("Go to the page of a class")),
        bind("app.find", "ctrl+p", "palette", mark("Find"),
             mark("Find whatever the app can do by its name or pinyin"), priority=True),
        bind("app.language", "ctrl+l", "language", mark("中文"), mark("Change the language"),
             priority=True),
        bind("app.look", "ctrl+t", "look", mark("Dark or light"), mark("Change the colours")),
        bind("app.quit", "ctrl+q", "quit", mark("Quit"), mark("Leave the app"), priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]  # fmt: skip

    def __init__(self, open_desk: Callable[[], Desk] = desk, *, keys: Path | None = None) -> None:
        super().__init__()
        self.backroom = Backroom(open_desk)
        self.ground: Ground | None = None
        self._keys = keys
        self.register_theme(INK)
        self.register_theme(PAPER)
        self.theme = "ink"
        self.title = "Trainer"

    def on_mount(self) -> None:
        """Take over the user's own keys, if there are any."""
        if self._keys is None or not self._keys.exists():
            return
        from tui.keymap import read_keymap

        try:
            self.set_keymap(read_keymap(self._keys))
        except UsageError as error:
            self.notify(text_of(error), severity="warning", markup=False, timeout=15)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as it is called in the language of the moment."""
        return say(binding.key_display) if binding.key_display else key_name(binding.key)

    def colour(self, name: str) -> str:
        """Return a colour of the present look, for Rich text: warning, error, success, primary."""
        return str(self.theme_variables[name])

    @on(RoomTab.Clicked)
    def _click_room(self, event: RoomTab.Clicked) -> None:
        self.action_room(event.room)

    def action_room(self, room: str) -> None:
        """Go to a room, closing whatever is open over the present one."""
        here = self.screen
        if not isinstance(here, Room):
            return
        if here.room == room:
            here.action_back_to_room()
            return
        self.switch_mode(room)
        there = self.screen
        if isinstance(there, Room) and there.entered:
            # somebody, here or elsewhere, may have changed what it shows
            there.enter()
        if room == "roll" and here.pointed_at is not None:
            self.call_later(self._open_first_roll, here.pointed_at)

    def action_help(self) -> None:
        """Show what the present room can do."""
        from tui.screens.help import HelpScreen

        if isinstance(self.screen, Room):
            self.push_screen(HelpScreen(self.screen.WORDS, self.screen.active_bindings))

    def action_palette(self) -> None:
        """Find whatever the app can do by its name or pinyin."""
        from tui.palette import open_palette

        if isinstance(self.screen, Room):
            open_palette(self, self.screen)

    async def action_language(self) -> None:
        """Speak the other language from now on."""
        set_language("en" if current_language() == "zh" else "zh")
        await self.relabel()

    async def relabel(self) -> None:
        """Lay every room out anew in the language of the moment."""
        for stack in list(self._screen_stacks.values()):
            for screen in stack:
                if isinstance(screen, Room):
                    await screen.relabel()
        self.refresh_bindings()

    def action_look(self) -> None:
        """Change between ink and paper."""
        self.theme = "paper" if self.theme == "ink" else "ink"
        self.call_after_refresh(self._show_again)

    def _show_again(self) -> None:
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, Room):
                    screen.show()

    def welcome(self, problem: str) -> None:
        """Say what is missing and how to begin, over whatever room is open."""
        # hardly anybody ever needs it
        from tui.screens.welcome import WelcomeScreen

        room = self.screen
        if isinstance(room, Room):
            self.push_screen(WelcomeScreen(problem), lambda _again: room.enter())

    def ask_date(self, date: dt.date, go: Callable[[dt.date], None]) -> None:
        """Ask for a date near ``date`` and go there."""
        from tui.screens.dates import DatePrompt

        def answer(chosen: dt.date | None) -> None:
            if chosen is not None:
                go(chosen)

        self.push_screen(DatePrompt(date), answer)

    def open_roll(self, uid: str) -> None:
        """Call the roll of a session."""
        self.switch_mode("roll")
        self.call_later(self._open_roll, uid)

    def _open_roll(self, uid: str) -> None:
        from tui.screens.roll import RollScreen

        if isinstance(self.screen, Room) and not isinstance(self.screen, RollScreen):
            # somebody's leaves were left open
            self.pop_screen()
        if isinstance(self.screen, RollScreen):
            self.screen.open(uid)

    def _open_first_roll(self, uid: str) -> None:
        # whoever has been there finds the roll that was left
        from tui.screens.roll import RollScreen

        if isinstance(self.screen, RollScreen) and self.screen.page is None:
            self.screen.open(uid)

    def open_leaves(
        self, room: str, code: str | None = None, *, person: str | None = None,
        session: str | None = None, leave: str | None = None, then: Callable[[], None],
    ) -> None:  # fmt: skip
        """Show the leaves of a class, a person or all; with a session, ask for it at once."""
        # only who deals with leave needs it
        from tui.screens.leaves import LeavesScreen

        leaves = LeavesScreen(room, code, person=person, session=session, leave=leave)
        self.push_screen(leaves, lambda _done: then())
        if session is not None:
            leaves.open_prompt()

    def open_week(self, kind: Kind, code: str, date: dt.date, uid: str = "") -> None:
        """Show the week of a class, teacher or venue, the cursor on a session."""
        self.switch_mode("timetable")
        self.call_later(self._open_week, kind, code, date, uid)

    def _open_week(self, kind: Kind, code: str, date: dt.date, uid: str) -> None:
        from tui.screens.timetable import TimetableScreen

        if isinstance(self.screen, Room) and not isinstance(self.screen, TimetableScreen):
            # a session was left in the hand: it stays where it was
            self.pop_screen()
        if isinstance(self.screen, TimetableScreen):
            self.screen.open(kind, code, date, uid)

    def open_class(self, code: str) -> None:
        """Show the page of a class."""
        self.switch_mode("class")
        self.call_later(self._open_class, code)

    def _open_class(self, code: str) -> None:
        from tui.screens.classlife import ClassScreen

        if isinstance(self.screen, Room) and not isinstance(self.screen, ClassScreen):
            # one side of another class was left open
            self.pop_screen()
        if isinstance(self.screen, ClassScreen):
            self.screen.open(code)

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl+C is too easily pressed to lose a room by it."""
        self.notify(say("press Ctrl+Q to leave"), markup=False, timeout=3)

    async def action_quit(self) -> None:
        """Leave, once every mark is stored or somebody has said that it may be lost.

        Where people stand alone before the screen, not without its word.
        """
        from tui.screens.kept import kept_screen
        from tui.screens.leaving import leave

        kept = kept_screen(self)
        if kept is None:
            await leave(self)
        else:
            kept.ask_word(lambda: self.call_later(leave, self))


def _at_a_terminal() -> bool:
    # a program may be started with its input or output closed: they are None then
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def open_app() -> None:
    """Open the app on the database that the options name; raise UsageError off a terminal."""
    # in a browser a driver of its own stands where the terminal would
    if not os.environ.get("TEXTUAL_DRIVER") and not _at_a_terminal():
        raise UsageError(
            "the app needs a terminal to open in; “trainer --help” lists the commands that do not"
        )
    # only needed here: where this user keeps settings
    import platformdirs

    keys = Path(platformdirs.user_config_path("trainer")) / "keys.toml"
    TrainerApp(keys=keys).run()
