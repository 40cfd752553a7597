"""Rooms where what came up is told, what has no place is explained, and the timetable is solved."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on
from textual.binding import BindingType
from textual.message import Message

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.chooser import Choice, Chooser
from tui.screens.locking import LockingRoom
from tui.words import short_date

if TYPE_CHECKING:
    from tui.mendbook import Event, MendPage, Subject
    from tui.mendtyped import Days
    from tui.screens.mend import MendScreen

#: The choice of going back to a proposal that was left without storing it.
_AGAIN: Final = "again"


class EventsRead(Message):
    """What may have come up has been read."""

    def __init__(self, found: tuple[Subject, ...]) -> None:
        super().__init__()
        self.found = found


class MendingRoom(LockingRoom):
    """A room with the timetable, which is mended, explained and solved from here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("timetable.happened", "e", "happened", mark("Mend"),
             mark("Say what came up, and mend the timetable"), show=True),
        bind("timetable.explain", "x", "explain", mark("Without a place"),
             mark("Tell what has no place, why, and what would help")),
        bind("timetable.solve", "p", "solve", mark("Solve"),
             mark("Solve the whole timetable, or this class")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._events: dict[str, Subject] = {}
        self._last: MendScreen | None = None

    def action_happened(self) -> None:
        """Ask what came up, then on which days, and look for the fewest changes."""
        chooser = Chooser(say("What came up?"), hint=say("teacher, venue, unit or class"))
        self.app.push_screen(chooser, self._choose_days)
        # only who mends something needs it
        from tui.mendbook import subjects_of_events

        self.read(lambda backroom: EventsRead(subjects_of_events(backroom)))

    @on(EventsRead)
    def _offer_events(self, event: EventsRead) -> None:
        # whoever read them has imported it
        from tui.mendbook import KINDS, NOTHING, Subject

        event.stop()
        broken = say(KINDS[NOTHING])
        nothing = Subject(NOTHING, "", broken, broken.lower())
        found = [*event.found, nothing]
        self._events = {one.key: one for one in found}
        if isinstance(self.app.screen, Chooser):
            choices = [
                Choice(one.key, one.name, say(KINDS[one.kind]) if one.code else "",
                       f"{one.search} {say(KINDS[one.kind])}".lower())
                for one in found
            ]  # fmt: skip
            last, start = self._last, None
            if last is not None and last.page is not None and not last.done:
                title = say("Back to the proposal: {event}", event=last.event.said())
                choices.insert(0, Choice(_AGAIN, title, "", title.lower()))
                start = _AGAIN
            here = self.sessions_here()
            teacher = here[0].teacher_code if here else None
            self.app.screen.offer(choices, start or f"teacher:{teacher}")

    def _choose_days(self, key: str | None) -> None:
        # whoever chose has imported them
        from tui.mendbook import Event
        from tui.mendtyped import days_typed

        if key is None:
            return
        if key == _AGAIN and self._last is not None:
            self._mend(self._last.event, self._last.page)
            return
        subject = self._events[key]
        if subject.kind in ("class", "none"):
            self._mend(Event(subject))
            return
        near = self._day_here()

        def understand(typed: str) -> tuple[Days | None, Text]:
            days = days_typed(typed, near)
            if days is None:
                return None, Text(say("for instance 0316, 0316-0318, 3.16-3.18, then why"))
            return days, Text(Event(subject, days.first, days.last, days.reason).said())

        def answer(days: Days | None) -> None:
            if days is not None:
                self._mend(Event(subject, days.first, days.last, days.reason))

        title = say("{name}: from when to when, and why?", name=subject.name)
        hint = say("Enter: {day}; or 0316-0318, then why", day=short_date(near))
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), answer)

    def _day_here(self) -> dt.date:
        # nothing in the past moves
        ground, here = self.trainer_app.ground, self.sessions_here()
        today = ground.today if ground else dt.date.min
        return max(here[0].date, today) if here else today

    def _mend(self, event: Event, page: MendPage | None = None) -> None:
        # only who mends something needs it
        from tui.screens.mend import MendScreen

        self._last = screen = MendScreen(event, page)
        self.app.push_screen(screen, lambda _nothing: self._after(screen))

    def _after(self, screen: MendScreen) -> None:
        if screen.done:
            self.notify(screen.done, markup=False, timeout=6)
        self.enter()

    def action_explain(self) -> None:
        """Show what has no place, why, and what would help."""
        # only who asks for it needs it
        from tui.screens.explaining import ExplainScreen

        self.app.push_screen(ExplainScreen(), lambda _nothing: self.enter())

    def action_solve(self) -> None:
        """Ask whether all of it is to be solved or a class alone, and do it."""
        choices = [Choice("all", say("Solve the timetable of all classes"), "", "all")]
        here = self.sessions_here()
        if here:
            title = say("Solve this class alone")
            choices.append(Choice("one", title, here[0].class_title, "one"))
        choices.append(Choice("", say("Leave the timetable as it is"), "", "no"))
        hint = say("what is locked, held or past stays; u takes it back")
        self.app.push_screen(Chooser(say("Solve?"), hint=hint, choices=choices), self._solve)

    def _solve(self, key: str | None) -> None:
        # only who solves something needs it
        from tui.screens.solving import SolveScreen

        here = self.sessions_here()
        if key == "all":
            self.app.push_screen(SolveScreen(), lambda _nothing: self.enter())
        elif key == "one" and here:
            screen = SolveScreen(classes=[here[0].class_code], called=here[0].class_title)
            self.app.push_screen(screen, lambda _nothing: self.enter())
