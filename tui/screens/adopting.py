"""Rooms where a scenario is taken over into the timetable, whole or by marked sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import BindingType
from textual.message import Message

from trainer.phrases import mark, say, say_n
from tui.comparewords import in_words
from tui.keys import bind
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import sentence_of
from tui.screens.stepping import SteppingRoom

if TYPE_CHECKING:
    from trainer.timetable.adopting import Adopted, OnChanged
    from trainer.timetable.facts import Key
    from tui.comparewords import Page

NAMED: Final = 3
"""How many of the sessions that others changed are named."""
STAYING: Final[Mapping[str, str]] = {
    "locked": mark("{count} locked"),
    "held": mark("{count} held or with attendance"),
    "past": mark("{count} past"),
    "changed": mark("{count} changed by others"),
}


@dataclass(slots=True)
class Beside:
    """What stands side by side, and how far somebody has got with it; kept between two visits."""

    a: str
    b: str
    page: Page = "sessions"
    chosen: str | None = None
    marked: set[str] = field(default_factory=set)


class Taken(Message):
    """Sessions were adopted."""

    def __init__(self, adopted: Adopted) -> None:
        super().__init__()
        self.adopted = adopted


class NotTaken(Message):
    """Nothing was adopted, and why; ``changed`` are sessions that others changed, too."""

    def __init__(self, sentence: str, sessions: frozenset[str], changed: tuple[Key, ...]) -> None:
        super().__init__()
        self.sentence = sentence
        self.sessions = sessions
        self.changed = changed


class AdoptingRoom(SteppingRoom):
    """A room that shows a scenario beside something, of which marked sessions are adopted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("compare.part", "p", "adopt(True)", mark("Adopt"),
             mark("Adopt the sessions that are marked"), show=True),
        bind("compare.whole", "w", "adopt(False)", mark("Adopt all"),
             mark("Adopt the whole scenario"), show=True),
    ]  # fmt: skip

    #: Whether what there is to adopt is on the screen.
    ready = False
    #: How many sessions adopting all of it would change; None where something else is beside it.
    count: int | None = None

    def __init__(self, beside: Beside) -> None:
        super().__init__()
        self.beside = beside
        self._storing = False

    def called(self, key: Key) -> str:
        """Return what a session is called."""
        raise NotImplementedError

    def action_adopt(self, part: bool) -> None:  # noqa: FBT001 - written in a binding
        """Ask, and adopt what is marked, or the whole scenario."""
        if self._storing or not self.ready:
            return
        if part and not self.beside.marked:
            self.notify(say("nothing is marked; Space marks a session"), markup=False, timeout=3)
            return
        sessions = frozenset(self.beside.marked) if part else frozenset()
        if part:
            title = say_n(
                "Adopt {count} session of the scenario “{name}”?",
                "Adopt {count} sessions of the scenario “{name}”?",
                len(sessions), name=self.beside.b,
            )  # fmt: skip
        elif self.count is None:
            title = say("Adopt the whole scenario “{name}”?", name=self.beside.b)
        else:
            title = say_n(
                "Adopt the whole scenario “{name}”, {count} session?",
                "Adopt the whole scenario “{name}”, {count} sessions?",
                self.count, name=self.beside.b,
            )  # fmt: skip
        choices = [
            Choice("yes", say("Yes, adopt it"), "", "y"),
            Choice("no", say("No, leave the timetable as it is"), "", "n"),
        ]
        self.app.push_screen(
            Chooser(title, hint=say("Enter: yes, Esc: no"), choices=choices),
            lambda answer: self._adopt(sessions, "refuse") if answer == "yes" else None,
        )

    def _adopt(self, sessions: frozenset[str], changed: OnChanged) -> None:
        self._storing = True
        self._store(sessions, changed)

    @work(thread=True, group="storing", exit_on_error=False)
    def _store(self, sessions: frozenset[str], changed: OnChanged) -> None:
        # what adopts has imported it already
        from trainer.timetable.adopting import ChangedMeanwhile

        try:
            adopted = self.trainer_app.backroom.adopt(self.beside.b, sessions, changed)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            meanwhile = error.sessions if isinstance(error, ChangedMeanwhile) else ()
            self.post_message(NotTaken(sentence_of(error), sessions, meanwhile))
        else:
            self.post_message(Taken(adopted))

    @on(Taken)
    def _tell(self, event: Taken) -> None:
        event.stop()
        self._storing = False
        self.notify(adopted_words(event.adopted), markup=False, timeout=8)
        self.beside.marked.clear()
        self.enter()

    @on(NotTaken)
    def _refuse(self, event: NotTaken) -> None:
        event.stop()
        self._storing = False
        if not event.changed:
            self.notify(event.sentence, severity="error", markup=False, timeout=10)
            # what is on the screen may be what it failed by
            self.enter()
            return
        sessions, count = event.sessions, len(event.changed)
        choices = [
            Choice("keep", say("Leave these as they are now, adopt the others"), "", "keep"),
            Choice("take", say("Move these, too, as the scenario does"), "", "take"),
            Choice("", say("Adopt nothing"), "", "nothing"),
        ]
        title = say_n(
            "Others changed {count} of these sessions meanwhile: {sessions}",
            "Others changed {count} of these sessions meanwhile: {sessions}",
            count, sessions=in_words([self.called(key) for key in event.changed], NAMED),
        )  # fmt: skip

        def answer(choice: str | None) -> None:
            if choice:
                self._adopt(sessions, "keep" if choice == "keep" else "take")
            else:
                self.enter()

        box = Chooser(title, hint=say("Esc adopts nothing"), choices=choices)
        self.app.push_screen(box, answer)


def adopted_words(adopted: Adopted) -> str:
    """Return what was taken over, and how many sessions stay and why."""
    reasons = Counter(each.reason for each in adopted.staying)
    stay = in_words([say(STAYING[reason], count=count) for reason, count in reasons.items()])
    if not (adopted.added or adopted.moved or adopted.removed):
        if not stay:
            return say("nothing to adopt: the timetable has these sessions there already")
        return say("nothing was adopted. These stay: {stay}", stay=stay)
    told = say(
        "adopted: {added} new, {moved} moved, {removed} taken off; u takes it back",
        added=adopted.added, moved=adopted.moved, removed=adopted.removed,
    )  # fmt: skip
    if adopted.published:
        told = say(
            "{told}; {published} of them were published: publish again for the calendars",
            told=told, published=adopted.published,
        )  # fmt: skip
    return say("{told}. These stay: {stay}", told=told, stay=stay) if stay else told
