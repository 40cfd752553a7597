"""How leave is said on the screen: from when until when, how far it is, what it comes to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rich.text import Text

from trainer.phrases import mark, say, say_n
from tui.widgets.cells import fit
from tui.words import short_date, span_of, status_word

if TYPE_CHECKING:
    from trainer.attendance.leave import Stretch
    from trainer.attendance.weighing import TouchedSession, Weighed
    from trainer.office import Office
    from tui.leavebook import LeaveLine

_KINDS: Final = {
    "personal": mark("personal leave"),
    "sick": mark("sick leave"),
    "duty": mark("official duty"),
}
_SHORT: Final = {
    "personal": mark("personal"),
    "sick": mark("sick"),
    "duty": mark("official"),
}
KINDS: Final = tuple(_KINDS)
_PARTS: Final = {
    "AM": mark("{day} morning"),
    "PM": mark("{day} afternoon"),
    "EVE": mark("{day} evening"),
}
#: So many sessions are named, the others counted.
_NAMED: Final = 4

Colour = Callable[[str], str]


def kind_said(kind: str, *, short: bool = False) -> str:
    """Return the name of a kind of leave; ``short`` for narrow columns."""
    return say((_SHORT if short else _KINDS).get(kind, kind))


def stretch_said(stretch: Stretch, office: Office) -> str:
    """Return from when until when leave runs, as short as it can be said."""
    first, last = stretch.date_from, stretch.date_to
    begin, end = _begin(stretch, office), _end(stretch, office)
    if first == last:
        if begin is None and end is None:
            return short_date(first)
        for part, template in _PARTS.items():
            periods = [period.code for period in office.periods if period.part == part]
            if periods and (stretch.period_from, stretch.period_to) == (periods[0], periods[-1]):
                return say(template, day=short_date(first))
        times = f"{begin:%H:%M}-" if begin else "-"
        return f"{short_date(first)} {times}{f'{end:%H:%M}' if end else ''}"
    return say(
        "{first} to {last}",
        first=f"{short_date(first)} {begin:%H:%M}" if begin else short_date(first),
        last=f"{short_date(last)} {end:%H:%M}" if end else short_date(last),
    )


def _begin(stretch: Stretch, office: Office) -> dt.time | None:
    if stretch.time_from:
        return stretch.time_from
    place = office.period_index.get(stretch.period_from or "")
    return None if place is None else office.periods[place].start


def _end(stretch: Stretch, office: Office) -> dt.time | None:
    if stretch.time_to:
        return stretch.time_to
    place = office.period_index.get(stretch.period_to or "")
    return None if place is None else office.periods[place].end


def stage_said(line: LeaveLine, today: dt.date, colour: Colour) -> Text:
    """Return how far a leave is, and in colour what somebody has to see to."""
    said = _stage_said(line, today, colour)
    if line.stage != "waits" and line.left:
        said.append(" ").append(say("steps missing"), colour("warning"))
    if line.wanted:
        return Text.assemble((say("no paper"), colour("warning")), " ", said)
    return said


def _stage_said(line: LeaveLine, today: dt.date, colour: Colour) -> Text:
    match line.stage:
        case "overdue":
            days = (today - line.stretch.date_to).days
            text = say_n("overdue {count} day", "overdue {count} days", days)
            return Text(text, f"bold {colour('error')}")
        case "waits":
            return Text(_waits(line), colour("primary"))
        case "running":
            return Text(say("on leave now"), colour("warning"))
        case "to_come":
            return Text(say("granted"), colour("success"))
        case "back":
            date = line.back
            return Text(say("back {date}", date=short_date(date)) if date else say("back"), "dim")
        case _:
            return Text(say("refused") if line.stage == "refused" else say("cancelled"), "dim")


def _waits(line: LeaveLine) -> str:
    all_ = len(line.given) + len(line.left)
    if not line.left:
        return say("asked")
    return say("{given}/{all}, next {step}", given=len(line.given), all=all_, step=line.left[0])


def steps_said(line: LeaveLine) -> str:
    """Return who gave which step of the ladder, and who has to give the next ones."""
    given = [
        say("{step} ({by}, {date})", step=one.step, by=one.by, date=short_date(one.on))
        for one in line.given
    ]
    parts = []
    if given:
        parts.append(say("given: {steps}", steps=say(", ").join(given)))
    elif line.approved_by and line.stage not in ("waits", "cancelled"):
        parts.append(say("decided by {by}", by=line.approved_by))
    if line.left and line.stage == "waits":
        parts.append(say("still to approve: {steps}", steps=say(", ").join(line.left)))
    elif line.left:
        parts.append(say("approvals missing: {steps}", steps=say(", ").join(line.left)))
    return "   ".join(parts)


def weighed_said(weighed: Sequence[Weighed], kind: str, width: int, colour: Colour) -> Text:
    """Return the hours of leave before and after it beside the limit, and the sessions."""
    if not weighed:
        return Text(say("no confirmed member of the class then: it touches no session"),
                    colour("warning"))  # fmt: skip
    lines = []
    for one in weighed:
        text = Text(_figures(one), f"bold {colour('error')}" if one.over else "")
        if one.over:
            text.append("  ").append(say("over a seventh (LV-1)"), f"bold {colour('error')}")
        elif kind == "duty":
            text.append("  ").append(say("official duty does not count"), "dim")
        lines += [text, _sessions_said(one.sessions, width, colour)]
    return Text("\n").join(lines)


def _sessions_said(sessions: Sequence[TouchedSession], width: int, colour: Colour) -> Text:
    if not sessions:
        return Text(say("it touches no session"), colour("warning"))
    text = Text(say_n("{count} session:", "{count} sessions:", len(sessions)), "dim")
    for one in sessions[:_NAMED]:
        line = Text(f"  {short_date(one.date)} {span_of(one.start, one.end)}")
        if not one.whole:
            minutes = say_n("{count} minute", "{count} minutes", one.minutes)
            line.append(f"  {minutes}", "bold")
        if one.status:
            told = say("marked {status}: that stays", status=status_word(one.status))
            line.append(f"  {told}", colour("warning"))
        line.append(f"  {fit(one.course_title, max(width - line.cell_len - 2, 4))}", "dim")
        text.append("\n").append(line)
    more = len(sessions) - _NAMED
    if more > 0:
        text.append("\n  ").append(say("and {count} more", count=more), "dim")
    return text


def hours_said(hours: Fraction, *, up: bool = False) -> str:
    """Return hours with at most two decimals: leave as no less, a limit as no more than it is."""
    hundredths = math.ceil(hours * 100) if up else math.floor(hours * 100)
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


def brief(weighed: Sequence[Weighed]) -> str:
    """Return the figures of the cap in a few words, of the class where it is one."""
    return _figures(weighed[0]) if len(weighed) == 1 else ""


def _figures(one: Weighed) -> str:
    return say(
        "leave {before} -> {after} of {total} hours, limit {limit}",
        before=hours_said(one.before, up=True),
        after=hours_said(one.after, up=True),
        total=hours_said(one.total),
        limit=hours_said(one.limit),
    )
