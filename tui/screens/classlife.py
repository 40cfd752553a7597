"""A class at a glance: branch, groups, rooms, who is on duty, who is out; the evening roll call."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable, Static

from trainer.phrases import Phrase, mark, say, say_n
from tui.classbook import check_evening, nearest_class, read_class_page
from tui.keys import bind
from tui.screens.chooser import Choice, Chooser
from tui.screens.room import READING, ReadingFailed, Room, sentence_of
from tui.widgets.cells import fit
from tui.widgets.listing import Listing
from tui.words import long_date, short_date

if TYPE_CHECKING:
    from trainer.classlife.page import ClassPage
    from tui.backroom import Backroom, Found
    from tui.screens.classpart import ClassPart

#: What a night's finding is called here; the same words as in the roll of the evening.
_NIGHT = {
    "in_room": mark("in the room"),
    "permit": mark("out with a permit"),
    "leave": mark("on leave"),
    "missing": mark("not back"),
}
_WIDE = 100
#: More findings than this are listed by “trainer class branch”.
_MOST_FINDINGS = 3


class PageRead(Message):
    """The page of a class has been read."""

    def __init__(self, page: ClassPage) -> None:
        super().__init__()
        self.page = page


class NoClass(Message):
    """No class has a session."""


class ClassesFound(Message):
    """The classes to choose from have been read."""

    def __init__(self, found: tuple[Found, ...]) -> None:
        super().__init__()
        self.found = found


def _part(side: str, code: str) -> ClassPart:
    # each is needed once somebody goes there
    if side == "groups":
        from tui.screens.groups import GroupsScreen

        return GroupsScreen(code)
    if side == "posts":
        from tui.screens.posts import PostsScreen

        return PostsScreen(code)
    if side == "duty":
        from tui.screens.duty import DutyScreen

        return DutyScreen(code)
    if side == "beds":
        from tui.screens.beds import BedsScreen

        return BedsScreen(code)
    if side == "outcomes":
        from tui.screens.outcomes import OutcomesScreen

        return OutcomesScreen(code)
    from tui.screens.exits import ExitsScreen

    return ExitsScreen(code)


class ClassScreen(Room):
    """The fourth room: life in one class."""

    room = "class"
    CSS_PATH = "classlife.tcss"
    WORDS = (
        mark("A class at a glance: its branch and committee, its groups, who is on duty, who is "
             "out, and what is not as the rules want it. Below are its members with group, post, "
             "room and what this evening's roll call found."),
        mark("i or 1 says in the evening that somebody is in the room, x or 4 that somebody is "
             "missing; m records all who are unchecked as in their rooms, permits and leave "
             "excepted. Nothing is overwritten: a later word replaces an earlier one."),
        mark("c chooses a class. g goes to its groups, b to the branch and the committee, d to the "
             "duty rota and log, r to the rooms, o to the permits to leave, j to the leaves, e "
             "to exams, works and completion, v to the evaluation by trainees; Esc comes back. "
             "Everything there is changed by keys, and F1 there tells by which."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("class.choose", "c", "choose", mark("Class"), mark("Choose a class"), show=True),
        bind("class.groups", "g", "side('groups')", mark("Groups"),
             mark("Go to the groups of the class"), show=True),
        bind("class.posts", "b", "side('posts')", mark("Branch"),
             mark("Go to the branch and the committee of the class"), show=True),
        bind("class.duty", "d", "side('duty')", mark("Duty"),
             mark("Go to the duty rota and the duty log"), show=True),
        bind("class.beds", "r", "side('beds')", mark("Rooms"),
             mark("Go to the rooms of the class"), show=True),
        bind("class.exits", "o", "side('exits')", mark("Out"),
             mark("Go to the permits to leave"), show=True),
        bind("class.leaves", "j", "leaves", mark("Leave"), mark("Go to the leaves of the class"),
             show=True),
        bind("class.outcomes", "e", "side('outcomes')", mark("Completion"),
             mark("Go to exams, works and who completes the class")),
        bind("class.evaluation", "v", "evaluation", mark("Evaluate"),
             mark("Teaching evaluation: open it, let trainees answer here, close it, figures")),
        bind("class.in_room", "i,1", "check('in_room')", mark("In"),
             mark("In the evening: in the room"), show=True),
        bind("class.missing", "x,4", "check('missing')", mark("Missing"),
             mark("In the evening: missing"), show=True),
        bind("class.rest", "m", "rest", mark("Rest"),
             mark("In the evening: all who are unchecked are in their rooms"), show=True),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.page: ClassPage | None = None
        self.code: str | None = None
        self._one_at_a_time = Lock()

    def compose_room(self) -> ComposeResult:
        """Lay out the class, what is to be known of it, and its members."""
        yield Static(say(READING), id="class", markup=False)
        yield Static("", id="life")
        yield Listing(id="members")

    def enter(self) -> None:
        """Read the class on show; without one, the one that is nearest to today."""
        self.read(self._ask)

    def _ask(self, backroom: Backroom) -> Message:
        ground = self.trainer_app.ground or backroom.ground()
        code = self.code or nearest_class(backroom, ground.today)
        return PageRead(read_class_page(backroom, code)) if code else NoClass()

    @on(PageRead)
    def _show_page(self, event: PageRead) -> None:
        event.stop()
        self.page, self.code = event.page, event.page.facts.code
        self.show()

    @on(NoClass)
    def _say_nothing(self, event: NoClass) -> None:
        event.stop()
        self.query_one("#class", Static).update(
            say("No session has a date yet; “trainer timetable solve” places them.")
        )

    def show(self) -> None:
        """Show the page that is held."""
        self.show_ground()
        page = self.page
        if page is None:
            return
        count = len(page.facts.present_on(page.date))
        note = say_n("{date}   {count} member", "{date}   {count} members", count,
                     date=long_date(page.date))  # fmt: skip
        room = self.size.width - 6 - 2 * len(note)
        title = Text.assemble(
            (fit(page.facts.title, max(room, 16)), "bold"), "   ", (note, "dim"), no_wrap=True
        )
        self.query_one("#class", Static).update(title)
        self.query_one("#life", Static).update(self._life(page))
        self._fill(page)

    def _life(self, page: ClassPage) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style="dim")
        table.add_column(no_wrap=True)
        room = max(self.size.width - 20, 20)

        def line(name: str, text: str, style: str = "") -> None:
            if text:
                table.add_row(Text(name), Text(fit(text, room), style, no_wrap=True))

        for branch in page.branches:
            count = say("{count} full members", count=len(branch.members))
            line(say("Branch"), f"{branch.name}  {count}")
        officers = [one for one in page.posts if one.body in ("branch", "general")]
        line("", "  ".join(f"{one.post} {one.name}" for one in officers))
        committee = [one for one in page.posts if one.body == "committee"]
        line(say("Committee"), "  ".join(f"{one.post} {one.name}" for one in committee))
        groups = "  ".join(f"{group.name} {len(group.members)}" for group in page.groups)
        if page.ungrouped and page.groups:
            groups += "  " + say("without {count}", count=len(page.ungrouped))
        line(say("Groups"), groups)
        line(say("On duty"), "  ".join(turn.name for turn in page.duty))
        line(say("Out"), "  ".join(one.name for one in page.out))
        line(say("Overdue"), "  ".join(one.name for one in page.overdue), self._bold("error"))
        line(say("Evening"), self._evening(page), self._evening_style(page))
        for finding in page.findings[:_MOST_FINDINGS]:
            style = "error" if finding.level == "block" else "warning"
            line(finding.rule, finding.message.text(), self.trainer_app.colour(style))
        return table

    def _evening(self, page: ClassPage) -> str:
        if not page.facts.residential:
            return ""
        counts = page.evening.counts()
        return say(
            "in {in_room}, out {away}, missing {missing}, unchecked {unchecked}",
            in_room=counts["in_room"],
            away=counts["permit"] + counts["leave"],
            missing=counts["missing"],
            unchecked=counts["unchecked"],
        )

    def _evening_style(self, page: ClassPage) -> str:
        return self._bold("error") if page.evening.counts()["missing"] else ""

    def _fill(self, page: ClassPage) -> None:
        listing = self.query_one("#members", Listing)
        before = listing.chosen
        wide = self.size.width >= _WIDE
        # what the other columns, the gaps between them and the scroll bar leave
        unit = max(self.size.width - (82 if wide else 68), 10)
        listing.columns_of(
            ("group", say("Group"), 8),
            ("name", say("Name"), 14 if wide else 10),
            ("unit", say("Unit"), unit),
            ("post", say("Post"), 16 if wide else 12),
            ("room", say("Room"), 14 if wide else 9),
            ("night", say("Evening"), 14),
        )
        groups = {one.person: group.name for group in page.groups for one in group.members}
        order = {group.name: number for number, group in enumerate(page.groups)}
        posts: dict[str, list[str]] = {}
        for one in page.posts:
            posts.setdefault(one.person, []).append(one.post)
        nights = {line.person: line for line in page.evening.lines}
        beds = {one.person: f"{one.room}-{one.bed}" for one in page.beds}
        members = sorted(
            page.facts.present_on(page.date),
            key=lambda one: order.get(groups.get(one.person, ""), len(order)),
        )
        for member in members:
            who = member.person
            night = nights.get(who)
            listing.add_row(
                Text(fit(groups.get(who, "-"), 8), "dim"),
                Text(fit(member.name, 14)),
                Text(fit(member.unit_name or member.unit or "", unit), "dim"),
                Text(fit(" ".join(posts.get(who, ())), 16)),
                Text(fit(beds.get(who, ""), 14)),
                self._night(night.status, night.suggested) if night else Text(""),
                key=who,
            )
        people = [member.person for member in members]
        if before in people:
            listing.move_cursor(row=people.index(before), animate=False)
        listing.focus()

    def _night(self, status: str | None, suggested: str | None) -> Text:
        if status is None:
            word = say("({status})", status=Phrase(_NIGHT[suggested])) if suggested else "-"
            return Text(word, "dim")
        style = {"missing": self._bold("error"), "in_room": self.trainer_app.colour("success")}
        return Text(say(_NIGHT[status]), style.get(status, ""))

    def _bold(self, colour: str) -> str:
        return f"bold {self.trainer_app.colour(colour)}"

    def action_check(self, status: str) -> None:
        """Record an evening's finding of the person under the cursor and go on."""
        listing = self.query_one("#members", Listing)
        page, person = self.page, listing.chosen
        if page is None or person is None:
            return
        listing.action_cursor_down()
        self._record(page, person, status)

    def action_rest(self) -> None:
        """Record all who are unchecked as in their rooms."""
        if self.page is not None:
            self._record(self.page, None, "in_room")

    def _record(self, page: ClassPage, person: str | None, status: str) -> None:
        if not page.facts.residential:
            self.notify(say("the class does not live here: there is no evening roll call"),
                        markup=False, timeout=3)  # fmt: skip
            return

        self._keep(page, person, status)

    # not exclusive: a finding that waits for its turn must never be cancelled by the next one
    @work(thread=True, group="evening", exit_on_error=False)
    def _keep(self, page: ClassPage, person: str | None, status: str) -> None:
        backroom = self.trainer_app.backroom
        try:
            with self._one_at_a_time:
                check_evening(backroom, page, person, status)
                self.post_message(PageRead(read_class_page(backroom, page.facts.code)))
        except Exception as error:  # noqa: BLE001 - a screen says what went wrong and stays
            self.post_message(ReadingFailed(sentence_of(error), hopeless=False))

    @on(DataTable.RowSelected)
    def _ignore(self, event: DataTable.RowSelected) -> None:
        event.stop()

    def action_side(self, side: str) -> None:
        """Go to one side of life in the class; afterwards show what was changed there."""
        if self.page is None:
            return
        part = _part(side, self.page.facts.code)
        self.app.push_screen(part, lambda _done: self.enter())

    def action_leaves(self) -> None:
        """Go to the leaves of the class."""
        if self.page is not None:
            self.trainer_app.open_leaves(self.room, self.page.facts.code, then=self.enter)

    def action_evaluation(self) -> None:
        """Offer what can be done about the evaluation of the class."""
        # few days of a class need it
        from tui.screens.evaluation import EvaluationMenu

        if self.page is not None:
            self.app.push_screen(EvaluationMenu(self.page.facts.code))

    def action_choose(self) -> None:
        """Let somebody choose a class."""
        chooser = Chooser(say("Which class?"), hint=say("name, pinyin or initials"))
        self.app.push_screen(chooser, self._take)
        self.read(lambda backroom: ClassesFound(backroom.subjects()))

    @on(ClassesFound)
    def _offer(self, event: ClassesFound) -> None:
        event.stop()
        if isinstance(self.app.screen, Chooser):
            classes = [one for one in event.found if one.subject.kind == "class"]
            choices = [
                Choice(one.subject.code, one.subject.name,
                       say("{first} to {last}", first=short_date(one.subject.first),
                           last=short_date(one.subject.last)), one.search)
                for one in classes
            ]  # fmt: skip
            self.app.screen.offer(choices, self.code)

    def _take(self, code: str | None) -> None:
        if code is not None:
            self.open(code)

    def open(self, code: str) -> None:
        """Read the page of a class and show it."""
        self.code = code
        self.enter()
