"""What the rows of two timetables side by side say, and the lines around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from trainer.phrases import mark, say
from trainer.timetable.engine.rules import RULES
from trainer.timetable.engine.telling import listed
from tui.carrywords import rule_word, signed
from tui.words import short_date, span_of

if TYPE_CHECKING:
    import datetime as dt

    from trainer.timetable.comparing import Comparison, Difference, Load, Side, Spot
    from trainer.timetable.views import Kind

Page = Literal["sessions", "cost", "venues", "teachers"]
_Names = Mapping[tuple[str, str | None], str]

PAGES: Final[Mapping[Page, str]] = {
    "sessions": mark("Sessions"),
    "cost": mark("Cost by rule"),
    "venues": mark("Load of venues"),
    "teachers": mark("Load of teachers"),
}
STORED: Final = "stored"
"""How comparing calls the timetable itself."""

_LEVELS: Final = {
    "block": mark("{rule} must hold"),
    "warn": mark("{rule} counts"),
    "report": mark("{rule} counts"),
    "off": mark("{rule} off"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: its key, what it is of, both sides, and how they differ."""

    key: str
    name: str
    a: str
    b: str
    change: str = ""


def side_name(name: str) -> str:
    """Return a side as people call it."""
    return say("the timetable") if name == STORED else say("scenario “{name}”", name=name)


def side_line(side: Side) -> str:
    """Return a side in figures, the cost first: it is what the sides are chosen by."""
    return say(
        "{name}: cost {cost}, {sessions} sessions, {unplaced} unplaced, hard rules broken {hard}",
        name=side_name(side.name),
        cost=side.total,
        sessions=side.sessions,
        unplaced=side.unplaced,
        hard=side.hard,
    )


def solved_with(found: Comparison) -> str:
    """Return what each scenario was solved with, where that is not what the office sets."""
    sides = {side.name: side for side in (found.b, found.a) if side.name != STORED}
    parts = [
        say(
            "{name} was solved with: {settings}",
            name=side_name(side.name),
            settings=settings_words(side.settings),
        )
        for side in sides.values()
    ]
    return "   ".join(parts)


def settings_words(settings: Mapping[str, Any]) -> str:
    """Return settings in a few words each: rules by their names, others as office.toml has them."""
    if not settings:
        return say("the office's own settings")
    return in_words([_setting(key, value) for key, value in sorted(settings.items())])


def in_words(items: Sequence[str], most: int | None = None) -> str:
    """Return a list in words, at most ``most`` items of it."""
    said = listed(items, most or len(items))
    return said if isinstance(said, str) else said.text()


def _setting(key: str, value: object) -> str:
    kind, _dot, rest = key.partition(".")
    if kind == "weights" and isinstance(value, int | float):
        return say("{rule} {weight}", rule=rule_word(rest), weight=f"{value:g}")
    if kind == "levels" and value in _LEVELS:
        return say(_LEVELS[str(value)], rule=rule_word(rest))
    return f"{key} = {value}"


def rows_of(found: Comparison, page: Page) -> list[Row]:
    """Return the lines of a page; of venues and teachers those that differ come first."""
    if page == "sessions":
        names = _names(found)
        return [
            Row(each.uid, title_of(each), _cell(names, each, each.a), _cell(names, each, each.b))
            for each in found.differences
        ]
    if page == "cost":
        return _costs(found)
    loads = found.venues if page == "venues" else found.teachers
    return [_load(each) for each in sorted(loads, key=_same)]


def title_of(each: Difference) -> str:
    """Return what a session is called; many a course has its class in its own name."""
    course, class_ = each.title
    return course if class_ in course else say("{course} / {class_}", course=course, class_=class_)


def lines_below(found: Comparison, page: Page, key: str | None) -> list[str]:
    """Return all that is known of the line under the cursor: what it is, and both sides."""
    if page == "sessions":
        one = next((each for each in found.differences if each.uid == key), None)
        if one is None:
            return []
        names = _names(found)
        spots = ((found.a.name, one.a), (found.b.name, one.b))
        return [title_of(one), *(_side(name, _whole(names, spot)) for name, spot in spots)]
    if page == "cost":
        rule = RULES.get(key or "")
        return [say(rule.title)] if rule else []
    loads = found.venues if page == "venues" else found.teachers
    load = next((each for each in loads if each.code == key), None)
    if load is None:
        return []
    sides = zip((found.a.name, found.b.name), load.meetings, load.periods, strict=True)
    return [
        load.name,
        *(
            _side(name, say("sessions {meetings}, periods {periods}",
                            meetings=meetings, periods=periods))
            for name, meetings, periods in sides
        ),
    ]  # fmt: skip


def first_date(found: Comparison, kind: Kind, code: str) -> dt.date | None:
    """Return the first date on which a venue or teacher differs, None where none does."""
    spots = [spot for each in found.differences for spot in (each.a, each.b) if spot]
    own = [spot for spot in spots if code == (spot.venue if kind == "venue" else spot.teacher)]
    return min((spot.date for spot in own), default=None)


def _side(name: str, told: str) -> str:
    return say("{side}: {place}", side=side_name(name), place=told)


def _names(found: Comparison) -> _Names:
    return {
        (kind, each.code): each.name
        for kind, loads in (("venue", found.venues), ("teacher", found.teachers))
        for each in loads
    }


def _cell(names: _Names, each: Difference, spot: Spot | None) -> str:
    """Return a place by its time, and by what else differs."""
    if spot is None:
        return say("not placed")
    parts = [f"{spot.date:%m-%d}", f"{spot.start:%H:%M}"]
    if "venue" in each.kinds:
        parts.append(names.get(("venue", spot.venue), "-"))
    if "teacher" in each.kinds:
        parts.append(names.get(("teacher", spot.teacher), "-"))
    return " ".join(parts)


def _whole(names: _Names, spot: Spot | None) -> str:
    if spot is None:
        return say("not placed")
    parts = (
        short_date(spot.date),
        span_of(spot.start, spot.end),
        names.get(("venue", spot.venue), ""),
        names.get(("teacher", spot.teacher), ""),
    )
    return "  ".join(part for part in parts if part)


def _costs(found: Comparison) -> list[Row]:
    a, b = found.a, found.b
    figures = [
        ("=sessions", say("sessions"), a.sessions, b.sessions),
        ("=unplaced", say("unplaced"), a.unplaced, b.unplaced),
        ("=hard", say("hard rules broken"), a.hard, b.hard),
        ("=total", say("cost in all"), a.total, b.total),
    ]
    # what costs nothing at either side comes last: a small screen does not show it
    rules = sorted(
        dict.fromkeys([*a.cost, *b.cost]),
        key=lambda rule: not (a.cost.get(rule) or b.cost.get(rule)),
    )
    figures += [(rule, rule_word(rule), a.cost.get(rule, 0), b.cost.get(rule, 0)) for rule in rules]
    return [
        Row(key, name, str(one), str(other), signed(other - one))
        for key, name, one, other in figures
    ]


def _same(each: Load) -> bool:
    return len(set(each.meetings)) == len(set(each.periods)) == 1


def _load(each: Load) -> Row:
    a, b = (
        f"{meetings} ({periods})"
        for meetings, periods in zip(each.meetings, each.periods, strict=True)
    )
    change = "0"
    if not _same(each):
        meetings, periods = (other - one for one, other in (each.meetings, each.periods))
        change = f"{signed(meetings)} ({signed(periods)})"
    return Row(each.code, each.name, a, b, change)
