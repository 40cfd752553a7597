"""Today: the sessions of a day in order of time, and what is still open."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable, Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.screens.room import READING
from tui.screens.waiting import WaitingRoom
from tui.widgets.cells import fit, two_lines
from tui.widgets.listing import Listing
from tui.widgets.waiting import WaitingList
from tui.words import holiday_word, long_date, short_date, state_word

if TYPE_CHECKING:
    from trainer.attendance.progress import Progress
    from trainer.timetable.views import Day, SessionView
    from tui.backroom import Backroom, DayPage
    from tui.ground import Ground


class GroundRead(Message):
    """The office's name and the clock's date are known."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground


class DayRead(Message):
    """A day has been read."""

    def __init__(self, page: DayPage) -> None:
        super().__init__()
        self.page = page


class TodayScreen(WaitingRoom):
    """The first room: a day's sessions with how far each roll call has come."""

    room = "today"
    CSS_PATH = "today.tcss"
    WORDS = (
        mark("The sessions of the day in order of time. The last column says how many of those "
             "expected are marked; what is still open stands below it in colour."),
        mark("Enter calls the roll of the session under the cursor."),
        mark("Left and right go one day back and on; n and b jump to the next and the previous day "
             "that has sessions; t comes back to today; g goes to any date."),
        mark("Below is what somebody should see to, the weightiest first: alerts about attendance, "
             "and corrections of closed sessions that a second person decides. Tab goes there and "
             "back. Enter opens what it is about, k takes an alert on, d closes it with what was "
             "done; y approves a correction, x refuses it. Nobody approves a correction of their "
             "own. j goes to the leaves of all classes, and so does Enter on an alert of leave."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("today.roll", "enter", "roll", mark("Roll call"), mark("Call the roll"), show=True),
        bind("today.back", "left", "day(-1)", mark("Day"), mark("Go one day back"), show=True,
             display=mark("Left/Right")),
        bind("today.on", "right", "day(1)", mark("Day after"), mark("Go one day on")),
        bind("today.next", "n", "jump(True)", mark("Training day"),
             mark("Go to the next day that has sessions"), show=True, display="b/n"),
        bind("today.previous", "b", "jump(False)", mark("Previous training day"),
             mark("Go to the last day before that has sessions")),
        bind("today.today", "t", "today", mark("Today"), mark("Come back to today")),
        bind("today.date", "g", "date", mark("Date"), mark("Go to a date")),
        bind("today.open", "o", "open", mark("What is open"),
             mark("Go to the latest day before with an unfinished roll call")),
        bind("today.waiting", "tab", "to_waiting", mark("To see to"),
             mark("Go to what somebody should see to"), show=True),
        bind("today.leaves", "j", "leaves", mark("Leave"), mark("Go to the leaves of all classes"),
             show=True),
        bind("today.week", "w", "week", mark("Its week"), mark("Show the class's week")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.date: dt.date | None = None
        self.page: DayPage | None = None

    def compose_room(self) -> ComposeResult:
        """Lay out the day's line, what is open, the list and the words of an empty day."""
        yield Static(say(READING), id="day", markup=False)
        yield Static("", id="open", markup=False)
        yield Listing(id="sessions", striped=True)
        yield Static("", id="nothing", markup=False)
        yield WaitingList(id="waiting")

    def enter(self) -> None:
        """Read the day on show, for the first time the clock's; then what waits."""
        self.read(self._ask)

    def _ask(self, backroom: Backroom) -> Message:
        if self.trainer_app.ground is None:
            ground = backroom.ground()
            self.post_message(GroundRead(ground))
            if ground.empty:
                return GroundRead(ground)
            return DayRead(backroom.day(self.date or ground.today))
        return DayRead(backroom.day(self.date or self.trainer_app.ground.today))

    @on(GroundRead)
    def _know_ground(self, event: GroundRead) -> None:
        event.stop()
        self.trainer_app.ground = event.ground
        self.show_ground()
        if event.ground.empty:
            self.trainer_app.ground = None
            self.trainer_app.welcome(
                say("The database is there, but it holds no training class yet.")
            )

    @on(DayRead)
    def _show_day(self, event: DayRead) -> None:
        event.stop()
        self.page = event.page
        self.date = event.page.view.day.date
        self.show()
        # after the day: it is the day that one opens the room for
        self.read_waiting()

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the day that is held."""
        self.show_ground()
        self.show_waiting()
        page, ground = self.page, self.trainer_app.ground
        if page is None or ground is None:
            return
        self.query_one("#day", Static).update(self._day_line(page, ground.today))
        self.query_one("#open", Static).update(_open_line(page))
        listing = self.query_one("#sessions", Listing)
        nothing = self.query_one("#nothing", Static)
        listing.display = bool(page.view.sessions)
        nothing.display = not page.view.sessions
        if page.view.sessions:
            self._fill(listing, page)
        else:
            nothing.update(_nothing_line(page))
        if self.focused is not self.waiting.rows or not self.waiting.rows.display:
            self.action_to_sessions()

    def _day_line(self, page: DayPage, today: dt.date) -> Text:
        day = page.view.day
        line = Text(long_date(day.date), "bold")
        distance = (day.date - today).days
        if distance == 0:
            line.append("  ").append(say("today"), "bold")
        elif distance > 0:
            line.append("  ").append(say_n("in {count} day", "in {count} days", distance), "dim")
        else:
            text = say_n("{count} day ago", "{count} days ago", -distance)
            line.append("  ").append(text, "dim")
        remark = day_remark(day)
        if remark:
            line.append("  ").append(remark, self.trainer_app.colour("warning"))
        return line

    def _fill(self, listing: Listing, page: DayPage) -> None:
        before = listing.chosen
        width = max(self.size.width, 60)
        place = 22 if width < 100 else 34  # noqa: PLR2004 - a wide terminal has room for names
        title = width - 5 - place - 11 - 8 - 2
        listing.columns_of(
            ("time", say("Time"), 5),
            ("class", say("Class, course"), title),
            ("venue", say("Venue, teacher"), place),
            ("marked", say("Marked"), 11),
        )
        for one in page.view.sessions:
            listing.add_row(
                Text(f"{one.start:%H:%M}\n{one.end:%H:%M}", "dim" if _off(one) else ""),
                two_lines(one.class_title, one.course_title, title),
                two_lines(one.venue_name or say("no venue"), one.teacher_name or "", place),
                self._marked(one, page.progress[one.uid], page.view.day.date),
                key=one.uid,
                height=2,
            )
        keys = [one.uid for one in page.view.sessions]
        if before in keys:
            listing.move_cursor(row=keys.index(before), animate=False)

    def _marked(self, one: SessionView, progress: Progress, date: dt.date) -> Text:
        colour = self.trainer_app.colour
        if _off(one):
            return Text(state_word(one.status), "dim")
        if not progress.expected:
            return Text(say("nobody yet"), "dim")
        count = Text(f"{progress.marked}/{progress.expected}")
        if progress.conflicts:
            text = say_n("{count} conflict", "{count} conflicts", progress.conflicts)
            return Text.assemble(count, "\n", (fit(text, 11), colour("error")))
        if not progress.unmarked:
            return Text.assemble((str(count), colour("success")), "\n", (say("done"), "dim"))
        ground = self.trainer_app.ground
        if ground and date > ground.today:
            return Text.assemble(count, "\n", (say("to come"), "dim"))
        text = say_n("{count} open", "{count} open", progress.unmarked)
        return Text.assemble(count, "\n", (fit(text, 11), colour("warning")))

    @on(DataTable.RowSelected)
    def _choose(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self.action_roll()

    def action_roll(self) -> None:
        """Call the roll of the session under the cursor."""
        uid = self.pointed_at
        if uid is not None:
            self.trainer_app.open_roll(uid)

    @property
    def pointed_at(self) -> str | None:
        """The session under the cursor, unless it does not take place."""
        one = self._chosen()
        return None if one is None or _off(one) else one.uid

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what is about the session under the cursor only while one is there."""
        if action in ("week", "date") and self.is_mounted and self.waiting.rows.has_focus:
            return False
        return super().check_action(action, parameters)

    def action_to_sessions(self) -> None:
        """Go back from what waits to the sessions of the day."""
        listing = self.query_one("#sessions", Listing)
        self.set_focus(listing if listing.display else None)

    def action_week(self) -> None:
        """Show the week of the class under the cursor."""
        one = self._chosen()
        if one is not None:
            self.trainer_app.open_week("class", one.class_code, one.date)

    def action_leaves(self) -> None:
        """Go to the leaves of all classes."""
        self.trainer_app.open_leaves(self.room, then=self.enter)

    def action_day(self, days: int) -> None:
        """Go some days on or back."""
        if self.date is not None:
            self.go_to(self.date + dt.timedelta(days=days))

    def action_jump(self, onwards: bool) -> None:  # noqa: FBT001 - written in a binding
        """Go to the nearest day that has sessions."""
        if self.page is not None:
            target = self.page.view.next if onwards else self.page.view.previous
            if target is None:
                self.notify(say("there is no other training day in that direction"), markup=False)
            else:
                self.go_to(target)

    def action_today(self) -> None:
        """Come back to the clock's date."""
        if self.trainer_app.ground is not None:
            self.go_to(self.trainer_app.ground.today)

    def action_open(self) -> None:
        """Go to the latest day before with an unfinished roll call."""
        if self.page is not None and self.page.behind.latest is not None:
            self.go_to(self.page.behind.latest)

    def action_date(self) -> None:
        """Ask for a date and go there."""
        if self.date is not None:
            self.trainer_app.ask_date(self.date, self.go_to)

    def go_to(self, date: dt.date) -> None:
        """Read another day."""
        self.date = date
        self.enter()

    def _chosen(self) -> SessionView | None:
        if self.page is None:
            return None
        chosen = self.query_one("#sessions", Listing).chosen
        return next((one for one in self.page.view.sessions if one.uid == chosen), None)


def day_remark(day: Day) -> str:
    """Return what is special about a date: a holiday, a make-up workday, or nothing."""
    holiday = holiday_word(day.holiday) if day.holiday else ""
    if day.makeup and holiday:
        return say("make-up workday ({holiday})", holiday=holiday)
    if day.makeup:
        return say("make-up workday")
    if not day.working and holiday:
        return holiday
    return "" if day.working else say("day off")


def _off(one: SessionView) -> bool:
    return one.status == "cancelled"


def _open_line(page: DayPage) -> Text:
    sessions = [one for one in page.view.sessions if not _off(one)]
    expected = sum(page.progress[one.uid].expected for one in sessions)
    marked = sum(page.progress[one.uid].marked for one in sessions)
    line = Text()
    if sessions:
        line.append(say_n("{count} session", "{count} sessions", len(sessions)))
        line.append("   ").append(
            say("{marked} of {expected} marked", marked=marked, expected=expected)
        )
    if page.behind.sessions and page.behind.latest:
        line.append("   " if sessions else "").append(
            say_n(
                "{count} session before is unfinished, the latest on {date}: press o",
                "{count} sessions before are unfinished, the latest on {date}: press o",
                page.behind.sessions,
                date=short_date(page.behind.latest),
            ),
            "italic",
        )
    return line


def _nothing_line(page: DayPage) -> Text:
    line = Text(say("No sessions on this day."), justify="center")
    if page.view.next:
        line.append("\n\n").append(
            say("The next training day is {date}: press n", date=long_date(page.view.next)), "dim"
        )
    if page.view.previous:
        line.append("\n").append(
            say("The one before was {date}: press b", date=long_date(page.view.previous)), "dim"
        )
    return line
