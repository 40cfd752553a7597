"""The lines that the roll call asks for: when somebody came, and the numbers of a paper sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from trainer.attendance.presence import Missed, said_by_hand
from trainer.phrases import say, say_n
from tui.arrival import arrival_typed, by_limits, departure_typed
from tui.rollbook import Said
from tui.screens.asking import LinePrompt
from tui.transcript import Transcript, transcript_typed
from tui.words import STATUSES, span_of, status_word

if TYPE_CHECKING:
    from trainer.attendance.rules import Rules
    from trainer.timetable.views import SessionView


def minutes_prompt(name: str, session: SessionView, rules: Rules) -> LinePrompt[Said]:
    """Return what asks when a person came to a session or left it."""

    def understand(typed: str) -> tuple[Said | None, Text]:
        said = arrival_typed(typed, session.start, session.end, rules)
        if said is None:
            nothing = say("for instance 12, 0842, 8:42, -15, -11:40, 8:42-11:40") if typed else ""
            return None, Text(nothing)
        return said, _said_text(said)

    title = say("{name}: minutes late, or the time", name=name)
    hint = say("session {span}", span=span_of(session.start, session.end))
    return LinePrompt(title, hint=hint, understand=understand)


@dataclass(frozen=True, slots=True)
class Departure:
    """What follows from somebody's leaving, and the times as a mark's note keeps them."""

    said: Said
    note: str


def leaving_prompt(
    name: str, session: SessionView, rules: Rules, late: int
) -> LinePrompt[Departure]:
    """Return what asks when a person left who came ``late`` minutes after the start."""
    start, end = (dt.datetime.combine(session.date, time) for time in (session.start, session.end))
    length = int((end - start).total_seconds() // 60)
    came = f"{start + dt.timedelta(minutes=late):%H:%M}" if late else ""

    def understand(typed: str) -> tuple[Departure | None, Text]:
        early = departure_typed(typed, session.start, session.end)
        if early is None:
            return None, Text(say("for instance 20, 1140 or 11:40") if typed else "")
        said = said_by_hand(rules, Missed(late, early, length))
        left = f"{end - dt.timedelta(minutes=early):%H:%M}"
        text = _said_text(said).append(say("   left at {time}", time=left))
        if late:
            text.append(say_n("   came {count} minute late", "   came {count} minutes late", late))
        return Departure(said, f"{came}-{left}"), text

    title = say("{name}: left how many minutes early, or when", name=name)
    hint = say("session {span}", span=span_of(session.start, session.end))
    return LinePrompt(title, hint=hint, understand=understand)


def _said_text(said: Said) -> Text:
    status, minutes = said
    if minutes is None:
        return Text(status_word(status))
    return Text(say("{status}, {minutes} minutes", status=status_word(status), minutes=minutes))


def numbers_prompt(
    names: Sequence[str], session: SessionView, rules: Rules
) -> LinePrompt[Transcript]:
    """Return what asks for the numbers of a signed sheet whose lines have these names."""

    def understand(typed: str) -> tuple[Transcript | None, Text]:
        found = transcript_typed(typed, len(names))
        marks = {
            number: by_limits(one, session.start, session.end, rules)
            for number, one in found.marks.items()
        }
        found = replace(found, marks=marks)
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
