"""The list of what waits for somebody: one line each, the sentence of the chosen one below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.widgets.cells import fit, wrap
from tui.widgets.listing import Listing
from tui.words import short_date, status_word

if TYPE_CHECKING:
    from trainer.attendance.waiting import Inbox, Waiting

_KIND: Final = {
    "exit_overdue": mark("not back"),
    "leave_overdue": mark("leave ran out"),
    "correction": mark("correction"),
    "absent_running": mark("absent again"),
    "leave_over_cap": mark("leave over cap"),
    "conflict": mark("disagreement"),
    "unmarked": mark("unmarked"),
    "completion_unsupported": mark("result outdated"),
    "certificate_unsupported": mark("certificate left"),
    "leave_steps": mark("steps missing"),
    "leave_split": mark("leave in pieces"),
    "paper_missing": mark("paper missing"),
    "signing_burst": mark("signed at once"),
    "signing_window": mark("odd sign-in"),
    "leave_near_cap": mark("leave near cap"),
    "out_of_reach": mark("out of reach"),
}
_STATE: Final = {
    "open": mark("open"),
    "taken": mark("taken on"),
    "proposed": mark("to decide"),
}
#: Kinds that are about somebody who is missing now.
_GRAVE: Final = ("exit_overdue", "leave_overdue")
_WIDE: Final = 100


class WaitingRows(Listing):
    """The lines; its keys are those of what waits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("waiting.place", "enter", "screen.place", mark("Open"),
             mark("Open the leave, the roll call or the class that it is about"), show=True),
        bind("waiting.take", "k", "screen.take_on", mark("Take on"),
             mark("Take the alert on: you see to it"), show=True),
        bind("waiting.done", "d", "screen.done", mark("Done"),
             mark("Say what was done about the alert"), show=True),
        bind("waiting.approve", "y", "screen.approve", mark("Approve"),
             mark("Approve the correction that somebody else proposed"), show=True),
        bind("waiting.refuse", "x", "screen.refuse", mark("Refuse"),
             mark("Refuse the correction, or take your own back"), show=True),
        bind("waiting.back", "tab,escape", "screen.to_sessions", mark("Back"),
             mark("Back to the sessions of the day"), show=True, display=mark("Esc")),
    ]  # fmt: skip


class WaitingList(Vertical):
    """Heading with counts, the lines, and the sentence of the line under the cursor."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._inbox: Inbox | None = None

    def compose(self) -> ComposeResult:
        """Lay out heading, lines and sentence."""
        yield Static("", id="counts", markup=False)
        yield WaitingRows(id="rows")
        yield Static("", id="sentence", markup=False)

    @property
    def chosen(self) -> Waiting | None:
        """What the cursor is on."""
        key = self.query_one(WaitingRows).chosen
        lines = self._inbox.lines if self._inbox else ()
        return next((one for one in lines if one.key == key), None)

    @property
    def rows(self) -> WaitingRows:
        """The lines."""
        return self.query_one(WaitingRows)

    def show(self, inbox: Inbox | None, width: int, colour: Callable[[str], str]) -> None:
        """Show what waits in ``width`` cells; the cursor stays where it was."""
        self._inbox = inbox
        self.query_one("#counts", Static).update(_counts(inbox, colour))
        rows = self.rows
        rows.display = self.query_one("#sentence").display = bool(inbox and inbox.lines)
        if inbox is None or not inbox.lines:
            return
        before, line = rows.chosen, rows.cursor_row
        wide = width >= _WIDE
        day, owner = (10, 16) if wide else (8, 8)
        # what the other columns, the gaps between them and the scroll bar leave
        who = width - 14 - day - owner - 9 - 12
        rows.columns_of(
            ("kind", say("To see to"), 14),
            ("who", say("Whom it is about"), who),
            ("since", say("Since"), day),
            ("owner", say("Owner"), owner),
            ("state", say("State"), 9),
        )
        for one in inbox.lines:
            quiet = "dim" if one.state == "taken" else ""
            kind = Text(say(_KIND.get(one.kind, one.kind)), colour("error") if one.kind in _GRAVE
                        and not quiet else quiet)  # fmt: skip
            about = "  ".join(part for part in (one.person_name, one.class_title) if part)
            rows.add_row(
                kind,
                Text(fit(about, who), quiet),
                Text(_day(one.since, wide=wide), "dim"),
                Text(fit(one.owner or "-", owner), quiet),
                Text(_state(one), quiet or colour("warning")),
                key=one.key,
            )
        keys = [one.key for one in inbox.lines]
        # what was seen to is gone: the cursor goes on to what comes after it
        place = keys.index(before) if before in keys else min(line, len(keys) - 1)
        rows.move_cursor(row=place, animate=False)
        self._say()

    @on(DataTable.RowHighlighted)
    def _follow(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._say()
        self.screen.refresh_bindings()

    @on(DataTable.RowSelected)
    def _open(self, event: DataTable.RowSelected) -> None:
        # a click opens nothing: it chooses
        event.stop()

    def _say(self) -> None:
        one = self.chosen
        width = max(self.app.size.width - 2, 20)
        self.query_one("#sentence", Static).update(
            Text("\n".join(wrap(sentence_on(one), width, 2)) if one else "")
        )


def sentence_on(one: Waiting) -> str:
    """Return what is to be known of something that waits, and what to do about it."""
    if one.proposal is None:
        return one.message.text() if one.message else ""
    row = one.proposal.correction
    status = say("unmarked") if row.status == "void" else status_word(row.status)
    if row.minutes:
        status = say("{status}, {minutes} minutes", status=status, minutes=row.minutes)
    counts = one.proposal.counts
    return say(
        "{by} proposes “{status}” in place of “{counts}” on {date} {period}: {reason}",
        by=row.asked_by,
        status=status,
        counts=status_word(counts) if counts else say("unmarked"),
        date=short_date(one.proposal.date),
        period=one.proposal.period,
        reason=row.reason,
    )


def _counts(inbox: Inbox | None, colour: Callable[[str], str]) -> Text:
    if inbox is None:
        return Text(say("Looking for what is to be seen to ..."), "dim")
    if not (inbox.open or inbox.taken or inbox.proposed):
        return Text(say("Nothing waits: no alert is open, and no correction is to be decided."),
                    "dim")  # fmt: skip
    parts = []
    if inbox.open:
        text = say_n("{count} alert open", "{count} alerts open", inbox.open)
        parts.append(Text(text, f"bold {colour('warning')}"))
    if inbox.proposed:
        text = say_n("{count} correction to decide", "{count} corrections to decide",
                     inbox.proposed)  # fmt: skip
        parts.append(Text(text, f"bold {colour('warning')}"))
    if inbox.taken:
        parts.append(Text(say_n("{count} taken on", "{count} taken on", inbox.taken), "dim"))
    if inbox.left_out:
        text = say("the {count} weightiest are shown", count=len(inbox.lines))
        parts.append(Text(text, "dim"))
    return Text("   ").join(parts)


def _state(one: Waiting) -> str:
    return say("yours") if one.own else say(_STATE.get(one.state, one.state))


def _day(date: dt.date | None, *, wide: bool) -> str:
    if date is None:
        return "-"
    return f"{date:%Y-%m-%d}" if wide else f"{date:%y-%m-%d}"
