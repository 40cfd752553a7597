"""What the roll call says of a person, of the counts and of the session, as coloured text."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text

from trainer.phrases import say
from tui.rollbook import UNMARKED, Entry, Keeping, Line
from tui.widgets.cells import fit
from tui.words import STATUSES, status_word

if TYPE_CHECKING:
    from tui.backroom import RollPage

_TIME: Final = re.compile(r"\d\d:\d\d")
Colour = Callable[[str], str]
#: The letter of each status, first of its keys; the digits 1 to 6 mean the same.
LETTERS: Final[Mapping[str, str]] = dict(zip(STATUSES, "plevda", strict=True))
#: What colour a status has, by the theme's names, and whether it is bold.
_COLOURS: Final = {
    "present": ("success", False),
    "late": ("warning", False),
    "early": ("warning", False),
    "absent": ("error", True),
}


def status_text(entry: Entry, colour: Colour) -> Text:
    """Return what is said of a person: a status with its minutes, a suggestion, or a conflict."""
    if entry.conflict:
        return Text(say("conflict"), f"bold {colour('error')}")
    if entry.said is None:
        return Text(_suggested_text(entry.line), "dim")
    status, minutes = entry.said
    name, bold = _COLOURS.get(status, ("secondary", False))
    word = status_word(status)
    if minutes:
        word = say("{status} {minutes}'", status=word, minutes=minutes)
    return Text(word, f"bold {colour(name)}" if bold else colour(name))


def _suggested_text(line: Line) -> str:
    if line.suggested is None:
        return "-"
    word = status_word(line.suggested)
    if line.suggested_minutes:
        word = say("{status} {minutes}'", status=word, minutes=line.suggested_minutes)
    return say("({status})", status=word)


def note_text(entry: Entry, colour: Colour) -> Text:
    """Return whether it is stored, and what else there is to know of a person."""
    if entry.keeping is Keeping.FAILED:
        return Text(say("NOT stored: press s"), f"bold {colour('error')}")
    if entry.keeping is Keeping.SAVING:
        return Text(say("storing"), "dim")
    said = []
    if entry.keeping is Keeping.SAVED:
        said.append(say("stored") if entry.said else say("taken back"))
    if entry.line.guest:
        said.append(say("guest"))
    if entry.line.note:
        said.append(entry.line.note)
    return Text("  ".join(said), "dim", no_wrap=True)


def late_of(entry: Entry, start: dt.time) -> int:
    """Return how many minutes late somebody came, as far as the mark tells."""
    came, dash, _left = entry.line.note.partition("-")
    if dash and _TIME.fullmatch(came):
        hour, minute = came.split(":")
        return max(int(hour) * 60 + int(minute) - start.hour * 60 - start.minute, 0)
    return entry.said[1] or 0 if entry.said and entry.said[0] == "late" else 0


def tally_text(counts: Counter[str], colour: Colour) -> Text:
    """Return how many have each status, each with its key."""
    tally = Text(no_wrap=True)
    for status in STATUSES:
        count = counts[status]
        tally.append(LETTERS[status], f"bold {colour('primary')}")
        tally.append(f" {status_word(status)} ", "" if count else "dim")
        tally.append(f"{count}", "bold" if count else "dim")
        tally.append("  ")
    return tally


def headline(page: RollPage, counts: Counter[str], width: int, colour: Colour) -> Text:
    """Return the class and its session on the left, and on the right how many are unmarked.

    What is left to do stands where the eye looks for it between two people.
    """
    total, unmarked = sum(counts.values()), counts[UNMARKED]
    if unmarked:
        text = say("{count} of {total} unmarked", count=unmarked, total=total)
        left = Text(text, f"bold {colour('warning')}")
    else:
        left = Text(say("all {total} marked", total=total), f"bold {colour('success')}")
    number = say("session {number} of {total}", number=page.number, total=page.total)
    room = width - left.cell_len - 2
    title = Text(fit(page.session.class_title, max(room - cell_len(number) - 3, 10)), "bold")
    title.append(f"   {number}", "not bold dim")
    gap = max(width - title.cell_len - left.cell_len, 1)
    return Text.assemble(title, " " * gap, left, no_wrap=True)
