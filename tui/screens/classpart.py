"""What the rooms behind the page of a class have in common: a list, and acts that say what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable, Static

from trainer.phrases import mark, say, text_of
from tui.keys import bind
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import READING, ReadingFailed, Room, sentence_of
from tui.widgets.cells import fit
from tui.widgets.listing import Listing

if TYPE_CHECKING:
    from trainer.classlife.facts import ClassFacts, Member
    from tui.backroom import Backroom

#: An act in a worker: it gives the sentence that tells what was done.
Act = Callable[["Backroom"], str]
#: The same act with the reason for breaking a rule.
Overruled = Callable[["Backroom", str], str]
#: What can be taken back after an act, of what could be before it.
Then = Callable[[list[Act]], list[Act]]
#: The way out of every room behind the page of a class, or behind another room.
BACK: Final = bind("classpart.back", "escape,q", "back", mark("Back"),
                   mark("Back to where one came from"), show=True)  # fmt: skip


#: Offered where what was done can be done the other way round.
UNDO: Final = bind("classpart.undo", "u,ctrl+z", "undo", mark("Undo"),
                   mark("Take the last act back"), show=True)  # fmt: skip


class PartRead(Message):
    """What the room shows has been read."""

    def __init__(self, data: Any) -> None:
        super().__init__()
        self.data = data


class ActDone(Message):
    """An act is in the database; ``then`` gives what can be taken back after it."""

    def __init__(self, sentence: str, then: Then) -> None:
        super().__init__()
        self.sentence = sentence
        self.then = then


class ActRefused(Message):
    """An act was refused; with ``again`` a reason would let it pass."""

    def __init__(self, sentence: str, again: Overruled | None = None) -> None:
        super().__init__()
        self.sentence = sentence
        self.again = again


class ClassPart(Room):
    """One side of life in a class: a line that sums it up, a list, and what belongs to the line."""

    room = "class"
    CSS_PATH = "classpart.tcss"
    #: What this side is called.
    side: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [BACK]

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.data: Any = None
        self._one_at_a_time = Lock()
        self._done: list[Act] = []
        self._under_way = 0
        self.leaving = False

    # what each side has of its own

    def ask(self, backroom: Backroom) -> Any:
        """Read what the room shows; in a worker."""
        raise NotImplementedError

    def fill(self, listing: Listing) -> None:
        """Put what was read into the empty list."""
        raise NotImplementedError

    def heading(self) -> str:
        """Return the title of what was read: that of the class."""
        facts: ClassFacts = self.data.facts
        return facts.title

    def summary(self) -> str:
        """Return what is said beside the title of the class."""
        raise NotImplementedError

    def foot(self) -> Text:
        """Return what is said below the list, of the line under the cursor."""
        return Text("")

    @property
    def busy(self) -> bool:
        """Whether something is under way that whoever leaves waits for."""
        return self._under_way > 0

    def start(self) -> str | None:
        """Return the key of the line on which the cursor begins; the first if there is none."""
        return None

    def take_focus(self) -> None:
        """Put the focus where keys are meant to go once something is shown."""
        self.query_one("#lines", Listing).focus()

    # the frame

    def compose_room(self) -> ComposeResult:
        """Lay out the class, the list, and the place for more."""
        yield Static(say(READING), id="class", markup=False)
        yield Listing(id="lines")
        yield Static("", id="foot", markup=False)

    def enter(self) -> None:
        """Read what the room shows."""
        self.read(lambda backroom: PartRead(self.ask(backroom)))

    @on(PartRead)
    def _take(self, event: PartRead) -> None:
        event.stop()
        self.data = event.data
        self.show()

    def show(self) -> None:
        """Show what is held, the cursor on the line where it was."""
        self.show_ground()
        if self.data is None:
            return
        width = self.size.width - 2
        right = Text(fit(self.summary(), width * 2 // 3), "dim")
        side = Text(say(self.side), f"bold {self.trainer_app.colour('primary')}")
        title = fit(self.heading(), max(width - right.cell_len - side.cell_len - 4, 8))
        line = Text.assemble(side, "  ", (title, "bold"), "  ", right, no_wrap=True)
        self.query_one("#class", Static).update(line)
        listing = self.query_one("#lines", Listing)
        before, place = listing.chosen, listing.cursor_row
        self.fill(listing)
        keys = [key.value for key in listing.rows]
        if before in keys:
            listing.move_cursor(row=keys.index(before), animate=False)
        elif before is None and self.start() in keys:
            listing.move_cursor(row=keys.index(self.start()), animate=False)
        elif keys:
            listing.move_cursor(row=min(place, len(keys) - 1), animate=False)
        self.take_focus()
        self._show_foot()

    def on_resize(self) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    @on(DataTable.RowHighlighted)
    def _follow(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._show_foot()

    @on(DataTable.RowSelected)
    def _ignore(self, event: DataTable.RowSelected) -> None:
        event.stop()

    def _show_foot(self) -> None:
        if self.data is not None:
            self.query_one("#foot", Static).update(self.foot())

    @property
    def chosen(self) -> str | None:
        """The key of the line under the cursor."""
        return self.query_one("#lines", Listing).chosen

    def action_back(self) -> None:
        """Go back, once what is under way is stored."""
        if self.busy:
            self.leaving = True
        else:
            self.dismiss(None)

    def action_back_to_room(self) -> None:
        """Go back to the page of the class by the room's own key, too."""
        self.action_back()

    # acts

    def act(self, do: Act, *, overruled: Overruled | None = None, undo: Act | None = None) -> None:
        """Do something in a worker, tell it, read again; ``overruled`` does it with a reason.

        ``undo`` takes it back. After an act that cannot be taken back none before it can be either.
        """
        self._begin(do, overruled, lambda done: [*done, undo] if undo else [])

    def look_up(self, ask: Act) -> None:
        """Tell something that a worker finds out; nothing changes by it."""
        self._begin(ask, None, list)

    def action_undo(self) -> None:
        """Take the last act back."""
        if self._done:
            self._begin(self._done.pop(), None, list)
        else:
            self.notify(say("there is nothing to take back"), markup=False, timeout=2)

    def _begin(self, do: Act, overruled: Overruled | None, then: Then) -> None:
        self._under_way += 1
        self._act(do, overruled, then)

    # not exclusive: an act that waits for its turn must never be cancelled by the next one
    @work(thread=True, group="acts", exit_on_error=False)
    def _act(self, do: Act, overruled: Overruled | None, then: Then) -> None:
        # what reads a class has imported it long ago; the first frame must not
        from trainer.classlife.rules import RuleBroken

        try:
            with self._one_at_a_time:
                sentence = do(self.trainer_app.backroom)
        except RuleBroken as error:
            self.post_message(ActRefused(text_of(error), overruled))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(ActRefused(sentence_of(error)))
        else:
            self.post_message(ActDone(sentence, then))

    @on(ActDone)
    def _tell(self, event: ActDone) -> None:
        event.stop()
        self._under_way -= 1
        self._done = event.then(self._done)
        if event.sentence:
            self.notify(event.sentence, markup=False, timeout=5)
        if self.leaving and not self.busy:
            self.dismiss(None)
        else:
            self.enter()

    @on(ActRefused)
    def _refuse(self, event: ActRefused) -> None:
        event.stop()
        self._under_way -= 1
        # whoever was leaving stays to see what was refused
        self.leaving = False
        again = event.again
        if again is None:
            self.notify(event.sentence, severity="error", markup=False, timeout=10)
            return
        told = say("Enter does it all the same; the reason is kept")

        def overrule(reason: str | None) -> None:
            if reason is not None:
                self.act(lambda backroom: again(backroom, reason))

        self.ask_words(event.sentence, say("the reason"), told, overrule)

    @on(ReadingFailed)
    def _leave_if_gone(self, event: ReadingFailed) -> None:
        # a class that cannot be read has no sides to show
        if self.data is None and not event.hopeless:
            self.dismiss(None)

    # questions

    def ask_words(
        self, title: str, hint: str, told: str, then: Callable[[str | None], None]
    ) -> None:
        """Ask for a few words; ``told`` says what Enter does."""
        # not needed before somebody asks for it
        from tui.screens.typing import words_prompt

        self.app.push_screen(words_prompt(title, hint, told), then)

    def choose(self, title: str, choices: Sequence[Choice], then: Callable[[str], None]) -> None:
        """Let somebody choose one of several; nothing happens without a choice."""

        def take(key: str | None) -> None:
            if key is not None:
                then(key)

        chooser = Chooser(title, hint=say("name, pinyin or initials"), choices=choices)
        self.app.push_screen(chooser, take)

    def people(self, members: Sequence[Member], note: Callable[[Member], str]) -> list[Choice]:
        """Return members as choices."""
        # pinyin is needed once somebody searches
        from trainer.roster.search import search_text

        return [
            Choice(one.person, one.name, note(one), search_text(one.name, one.unit_name or ""))
            for one in members
        ]
