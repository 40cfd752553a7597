"""Rooms whose marks are stored while one goes on: what is on its way, stored, or refused."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from tui.keeper import Keeper
from tui.rollbook import Change, RollBook
from tui.screens.choosing import SessionRoom
from tui.screens.room import sentence_of

if TYPE_CHECKING:
    from tui.backroom import RollPage


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


class KeepingRoom(SessionRoom):
    """The roll of one session, and those left before whose marks may not all be stored yet."""

    def __init__(self) -> None:
        super().__init__()
        self.page: RollPage | None = None
        self.book = RollBook()
        self._left: dict[str, RollBook] = {}
        self._keeper = Keeper(self._keep, self._tell_saved, self._tell_refused)

    @property
    def unsaved(self) -> int:
        """How many marks, of this roll and those left before, are not in the database."""
        return sum(book.saving + book.unsaved for book in self._books())

    def show_lines(self, persons: list[str]) -> None:
        """Show again what is said of some persons, and the counts."""
        raise NotImplementedError

    def turn_book(self, uid: str) -> None:
        """Open the book of another session; the one that is left keeps its undo and its marks."""
        if self.page is not None:
            self._left[self.page.session.uid] = self.book
        self.book = self._left.pop(uid) if uid in self._left else RollBook()

    def store(self, change: Change) -> None:
        """Have a change of the open roll stored, after all that were made before."""
        if self.page is not None and self._keeper.put(self.page.session.uid, change):
            self._store()

    # not exclusive: a mark that waits for its turn must never be cancelled by the next one
    @work(thread=True, group="marks", exit_on_error=False)
    def _store(self) -> None:
        self._keeper.run()

    def _keep(self, session: str, change: Change) -> None:
        self.trainer_app.backroom.keep(session, change)

    def _tell_saved(self, session: str, change: Change) -> None:
        self.post_message(MarkSaved(session, change))

    def _tell_refused(self, session: str, change: Change, error: Exception) -> None:
        self.post_message(MarkRefused(session, change, sentence_of(error)))

    @on(MarkSaved)
    def _note_saved(self, event: MarkSaved) -> None:
        event.stop()
        book = self._book_of(event.session)
        persons = book.saved(event.change.number) if book else []
        if book is self.book:
            self.show_lines(persons)
            if event.change.rest:
                # another device may have marked some of them: show what is really there
                self.open(event.session)

    @on(MarkRefused)
    def _note_refused(self, event: MarkRefused) -> None:
        event.stop()
        book = self._book_of(event.session)
        persons = book.failed(event.change.number) if book else []
        if book is self.book:
            self.show_lines(persons)
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
