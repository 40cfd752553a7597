"""The roll of a class of sixty called by keys in a real terminal, against the clock."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from tests.factories.small_office import enrol_sixty, statuses
from trainer.desk import Desk

#: The bound of a clerk's patience; an idle machine takes a quarter of it.
SECONDS = 60.0
Opener = Callable[[str, tuple[int, int]], Any]


def squeezed(text: str) -> str:
    """Return a screen without blanks: pyte keeps an empty cell after each wide character."""
    return re.sub(r"\s+", "", text)


def test_sixty_people_within_a_minute(open_terminal: Opener, small_office: Desk) -> None:
    """A search, a leave, somebody late by minutes, two absent; stored and shown, all sixty."""
    enrol_sixty(small_office)
    terminal = open_terminal("en", (80, 24))
    terminal.wait(lambda text: "党校第一教室" in squeezed(text), "today's sessions")
    terminal.press("\r")
    terminal.wait(lambda text: "60 of 60 unmarked" in text, "the roll of sixty")
    began = time.monotonic()
    # by initials to one person: on leave; Esc goes back to everybody
    terminal.press("/", *"sxm", "\r", "v", "\x1b")
    terminal.wait(lambda text: "59 of 60 unmarked" in text, "the leave")
    # an Esc with another key right behind it is one key to a terminal
    terminal.wait(lambda text: "学员31" in squeezed(text), "everybody again")
    terminal.press("\x1b[H", "t", *"12", "\r")
    terminal.wait(lambda text: "58 of 60 unmarked" in text, "the minutes")
    for number in range(58):
        terminal.child.send("a" if number in {10, 40} else "p")
        terminal.read(0.02)
    terminal.wait(lambda text: "all 60 marked" in text, "the end of the roll")
    terminal.wait(lambda text: "storing" not in text, "that all is stored")
    taken = time.monotonic() - began
    assert terminal.leave() == 0
    found = statuses(small_office, "S1")
    counts = {status: list(found.values()).count(status) for status in set(found.values())}
    assert counts == {"present": 56, "absent": 2, "leave": 1, "late": 1}
    assert taken < SECONDS
