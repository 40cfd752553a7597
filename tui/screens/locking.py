"""Rooms where sessions are locked and unlocked: one of them, or all of a class, day and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.message import Message

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import ReadingFailed, sentence_of
from tui.screens.stepping import SteppingRoom
from tui.words import short_date

if TYPE_CHECKING:
    from trainer.timetable.choosing import Selection
    from trainer.timetable.views import SessionView


class Locked(Message):
    """Sessions were locked or unlocked; ``count`` of them were not so before."""

    def __init__(self, count: int, *, locked: bool) -> None:
        super().__init__()
        self.count = count
        self.locked = locked


class LockingRoom(SteppingRoom):
    """A room with sessions under the cursor, which may be locked where they are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("timetable.lock", "l", "lock", mark("Lock"),
             mark("Lock or unlock the session, or all of its class, day, teacher or venue")),
    ]  # fmt: skip

    def sessions_here(self) -> tuple[SessionView, ...]:
        """Return the sessions under the cursor: several where they are held jointly."""
        raise NotImplementedError

    def action_lock(self) -> None:
        """Let somebody choose what is locked or unlocked."""
        sessions = self.sessions_here()
        if sessions:
            self.app.push_screen(
                Chooser(say("Lock or unlock what?"), hint=say("class, day, teacher or venue"),
                        choices=lock_choices(sessions[0])),
                lambda key: self._choose_lock(sessions, key),
            )  # fmt: skip

    def _choose_lock(self, sessions: tuple[SessionView, ...], key: str | None) -> None:
        # only who locks something needs it
        from trainer.timetable.choosing import Selection

        if key is None:
            return
        one = sessions[0]
        names: tuple[str, ...] = ()
        chosen = Selection()
        what = key.removeprefix("un")
        if what == "session":
            names = tuple(each.uid for each in sessions)
        elif what == "class":
            chosen = Selection(classes=(one.class_code,))
        elif what == "day":
            chosen = Selection(days=(one.date,))
        elif what == "teacher" and one.teacher_code:
            chosen = Selection(teachers=(one.teacher_code,))
        elif what == "venue" and one.venue_code:
            chosen = Selection(venues=(one.venue_code,))
        self._lock(names, chosen, locked=not key.startswith("un"))

    @work(thread=True, group="storing", exit_on_error=False)
    def _lock(self, names: tuple[str, ...], chosen: Selection, *, locked: bool) -> None:
        try:
            count = self.trainer_app.backroom.lock(names, chosen, locked=locked)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(ReadingFailed(sentence_of(error), hopeless=False))
        else:
            self.post_message(Locked(count, locked=locked))

    @on(Locked)
    def _tell_locked(self, event: Locked) -> None:
        event.stop()
        if not event.count:
            told = say("all of them were so already")
        elif event.locked:
            told = say_n(
                "{count} session locked; u takes it back",
                "{count} sessions locked; u takes it back",
                event.count,
            )
        else:
            told = say_n(
                "{count} session unlocked; u takes it back",
                "{count} sessions unlocked; u takes it back",
                event.count,
            )
        self.notify(told, markup=False, timeout=4)
        self.enter()


def lock_choices(one: SessionView) -> list[Choice]:
    """Return what may be locked or unlocked with a session: itself, or all of what it belongs to.

    Which of them there are in either state is not looked up: what is so already stays so.
    """
    both = [
        ("class", say("lock all of the class"), say("unlock all of the class"), one.class_title),
        ("day", say("lock the whole day, every class"), say("unlock the whole day, every class"),
         short_date(one.date)),
        ("teacher", say("lock all of the teacher"), say("unlock all of the teacher"),
         one.teacher_name),
        ("venue", say("lock all at the venue"), say("unlock all at the venue"), one.venue_name),
    ]  # fmt: skip
    own = say("unlock this session") if one.locked else say("lock this session")
    lock = [(kind, words, name) for kind, words, _unlock, name in both if name]
    unlock = [(f"un{kind}", words, name) for kind, _lock, words, name in both if name]
    first = [("unsession" if one.locked else "session", own, one.course_title)]
    return [
        Choice(key, words, name, f"{words} {name}".lower())
        for key, words, name in (*first, *lock, *unlock)
    ]
