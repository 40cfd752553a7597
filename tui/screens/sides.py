"""What there is to choose from beside a scenario: timetables for either side, and classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.message import Message

from trainer.phrases import say_n
from tui.comparewords import STORED, settings_words, side_name
from tui.screens.chooser import Choice

if TYPE_CHECKING:
    from trainer.timetable.comparing import Comparison
    from trainer.timetable.scenarios import Overview


class SidesRead(Message):
    """The timetables to choose from have been read, for the left side or the right one."""

    def __init__(self, found: tuple[Overview, ...], *, left: bool) -> None:
        super().__init__()
        self.found = found
        self.left = left


class ClassesFound(Message):
    """The classes that have sessions that differ have been found."""

    def __init__(self, found: list[Choice]) -> None:
        super().__init__()
        self.found = found


def sides_of(found: Iterable[Overview], *, left: bool) -> list[Choice]:
    """Return the scenarios with their settings; at the left the timetable may stand, too."""
    choices = [Choice(STORED, side_name(STORED), "", STORED)] if left else []
    for one in found:
        words = settings_words(one.settings)
        choices.append(Choice(one.name, one.name, words, f"{one.name} {words}".lower()))
    return choices


def classes_of(found: Comparison) -> list[Choice]:
    """Return the classes that have sessions that differ, in the order of their first ones."""
    # only who searches needs it
    from trainer.roster.search import search_text

    counts = Counter(each.key[0] for each in found.differences)
    titles = {each.key[0]: each.title[1] for each in reversed(found.differences)}
    return [
        Choice(
            code,
            titles[code],
            say_n("{count} session", "{count} sessions", count),
            search_text(titles[code], code),
        )
        for code, count in counts.items()
    ]
