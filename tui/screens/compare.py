"""Two timetables side by side: what differs, what it costs, who and what is used; and adopting."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, get_args

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from trainer.errors import Refused
from trainer.phrases import mark, say, say_n
from tui.comparewords import (
    PAGES,
    STORED,
    Page,
    Row,
    first_date,
    lines_below,
    rows_of,
    side_line,
    side_name,
    solved_with,
    title_of,
)
from tui.keys import bind
from tui.screens.adopting import Beside
from tui.screens.chooser import Chooser
from tui.screens.room import READING, sentence_of
from tui.screens.scenarios import ScenarioRoom
from tui.screens.sides import ClassesFound, SidesRead, classes_of, sides_of
from tui.widgets.cells import fit
from tui.widgets.listing import Listing

if TYPE_CHECKING:
    from trainer.timetable.comparing import Comparison, Difference
    from trainer.timetable.facts import Key
    from trainer.timetable.views import Kind
    from tui.backroom import Backroom

SIGN: Final = 1
CHANGE: Final = 10
LEAST: Final = 12
MARKED: Final = "*"


class Compared(Message):
    """Two timetables have been put side by side."""

    def __init__(self, found: Comparison) -> None:
        super().__init__()
        self.found = found


class NotCompared(Message):
    """There is nothing to put side by side, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


class CompareScreen(ScenarioRoom):
    """A timetable at the left, a scenario at the right; what is marked, or all, is adopted."""

    room = "timetable"
    CSS_PATH = "compare.tcss"
    WORDS = (
        mark("Two timetables side by side: at the left the timetable, at the right a scenario, a "
             "copy of it that was solved with other settings. o chooses another scenario, a what "
             "stands at the left. Tab, or 1 to 4, goes from the sessions that differ to the cost "
             "by rule and to what venues and teachers have: sessions, and in brackets periods."),
        mark("Both are measured by the office's own weights; less cost is better. Enter goes to "
             "the week of the line; there o comes back to this page as it was. / goes to the "
             "sessions of a class."),
        mark("Space marks a session, c all of its class, x takes all marks away; p adopts what is "
             "marked, w the whole scenario. Nothing is stored that would break a hard rule; what "
             "is locked, held or past stays. u takes it back, r does it again."),
        mark("n copies the timetable or the scenario under a new name, s solves the scenario "
             "behind the screen, with other weights if you like, d deletes it after a question."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("compare.mark", "space", "mark(False)", mark("Mark"),
             mark("Mark the session, or take its mark away"), show=True),
        bind("compare.class", "c", "mark(True)", mark("Class"), mark("Mark all of its class")),
        bind("compare.none", "x", "unmark", mark("No marks"), mark("Take all marks away")),
        bind("compare.search", "slash", "search", mark("Search"),
             mark("Go to the first session of a class")),
        bind("compare.week", "enter", "week", mark("Go to"),
             mark("Go to the week of the line"), show=True),
        bind("compare.next", "tab", "page(1)", mark("Page"), mark("Show the next page"),
             show=True, priority=True),
        bind("compare.before", "shift+tab", "page(-1)", mark("Page before"),
             mark("Show the page before"), priority=True),
        bind("compare.sessions", "1", "show_page('sessions')", mark("Sessions"),
             mark("Show which sessions differ")),
        bind("compare.cost", "2", "show_page('cost')", mark("Cost by rule"),
             mark("Show the cost by rule")),
        bind("compare.venues", "3", "show_page('venues')", mark("Load of venues"),
             mark("Show how much the venues have")),
        bind("compare.teachers", "4", "show_page('teachers')", mark("Load of teachers"),
             mark("Show how much the teachers have")),
        bind("compare.right", "o", "side(False)", mark("Scenario"),
             mark("Choose the scenario at the right"), show=True),
        bind("compare.left", "a", "side(True)", mark("Left side"),
             mark("Choose the timetable at the left")),
        bind("compare.back", "escape,q", "back", mark("Back"), mark("Back to the week")),
    ]  # fmt: skip

    def __init__(self, beside: Beside) -> None:
        super().__init__(beside)
        self.found: Comparison | None = None
        self._rows: list[Row] = []

    def compose_room(self) -> ComposeResult:
        """Lay out both sides in figures, the pages, the list and the line under the cursor."""
        yield Static(say(READING), id="subject", markup=False)
        yield Static("", id="pages", markup=False)
        yield Listing(id="rows", striped=True)
        yield Static("", id="row", markup=False)

    def enter(self) -> None:
        """Put both side by side, as they are now."""
        a, b = self.beside.a, self.beside.b

        def ask(backroom: Backroom) -> Message:
            try:
                return Compared(backroom.compare(a, b))
            except Refused as error:
                return NotCompared(sentence_of(error))

        self.read(ask)

    @on(Compared)
    def _take(self, event: Compared) -> None:
        event.stop()
        self.found, self.ready = event.found, True
        stored = event.found.a.name == STORED
        self.count = len(event.found.differences) if stored else None
        self.beside.marked &= {each.uid for each in event.found.differences}
        self.show()

    @on(NotCompared)
    def _stand_empty(self, event: NotCompared) -> None:
        # figures of before would mislead
        event.stop()
        self.found, self.ready = None, False
        self.query_one("#subject", Static).update(event.sentence)
        self.query_one(Listing).columns_of()
        self.query_one("#row", Static).update("")

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the page that is chosen."""
        self.show_ground()
        if self.found is None:
            return
        self._show_subject(self.found)
        self._show_pages()
        self._show_rows(self.found)
        self._show_line()

    def _show_subject(self, found: Comparison) -> None:
        width = self.size.width - 2
        text = Text(no_wrap=True)
        for side in (found.a, found.b):
            text.append(fit(side_line(side), width), "bold").append("\n")
        text.append(fit(self._told(found), width))
        since = sum(map(len, found.changed.values()))
        if since:
            line = say_n(
                "{count} session was changed since the scenario began",
                "{count} sessions were changed since the scenario began",
                since,
            )
            room = width - cell_len(self._told(found)) - 3
            text.append("   ").append(fit(line, room), self.trainer_app.colour("warning"))
        text.append("\n").append(fit(solved_with(found), width), "dim")
        self.query_one("#subject", Static).update(text)

    def _told(self, found: Comparison) -> str:
        count = len(found.differences)
        if not count:
            return say("both have every session at the same place")
        told = say_n("{count} session differs", "{count} sessions differ", count)
        if not self.beside.marked:
            return told
        return say("{told}, {marked} marked", told=told, marked=len(self.beside.marked))

    def _show_pages(self) -> None:
        line = Text(no_wrap=True)
        for number, (page, title) in enumerate(PAGES.items(), 1):
            style = "reverse" if page == self.beside.page else "dim"
            line.append(f" {number} {say(title)} ", style).append(" ")
        self.query_one("#pages", Static).update(line)

    def _show_rows(self, found: Comparison) -> None:
        listing = self.query_one(Listing)
        kept, place = self.beside.chosen, listing.cursor_row
        self._rows = rows_of(found, self.beside.page)
        name, side = self._lay_columns(listing)
        marked = self.beside.marked
        for row in self._rows:
            cells = [Text(fit(row.name, name)), Text(fit(row.a, side)), Text(fit(row.b, side))]
            if self.beside.page == "sessions":
                cells.insert(0, Text(MARKED if row.key in marked else "", "bold"))
            else:
                cells.append(Text(row.change, justify="right"))
            listing.add_row(*cells, key=row.key)
        keys = [row.key for row in self._rows]
        if keys:
            # where the line is gone, the cursor stays about where it was
            place = keys.index(kept) if kept in keys else min(place, len(keys) - 1)
            listing.move_cursor(row=place)
        listing.focus()

    def _lay_columns(self, listing: Listing) -> tuple[int, int]:
        """Empty the list and share its width out; return the widths of a name and of a side."""
        page = self.beside.page
        sessions = page == "sessions"
        # each column has a cell of padding at both sides; the list has a bar to scroll by
        width = self.size.width - 3 - 4 * 2 - (SIGN if sessions else CHANGE)
        side = max(width * 3 // 10, LEAST)
        name = max(width - 2 * side, LEAST)
        columns = [
            ("name", say("Session") if sessions else say(PAGES[page]), name),
            ("a", fit(side_name(self.beside.a), side), side),
            ("b", fit(side_name(self.beside.b), side), side),
        ]
        extra = ("sign", "", SIGN) if sessions else ("change", say("Change"), CHANGE)
        listing.columns_of(*([extra, *columns] if sessions else [*columns, extra]))
        return name, side

    @on(Listing.RowHighlighted)
    def _move(self, event: Listing.RowHighlighted) -> None:
        event.stop()
        self._show_line()

    def _show_line(self) -> None:
        if self.found is None:
            return
        chosen = self.query_one(Listing).chosen
        self.beside.chosen = chosen or self.beside.chosen
        width = self.size.width - 2
        lines = lines_below(self.found, self.beside.page, chosen)
        text = Text("\n".join(fit(line, width) for line in lines), no_wrap=True)
        self.query_one("#row", Static).update(text)

    def _difference(self) -> Difference | None:
        chosen = self.query_one(Listing).chosen
        if self.beside.page != "sessions" or self.found is None:
            return None
        return next((each for each in self.found.differences if each.uid == chosen), None)

    def called(self, key: Key) -> str:
        """Return what a session is called."""
        those = self.found.differences if self.found else ()
        return next((title_of(each) for each in those if each.key == key), "/".join(map(str, key)))

    def action_back(self) -> None:
        """Leave both as they are."""
        if not self._storing:
            self.dismiss(None)

    def action_week(self) -> None:
        """Go to the week of the session, venue or teacher under the cursor."""
        found, chosen = self.found, self.query_one(Listing).chosen
        if found is None or chosen is None or self._storing:
            return
        page, one = self.beside.page, self._difference()
        if one is not None:
            here = one.a if found.a.name == STORED or one.b is None else one.b
            spot = here or one.a or one.b
            assert spot is not None
            self.trainer_app.open_week("class", one.key[0], spot.date, one.uid)
        elif page in ("venues", "teachers"):
            kind: Kind = "venue" if page == "venues" else "teacher"
            ground = self.trainer_app.ground
            date = first_date(found, kind, chosen) or (ground.today if ground else None)
            if date is not None:
                self.trainer_app.open_week(kind, chosen, date)

    def action_page(self, step: int) -> None:
        """Show the page after, or before."""
        pages: tuple[Page, ...] = get_args(Page)
        place = (pages.index(self.beside.page) + step) % len(pages)
        self.action_show_page(pages[place])

    def action_show_page(self, page: Page) -> None:
        """Show a page."""
        if page != self.beside.page:
            self.beside.page, self.beside.chosen = page, None
            self.query_one(Listing).move_cursor(row=0)
            self.show()

    def action_mark(self, whole_class: bool) -> None:  # noqa: FBT001 - written in a binding
        """Mark the session under the cursor, or all of its class; or take the marks away."""
        one = self._difference()
        if one is None or self.found is None:
            return
        those = {one.uid}
        if whole_class:
            those = {each.uid for each in self.found.differences if each.key[0] == one.key[0]}
        marked = self.beside.marked
        self._mark(marked - those if one.uid in marked else marked | those)
        if not whole_class:
            self.query_one(Listing).action_cursor_down()

    def action_unmark(self) -> None:
        """Take all marks away."""
        self._mark(set())

    def _mark(self, marked: set[str]) -> None:
        turned = marked ^ self.beside.marked
        self.beside.marked = marked
        if self.found is None:
            return
        self._show_subject(self.found)
        if self.beside.page == "sessions":
            listing = self.query_one(Listing)
            for uid in turned:
                listing.update_cell(uid, "sign", Text(MARKED if uid in marked else "", "bold"))

    def action_search(self) -> None:
        """Let somebody choose a class, and go to the first of its sessions that differ."""
        found = self.found
        if found is not None:
            box = Chooser(say("Which class?"), hint=say("name, pinyin or initials"))
            self.app.push_screen(box, self._go_to_class)
            # the first word in pinyin takes its time
            self.read(lambda _backroom: ClassesFound(classes_of(found)))

    @on(ClassesFound)
    def _offer_classes(self, event: ClassesFound) -> None:
        event.stop()
        if isinstance(self.app.screen, Chooser):
            self.app.screen.offer(event.found)

    def _go_to_class(self, code: str | None) -> None:
        if code is not None and self.found is not None:
            those = (each.uid for each in self.found.differences if each.key[0] == code)
            self.beside.page, self.beside.chosen = "sessions", next(those, None)
            self.show()

    # -- choosing sides ------------------------------------------------------------------------

    def action_side(self, left: bool) -> None:  # noqa: FBT001 - written in a binding
        """Choose another timetable for one side."""
        if self._storing:
            return
        title = say("Which timetable at the left?") if left else say("Which scenario?")
        self.app.push_screen(
            Chooser(title, hint=say("name or setting")), lambda name: self._turn(name, left=left)
        )
        self.read(lambda backroom: SidesRead(backroom.scenarios(), left=left))

    @on(SidesRead)
    def _offer(self, event: SidesRead) -> None:
        event.stop()
        if not isinstance(self.app.screen, Chooser):
            return
        choices = sides_of(event.found, left=event.left)
        self.app.screen.offer(choices, self.beside.a if event.left else self.beside.b)

    def _turn(self, name: str | None, *, left: bool) -> None:
        if name is None:
            if self.found is None:
                # reading what there is to choose from has put an end to reading both sides
                self.enter()
            return
        if left:
            self.beside.a = name
        else:
            self.beside.b = name
        self.beside.marked.clear()
        self.enter()
