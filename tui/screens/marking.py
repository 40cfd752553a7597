"""Typing marks from paper: a line that goes from person to person; each mark is stored at Enter."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from trainer.phrases import mark, say, say_n
from tui.keeper import Keeper
from tui.keys import bind
from tui.markbook import MarkBook, Typed
from tui.marktyped import RETAKE, Meant, lacks, mark_typed
from tui.outcomebook import OutcomesPage, keep_mark
from tui.outcomewords import kind_name
from tui.screens.classpart import ClassPart
from tui.screens.room import READING, sentence_of
from tui.widgets.cells import fit
from tui.widgets.listing import Listing
from tui.widgets.mark_line import MarkLine

if TYPE_CHECKING:
    from trainer.outcomes.evaluate import Evaluation

#: Keys of the list that are plain letters while a mark is being typed.
_OF_LIST: Final = frozenset({"type_marks", "type_work", "decide", "again"})


class MarkStored(Message):
    """A mark is in the database."""

    def __init__(self, typed: Typed, evaluation: Evaluation) -> None:
        super().__init__()
        self.typed = typed
        self.evaluation = evaluation


class MarkTurnedDown(Message):
    """A mark could not be stored; where a reason lets it pass, ``with_reason``."""

    def __init__(self, typed: Typed, sentence: str, *, with_reason: bool) -> None:
        super().__init__()
        self.typed = typed
        self.sentence = sentence
        self.with_reason = with_reason


class MarkingRoom(ClassPart):
    """A list of trainees with a line for marks below it, which goes down the list."""

    #: The kind that is being typed; None while nothing is.
    word: str | None = None
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("marking.again", "s", "again", mark("Store again"),
             mark("Store again what could not be stored")),
    ]  # fmt: skip

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.marks = MarkBook()
        self._keeper: Keeper[Typed] = Keeper(self._keep, self._tell_stored, self._tell_refused)
        self._warned = False

    @property
    def outcomes(self) -> OutcomesPage:
        """What was read."""
        page: OutcomesPage = self.data
        return page

    @property
    def busy(self) -> bool:
        """Whether an act or a mark is under way."""
        return super().busy or bool(self.marks.saving)

    @property
    def unsaved(self) -> int:
        """How many marks are not in the database."""
        return len(self.marks.saving) + len(self.marks.failed)

    async def settle(self, patience: float) -> int:
        """Wait up to ``patience`` seconds for marks under way; return how many are not stored."""
        until = monotonic() + patience
        while self.marks.saving and monotonic() < until:  # noqa: ASYNC110
            # the messages that end the waiting run on this very loop
            await asyncio.sleep(0.02)
        return self.unsaved

    def redraw(self, person: str) -> None:
        """Show again what is said of a person, and the counts."""
        raise NotImplementedError

    def compose_room(self) -> ComposeResult:
        """Lay out the class, the counts, the list, the line to type into, and the explanation."""
        yield Static(say(READING), id="class", markup=False)
        yield Static("", id="counts", markup=False)
        yield Listing(id="lines")
        with Horizontal(id="entry"):
            yield Static("", id="whom", markup=False)
            yield MarkLine(self._take_mark, self._step, id="typed")
            yield Static("", id="told", markup=False)
        yield Static("", id="foot", markup=False)

    def take_focus(self) -> None:
        """Keep the focus in the line while marks are being typed."""
        if self.word is None:
            super().take_focus()
        else:
            self.query_one("#typed", Input).focus()

    def show(self) -> None:
        """Show what is held; the line to type into as long as marks are typed."""
        super().show()
        self._show_entry()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the letters to the line while marks are typed into it."""
        if self.word is not None and action in _OF_LIST:
            return False
        return super().check_action(action, parameters)

    # going from one to the next

    def begin(self, word: str) -> None:
        """Let marks of a kind be typed, from the first who has none."""
        self.word = word
        self.marks.saved.clear()
        self.show()
        if (first := self._next(None)) is None:
            self.word = None
            self._show_entry()
            self.take_focus()
            name = kind_name(word)
            told = (say("nobody has to sit a retake") if word == RETAKE else
                    say("{kind}: everybody has a mark; go to somebody and press Enter to correct",
                        kind=name))  # fmt: skip
            self.notify(told, markup=False, timeout=4)
            return
        self._turn_to(first)

    def begin_here(self, word: str) -> None:
        """Let marks of a kind be typed, from the line under the cursor."""
        if (person := self.chosen) is not None:
            self.word = word
            self._turn_to(person)

    def _turn_to(self, person: str) -> None:
        listing = self.query_one("#lines", Listing)
        keys = [key.value for key in listing.rows]
        if person in keys:
            listing.move_cursor(row=keys.index(person), animate=False)
        self.query_one("#typed", Input).value = ""
        self._show_entry()
        self.take_focus()

    def _next(self, after: str | None) -> str | None:
        # the next below who lacks a mark, else the first of all
        word = self.word
        assert word is not None
        book, people = self.outcomes.page.book, []
        for one in book.evaluations:
            typed = self.marks.of(one.trainee.person)
            if lacks(word, one, book) and not (typed and typed[0].word == word):
                people.append(one.trainee.person)
        order = [one.trainee.person for one in book.evaluations]
        place = order.index(after) if after in order else -1
        below = [person for person in people if order.index(person) > place]
        return next(iter(below or [person for person in people if person != after]), None)

    def _step(self, by: int) -> None:
        # up or down a line, without storing anything
        listing = self.query_one("#lines", Listing)
        listing.move_cursor(row=max(listing.cursor_row + by, 0), animate=False)
        self.query_one("#typed", Input).value = ""
        self._show_entry()

    def _show_entry(self) -> None:
        entry, wanted = self.query_one("#entry", Horizontal), self.word is not None
        if entry.display != wanted:
            entry.display = wanted
            self.refresh_bindings()
        line = self.outcomes.line(self.chosen) if self.data is not None else None
        if self.word is None or line is None:
            return
        whom = f"{kind_name(self.word)}  {line.evaluation.trainee.name}"
        self.query_one("#whom", Static).update(fit(whom, 28))
        typed = self.query_one("#typed", Input).value
        meant = self._meant(typed) if typed.strip() else None
        told = meant.said if meant else say("76, yx or qk; Enter skips, Esc ends")
        self.query_one("#told", Static).update(told)

    @on(DataTable.RowHighlighted)
    def _name_whom(self) -> None:
        # the cursor may be moved by other means than the line, too
        if self.word is not None:
            self._show_entry()

    def _meant(self, typed: str) -> Meant | None:
        line = self.outcomes.line(self.chosen) if self.data is not None else None
        if self.word is None or line is None:
            return None
        return mark_typed(typed, self.word, line.evaluation, self.outcomes.page.book)

    @on(Input.Changed, "#typed")
    def _understand(self, event: Input.Changed) -> None:
        event.stop()
        self._show_entry()

    def _take_mark(self, line: str) -> None:
        person, typed = self.chosen, line.strip()
        if self.word is None or person is None:
            return
        meant = self._meant(typed) if typed else None
        if meant is None or meant.known:
            self._go_on(person)
        elif meant.value is None:
            # what is wrong stays, and is told
            self.app.bell()
            self._show_entry()
        elif meant.corrects:
            self._ask_why(person, typed, meant)
        else:
            self._store(person, typed, meant)
            self._go_on(person)

    def _ask_why(self, person: str, typed: str, meant: Meant) -> None:
        def answer(reason: str | None) -> None:
            if reason is not None:
                self._store(person, typed, meant, reason)
                self._go_on(person)

        title = say("Why is the mark corrected?")
        self.ask_words(title, say("the reason"), say("Enter corrects it; both stay"), answer)

    def _go_on(self, person: str) -> None:
        after = self._next(person)
        if after is not None:
            self._turn_to(after)
        elif self.word is not None:
            name = kind_name(self.word)
            self.end_typing()
            self.notify(say("{kind}: nobody else lacks a mark", kind=name), markup=False, timeout=4)

    def end_typing(self) -> None:
        """End the typing of marks; the list has the keys again."""
        self.word = None
        self._show_entry()
        self.take_focus()
        self.enter()

    def action_back(self) -> None:
        """End the typing; else go back, not without a word where marks are not stored."""
        if self.word is not None:
            self.end_typing()
        elif self.marks.failed and not self._warned:
            self._warned = True
            self.notify(
                say_n(
                    "{count} mark is not stored: s stores it again, Esc leaves without it",
                    "{count} marks are not stored: s stores them again, Esc leaves without them",
                    len(self.marks.failed),
                ),
                severity="error", markup=False, timeout=6,
            )  # fmt: skip
        else:
            super().action_back()

    @on(events.DescendantFocus)
    def _stay_in_line(self, event: events.DescendantFocus) -> None:
        # a click into the list must not leave the line without its keys
        if self.word is not None and isinstance(event.widget, Listing):
            self.take_focus()

    # storing

    def _store(self, person: str, typed: str, meant: Meant, reason: str | None = None) -> None:
        assert self.word is not None
        assert meant.value is not None
        self._put(
            Typed(0, person, self.word, meant.value, typed, meant.attempt, meant.corrects, reason)
        )

    def _put(self, typed: Typed) -> None:
        self._warned = False
        numbered = self.marks.take(typed)
        self.redraw(typed.person)
        if self._keeper.put(self.code, numbered):
            self._run()

    def action_again(self) -> None:
        """Store again what could not be stored; what a rule forbids needs a reason."""
        for failed in list(self.marks.failed.values()):
            if failed.with_reason:
                self._ask_for_reason(failed.typed, failed.sentence)
            else:
                self._put(failed.typed)

    def _ask_for_reason(self, typed: Typed, sentence: str) -> None:
        def answer(reason: str | None) -> None:
            if reason is not None:
                self._put(replace(typed, reason=reason))

        told = say("Enter does it all the same; the reason is kept")
        self.ask_words(sentence, say("the reason"), told, answer)

    # not exclusive: a mark that waits for its turn must never be cancelled by the next one
    @work(thread=True, group="marks", exit_on_error=False)
    def _run(self) -> None:
        self._keeper.run()

    def _keep(self, code: str, typed: Typed) -> None:
        self.post_message(MarkStored(typed, keep_mark(self.trainer_app.backroom, code, typed)))

    def _tell_stored(self, code: str, typed: Typed) -> None:
        # told with what came of it, by whoever stored it
        pass

    def _tell_refused(self, _code: str, typed: Typed, error: Exception) -> None:
        # what has stored a mark has imported it
        from trainer.outcomes.scoring import ScoreRefused

        reason = isinstance(error, ScoreRefused)
        self.post_message(MarkTurnedDown(typed, sentence_of(error), with_reason=reason))

    @on(MarkStored)
    def _note_stored(self, event: MarkStored) -> None:
        event.stop()
        self.marks.stored(event.typed)
        self.data = self.outcomes.with_evaluation(event.evaluation)
        self.redraw(event.typed.person)
        self._leave_once_stored()

    @on(MarkTurnedDown)
    def _note_refused(self, event: MarkTurnedDown) -> None:
        event.stop()
        self.marks.refused(event.typed, event.sentence, with_reason=event.with_reason)
        self.leaving = False
        self.redraw(event.typed.person)
        self.notify(event.sentence, severity="error", markup=False, timeout=10)

    def _leave_once_stored(self) -> None:
        if self.leaving and not self.busy:
            self.dismiss(None)
