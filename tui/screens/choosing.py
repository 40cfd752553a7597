"""Choosing a class, then one of its sessions, over any room that calls a roll."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from trainer.phrases import say
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import Room
from tui.words import long_date, short_date, span_of

if TYPE_CHECKING:
    from trainer.attendance.progress import Progress
    from trainer.timetable.views import SessionView
    from tui.backroom import Found


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


class SessionRoom(Room):
    """A room that is about one session, which somebody chooses."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}

    @property
    def class_code(self) -> str | None:
        """The class whose session is open."""
        raise NotImplementedError

    def open(self, uid: str) -> None:
        """Show a session."""
        raise NotImplementedError

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
        self.app.screen.offer([_class_choice(found) for found in classes], self.class_code)

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
