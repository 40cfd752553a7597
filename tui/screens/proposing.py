"""Rooms where a mark at a closed session becomes a correction that a second person decides."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work
from textual.message import Message

from trainer.phrases import say, say_n
from tui.inbox import propose
from tui.rollbook import Change
from tui.screens.keeping import KeepingRoom
from tui.screens.room import sentence_of
from tui.words import status_word


class RollShut(Message):
    """A change of the roll was not stored: its session is closed."""

    def __init__(self, session: str, change: Change) -> None:
        super().__init__()
        self.session = session
        self.change = change


class Proposed(Message):
    """Changes of a closed roll have been proposed as corrections, or were refused with why."""

    def __init__(
        self, session: str, changes: Sequence[Change], count: int, refused: str = ""
    ) -> None:
        super().__init__()
        self.session = session
        self.changes = changes
        self.count = count
        self.refused = refused


class ProposingRoom(KeepingRoom):
    """A room that asks for a reason where a roll is closed, once for all keys pressed meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._shut: list[tuple[str, Change]] = []
        self._asking = False

    def _tell_refused(self, session: str, change: Change, error: Exception) -> None:
        # what stores a mark has imported it long ago; the first frame must not
        from trainer.attendance.closing import SessionClosed

        if isinstance(error, SessionClosed):
            self.post_message(RollShut(session, change))
        else:
            super()._tell_refused(session, change, error)

    @on(RollShut)
    def _note_shut(self, event: RollShut) -> None:
        event.stop()
        book = self._book_of(event.session)
        persons = book.failed(event.change.number) if book else []
        if book is self.book:
            self.show_lines(persons)
        self._shut.append((event.session, event.change))
        if not self._asking:
            self._ask_reason(event.session, event.change)

    def _ask_reason(self, session: str, change: Change) -> None:
        # not needed before a mark comes too late
        from tui.screens.typing import words_prompt

        def answer(reason: str | None) -> None:
            self._asking = False
            changes = [one for uid, one in self._shut if uid == session]
            self._shut = [(uid, one) for uid, one in self._shut if uid != session]
            if reason is None:
                self._let_go(session, changes)
                told = say("nothing was proposed: the closed roll stays as it is")
                self.notify(told, markup=False, timeout=4)
            else:
                self._propose(session, changes, reason)

        self._asking = True
        told = say("Enter proposes it as a correction; a second person decides")
        hint = say("the reason, for instance: the signed sheet names them")
        self.app.push_screen(words_prompt(self._question(change), hint, told), answer)

    def _question(self, change: Change) -> str:
        step = change.steps[0]
        entry = self.book.entries.get(step.person)
        if len(change.steps) > 1 or entry is None:
            return say_n(
                "This roll is closed. Propose {count} correction?",
                "This roll is closed. Propose {count} corrections?",
                len(change.steps),
            )
        status = status_word(step.after[0]) if step.after else say("unmarked")
        return say(
            "This roll is closed. Propose “{status}” for {name}?",
            status=status,
            name=entry.line.name,
        )

    # not exclusive: a proposal that waits for its turn must never be cancelled by the next one
    @work(thread=True, group="marks", exit_on_error=False)
    def _propose(self, session: str, changes: Sequence[Change], reason: str) -> None:
        try:
            count = propose(self.trainer_app.backroom, session, changes, reason)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(Proposed(session, changes, 0, sentence_of(error)))
        else:
            self.post_message(Proposed(session, changes, count))

    @on(Proposed)
    def _note_proposed(self, event: Proposed) -> None:
        event.stop()
        self._let_go(event.session, event.changes)
        if event.refused:
            self.notify(event.refused, severity="error", markup=False, timeout=10)
            return
        told = say_n(
            "{count} correction proposed; it counts once somebody else approves it on Today",
            "{count} corrections proposed; they count once somebody else approves them on Today",
            event.count,
        )
        self.notify(told, markup=False, timeout=6)

    def _let_go(self, session: str, changes: Sequence[Change]) -> None:
        book = self._book_of(session)
        persons = (
            [person for one in reversed(changes) for person in book.give_up(one)] if book else []
        )
        if book is self.book:
            self.show_lines(persons)
            # what counts is what the database says
            self.open(session)
