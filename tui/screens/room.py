"""The frame of every room: heading, content, keys; reading in workers; both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer
from textual.worker import get_current_worker

from trainer.errors import StorageError, TrainerError
from trainer.phrases import mark, say, text_of
from tui.screens.spoken import spoken
from tui.widgets.heading import Heading
from tui.words import short_date

if TYPE_CHECKING:
    from tui.app import TrainerApp
    from tui.backroom import Backroom


class ReadingFailed(Message):
    """Something could not be read; ``hopeless`` where there is no database to read from."""

    def __init__(self, sentence: str, *, hopeless: bool) -> None:
        super().__init__()
        self.sentence = sentence
        self.hopeless = hopeless


def sentence_of(error: Exception) -> str:
    """Return what a user is told of an error."""
    if isinstance(error, TrainerError):
        return text_of(error)
    return say(
        "something unexpected went wrong ({kind}: {problem}); nothing was half-written: repeat it, "
        "and report this sentence if it stays",
        kind=type(error).__name__,
        problem=str(error),
    )


class Room(Screen[None]):
    """A room of the app: it shows plain data that workers have read, in either language."""

    #: A room puts the focus where it belongs once it has something to show.
    AUTO_FOCUS = ""
    #: The mode under which the app knows the room.
    room: str
    #: What the help screen says of the room, one template to a paragraph.
    WORDS: ClassVar[tuple[str, ...]] = ()

    #: Whether somebody has been here before.
    entered = False

    @property
    def trainer_app(self) -> TrainerApp:
        """The app, by its own type."""
        return cast("TrainerApp", self.app)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, in the language of the moment."""
        return spoken(super().active_bindings)

    @property
    def untranslated_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, as they are written in the source."""
        return super().active_bindings

    @property
    def pointed_at(self) -> str | None:
        """The session under the cursor whose roll can be called, if the room has one."""
        return None

    def compose(self) -> ComposeResult:
        """Lay out the heading, the room's own content and the keys."""
        yield Heading(self.room)
        yield from self.compose_room()
        yield Footer(show_command_palette=False, compact=True)

    def compose_room(self) -> ComposeResult:
        """Lay out what is the room's own."""
        raise NotImplementedError

    def show(self) -> None:
        """Show again what is held, after a change of language, size or data."""
        raise NotImplementedError

    def enter(self) -> None:
        """Bring the room up to date when somebody comes in."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Read for the first time, once the empty room is on the screen."""
        self.entered = True
        self.call_after_refresh(self.enter)

    def action_back_to_room(self) -> None:
        """Answer to the key of the very room: nothing, unless this is only one side of it."""

    async def relabel(self) -> None:
        """Lay everything out anew in the language of the moment."""
        await self.recompose()
        self.show()

    def show_ground(self) -> None:
        """Show the office and the date in the heading, as soon as they are known."""
        ground = self.trainer_app.ground
        if ground is not None:
            self.query_one(Heading).show_office(ground.office, short_date(ground.today))

    @work(thread=True, exclusive=True, group="reading", exit_on_error=False)
    def read(self, ask: Callable[[Backroom], Message]) -> None:
        """Ask the back room in a worker; post its message, or that it failed."""
        worker = get_current_worker()
        message: Message
        try:
            message = ask(self.trainer_app.backroom)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            hopeless = isinstance(error, StorageError)
            message = ReadingFailed(sentence_of(error), hopeless=hopeless)
        if not worker.is_cancelled:
            self.post_message(message)

    @on(ReadingFailed)
    def _say_failure(self, event: ReadingFailed) -> None:
        if event.hopeless:
            self.trainer_app.welcome(event.sentence)
        else:
            self.notify(event.sentence, severity="error", markup=False)


#: Said by rooms while the first reading is under way.
READING = mark("reading ...")
