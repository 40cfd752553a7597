"""Rooms where leave is asked for: who, then a line for when and why, then it is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from trainer.phrases import say
from tui import leaveacts
from tui.leavebook import askers, read_wanting
from tui.leavetyped import leave_typed
from tui.screens.chooser import Choice, Chooser
from tui.screens.classpart import ActRefused, ClassPart
from tui.screens.room import READING, sentence_of
from tui.screens.spoken import Dialog

if TYPE_CHECKING:
    from tui.backroom import Backroom
    from tui.leavebook import Asker, Wanting
    from tui.screens.leaveprompt import Line


class WantingRead(Message):
    """What somebody may ask for has been read."""

    def __init__(self, wanting: Wanting) -> None:
        super().__init__()
        self.wanting = wanting


class AskersRead(Message):
    """Who may ask for leave has been read."""

    def __init__(self, found: tuple[Asker, ...]) -> None:
        super().__init__()
        self.found = found


class NotRead(Message):
    """What was to be asked for could not be read, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class LeaveAsking(ClassPart):
    """A room of a class's leaves (``klass``), a person's or all, where some is asked for."""

    klass: str | None = None
    person: str | None = None
    #: The session that one comes from: leave is asked for it unless something else is said.
    session: str | None = None
    #: While a request is being stored the line under the cursor is not the one that is meant.
    asking = False

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._asked: list[str] = []
        self._line_typed: Line | None = None

    def asked_last(self) -> str | None:
        """Return the leave that was asked for since this was looked at last."""
        if not self._asked:
            return None
        fresh = self._asked.pop()
        self._asked.clear()
        self.asking = False
        return fresh

    @property
    def busy(self) -> bool:
        """Whether something is under way that whoever leaves waits for."""
        return super().busy or self.asking

    @on(ActRefused)
    def _forget(self) -> None:
        self._give_up()

    def _give_up(self) -> None:
        self.asking = self.leaving = False

    def action_ask_leave(self) -> None:
        """Let somebody choose who wants leave, then ask from when until when and why."""
        if self.klass is not None and self.person is not None:
            self.open_prompt()
            return
        chooser = Chooser(say("Who wants leave?"), hint=say("name, pinyin or initials"))
        self.app.push_screen(chooser, self._take_person)
        self._fetch(lambda backroom: AskersRead(askers(backroom, self.klass)))

    @on(AskersRead)
    def _offer_people(self, event: AskersRead) -> None:
        event.stop()
        if isinstance(self.app.screen, Chooser):
            found = [Choice(one.key, one.name, one.note, one.search) for one in event.found]
            self.app.screen.offer(found)

    def _take_person(self, key: str | None) -> None:
        if key is not None:
            code, person = key.split("/", 1)
            self._open_prompt(code, person, None)

    def open_prompt(self) -> None:
        """Ask for leave of the person whose leaves these are, at once."""
        if self.klass is not None and self.person is not None:
            self._open_prompt(self.klass, self.person, self.session)

    def _open_prompt(self, code: str, person: str, session: str | None) -> None:
        # not needed before somebody asks for it
        from tui.screens.leaveprompt import LeavePrompt

        self.app.push_screen(LeavePrompt(say(READING)), self._take_line)
        self._fetch(lambda backroom: WantingRead(read_wanting(backroom, code, person, session)))

    @on(WantingRead)
    def _offer_sessions(self, event: WantingRead) -> None:
        # whoever opened the box has imported it
        from tui.screens.leaveprompt import LeavePrompt

        event.stop()
        if self._line_typed is not None:
            # Enter was quicker than the reading
            line, self._line_typed = self._line_typed, None
            self._ask(event.wanting, line)
        elif isinstance(self.app.screen, LeavePrompt):
            self.app.screen.offer(event.wanting)

    @work(thread=True, group="asking", exit_on_error=False)
    def _fetch(self, ask: Callable[[Backroom], Message]) -> None:
        try:
            message = ask(self.trainer_app.backroom)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            message = NotRead(sentence_of(error))
        self.post_message(message)

    @on(NotRead)
    def _close_box(self, event: NotRead) -> None:
        event.stop()
        if isinstance(self.app.screen, Dialog):
            self.app.screen.dismiss(None)
        self._line_typed = None
        self._give_up()
        self.notify(event.sentence, severity="error", markup=False, timeout=10)

    def _take_line(self, line: Line | None) -> None:
        if line is None:
            return
        self.asking = True
        if line.wanting is None:
            self._line_typed = line
        else:
            self._ask(line.wanting, line)

    def _ask(self, wanting: Wanting, line: Line) -> None:
        typed = leave_typed(line.text, wanting.frame, line.kind)
        if typed is None:
            self._give_up()
            told = say("“{text}” is not understood: nothing was asked for", text=line.text)
            self.notify(told, severity="error", markup=False, timeout=10)
            return

        def do(backroom: Backroom) -> str:
            leave, told = leaveacts.ask(backroom, wanting, typed)
            self._asked.append(leave)
            return told

        self.act(do)
