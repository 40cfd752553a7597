"""Timetable: a week of one class, teacher or venue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.screens.beside import BesideRoom
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import READING
from tui.widgets.cells import fit
from tui.widgets.week import LOCKED, Block, WeekGrid
from tui.words import form_word, kind_word, long_date, short_date, span_of, state_word

if TYPE_CHECKING:
    from trainer.timetable.carrying import Carried
    from trainer.timetable.views import Kind, SessionView, Subject, WeekView
    from tui.backroom import Backroom, Found
    from tui.screens.carry import CarryScreen


class WeekRead(Message):
    """A week has been read."""

    def __init__(self, view: WeekView) -> None:
        super().__init__()
        self.view = view


class SubjectsRead(Message):
    """The classes, teachers and venues to choose from have been read."""

    def __init__(self, found: tuple[Found, ...], kind: str) -> None:
        super().__init__()
        self.found = found
        self.kind = kind


class NothingPlaced(Message):
    """There is no session anywhere."""


class PickedUp(Message):
    """A session is in the hand; ``best`` where its best places are to be shown at once."""

    def __init__(self, carried: Carried, *, best: bool) -> None:
        super().__init__()
        self.carried = carried
        self.best = best


class TimetableScreen(BesideRoom):
    """The second room: the week of whatever was chosen."""

    room = "timetable"
    CSS_PATH = "timetable.tcss"
    WORDS = (
        mark("A week of one class, teacher or venue. The bar at the left of a session tells its "
             "form; days off, holidays and make-up workdays are named under the date."),
        mark("c, h and v choose a class, a teacher or a venue; / searches all of them at once by "
             "name, code, pinyin or initials."),
        mark("[ and ] go a week back and on; b and n jump to the weeks that have sessions; g goes "
             "to a date, t to today. The arrow keys go from session to session, Enter shows all "
             "that is known of it, k calls its roll."),
        mark("m or Space picks a session up: the arrows carry it about, the foot tells at every "
             "key what that would do, Enter puts it down; s shows its ten best places at once. u "
             "takes your last change of the timetable back, r does it again."),
        mark("l locks or unlocks the session, or all of its class, day, teacher or venue: what is "
             "locked has a # in its bar and is moved by nobody. o puts a scenario beside the "
             "timetable."),
        mark("e says that something came up (a teacher away, a venue closed, a unit suspended, a "
             "class added) and looks for the fewest changes; x tells what has no place, why, and "
             "what would help; p solves the timetable. All of it goes on behind the screen, and "
             "Esc stops it with the best that was found."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("timetable.details", "enter", "details", mark("Details"),
             mark("Show all that is known of the session"), show=True),
        bind("timetable.carry", "m,space", "carry(False)", mark("Move"),
             mark("Pick the session up to move it"), show=True),
        bind("timetable.best", "s", "carry(True)", mark("Best"),
             mark("Show the ten best places for the session")),
        bind("timetable.roll", "k", "roll", mark("Roll call"), mark("Call the session's roll"),
             show=True),
        bind("timetable.search", "slash", "choose('')", mark("Search"),
             mark("Search classes, teachers and venues"), show=True),
        bind("timetable.class", "c", "choose('class')", mark("Class, teacher, venue"),
             mark("Choose a class"), show=True, display="c/h/v"),
        bind("timetable.teacher", "h", "choose('teacher')", mark("Teacher"),
             mark("Choose a teacher")),
        bind("timetable.venue", "v", "choose('venue')", mark("Venue"), mark("Choose a venue")),
        bind("timetable.back", "left_square_bracket,pageup", "week(-1)", mark("Week"),
             mark("Go one week back")),
        bind("timetable.on", "right_square_bracket,pagedown", "week(1)", mark("Week after"),
             mark("Go one week on")),
        bind("timetable.next", "n", "jump(True)", mark("Next"),
             mark("Go to the next week that has sessions")),
        bind("timetable.previous", "b", "jump(False)", mark("Previous"),
             mark("Go to the last week before that has sessions")),
        bind("timetable.today", "t", "today", mark("This week"), mark("Come back to this week")),
        bind("timetable.date", "g", "date", mark("Date"), mark("Go to a date")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.kind: Kind | None = None
        self.code = ""
        self.date: dt.date | None = None
        self.view: WeekView | None = None
        self._sought = ""
        self._subjects: dict[str, Subject] = {}

    def compose_room(self) -> ComposeResult:
        """Lay out whose week it is, which week, the grid and the session under the cursor."""
        yield Static(say(READING), id="subject", markup=False)
        yield WeekGrid(id="week")
        yield Static("", id="session", markup=False)

    def enter(self) -> None:
        """Read the week on show; without one, that of the class nearest to today."""
        self.read(self._ask)

    def _ask(self, backroom: Backroom) -> Message:
        ground = self.trainer_app.ground or backroom.ground()
        kind, code, date = self.kind, self.code, self.date or ground.today
        if kind is None:
            running = backroom.day(ground.today).view.sessions
            if running:
                return WeekRead(backroom.week("class", running[0].class_code, ground.today))
            nearest = _nearest([found.subject for found in backroom.subjects()], ground.today)
            if nearest is None:
                return NothingPlaced()
            kind, code = nearest.kind, nearest.code
            date = min(max(ground.today, nearest.first), nearest.last)
        return WeekRead(backroom.week(kind, code, date))

    def open(self, kind: Kind, code: str, date: dt.date, uid: str = "") -> None:
        """Show the week around a date of a class, teacher or venue, the cursor on a session."""
        self.kind, self.code, self.date, self._sought = kind, code, date, uid
        self.enter()

    @on(WeekRead)
    def _show_week(self, event: WeekRead) -> None:
        event.stop()
        self.view = event.view
        self.kind, self.code = event.view.kind, event.view.code
        if self.date is None:
            self.date = event.view.days[0].date
        self.show()

    @on(NothingPlaced)
    def _say_nothing(self, event: NothingPlaced) -> None:
        event.stop()
        self.query_one("#subject", Static).update(
            say("No session has a date yet; “trainer timetable solve” places them.")
        )

    def show(self) -> None:
        """Show the week that is held."""
        self.show_ground()
        view, ground = self.view, self.trainer_app.ground
        if view is None or ground is None:
            return
        week = say(
            "{first} to {last} {year}, week {number}",
            first=short_date(view.days[0].date),
            last=short_date(view.days[6].date),
            year=view.days[0].date.isocalendar().year,
            number=view.days[0].date.isocalendar().week,
        )
        width = self.size.width - 2
        name = fit(f"{kind_word(view.kind)}  {view.name}", max(width - len(week) * 2, width // 2))
        count = say_n("{count} session", "{count} sessions", len(view.sessions))
        line = Text.assemble((name, "bold"), "\n", (f"{week}   {count}", "dim"))
        if not view.sessions:
            line.append("   ").append(self._elsewhere(view), self.trainer_app.colour("warning"))
        self.query_one("#subject", Static).update(line)
        grid = self.query_one(WeekGrid)
        grid.show(view, ground.today, self._sought)
        self._sought = ""
        grid.focus()

    def _elsewhere(self, view: WeekView) -> str:
        if view.next:
            return say("next {date}: n", date=short_date(view.next))
        if view.previous:
            return say("before {date}: b", date=short_date(view.previous))
        return ""

    @on(WeekGrid.Moved)
    def _show_session(self, event: WeekGrid.Moved) -> None:
        event.stop()
        line = session_line(event.block) if event.block else ""
        self.query_one("#session", Static).update(fit(line, self.size.width - 2))

    @on(WeekGrid.Opened)
    def _open_session(self, event: WeekGrid.Opened) -> None:
        event.stop()
        self.action_details()

    def sessions_here(self) -> tuple[SessionView, ...]:
        """Return the sessions under the cursor."""
        block = self.query_one(WeekGrid).block
        return block.sessions if block else ()

    def action_details(self) -> None:
        """Show all that is known of the session under the cursor."""
        from tui.screens.details import DetailsScreen

        block = self.query_one(WeekGrid).block
        if block is not None:
            self.app.push_screen(DetailsScreen(block.sessions), self._after_details)

    def _after_details(self, uid: str | None) -> None:
        if uid is not None:
            self.trainer_app.open_roll(uid)

    def action_roll(self) -> None:
        """Call the roll of the session under the cursor."""
        block = self.query_one(WeekGrid).block
        if block is not None and block.sessions[0].status != "cancelled":
            self.trainer_app.open_roll(block.sessions[0].uid)

    def action_carry(self, best: bool) -> None:  # noqa: FBT001 - written in a binding
        """Pick up the session under the cursor, to carry it or to see its best places."""
        block = self.query_one(WeekGrid).block
        if block is not None:
            uid = block.sessions[0].uid
            self.read(lambda backroom: PickedUp(backroom.pick_up(uid), best=best))

    @on(PickedUp)
    def _carry(self, event: PickedUp) -> None:
        # only who moves something needs it
        from tui.screens.carry import CarryScreen

        event.stop()
        if self.view is not None and self.app.screen is self:
            carry = CarryScreen(event.carried, self.view, best=event.best)
            self.app.push_screen(carry, lambda _nothing: self._put_down(carry))

    def _put_down(self, carry: CarryScreen) -> None:
        if carry.done:
            self.date = carry.date
            self.notify(say("moved; u takes it back"), markup=False, timeout=4)
        self.enter()

    def action_week(self, weeks: int) -> None:
        """Go some weeks on or back."""
        if self.view is not None:
            self.go_to(self.view.days[0].date + dt.timedelta(days=7 * weeks))

    def action_jump(self, onwards: bool) -> None:  # noqa: FBT001 - written in a binding
        """Go to the nearest week that has sessions."""
        if self.view is not None:
            target = self.view.next if onwards else self.view.previous
            if target is None:
                self.notify(say("no further sessions in that direction"), markup=False, timeout=2)
            else:
                self.go_to(target)

    def action_today(self) -> None:
        """Come back to this week."""
        if self.trainer_app.ground is not None:
            self.go_to(self.trainer_app.ground.today)

    def action_date(self) -> None:
        """Ask for a date and go to its week."""
        if self.view is not None:
            self.trainer_app.ask_date(self.date or self.view.days[0].date, self.go_to)

    def go_to(self, date: dt.date) -> None:
        """Read another week."""
        self.date = date
        self.enter()

    def action_choose(self, kind: str) -> None:
        """Let somebody choose a class, teacher or venue: of one kind, or of all."""
        title = {
            "class": say("Which class?"),
            "teacher": say("Which teacher?"),
            "venue": say("Which venue?"),
        }.get(kind, say("Which class, teacher or venue?"))
        self.app.push_screen(Chooser(title, hint=say("name, pinyin or initials")), self._take)
        self.read(lambda backroom: SubjectsRead(backroom.subjects(), kind))

    @on(SubjectsRead)
    def _offer(self, event: SubjectsRead) -> None:
        event.stop()
        if not isinstance(self.app.screen, Chooser):
            return
        found = [one for one in event.found if event.kind in ("", one.subject.kind)]
        self._subjects = {_key(one.subject): one.subject for one in found}
        everything = not event.kind
        choices = [
            Choice(
                _key(one.subject),
                one.subject.name,
                _note(one.subject, everything=everything),
                one.search,
            )
            for one in found
        ]
        self.app.screen.offer(choices, f"{self.kind}:{self.code}")

    def _take(self, key: str | None) -> None:
        if key is not None:
            subject = self._subjects[key]
            near = self.date or subject.first
            date = near if subject.first <= near <= subject.last else subject.first
            self.open(subject.kind, subject.code, date)


def session_line(block: Block) -> str:
    """Return what is known of a meeting in one line."""
    one = block.sessions[0]
    locked = say("{sign} locked", sign=LOCKED) if one.locked else ""
    parts = (
        short_date(one.date), span_of(one.start, one.end), locked, form_word(one.form),
        one.course_title, one.venue_name, one.teacher_name, state_word(one.status),
    )  # fmt: skip
    return "  ".join(part for part in parts if part)


def _key(subject: Subject) -> str:
    return f"{subject.kind}:{subject.code}"


def _note(subject: Subject, *, everything: bool) -> str:
    count = say_n("{count} session", "{count} sessions", subject.count)
    if everything:
        return say("{kind}, {count}", kind=kind_word(subject.kind), count=count)
    if subject.kind == "class":
        return say("from {date}", date=long_date(subject.first))
    return f"{subject.note}  {count}" if subject.note else count


def _nearest(subjects: list[Subject], today: dt.date) -> Subject | None:
    classes = [subject for subject in subjects if subject.kind == "class"]

    def distance(subject: Subject) -> int:
        if subject.first <= today <= subject.last:
            return 0
        return min(abs((subject.first - today).days), abs((subject.last - today).days))

    return min(classes, key=distance, default=None)
