"""Permits to leave the grounds: asked for, decided, the return taken down, who is overdue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import BindingType

from trainer.phrases import mark, say, say_n
from tui import classacts
from tui.classbook import ExitsPage, read_exits
from tui.exittyped import Wanted, exit_typed, moment_typed
from tui.keys import bind
from tui.screens.asking import LinePrompt
from tui.screens.classpart import BACK, ClassPart
from tui.widgets.cells import fit
from tui.words import short_date

if TYPE_CHECKING:
    from trainer.classlife.exits import Exit
    from tui.backroom import Backroom
    from tui.widgets.listing import Listing

#: Seconds between two looks at who is overdue by now.
LOOK: Final = 60.0
_STATES: Final = {
    "requested": mark("requested"),
    "approved": mark("approved"),
    "refused": mark("refused"),
    "cancelled": mark("cancelled"),
    "returned": mark("returned"),
}


class ExitsScreen(ClassPart):
    """Permits, the overdue first, then who is out, then what somebody has to decide."""

    side = mark("Permits to leave")
    WORDS = (
        mark("Permits to leave the grounds: the overdue first, in red, then who is out now, what "
             "is asked for, and the past. n asks for a permit: a person, then the times, where to "
             "and why, for instance 18:00-21:30 市医院 看病; with a date before the times it is "
             "for another day. Who has to approve, and how many sessions it takes in, is told."),
        mark("y approves the request under the cursor, x refuses it with a reason; b or Enter "
             "takes the return down as of now, t as of another time; z cancels a permit that "
             "nobody uses."),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("exits.ask", "n", "ask_exit", mark("New"), mark("Ask for a permit"), show=True),
        bind("exits.approve", "y", "decide('approve')", mark("Approve"),
             mark("Approve the request"), show=True),
        bind("exits.refuse", "x", "refuse", mark("Refuse"), mark("Refuse the request"),
             show=True),
        bind("exits.back", "b,enter", "decide('back')", mark("Is back"),
             mark("Take the return down as of now"), show=True),
        bind("exits.back_at", "t", "back_at", mark("Back at"),
             mark("Take the return down as of another time"), show=True),
        bind("exits.cancel", "z", "cancel", mark("Cancel"), mark("Cancel the permit"), show=True),
        BACK,
    ]  # fmt: skip

    @property
    def _exits(self) -> ExitsPage:
        exits: ExitsPage = self.data
        return exits

    def on_mount(self) -> None:
        """Read for the first time, and again as time goes by: somebody may be overdue by then."""
        super().on_mount()
        self.set_interval(LOOK, self.enter)

    def ask(self, backroom: Backroom) -> ExitsPage:
        """Read the permits of the class."""
        return read_exits(backroom, self.code)

    def summary(self) -> str:
        """Return how many are overdue, out, and asked for."""
        page = self._exits
        return say(
            "{overdue} overdue, {out} out, {waiting} to decide",
            overdue=sum(self._overdue(one) for one in page.exits),
            out=len(page.out),
            waiting=sum(one.state == "requested" for one in page.exits),
        )

    def _overdue(self, one: Exit) -> bool:
        return one.state == "approved" and one.id in self._exits.late

    def fill(self, listing: Listing) -> None:
        """List the permits in the order of what is to be done."""
        where = max(self.size.width - 64, 8)
        listing.columns_of(
            ("name", say("Name"), 10),
            ("span", say("From and until"), 26),
            ("where", say("Where and why"), where),
            ("state", say("State"), 18),
        )
        for one in self._exits.exits:
            text = "  ".join(part for part in (one.destination, one.reason) if part)
            style = f"bold {self.trainer_app.colour('error')}" if self._overdue(one) else ""
            listing.add_row(
                Text(fit(one.name, 10), style),
                Text(_span(one, self._exits.date), style or "dim"),
                Text(fit(text, where), "dim"),
                self._state(one),
                key=one.id,
            )

    def _state(self, one: Exit) -> Text:
        colour, late = self.trainer_app.colour, self._exits.late.get(one.id, 0)
        if self._overdue(one):
            return Text(say("overdue {span}", span=_length(late)), f"bold {colour('error')}")
        if one.id in self._exits.out:
            return Text(say("out now"), colour("warning"))
        if one.state == "returned" and late:
            return Text(say("back, {span} late", span=_length(late)), "dim")
        style = colour("primary") if one.state == "requested" else "dim"
        return Text(say(_STATES[one.state]), style)

    def foot(self) -> Text:
        """Return what is to be done, or where to begin."""
        if not self._exits.exits:
            return Text(say("Nobody has asked to leave: n asks for a permit."), "dim")
        late = [one for one in self._exits.exits if self._overdue(one)]
        if late:
            names = "  ".join(one.name for one in late)
            text = say("Should be back: {names}", names=names)
            return Text(text, f"bold {self.trainer_app.colour('error')}")
        return Text(say("Everybody who should be back is back."), "dim")

    def _line(self) -> Exit | None:
        if self.data is None:
            return None
        return next((one for one in self._exits.exits if one.id == self.chosen), None)

    def action_decide(self, what: str) -> None:
        """Approve the request under the cursor, or take the return down."""
        one = self._line()
        if one is not None:
            self.act(lambda backroom: classacts.decide_exit(backroom, one.id, what))

    def action_refuse(self) -> None:
        """Ask for a reason and refuse the request under the cursor."""
        self._with_note("refuse", mark("{name}: why is it refused?"), say("Enter refuses it"))

    def action_cancel(self) -> None:
        """Ask for a reason and cancel the permit under the cursor."""
        self._with_note("cancel", mark("{name}: why is it cancelled?"), say("Enter cancels it"))

    def _with_note(self, what: str, title: str, told: str) -> None:
        one = self._line()
        if one is None:
            return

        def answer(note: str | None) -> None:
            if note is not None:
                self.act(lambda backroom: classacts.decide_exit(backroom, one.id, what, note))

        self.ask_words(say(title, name=one.name), say("the reason"), told, answer)

    def action_back_at(self) -> None:
        """Ask when the person under the cursor was back."""
        one = self._line()
        if one is None:
            return

        def understand(typed: str) -> tuple[dt.datetime | None, Text]:
            at = moment_typed(typed, one.due_at.date())
            if at is None:
                return None, Text(say("for instance 2145") if typed else "")
            told = say("back at {time}", time=f"{short_date(at.date())} {at:%H:%M}")
            return at, Text(told)

        def answer(at: dt.datetime | None) -> None:
            if at is not None:
                self.act(lambda backroom: classacts.report_return(backroom, one.id, at))

        title = say("{name}: back when?", name=one.name)
        hint = say("for instance 2145")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), answer)

    def action_ask_exit(self) -> None:
        """Let somebody choose who wants to leave, then ask from when until when."""
        if self.data is None:
            return
        members = self._exits.facts.present_on(self._exits.date)
        choices = self.people(members, lambda one: one.unit_name or "")
        self.choose(say("Who wants to leave?"), choices, self._ask_times)

    def _ask_times(self, person: str) -> None:
        def understand(typed: str) -> tuple[Wanted | None, Text]:
            wanted = exit_typed(typed, self._exits.date)
            if wanted is None:
                return None, Text(say("for instance 18:00-21:30 市医院 看病") if typed else "")
            return wanted, Text(
                say(
                    "{day} {out} until {due}  {words}",
                    day=short_date(wanted.out.date()),
                    out=f"{wanted.out:%H:%M}",
                    due=_until(wanted.due, wanted.out.date()),
                    words=wanted.words,
                )
            )

        def answer(wanted: Wanted | None) -> None:
            if wanted is not None:
                self.act(
                    lambda backroom: classacts.ask_exit(
                        backroom, self.code, person, wanted.out, wanted.due, wanted.words
                    )
                )

        name = self._exits.facts.member(person).name
        title = say("{name}: from when until when, where to and why", name=name)
        hint = say("for instance 18:00-21:30 市医院 看病")
        self.app.push_screen(LinePrompt(title, hint=hint, understand=understand), answer)


def _span(one: Exit, today: dt.date) -> str:
    day = one.out_at.date()
    begin = f"{one.out_at:%H:%M}" if day == today else f"{short_date(day)} {one.out_at:%H:%M}"
    return say("{begin} to {end}", begin=begin, end=_until(one.due_at, day))


def _until(at: dt.datetime, day: dt.date) -> str:
    return f"{at:%H:%M}" if at.date() == day else f"{at:%m-%d %H:%M}"


def _length(minutes: int) -> str:
    hours, left = divmod(minutes, 60)
    if not hours:
        return say_n("{count} minute", "{count} minutes", left)
    if hours < 24:  # noqa: PLR2004 - hours of a day
        return say("{hours} h {minutes} min", hours=hours, minutes=left)
    return say_n("{count} day", "{count} days", hours // 24)
