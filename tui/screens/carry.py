"""Carrying a session over the weeks: what each place would do is told at every key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from trainer.errors import StaleWrite
from trainer.phrases import mark, say
from tui.carrywords import foot, offer_note, place_line
from tui.keys import bind
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import ReadingFailed, Room, sentence_of
from tui.widgets.carried_week import CarriedWeek
from tui.widgets.cells import fit

if TYPE_CHECKING:
    from trainer.timetable.carrying import Carried
    from trainer.timetable.views import SessionView, WeekView
    from tui.backroom import Offered


class WeekUnder(Message):
    """The week over which the session is carried has been read."""

    def __init__(self, view: WeekView) -> None:
        super().__init__()
        self.view = view


class PlacesFound(Message):
    """The best places have been found."""

    def __init__(self, found: tuple[Offered, ...]) -> None:
        super().__init__()
        self.found = found


class Stored(Message):
    """The session lies where it was put down."""


class NotStored(Message):
    """It could not be put down, and why; ``stale`` where somebody changed it meanwhile."""

    def __init__(self, sentence: str, *, stale: bool) -> None:
        super().__init__()
        self.sentence = sentence
        self.stale = stale


class CarryScreen(Room):
    """A session in the hand: arrows carry it, Enter puts it down, Esc takes it back.

    ``done`` says afterwards that it was put down; ``date`` is the day to show then.
    """

    room = "timetable"
    CSS_PATH = "carry.tcss"
    WORDS = (
        mark("A session is in your hand. The arrow keys carry it over working days and periods, "
             "[ and ] over weeks; v and c go through the venues that suit it, h and g through "
             "its teachers. Nothing is stored before Enter; Esc leaves it where it was."),
        mark("The foot tells at every key what putting it down here would do: ! and in words each "
             "hard rule that would break, and how the soft cost changes, rule by rule; less is "
             "better. Where a hard rule would break it is not stored."),
        mark("s shows the ten best places to choose from; where another session has to give way "
             "for one, both are moved together or not at all."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("carry.put", "enter", "put", mark("Put down"), mark("Put the session down here"),
             show=True),
        bind("carry.back", "escape", "back", mark("Back"), mark("Leave the session where it was"),
             show=True),
        bind("carry.left", "left", "carry(-1,0)", mark("Carry"),
             mark("Carry it to the working day before"), show=True, display=mark("Arrows")),
        bind("carry.right", "right", "carry(1,0)", mark("Day after"),
             mark("Carry it to the working day after")),
        bind("carry.up", "up", "carry(0,-1)", mark("Earlier"), mark("Carry it a period back")),
        bind("carry.down", "down", "carry(0,1)", mark("Later"), mark("Carry it a period on")),
        bind("carry.week_back", "left_square_bracket,pageup", "weeks(-1)", mark("Week"),
             mark("Carry it a week back")),
        bind("carry.week_on", "right_square_bracket,pagedown", "weeks(1)", mark("Week after"),
             mark("Carry it a week on")),
        bind("carry.venue", "v", "venue(1)", mark("Venue"), mark("Take the next venue that suits"),
             show=True, display="v/c"),
        bind("carry.venue_back", "c", "venue(-1)", mark("Venue before"),
             mark("Take the venue before")),
        bind("carry.teacher", "h", "teacher(1)", mark("Teacher"), mark("Take the next teacher"),
             show=True, display="h/g"),
        bind("carry.teacher_back", "g", "teacher(-1)", mark("Teacher before"),
             mark("Take the teacher before")),
        bind("carry.best", "s", "best", mark("Best"), mark("Show the ten best places"), show=True),
    ]  # fmt: skip

    def __init__(self, carried: Carried, view: WeekView, *, best: bool = False) -> None:
        super().__init__()
        self.carried = carried
        self.done = False
        self._kind, self._code = view.kind, view.code
        self._weeks: dict[dt.date, WeekView] = {view.days[0].date: view}
        self._own: dict[str, SessionView] = {}
        self._keep_own(view)
        self._asked: dt.date | None = None
        self._best_first = best
        self._offers: tuple[Offered, ...] = ()
        self._storing = False

    @property
    def date(self) -> dt.date:
        """The day on which it is held."""
        return self.carried.placement.day

    def compose_room(self) -> ComposeResult:
        """Lay out what is carried, the week, and what putting it down would do."""
        yield Static("", id="subject", markup=False)
        yield CarriedWeek(id="week")
        yield Static("", id="effect", markup=False)

    def enter(self) -> None:
        """Read the week under the session again; somebody may have changed it."""
        self._weeks.clear()
        self._asked = None
        self.show()
        if self._best_first:
            self._best_first = False
            self.action_best()

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the session where it is held now, and what that would do."""
        self.show_ground()
        preview = self.carried.preview()
        self._show_subject()
        low = self.has_class("-low")
        text = foot(
            self.carried, preview, self.size.width - 2, 6 if low else 7, self.trainer_app.colour
        )
        self.query_one("#effect", Static).update(text)
        self._show_week(broken=bool(preview.broken))

    def _show_subject(self) -> None:
        carried = self.carried
        course, class_ = carried.title(carried.origin)
        width = self.size.width - 2
        line = Text.assemble(
            (fit(say("Carrying {course} of {class_}", course=course, class_=class_), width),
             "bold"),
            "\n",
            (fit(say("from {place}", place=place_line(carried, carried.origin)), width), "dim"),
        )  # fmt: skip
        self.query_one("#subject", Static).update(line)

    def _show_week(self, *, broken: bool) -> None:
        monday = self.date - dt.timedelta(days=self.date.weekday())
        view, ground = self._weeks.get(monday), self.trainer_app.ground
        if view is None:
            if self._asked != monday:
                self._asked = monday
                date = self.date
                self.read(lambda room: WeekUnder(room.week(self._kind, self._code, date)))
            return
        if ground is None:
            return
        giving = self.carried.giving_way()
        sessions = self._sessions(view)
        week = replace(view, sessions=tuple(sessions))
        self.query_one(CarriedWeek).carry(
            week, ground.today, self.carried.uids, giving=giving, broken=broken
        )

    def _sessions(self, view: WeekView) -> Sequence[SessionView]:
        """Return a week's sessions, those that move where they would be."""
        days = {day.date for day in view.days}
        known = {one.uid: one for one in view.sessions} | self._own
        held = [self.carried.as_held(one) for one in known.values()]
        here = [one for one in held if one.date in days]
        return sorted(here, key=lambda one: (one.date, one.first, one.class_code, one.uid))

    def _keep_own(self, view: WeekView) -> None:
        self._own |= {one.uid: one for one in view.sessions if one.uid in self.carried.uids}

    @on(WeekUnder)
    def _take_week(self, event: WeekUnder) -> None:
        event.stop()
        self._weeks[event.view.days[0].date] = event.view
        self._keep_own(event.view)
        self.show()

    @on(CarriedWeek.Moved)
    def _stay(self, event: CarriedWeek.Moved) -> None:
        event.stop()

    def action_carry(self, days: int, periods: int) -> None:
        """Carry it over working days and periods."""
        self._turn(lambda: self.carried.carry(days, periods))

    def action_weeks(self, weeks: int) -> None:
        """Carry it to the same day of another week."""
        self._turn(lambda: self.carried.carry_weeks(weeks))

    def action_venue(self, step: int) -> None:
        """Take another of the venues that suit it."""
        if not self._turn(lambda: self.carried.turn_venue(step)):
            self.notify(say("no other venue suits it"), markup=False, timeout=2)

    def action_teacher(self, step: int) -> None:
        """Take another of the teachers who may teach it."""
        if not self._turn(lambda: self.carried.turn_teacher(step)):
            self.notify(say("nobody else may teach it"), markup=False, timeout=2)

    def _turn(self, move: Callable[[], bool]) -> bool:
        # what is being stored stays in its place until it is known how that went
        if self._storing:
            return True
        moved = move()
        if moved:
            self.show()
        return moved

    def action_back(self) -> None:
        """Leave it where it was."""
        if not self._storing:
            self.dismiss(None)

    def action_put(self) -> None:
        """Put it down here."""
        if self._storing:
            return
        if self.carried.is_home:
            self.dismiss(None)
            return
        self._storing = True
        self._store()

    @work(thread=True, group="storing", exit_on_error=False)
    def _store(self) -> None:
        try:
            self.trainer_app.backroom.put_down(self.carried)
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            stale = isinstance(error, StaleWrite)
            self.post_message(NotStored(sentence_of(error), stale=stale))
        else:
            self.post_message(Stored())

    @on(Stored)
    def _lay_down(self, event: Stored) -> None:
        event.stop()
        self.done = True
        self.dismiss(None)

    @on(NotStored)
    def _refuse(self, event: NotStored) -> None:
        event.stop()
        self._storing = False
        self.notify(event.sentence, severity="error", markup=False, timeout=10)
        if event.stale:
            # what is in the hand is not what lies there any more
            self.dismiss(None)

    def action_best(self) -> None:
        """Show the ten best places to choose from."""
        if self._storing:
            return
        title = say("Which place?")
        self.app.push_screen(Chooser(title, hint=say("venue or teacher")), self._take_place)
        self._find()

    @work(thread=True, exclusive=True, group="finding", exit_on_error=False)
    def _find(self) -> None:
        try:
            self.post_message(PlacesFound(self.trainer_app.backroom.offers(self.carried)))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(ReadingFailed(sentence_of(error), hopeless=False))

    @on(PlacesFound)
    def _offer_places(self, event: PlacesFound) -> None:
        event.stop()
        self._offers = event.found
        chooser = self.app.screen
        if not isinstance(chooser, Chooser):
            return
        if not event.found:
            chooser.dismiss(None)
            self.notify(say("there is no other place without breaking a hard rule"), markup=False)
            return
        choices = [
            Choice(
                str(number),
                place_line(self.carried, each.offer.placement),
                offer_note(each.offer),
                f"{each.search} {each.offer.placement.day:%m-%d}",
            )
            for number, each in enumerate(event.found)
        ]
        chooser.offer(choices)

    def _take_place(self, key: str | None) -> None:
        if key is not None:
            self.carried.take(self._offers[int(key)].offer)
            self.show()
