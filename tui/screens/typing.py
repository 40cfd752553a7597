"""The lines that the roll call asks for: when somebody came, and the numbers of a paper sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from trainer.phrases import say, say_n
from tui.arrival import arrival_typed
from tui.rollbook import Said
from tui.screens.asking import LinePrompt
from tui.transcript import Transcript, transcript_typed
from tui.words import STATUSES, span_of, status_word

if TYPE_CHECKING:
    from trainer.timetable.views import SessionView


def minutes_prompt(name: str, session: SessionView) -> LinePrompt[Said]:
    """Return what asks when a person came to a session or left it."""

    def understand(typed: str) -> tuple[Said | None, Text]:
        said = arrival_typed(typed, session.start, session.end)
        if said is None:
            nothing = say("for instance 12, 0842, 8:42, -15, -11:40, 8:42-11:40") if typed else ""
            return None, Text(nothing)
        status, minutes = said
        if minutes is None:
            return said, Text(status_word(status))
        return said, Text(
            say("{status}, {minutes} minutes", status=status_word(status), minutes=minutes)
        )

    title = say("{name}: minutes late, or the time", name=name)
    hint = say("session {span}", span=span_of(session.start, session.end))
    return LinePrompt(title, hint=hint, understand=understand)


def numbers_prompt(names: Sequence[str]) -> LinePrompt[Transcript]:
    """Return what asks for the numbers of a signed sheet whose lines have these names."""

    def understand(typed: str) -> tuple[Transcript | None, Text]:
        found = transcript_typed(typed, len(names))
        said = Text()
        for status in STATUSES:
            called = [
                f"{number} {names[number - 1]}"
                for number, (one, _minutes) in sorted(found.marks.items())
                if one == status
            ]
            if called:
                head = say("{status} ({count}):", status=status_word(status), count=len(called))
                said.append(head, "bold").append("  ").append("  ".join(called)).append("\n")
        if found.rest:
            said.append(say("and all others who are unmarked: present")).append("\n")
        if found.unknown:
            text = say_n(
                "not on the sheet: {words}", "not on the sheet: {words}", len(found.unknown),
                words="  ".join(found.unknown),
            )  # fmt: skip
            said.append(text, "bold reverse")
            return None, said
        said.rstrip()
        return (found if found.marks or found.rest else None), said

    hint = say("3 7 12 absent; l 4 9 late; 9:12 late 12'; 20-25; + the others present")
    return LinePrompt(say("Numbers of the paper sheet"), hint=hint, understand=understand)


def words_prompt(title: str, hint: str, told: str) -> LinePrompt[str]:
    """Return what asks for a few words; ``told`` says what Enter does once there are some."""

    def understand(typed: str) -> tuple[str | None, Text]:
        said = " ".join(typed.split())
        return (said, Text(told)) if said else (None, Text(say("Esc changes nothing")))

    return LinePrompt(title, hint=hint, understand=understand)
