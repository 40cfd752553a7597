"""Roll call: one key a person, stored at each key, undone and redone at will."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input, Static

from trainer.phrases import say, say_n
from tui.doorbook import read_limits
from tui.rollbook import Change, Entry, Said
from tui.rollwords import headline, late_of, note_text, status_text, tally_text
from tui.screens.chooser import Choice, Chooser, matches
from tui.screens.rest import RestPrompt
from tui.screens.roll_keys import BINDINGS, WORDS
from tui.screens.roll_ways import RollWays
from tui.widgets.cells import fit
from tui.widgets.roll_list import RollList
from tui.words import short_date, span_of

if TYPE_CHECKING:
    from trainer.attendance.rules import Rules
    from tui.backroom import RollPage
    from tui.transcript import Transcript

_WIDE = 100


class RollRead(Message):
    """The roll of a session has been read."""

    def __init__(self, page: RollPage, rules: Rules) -> None:
        super().__init__()
        self.page = page
        self.rules = rules


class RollScreen(RollWays):
    """The roll of one session: choose it, go down the list, press a key for each person."""

    room = "roll"
    CSS_PATH = "roll.tcss"
    WORDS = WORDS
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(self) -> None:
        super().__init__()
        self.query_text = ""
        self.part: str | None = None
        self.rules: Rules | None = None
        self._wanted: str | None = None
        self._numbers: dict[str, int] = {}

    @property
    def class_code(self) -> str | None:
        """The class whose roll is called."""
        return self.page.session.class_code if self.page else None

    @property
    def _list(self) -> RollList:
        return self.query_one("#roll", RollList)

    @property
    def chosen(self) -> str | None:
        """The person under the cursor."""
        return self._list.chosen

    def compose_room(self) -> ComposeResult:
        """Lay out the session, the counts with their keys, the filter and the list."""
        yield Static("", id="session", markup=False)
        yield Static("", id="place", markup=False)
        yield Static("", id="tally", markup=False)
        yield Input(self.query_text, placeholder=say("unit, name, pinyin or initials"), id="filter")
        yield Static("", id="part", markup=False)
        yield RollList(self._cells, id="roll")
        yield Static("", id="nothing", markup=False)

    def enter(self) -> None:
        """Read the roll again; without one, ask for a class."""
        wanted = self._wanted or (self.page.session.uid if self.page else None)
        if wanted is not None:
            self.open(wanted)
        else:
            self.show()

    def open(self, uid: str) -> None:
        """Read the roll of a session and show it."""
        self._wanted = uid
        self.read(lambda backroom: RollRead(backroom.roll(uid), read_limits(backroom)))

    @on(RollRead)
    def _show_roll(self, event: RollRead) -> None:
        event.stop()
        uid = event.page.session.uid
        if uid != self._wanted:
            return
        same = self.page is not None and self.page.session.uid == uid
        if same:
            self.book.reread(event.page.lines)
        else:
            self._turn_to(uid, event.page)
        self._numbers = {person: number for number, person in enumerate(self.book.entries, 1)}
        self.page, self.rules = event.page, event.rules
        self.show()
        if not same:
            self._go_to_first()
            # all that lives by now lives for good: looking through it again and again for garbage
            # costs half a second between two keys
            gc.freeze()

    def _turn_to(self, uid: str, page: RollPage) -> None:
        self.turn_book(uid)
        self.book.reread(page.lines)
        self.query_text, self.part = "", None
        self.query_one("#filter", Input).value = ""
        self.query_one("#filter").display = False

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the roll that is held."""
        self.show_ground()
        listing, nothing = self._list, self.query_one("#nothing", Static)
        held = self.page is not None
        listing.display = held and bool(self.book.entries)
        nothing.display = not listing.display
        self.query_one("#filter").display = bool(self.query_text) and held
        if self.page is None:
            nothing.update(say("Press c to choose a class, then one of its sessions."))
            return
        if not self.book.entries:
            nothing.update(say("Nobody is expected at this session."))
        session = self.page.session
        about = (
            short_date(session.date), span_of(session.start, session.end), session.course_title,
            session.venue_name, session.teacher_name,
        )  # fmt: skip
        place = "  ".join(part for part in about if part)
        self.query_one("#place", Static).update(fit(place, self.size.width - 2))
        self._fill()
        self._show_tally()
        if not isinstance(self.focused, Input):
            listing.focus()

    def _fill(self) -> None:
        width = max(self.size.width, 60)
        unit, name, note = (24, 16, width - 74) if width >= _WIDE else (20, 14, width - 64)
        columns = (
            ("", 4), (say("Unit"), unit), (say("Name"), name), (say("Status"), 14),
            ("", max(note, 4)),
        )  # fmt: skip
        shown = [entry.line.person for entry in self.book.entries.values() if self._is_shown(entry)]
        self._list.show(columns, shown)
        part = self.query_one("#part", Static)
        part.display = self.part is not None
        if self.part is not None:
            part.update(
                say_n("only {part}: {count} person; Esc shows everybody",
                      "only {part}: {count} people; Esc shows everybody",
                      len(shown), part=self.part)
            )  # fmt: skip

    def _cells(self, person: str) -> tuple[Text, ...]:
        entry, colour = self.book.entries[person], self.trainer_app.colour
        return (
            Text(str(self._numbers[person]), "dim", justify="right"),
            Text(entry.line.unit, "dim"),
            Text(entry.line.name),
            status_text(entry, colour),
            note_text(entry, colour),
        )

    def _is_shown(self, entry: Entry) -> bool:
        if self.part is not None and self.part not in entry.line.parts:
            return False
        return matches(self.query_text, entry.line.search)

    def _show_tally(self) -> None:
        counts, colour = self.book.counts(), self.trainer_app.colour
        # their size does not change: laying the whole screen out again is what takes long
        self.query_one("#tally", Static).update(tally_text(counts, colour), layout=False)
        if self.page is not None:
            line = headline(self.page, counts, self.size.width - 2, colour)
            self.query_one("#session", Static).update(line, layout=False)

    def show_lines(self, persons: list[str]) -> None:
        """Show again what is said of some persons, and the counts."""
        self._list.redraw(persons)
        self._show_tally()

    def _go_to_first(self) -> None:
        listing = self._list
        first = self.book.next_unmarked(listing.keys, after="")
        listing.go_to(first or (listing.keys or [""])[0])

    # marking

    def action_mark(self, status: str) -> None:
        """Say the status of the person under the cursor and go on to the next unmarked."""
        self._say(status, None)

    def _say(self, status: str, minutes: int | None, note: str | None = None) -> None:
        person = self._list.chosen
        if self.page is None or person is None or person not in self.book.entries:
            return
        self._act(self.book.mark(person, status, minutes, note=note))
        self._list.go_to(self.book.next_unmarked(self._list.keys, person))

    def action_minutes(self) -> None:
        """Ask when the person under the cursor came or went."""
        # not needed before somebody asks for it
        from tui.screens.typing import minutes_prompt

        person = self._list.chosen
        if self.page is None or self.rules is None or person is None:
            return

        def answer(said: Said | None) -> None:
            if said is not None and self._list.chosen == person:
                self._say(*said)

        name = self.book.entries[person].line.name
        self.app.push_screen(minutes_prompt(name, self.page.session, self.rules), answer)

    def action_left(self) -> None:
        """Ask when the person under the cursor left."""
        # not needed before somebody asks for it
        from tui.screens.typing import Departure, leaving_prompt

        person = self._list.chosen
        if self.page is None or self.rules is None or person is None:
            return

        def answer(departure: Departure | None) -> None:
            if departure is not None and self._list.chosen == person:
                self._say(*departure.said, departure.note)

        entry, session = self.book.entries[person], self.page.session
        late = late_of(entry, session.start)
        self.app.push_screen(leaving_prompt(entry.line.name, session, self.rules, late), answer)

    def action_numbers(self) -> None:
        """Ask for the numbers of a signed paper sheet, and mark them as one act."""
        # not needed before somebody asks for it
        from tui.screens.typing import numbers_prompt

        persons = list(self.book.entries)
        if self.page is None or self.rules is None or not persons:
            return

        def answer(transcript: Transcript | None) -> None:
            if transcript is not None:
                marks = {persons[number - 1]: said for number, said in transcript.marks.items()}
                everybody = persons if transcript.rest else ()
                self._act(self.book.mark_several(marks, rest=everybody))

        names = [entry.line.name for entry in self.book.entries.values()]
        self.app.push_screen(numbers_prompt(names, self.page.session, self.rules), answer)

    def action_undo(self) -> None:
        """Take the last act back and go to whom it concerned."""
        change = self.book.undo()
        if change is None:
            self.notify(say("there is nothing to take back"), markup=False, timeout=2)
        self._act(change, follow=True)

    def action_redo(self) -> None:
        """Do again what was taken back last."""
        change = self.book.redo()
        if change is None:
            self.notify(say("there is nothing to do again"), markup=False, timeout=2)
        self._act(change, follow=True)

    def action_rest(self) -> None:
        """Ask how to mark all who are unmarked, of those who are shown."""
        shown = self._list.keys
        left = [person for person in shown if self.book.entries[person].said is None]
        if self.page is None or not left:
            return
        with_leave = sum(self.book.entries[person].line.suggested is not None for person in left)

        def answer(status: str | None) -> None:
            if status is not None:
                self._act(self.book.mark_rest(status, left))

        partly = len(shown) < len(self.book.entries)
        self.app.push_screen(RestPrompt(len(left), with_leave, partly=partly), answer)

    def action_again(self) -> None:
        """Store again what could not be stored."""
        self._act(self.book.retry())

    def _act(self, change: Change | None, *, follow: bool = False) -> None:
        if change is None or self.page is None:
            return
        persons = [step.person for step in change.steps]
        self.show_lines(persons)
        if follow and persons:
            self._list.go_to(persons[0])
        self.store(change)

    # filtering and going about

    def action_filter(self) -> None:
        """Show the line to filter by and type into it."""
        if self.page is not None:
            box = self.query_one("#filter", Input)
            box.display = True
            box.focus()

    def action_part(self) -> None:
        """Let somebody choose the one unit or group that is to be shown."""
        entries = self.book.entries.values()
        parts = dict.fromkeys(part for entry in entries for part in entry.line.parts)
        if self.page is None or not parts:
            return
        # pinyin is needed once somebody searches
        from trainer.roster.search import search_text

        choices = []
        for part in parts:
            within = [entry for entry in entries if part in entry.line.parts]
            left = sum(entry.said is None for entry in within)
            note = say("{left} of {count} unmarked", left=left, count=len(within))
            choices.append(Choice(part, part, note, search_text(part)))
        chooser = Chooser(
            say("Which unit or group?"), hint=say("name, pinyin or initials"), choices=choices
        )
        self.app.push_screen(chooser, self._narrow_to)

    def _narrow_to(self, part: str | None) -> None:
        if part is not None:
            self.part = part
            self._fill()
            self._go_to_first()

    def action_all(self) -> None:
        """Show everybody again."""
        box = self.query_one("#filter", Input)
        box.value = ""
        box.display = False
        self.part = None
        if self.page is not None:
            self._fill()
        self._list.focus()

    def action_to_list(self) -> None:
        """Go from the filter to the list."""
        self._list.focus()

    @on(Input.Changed, "#filter")
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self.query_text = event.value
        if self.page is not None:
            self._fill()

    @on(Input.Submitted, "#filter")
    def _to_list(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value:
            self.query_one("#filter").display = False
        self._list.focus()

    def action_beside(self, after: bool) -> None:  # noqa: FBT001 - written in a binding
        """Go to the session of the class before or after."""
        if self.page is not None:
            uid = self.page.next if after else self.page.previous
            if uid is None:
                self.notify(say("the class has no session further on"), markup=False, timeout=2)
            else:
                self.open(uid)
