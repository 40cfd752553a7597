"""What the unattended sign-in says: a few words that are drawn large, and a sentence below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.phrases import say, say_n
from tui.words import span_of, status_word

if TYPE_CHECKING:
    from trainer.attendance.scanning import Scan
    from trainer.attendance.signin import Belongs


@dataclass(frozen=True, slots=True)
class Told:
    """The large words, the sentence, the colour by the theme's name, and whether to stay longer."""

    large: str
    sentence: str
    colour: str
    to_read: bool = False


def told_of(scan: Scan) -> Told:
    """Return what somebody is told whose badge was shown."""
    if scan.what == "not_here":
        return Told(say("not signed in"), _stranger(scan), "error", to_read=True)
    if scan.what == "in_already":
        sentence = status_word(scan.status or "")
        return Told(say("already in"), sentence, "secondary")
    if scan.what == "out_already":
        return Told(say("already out"), say("signed out at {time}", time=_time(scan)), "secondary")
    if scan.what == "left":
        return _left(scan)
    if not scan.expected:
        large = say("elsewhere") if scan.belongs else say("guest")
        return Told(large, _guest(scan), "error", to_read=True)
    if scan.what == "back":
        return Told(say("back again"), say("the going is taken back"), "success")
    return _came(scan)


def _came(scan: Scan) -> Told:
    if not scan.late:
        return Told(status_word(scan.status or ""), "", "success")
    large = say("late {minutes} min", minutes=scan.late)
    sentence = say("came at {time}", time=_time(scan))
    if scan.status == "absent":
        sentence = say("came at {time}: counts as absent", time=_time(scan))
    return Told(large, sentence, "error" if scan.status == "absent" else "warning", to_read=True)


def _left(scan: Scan) -> Told:
    if not scan.early:
        sentence = say("until next time")
        if scan.late:
            sentence = say_n("came {count} minute late", "came {count} minutes late", scan.late)
        return Told(say("out {time}", time=_time(scan)), sentence, "success")
    sentence = say("left at {time}", time=_time(scan))
    if scan.status == "absent":
        sentence = say("left at {time}: counts as absent", time=_time(scan))
    elif scan.late:
        sentence = say_n(
            "left at {time}, and came {count} minute late",
            "left at {time}, and came {count} minutes late",
            scan.late,
            time=_time(scan),
        )
    large = say("{minutes} min early", minutes=scan.early)
    return Told(large, sentence, "error" if scan.status == "absent" else "warning", to_read=True)


def _time(scan: Scan) -> str:
    return f"{scan.at:%H:%M}" if scan.at else ""


def _stranger(scan: Scan) -> str:
    if scan.expected or not scan.belongs:
        return say("nothing says that you came to this session: see the head teacher")
    one = _nearest(scan)
    return say(
        "your class is {title}, {span}: sign in there",
        title=one.class_title,
        span=span_of(one.start.time(), one.end.time()),
    )


def _guest(scan: Scan) -> str:
    if not scan.belongs:
        return say("not on the list of this session: taken down as a guest")
    one = _nearest(scan)
    span = span_of(one.start.time(), one.end.time())
    if one.venue_name:
        return say(
            "your class is {title}, {span}, {venue}; here you are a guest",
            title=one.class_title,
            span=span,
            venue=one.venue_name,
        )
    return say(
        "your class is {title}, {span}; here you are a guest", title=one.class_title, span=span
    )


def _nearest(scan: Scan) -> Belongs:
    now = [one for one in scan.belongs if one.now]
    return (now or list(scan.belongs))[0]
