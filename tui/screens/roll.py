"""Roll call: one key a person, stored at each key, undone and redone at will."""

from __future__ import annotations

import asyncio
import datetime as dt
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.rollbook import UNMARKED, Change, Entry, Keeping, RollBook
from tui.screens.chooser import Choice, Chooser, matches
from tui.screens.rest import RestPrompt
from tui.screens.room import Room, sentence_of
from tui.widgets.cells import fit
from tui.widgets.listing import Listing
from tui.words import STATUSES, long_date, short_date, span_of, status_word

if TYPE_CHECKING:
    from trainer.attendance.progress import Progress
    from trainer.timetable.views import SessionView
    from tui.backroom import Found, RollPage

#: The letter of each status, first of its keys; the digits 1 to 6 mean the same.
LETTERS = dict(zip(STATUSES, "plevda", strict=True))
_WIDE = 100


class RollRead(Message):
    """The roll of a session has been read."""

    def __init__(self, page: RollPage) -> None:
        super().__init__()
        self.page = page


class ClassesRead(Message):
    """The classes to choose from have been read."""

    def __init__(self, found: tuple[Found, ...]) -> None:
        super().__init__()
        self.found = found


class SessionsRead(Message):
    """The sessions of a class have been read."""

    def __init__(self, found: tuple[tuple[SessionView, Progress], ...]) -> None:
        super().__init__()
        self.found = found


class MarkSaved(Message):
    """A change of the roll is in the database."""

    def __init__(self, session: str, change: Change) -> None:
        super().__init__()
        self.session = session
        self.change = change


class MarkRefused(Message):
    """A change of the roll could not be stored."""

    def __init__(self, session: str, change: Change, sentence: str) -> None:
        super().__init__()
        self.session = session
        self.change = change
        self.sentence = sentence


class RollScreen(Room):
    """The roll of one session: choose it, go down the list, press a key for each person."""

    room = "roll"
    CSS_PATH = "roll.tcss"
    WORDS = (
        mark("One key says a person's status and goes on to the next who is unmarked. Each mark is "
             "stored at once: a line says when it is. What could not be stored stays in red; s "
             "tries again."),
        mark("p or 1 or Space: present; l or 2: late; e or 3: left early; v or 4: on leave; d or "
             "5: on duty; a or 6: absent. The digits also work while a Chinese input method is "
             "on."),
        mark("/ filters by unit, name, pinyin or initials; Enter goes to the list, Esc shows all "
             "again. m marks all who are left, those with approved leave as on leave. u takes the "
             "last act back, r does it again."),
        mark("c chooses a class and its session; [ and ] go to the session before and after."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("roll.present", "p,1,space", "mark('present')", mark("present"), mark("Mark present")),
        bind("roll.late", "l,2", "mark('late')", mark("late"), mark("Mark late")),
        bind("roll.early", "e,3", "mark('early')", mark("left early"), mark("Mark left early")),
        bind("roll.leave", "v,4", "mark('leave')", mark("on leave"), mark("Mark on leave")),
        bind("roll.duty", "d,5", "mark('duty')", mark("on duty"), mark("Mark on duty")),
        bind("roll.absent", "a,6", "mark('absent')", mark("absent"), mark("Mark absent")),
        bind("roll.undo", "u,ctrl+z", "undo", mark("Undo"), mark("Take the last act back"),
             show=True),
        bind("roll.redo", "r,ctrl+y", "redo", mark("Redo"), mark("Do it again"), show=True),
        bind("roll.rest", "m", "rest", mark("The rest"), mark("Mark all who are unmarked"),
             show=True),
        bind("roll.filter", "slash", "filter", mark("Filter"),
             mark("Show those of a unit or name; pinyin and initials work"), show=True),
        bind("roll.list", "down", "to_list", mark("To the list"), mark("Go to the list")),
        bind("roll.all", "escape", "all", mark("All"), mark("Show everybody again")),
        bind("roll.choose", "c", "choose", mark("Choose"), mark("Choose a class and its session"),
             show=True),
        bind("roll.before", "left_square_bracket", "beside(False)", mark("Session before"),
             mark("Go to the class's session before")),
        bind("roll.after", "right_square_bracket", "beside(True)", mark("Session after"),
             mark("Go to the class's session after")),
        bind("roll.again", "s", "again", mark("Store again"),
             mark("Store again what could not be stored")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.page: RollPage | None = None
        self.book = RollBook()
        self.query_text = ""
        self._wanted: str | None = None
        self._queue: SimpleQueue[tuple[str, Change]] = SimpleQueue()
        self._one_at_a_time = Lock()
        self._left: dict[str, RollBook] = {}
        self._names: dict[str, str] = {}

    @property
    def unsaved(self) -> int:
        """How many marks, of this roll and those left before, are not in the database."""
        return sum(book.saving + book.unsaved for book in self._books())

    def compose_room(self) -> ComposeResult:
        """Lay out the session, the counts with their keys, the filter and the list."""
        yield Static("", id="session", markup=False)
        yield Static("", id="place", markup=False)
        yield Static("", id="tally", markup=False)
        yield Input(self.query_text, placeholder=say("unit, name, pinyin or initials"), id="filter")
        yield Listing(id="roll")
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
        self.read(lambda backroom: RollRead(backroom.roll(uid)))

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
        self.page = event.page
        self.show()
        if not same:
            self._go_to_first()

    def _turn_to(self, uid: str, page: RollPage) -> None:
        # a roll that is left keeps its undo, and what it could not store is not forgotten
        if self.page is not None:
            self._left[self.page.session.uid] = self.book
        self.book = self._left.pop(uid) if uid in self._left else RollBook()
        self.book.reread(page.lines)
        self.query_text = ""
        self.query_one("#filter", Input).value = ""
        self.query_one("#filter").display = False

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the roll that is held."""
        self.show_ground()
        listing, nothing = self.query_one("#roll", Listing), self.query_one("#nothing", Static)
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
        self._fill(listing)
        self._show_tally()
        if not isinstance(self.focused, Input):
            listing.focus()

    def _fill(self, listing: Listing) -> None:
        before = listing.chosen
        width = max(self.size.width, 60)
        unit, name, note = (24, 16, width - 72) if width >= _WIDE else (20, 14, width - 62)
        listing.columns_of(
            ("number", "", 4),
            ("unit", say("Unit"), unit),
            ("name", say("Name"), name),
            ("status", say("Status"), 12),
            ("note", "", max(note, 4)),
        )
        shown = self._shown()
        numbers = {person: number for number, person in enumerate(self.book.entries, 1)}
        for entry in shown:
            line = entry.line
            listing.add_row(
                Text(str(numbers[line.person]), "dim", justify="right"),
                Text(fit(line.unit, unit), "dim"),
                Text(fit(line.name, name)),
                self._status(entry),
                self._note(entry),
                key=line.person,
            )
        persons = [entry.line.person for entry in shown]
        if before in persons:
            listing.move_cursor(row=persons.index(before), animate=False)

    def _status(self, entry: Entry) -> Text:
        colour = self.trainer_app.colour
        if entry.conflict:
            return Text(say("conflict"), self._bold("error"))
        if entry.status is None:
            suggested = entry.line.suggested
            text = say("({status})", status=status_word(suggested)) if suggested else "-"
            return Text(text, "dim")
        style = {
            "present": colour("success"),
            "late": colour("warning"),
            "early": colour("warning"),
            "absent": self._bold("error"),
        }.get(entry.status, colour("secondary"))
        return Text(status_word(entry.status), style)

    def _note(self, entry: Entry) -> Text:
        if entry.keeping is Keeping.FAILED:
            return Text(say("NOT stored: press s"), self._bold("error"))
        if entry.keeping is Keeping.SAVING:
            return Text(say("storing"), "dim")
        said = []
        if entry.keeping is Keeping.SAVED:
            said.append(say("stored") if entry.said else say("taken back"))
        if entry.line.guest:
            said.append(say("guest"))
        if entry.line.note:
            said.append(entry.line.note)
        return Text("  ".join(said), "dim", no_wrap=True)

    def _show_tally(self) -> None:
        counts = self.book.counts()
        tally = Text(no_wrap=True)
        for status in STATUSES:
            count = counts[status]
            tally.append(LETTERS[status], self._bold("primary"))
            tally.append(f" {status_word(status)} ", "" if count else "dim")
            tally.append(f"{count}", "bold" if count else "dim")
            tally.append("  ")
        self.query_one("#tally", Static).update(tally)
        if self.page is not None:
            self.query_one("#session", Static).update(self._headline(self.page, counts[UNMARKED]))

    def _headline(self, page: RollPage, unmarked: int) -> Text:
        # what is left to do stands at the right, where the eye looks for it between two people
        if unmarked:
            text = say("{count} of {total} unmarked", count=unmarked, total=len(self.book.entries))
            left = Text(text, self._bold("warning"))
        else:
            text = say("all {total} marked", total=len(self.book.entries))
            left = Text(text, self._bold("success"))
        number = say("session {number} of {total}", number=page.number, total=page.total)
        room = self.size.width - 2 - left.cell_len - 2
        title = Text(fit(page.session.class_title, max(room - cell_len(number) - 3, 10)), "bold")
        title.append(f"   {number}", "not bold dim")
        gap = max(self.size.width - 2 - title.cell_len - left.cell_len, 1)
        return Text.assemble(title, " " * gap, left, no_wrap=True)

    def _bold(self, colour: str) -> str:
        return f"bold {self.trainer_app.colour(colour)}"

    def _show_lines(self, persons: list[str]) -> None:
        listing = self.query_one("#roll", Listing)
        visible = {entry.line.person for entry in self._shown()}
        for person in persons:
            if person in visible and person in self.book.entries:
                entry = self.book.entries[person]
                listing.update_cell(person, "status", self._status(entry))
                listing.update_cell(person, "note", self._note(entry))
        self._show_tally()

    def _shown(self) -> list[Entry]:
        return self.book.visible(lambda searched: matches(self.query_text, searched))

    def _go_to_first(self) -> None:
        persons = [entry.line.person for entry in self._shown()]
        if persons:
            listing = self.query_one("#roll", Listing)
            first = self.book.next_unmarked(persons, after="")
            listing.move_cursor(row=persons.index(first) if first else 0, animate=False)

    # marking

    def action_mark(self, status: str) -> None:
        """Say the status of the person under the cursor and go on to the next unmarked."""
        listing = self.query_one("#roll", Listing)
        person = listing.chosen
        if self.page is None or person is None or person not in self.book.entries:
            return
        self._act(self.book.mark(person, status))
        persons = [entry.line.person for entry in self._shown()]
        following = self.book.next_unmarked(persons, person)
        listing.move_cursor(row=persons.index(following), animate=False)

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
        """Ask how to mark all who are unmarked."""
        left = self.book.counts()[UNMARKED]
        if self.page is None or not left:
            return
        with_leave = sum(
            entry.said is None and entry.line.suggested is not None
            for entry in self.book.entries.values()
        )
        self.app.push_screen(RestPrompt(left, with_leave), self._mark_rest)

    def _mark_rest(self, status: str | None) -> None:
        if status is not None:
            self._act(self.book.mark_rest(status))

    def action_again(self) -> None:
        """Store again what could not be stored."""
        self._act(self.book.retry())

    def _act(self, change: Change | None, *, follow: bool = False) -> None:
        if change is None or self.page is None:
            return
        persons = [step.person for step in change.steps]
        self._show_lines(persons)
        shown = [entry.line.person for entry in self._shown()]
        if follow and persons and persons[0] in shown:
            listing = self.query_one("#roll", Listing)
            listing.move_cursor(row=shown.index(persons[0]), animate=False)
        self._queue.put((self.page.session.uid, change))
        self._store()

    # not exclusive: a mark that waits for its turn must never be cancelled by the next one
    @work(thread=True, group="marks", exit_on_error=False)
    def _store(self) -> None:
        with self._one_at_a_time:
            while True:
                try:
                    session, change = self._queue.get_nowait()
                except Empty:
                    return
                try:
                    self.trainer_app.backroom.keep(session, change)
                except Exception as error:  # noqa: BLE001 - shown on the line, and kept to retry
                    self.post_message(MarkRefused(session, change, sentence_of(error)))
                else:
                    self.post_message(MarkSaved(session, change))

    @on(MarkSaved)
    def _note_saved(self, event: MarkSaved) -> None:
        event.stop()
        book = self._book_of(event.session)
        persons = book.saved(event.change.number) if book else []
        if book is self.book:
            self._show_lines(persons)
            if event.change.rest:
                # another device may have marked some of them: show what is really there
                self.open(event.session)

    @on(MarkRefused)
    def _note_refused(self, event: MarkRefused) -> None:
        event.stop()
        book = self._book_of(event.session)
        persons = book.failed(event.change.number) if book else []
        if book is self.book:
            self._show_lines(persons)
        self.notify(event.sentence, severity="error", markup=False, timeout=10)

    def _book_of(self, session: str) -> RollBook | None:
        if self.page is not None and self.page.session.uid == session:
            return self.book
        return self._left.get(session)

    def _books(self) -> list[RollBook]:
        return [self.book, *self._left.values()]

    async def settle(self, patience: float) -> int:
        """Wait up to ``patience`` seconds for marks under way; return how many are not stored."""
        until = monotonic() + patience
        while any(book.saving for book in self._books()) and monotonic() < until:  # noqa: ASYNC110
            # the messages that end the waiting run on this very loop
            await asyncio.sleep(0.02)
        return self.unsaved

    # filtering and choosing

    def action_filter(self) -> None:
        """Show the line to filter by and type into it."""
        if self.page is not None:
            box = self.query_one("#filter", Input)
            box.display = True
            box.focus()

    def action_all(self) -> None:
        """Show everybody again."""
        box = self.query_one("#filter", Input)
        box.value = ""
        box.display = False
        self.query_one("#roll", Listing).focus()

    def action_to_list(self) -> None:
        """Go from the filter to the list."""
        self.query_one("#roll", Listing).focus()

    @on(Input.Changed, "#filter")
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self.query_text = event.value
        if self.page is not None:
            self._fill(self.query_one("#roll", Listing))

    @on(Input.Submitted, "#filter")
    def _to_list(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value:
            self.query_one("#filter").display = False
        self.query_one("#roll", Listing).focus()

    @on(DataTable.RowSelected)
    def _ignore(self, event: DataTable.RowSelected) -> None:
        # Enter says nothing about a person: a scanner or a slip must not mark anybody
        event.stop()

    def action_beside(self, after: bool) -> None:  # noqa: FBT001 - written in a binding
        """Go to the session of the class before or after."""
        if self.page is not None:
            uid = self.page.next if after else self.page.previous
            if uid is None:
                self.notify(say("the class has no session further on"), markup=False, timeout=2)
            else:
                self.open(uid)

    def action_choose(self) -> None:
        """Let somebody choose a class, then one of its sessions."""
        chooser = Chooser(say("Which class?"), hint=say("name, pinyin or initials"))
        self.app.push_screen(chooser, self._choose_session)
        self.read(lambda backroom: ClassesRead(backroom.subjects()))

    @on(ClassesRead)
    def _offer_classes(self, event: ClassesRead) -> None:
        event.stop()
        if not isinstance(self.app.screen, Chooser):
            return
        classes = [found for found in event.found if found.subject.kind == "class"]
        if self.trainer_app.ground is not None:
            # classes that run today first, then those to come, then the past, latest first
            today = self.trainer_app.ground.today.toordinal()
            classes.sort(key=lambda found: _nearness(found, today))
        self._names = {found.subject.code: found.subject.name for found in classes}
        choices = [_class_choice(found) for found in classes]
        self.app.screen.offer(choices, self.page.session.class_code if self.page else None)

    def _choose_session(self, code: str | None) -> None:
        if code is not None:
            chooser = Chooser(self._names[code], hint=say("date, course, pinyin or initials"))
            self.app.push_screen(chooser, lambda uid: self.open(uid) if uid else None)
            self.read(lambda backroom: SessionsRead(backroom.class_sessions(code)))

    @on(SessionsRead)
    def _offer_sessions(self, event: SessionsRead) -> None:
        event.stop()
        ground = self.trainer_app.ground
        if isinstance(self.app.screen, Chooser) and ground is not None:
            choices = [_session_choice(view, progress) for view, progress in event.found]
            self.app.screen.offer(choices, _due(event.found, ground.today))


def _class_choice(found: Found) -> Choice:
    span = say(
        "{first} to {last}",
        first=short_date(found.subject.first),
        last=short_date(found.subject.last),
    )
    return Choice(found.subject.code, found.subject.name, span, found.search)


def _due(found: tuple[tuple[SessionView, Progress], ...], today: dt.date) -> str | None:
    # today's first unfinished roll, else the next session, else the last unfinished one
    on_day = [view for view, progress in found if view.date == today and progress.unmarked]
    ahead = [view for view, _progress in found if view.date >= today]
    behind = [view for view, progress in reversed(found) if progress.unmarked]
    due = on_day or ahead or behind
    return due[0].uid if due else None


def _session_choice(view: SessionView, progress: Progress) -> Choice:
    title = say(
        "{date} {time}  {course}",
        date=short_date(view.date),
        time=span_of(view.start, view.end),
        course=view.course_title,
    )
    note = say("{marked}/{expected} marked", marked=progress.marked, expected=progress.expected)
    search = f"{title.lower()} {long_date(view.date).lower()} {view.date:%m-%d} {view.date}"
    return Choice(view.uid, title, note, search)


def _nearness(found: Found, today: int) -> tuple[int, int]:
    first, last = found.subject.first.toordinal(), found.subject.last.toordinal()
    if first <= today <= last:
        return (0, last)
    return (1, first) if first > today else (2, -last)
