"""Rooms that show what waits for somebody: taken on, seen to, approved and refused by key."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from trainer.phrases import say
from tui.inbox import approve, close_with, read_inbox, refuse, take_on
from tui.screens.room import Room, sentence_of
from tui.widgets.waiting import WaitingList

if TYPE_CHECKING:
    from trainer.attendance.waiting import Inbox, Waiting
    from tui.backroom import Backroom


#: Alerts that are about somebody's leave.
OF_LEAVE: Final = (
    "leave_overdue", "leave_over_cap", "leave_near_cap", "leave_steps", "leave_split",
    "paper_missing",
)  # fmt: skip


class InboxRead(Message):
    """What waits has been read."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self.inbox = inbox


class SeenTo(Message):
    """Something that waited has been dealt with."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class NotSeenTo(Message):
    """What waits could not be read or dealt with."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class WaitingRoom(Room):
    """A room with the list of what waits; it is read beside the room's own content."""

    def __init__(self) -> None:
        super().__init__()
        self.inbox: Inbox | None = None
        self._wanted = False
        self._one_at_a_time = Lock()

    @property
    def waiting(self) -> WaitingList:
        """The list of what waits."""
        return self.query_one("#waiting", WaitingList)

    def show_waiting(self) -> None:
        """Show what waits, as far as it is known."""
        self.set_class(self.inbox is None or not self.inbox.lines, "-idle")
        self.waiting.show(self.inbox, max(self.size.width, 60), self.trainer_app.colour)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer of the keys of the list those that fit the line under its cursor."""
        if action in ("take_on", "done", "approve", "refuse") and self.is_mounted:
            one = self.waiting.chosen
            if one is None:
                return False
            return (one.proposal is not None) == (action in ("approve", "refuse"))
        return super().check_action(action, parameters)

    # its own group: the room's content is never held up by it, nor cancelled
    @work(thread=True, exclusive=True, group="waiting", exit_on_error=False)
    def read_waiting(self) -> None:
        """Read what waits in a worker."""
        worker = get_current_worker()
        message: Message
        try:
            message = InboxRead(read_inbox(self.trainer_app.backroom))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            message = NotSeenTo(sentence_of(error))
        if not worker.is_cancelled:
            self.post_message(message)

    # not exclusive: what somebody has decided must never be cancelled by the next key
    @work(thread=True, group="deciding", exit_on_error=False)
    def _do(self, act: Callable[[Backroom], None], done: str) -> None:
        try:
            with self._one_at_a_time:
                act(self.trainer_app.backroom)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(NotSeenTo(sentence_of(error)))
        else:
            self.post_message(SeenTo(done))

    @on(InboxRead)
    def _take_over(self, event: InboxRead) -> None:
        event.stop()
        self.inbox = event.inbox
        self.show_waiting()
        if self._wanted:
            self.action_to_waiting()
        elif self.focused is None or not self.focused.display:
            self.action_to_sessions()
        self.refresh_bindings()

    @on(SeenTo)
    def _say_done(self, event: SeenTo) -> None:
        event.stop()
        self.notify(event.sentence, markup=False, timeout=4)
        # a correction that was approved changes the counts of a session as well
        self.enter()

    @on(NotSeenTo)
    def _say_why(self, event: NotSeenTo) -> None:
        event.stop()
        self.notify(event.sentence, severity="error", markup=False, timeout=10)

    def action_to_waiting(self) -> None:
        """Go to the list of what waits."""
        # whoever is quicker than the reading gets there once it is done
        self._wanted = self.inbox is None
        if self.inbox is None:
            return
        if not self.inbox.lines:
            self.notify(say("nothing waits to be seen to"), markup=False, timeout=2)
        else:
            # at once: the next key is meant for the list
            self.set_focus(self.waiting.rows)

    def action_to_sessions(self) -> None:
        """Go back to the room's own list."""
        raise NotImplementedError

    def action_place(self) -> None:
        """Open the leaves, the roll call or the page of the class that it is about."""
        one = self.waiting.chosen
        if one is not None and one.kind in OF_LEAVE:
            self.trainer_app.open_leaves(
                self.room, one.class_code, person=one.person, leave=one.leave, then=self.enter
            )
        elif one is not None and one.session is not None:
            self.trainer_app.open_roll(one.session)
        elif one is not None and one.class_code is not None:
            self.trainer_app.open_class(one.class_code)

    def action_take_on(self) -> None:
        """Take the alert under the cursor on."""
        one = self.waiting.chosen
        if one is not None:
            self._do(lambda backroom: take_on(backroom, one.key),
                     say("taken on: you see to it from now on"))  # fmt: skip

    def action_done(self) -> None:
        """Ask what was done about the alert under the cursor, and close it with that."""
        # not needed before somebody asks for it
        from tui.screens.typing import words_prompt

        one = self.waiting.chosen
        if one is None:
            return

        def answer(note: str | None) -> None:
            if note is not None:
                self._do(lambda backroom: close_with(backroom, one.key, note),
                         say("closed, with what was done"))  # fmt: skip

        title = say("What was done about it?")
        hint = say("for instance: rang up, comes tomorrow")
        self.app.push_screen(words_prompt(title, hint, say("Enter closes the alert")), answer)

    def action_approve(self) -> None:
        """Approve the correction under the cursor; its proposer is told to ask a colleague."""
        one = self.waiting.chosen
        if one is not None:
            self._do(lambda backroom: approve(backroom, one.key),
                     say("approved: the correction counts now"))  # fmt: skip

    def action_refuse(self) -> None:
        """Ask why, and refuse the correction under the cursor; one's own is taken back."""
        one = self.waiting.chosen
        if one is not None:
            self._ask_why(one)

    def _ask_why(self, one: Waiting) -> None:
        # not needed before somebody asks for it
        from tui.screens.typing import words_prompt

        if one.own:
            title, done = say("Why do you take it back?"), say("taken back: nothing was changed")
            told = say("Enter takes it back")
        else:
            title, done = say("Why is it refused?"), say("refused: what counted counts on")
            told = say("Enter refuses it")

        def answer(reason: str | None) -> None:
            if reason is not None:
                self._do(lambda backroom: refuse(backroom, one.key, reason), done)

        self.app.push_screen(words_prompt(title, say("a few words"), told), answer)
