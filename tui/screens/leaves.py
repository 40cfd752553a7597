"""Leave: asked for, approved step by step, refused, cancelled, returned from, its paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import DataTable
from textual.worker import get_current_worker

from trainer.phrases import mark, say, say_n
from tui import leaveacts
from tui.keys import bind
from tui.leavebook import LeavesPage, read_leaves, weigh_line
from tui.leavewords import kind_said, stage_said, steps_said, stretch_said, weighed_said
from tui.screens.asking import LinePrompt
from tui.screens.chooser import Choice
from tui.screens.classpart import BACK
from tui.screens.dates import date_typed
from tui.screens.leaveasking import LeaveAsking
from tui.widgets.cells import fit
from tui.words import long_date

if TYPE_CHECKING:
    from trainer.attendance.weighing import Weighed
    from tui.backroom import Backroom
    from tui.leavebook import LeaveLine
    from tui.widgets.listing import Listing

_WIDE = 110


class LineWeighed(Message):
    """What the leave under the cursor means is known."""

    def __init__(self, leave: str, weighed: tuple[Weighed, ...]) -> None:
        super().__init__()
        self.leave = leave
        self.weighed = weighed


class LeavesScreen(LeaveAsking):
    """The leaves of a class, of a person or of all: what somebody has to see to comes first."""

    side = mark("Leave")
    WORDS = (
        mark("Leave: overdue returns first, in red, then what waits for an approval, who is on "
             "leave now, what is granted for later, and the past. Below stands what the leave "
             "under the cursor means: who approved which step, the hours of leave without it and "
             "with it beside the limit (LV-1), and the sessions that it touches."),
        mark("n asks for leave: a person by name, pinyin or initials, then one line: pm is this "
             "afternoon, 2 the second session listed, 1 3 the first to the third, 14:30-16:00 "
             "minutes, 0316 a day, 0316pm-0318am several; Tab changes the kind, + says that the "
             "paper is there, all else is the reason."),
        mark("y gives the next approval as you; a second one by the same person needs a reason. x "
             "refuses, z cancels, both with a reason; b says that somebody is back today, t on "
             "another day; p takes the paper in. / goes to a name. Leave never overwrites a mark: "
             "the roll call suggests it."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("leaves.ask", "n", "ask_leave", mark("New"), mark("Ask for leave"), show=True),
        bind("leaves.approve", "y", "approve", mark("Approve"),
             mark("Give the next approval as you"), show=True),
        bind("leaves.refuse", "x", "refuse", mark("Refuse"), mark("Refuse the request"),
             show=True),
        bind("leaves.back", "b", "report_back", mark("Is back"),
             mark("Report the return as of today"), show=True),
        bind("leaves.back_on", "t", "back_on", mark("Back on"),
             mark("Report the return as of another day")),
        bind("leaves.paper", "p", "paper", mark("Its paper"), mark("Take the paper in"), show=True),
        bind("leaves.cancel", "z", "cancel", mark("Cancel"), mark("Cancel the leave"), show=True),
        bind("leaves.find", "slash", "find", mark("Name"), mark("Go to somebody's leave"),
             show=True),
        BACK,
    ]  # fmt: skip

    def __init__(
        self, room: str, code: str | None = None, *, person: str | None = None,
        session: str | None = None, leave: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(code or "")
        self.room = room
        self.klass, self.person, self.session = code, person, session
        self._start = leave
        self._weighed: dict[str, tuple[Weighed, ...]] = {}
        self._approve_next = False

    @property
    def _page(self) -> LeavesPage:
        page: LeavesPage = self.data
        return page

    def ask(self, backroom: Backroom) -> LeavesPage:
        """Read the leaves."""
        return read_leaves(backroom, self.klass, self.person)

    def start(self) -> str | None:
        """Return the leave that one came for."""
        return self._start

    async def relabel(self) -> None:
        """Tell everything in the language of the moment: steps and papers are read by name."""
        await super().relabel()
        self.enter()

    def heading(self) -> str:
        """Return whose leaves these are."""
        return self._page.title or say("all classes")

    def summary(self) -> str:
        """Return how many are overdue, wait, are away, and lack a paper."""
        lines = self._page.lines
        stages = [one.stage for one in lines]
        return say(
            "{overdue} overdue, {waiting} to approve, {running} on leave, {papers} without paper",
            overdue=stages.count("overdue"),
            waiting=stages.count("waits"),
            running=stages.count("running"),
            papers=sum(bool(one.wanted) for one in lines),
        )

    def show(self) -> None:
        """Show what is held; the cursor goes to what was asked for last."""
        super().show()
        fresh = self.asked_last() if self.data is not None else None
        if fresh is None:
            return
        approve, self._approve_next = self._approve_next, False
        keys = [one.id for one in self._page.lines]
        if fresh in keys:
            self.query_one("#lines", DataTable).move_cursor(row=keys.index(fresh), animate=False)
            if approve:
                self._approve(self._page.lines[keys.index(fresh)])
        if self.leaving and not self.busy:
            self.dismiss(None)

    def fill(self, listing: Listing) -> None:
        """List the leaves in the order of what is to be done."""
        self._weighed.clear()
        wide = self.size.width >= _WIDE
        klass = self.size.width - 90 if wide else 0
        state = self.size.width - 56 - (klass + 2 if wide else 0)
        columns = [
            ("name", say("Name"), 10),
            ("span", say("From and until"), 27),
            ("kind", say("Kind"), 8),
            *([("class", say("Class"), klass)] if wide else []),
            ("state", say("State"), state),
        ]
        listing.columns_of(*columns)
        colour, page = self.trainer_app.colour, self._page
        for one in page.lines:
            style = f"bold {colour('error')}" if one.late else ""
            title = [Text(fit(one.class_title or "-", klass), "dim")] if wide else []
            listing.add_row(
                Text(fit(one.name, 10), style),
                Text(fit(stretch_said(one.stretch, page.office), 27), style or "dim"),
                Text(fit(kind_said(one.kind, short=True), 8), "dim"),
                *title,
                stage_said(one, page.today, colour),
                key=one.id,
            )

    def foot(self) -> Text:
        """Return what the leave under the cursor is and means."""
        if not self._page.lines:
            return Text(say("Nobody has asked for leave: n asks for some."), "dim")
        one = self._line()
        if one is None:
            return Text("")
        colour = self.trainer_app.colour
        days = say("{days} days", days=f"{one.days:g}")
        paper = one.paper or (say("without {paper}", paper=one.wanted) if one.wanted else "")
        about = "  ".join(part for part in (one.name, days, one.reason, paper) if part)
        width = self.size.width - 2
        lines = [Text(fit(about, width))]
        if steps := steps_said(one):
            lines.append(Text(fit(steps, width), "dim"))
        weighed = self._weighed.get(one.id)
        if weighed is not None and one.stage not in ("refused", "cancelled"):
            lines.append(weighed_said(weighed, one.kind, width, colour))
        if self._page.left_out:
            more = say_n("{count} older one is not shown", "{count} older ones are not shown",
                         self._page.left_out)  # fmt: skip
            lines.append(Text(more, "dim"))
        return Text("\n").join(lines)

    def _line(self) -> LeaveLine | None:
        if self.data is None:
            return None
        return next((one for one in self._page.lines if one.id == self.chosen), None)

    # what the leave under the cursor means

    @on(DataTable.RowHighlighted)
    def _ask_what_it_means(self) -> None:
        one = self._line()
        if one is not None and one.id not in self._weighed:
            self._weigh(one)

    # exclusive: only the line under the cursor matters
    @work(thread=True, exclusive=True, group="weighing", exit_on_error=False)
    def _weigh(self, line: LeaveLine) -> None:
        worker = get_current_worker()
        weighed = weigh_line(self.trainer_app.backroom, line)
        if not worker.is_cancelled:
            self.post_message(LineWeighed(line.id, weighed))

    @on(LineWeighed)
    def _show_weighed(self, event: LineWeighed) -> None:
        event.stop()
        self._weighed[event.leave] = event.weighed
        self._show_foot()

    # deciding

    def action_approve(self) -> None:
        """Give the next approval of the leave under the cursor, or of what is being asked for."""
        one = self._line()
        if self.asking:
            self._approve_next = True
        elif one is not None:
            self._approve(one)

    def _approve(self, line: LeaveLine) -> None:
        self.act(
            lambda backroom: leaveacts.approve(backroom, line),
            overruled=lambda backroom, reason: leaveacts.approve(backroom, line, reason),
        )

    def action_refuse(self) -> None:
        """Ask for a reason and refuse the request under the cursor."""
        self._with_reason(leaveacts.refuse, mark("{name}: why is it refused?"),
                          say("Enter refuses it"))  # fmt: skip

    def action_cancel(self) -> None:
        """Ask for a reason and cancel the leave under the cursor."""
        self._with_reason(leaveacts.cancel, mark("{name}: why is it cancelled?"),
                          say("Enter cancels it"))  # fmt: skip

    def _with_reason(
        self, do: Callable[[Backroom, LeaveLine, str], str], title: str, told: str
    ) -> None:
        one = self._settled_line()
        if one is None:
            return

        def answer(reason: str | None) -> None:
            if reason is not None:
                self.act(lambda backroom: do(backroom, one, reason))

        self.ask_words(say(title, name=one.name), say("the reason"), told, answer)

    def _settled_line(self) -> LeaveLine | None:
        # while a request is being stored the line under the cursor is not the one that is meant
        return None if self.asking else self._line()

    def action_report_back(self) -> None:
        """Report the person under the cursor back as of today."""
        one = self._settled_line()
        if one is not None:
            self.act(lambda backroom: leaveacts.report_back(backroom, one))

    def action_back_on(self) -> None:
        """Ask on which day the person under the cursor was back."""
        one = self._settled_line()
        if one is None:
            return

        def understand(typed: str) -> tuple[dt.date | None, Text]:
            date = date_typed(typed, one.stretch.date_to)
            if date is None:
                return None, Text(say("for instance 3-17 or +1") if typed else "")
            return date, Text(say("back on {date}", date=long_date(date)))

        def answer(date: dt.date | None) -> None:
            if date is not None:
                self.act(lambda backroom: leaveacts.report_back(backroom, one, date))

        title = say("{name}: back on which day?", name=one.name)
        hint = say("for instance 3-17 or +1")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), answer)

    def action_paper(self) -> None:
        """Ask which paper was brought; Enter alone is the customary one."""
        one = self._settled_line()
        if one is None:
            return

        def understand(typed: str) -> tuple[str | None, Text]:
            paper = " ".join(typed.split()) or one.wanted
            return paper or None, Text(say("Enter keeps it: {paper}", paper=paper) if paper else "")

        def answer(paper: str | None) -> None:
            if paper is not None:
                self.act(lambda backroom: leaveacts.hand_in(backroom, one, paper))

        title = say("{name}: which paper was brought?", name=one.name)
        hint = say("Enter: {paper}", paper=one.wanted) if one.wanted else say("which paper it is")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), answer)

    def action_find(self) -> None:
        """Let somebody choose a name, and go to the first leave of it."""
        if self.data is None or not self._page.lines:
            return
        # pinyin is needed once somebody searches
        from trainer.roster.search import search_text

        office = self._page.office
        choices = [
            Choice(one.id, one.name, stretch_said(one.stretch, office), search_text(one.name))
            for one in self._page.lines
        ]
        self.choose(say("Whose leave?"), choices, self._go_to)

    def _go_to(self, leave: str) -> None:
        keys = [one.id for one in self._page.lines]
        if leave in keys:
            self.query_one("#lines", DataTable).move_cursor(row=keys.index(leave), animate=False)
