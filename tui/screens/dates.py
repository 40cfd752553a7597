"""Asking for a date: 2023-03-01, 3-1, 3月1日, 0301, or days from the one on show (+7, -1)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from trainer.phrases import mark, say
from tui.keys import bind
from tui.screens.spoken import Dialog
from tui.words import long_date

_STEP = re.compile(r"[+-]\d{1,4}")


def date_typed(text: str, near: dt.date) -> dt.date | None:
    """Return the date that somebody typed, in the year of ``near`` where none is given."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _STEP.fullmatch(plain):
        return near + dt.timedelta(days=int(plain))
    numbers = [int(number) for number in re.findall(r"\d+", plain)]
    match re.findall(r"\d+", plain):
        case [year, _month, _day] if len(year) == 4:  # noqa: PLR2004 - four digits are a year
            parts = numbers
        case [_month, _day]:
            parts = [near.year, *numbers]
        case [whole] if len(whole) == 8:  # noqa: PLR2004 - 20230301
            parts = [int(whole[:4]), int(whole[4:6]), int(whole[6:])]
        case [whole] if len(whole) == 4:  # noqa: PLR2004 - 0301
            parts = [near.year, int(whole[:2]), int(whole[2:])]
        case [_day]:
            parts = [near.year, near.month, *numbers]
        case _:
            return None
    try:
        return dt.date(*parts)
    except ValueError:
        return None


class DatePrompt(Dialog["dt.date | None"]):
    """One line to type a date into; below it, the date as understood."""

    CSS_PATH = "dates.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("date.leave", "escape", "leave", mark("Back"), mark("Go nowhere"), show=True),
    ]

    def __init__(self, near: dt.date) -> None:
        super().__init__()
        self._near = near

    def compose(self) -> ComposeResult:
        """Lay out the line and what is understood."""
        with Vertical(id="box"):
            yield Static(say("Go to a date"), id="title", markup=False)
            yield Input(placeholder=say("3-1, 2023-03-01, +7"), id="typed")
            yield Static("", id="understood", markup=False)

    @on(Input.Changed)
    def _type(self, event: Input.Changed) -> None:
        date = date_typed(event.value, self._near)
        nothing = say("no date yet") if event.value else ""
        text = nothing if date is None else long_date(date)
        self.query_one("#understood", Static).update(text)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        date = date_typed(event.value, self._near)
        if date is not None:
            self.dismiss(date)

    def action_leave(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
