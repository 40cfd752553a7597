"""What the foot says of a session that is carried: where it is held, and what it would do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from rich.text import Text

from trainer.phrases import mark, say, say_n
from tui.widgets.cells import fit, wrap
from tui.words import short_date, span_of

if TYPE_CHECKING:
    from trainer.timetable.carrying import Carried, Offer, Preview
    from trainer.timetable.engine.problem import Placement

#: Soft rules by a word or two; the hard ones go by their number, as in the documentation.
_RULES: Final = {
    "compact": mark("idle time"),
    "spread": mark("same course in a day"),
    "class_day": mark("full day of a class"),
    "teacher_day": mark("full day of a teacher"),
    "together": mark("not on one day"),
    "apart": mark("not on different days"),
    "one_room": mark("change of room"),
    "preference": mark("preference"),
    "fair_load": mark("fair load"),
    "travel": mark("travel"),
    "evening": mark("evenings"),
    "unbroken": mark("broken by a pause"),
    "working_time": mark("working time"),
    "trainees": mark("trainees away"),
    "farm_work": mark("farm work"),
    "daylight": mark("daylight"),
    "room_fits": mark("room too large"),
    "plan_b": mark("no plan B"),
    "theory_first": mark("theory first"),
    "sturdy": mark("hard to stand in for"),
    "changes": mark("changes"),
    "unplaced": mark("unplaced"),
}
#: A sentence takes no more lines than this.
_LINES: Final = 2


def rule_word(rule: str) -> str:
    """Return a rule by a word or two, or by its number."""
    return say(_RULES[rule]) if rule in _RULES else rule


def signed(cost: int) -> str:
    """Return a change with its sign, a plain 0 for none."""
    return f"{cost:+d}" if cost else "0"


def place_line(carried: Carried, placement: Placement) -> str:
    """Return a place in one line: date, time, venue, teacher."""
    parts = (
        short_date(placement.day),
        span_of(*carried.times(placement)),
        carried.venue_names(placement),
        carried.teacher_name(placement),
    )
    return "  ".join(part for part in parts if part)


def cost_words(preview: Preview) -> str:
    """Return the change of the soft cost, and of each rule that changes, dearest first."""
    total = say("soft cost {cost}", cost=signed(preview.cost))
    rules = sorted(preview.soft.items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{rule_word(name)} {signed(cost)}" for name, cost in rules]
    return "  ".join((total, *parts))


def foot(
    carried: Carried, preview: Preview, width: int, height: int, colour: Callable[[str], str]
) -> Text:
    """Return what the foot shows, ``height`` lines of ``width`` cells.

    Rules that would break come with a sign and words, so that the colour only repeats it.
    """
    lines = [Text(fit(_held(carried), width), "bold")]
    if preview.broken:
        count = say_n(
            "a hard rule would break", "{count} hard rules would break", len(preview.broken)
        )
        verdict = Text(f"! {count}", f"bold {colour('error')}")
    else:
        verdict = Text(say("+ no hard rule would break"), colour("success"))
    costs = Text(cost_words(preview))
    if verdict.cell_len + 3 + costs.cell_len <= width:
        lines.append(Text.assemble(verdict, "   ", costs))
    else:
        lines += [verdict, Text(fit(costs.plain, width))]
    for each in carried.others:
        course, class_ = carried.title(each)
        there = say(
            "> {course} of {class_} moves to {place}",
            course=course, class_=class_, place=place_line(carried, each),
        )  # fmt: skip
        lines += [Text(line, colour("warning")) for line in wrap(there, width, _LINES)]
    told: list[Text] = []
    for broken in preview.broken:
        sentence = f"! {rule_word(broken.rule)}: {broken.message.text()}"
        told += [Text(line, colour("error")) for line in wrap(sentence, width, _LINES)]
    return Text("\n").join([*lines, *told][:height])


def _held(carried: Carried) -> str:
    here = carried.placement
    parts = [short_date(here.day), span_of(*carried.times(here))]
    places = (
        (carried.venue_names(here), carried.venue_place, len(carried.venues)),
        (carried.teacher_name(here), carried.teacher_place, len(carried.teachers)),
    )
    for name, place, count in places:
        if count > 1:
            parts.append(f"{name or '-'} ({place + 1}/{count})")
        elif name:
            parts.append(name)
    return "  ".join(parts)


def offer_note(offer: Offer) -> str:
    """Return what a suggestion costs, how many others would give way, and whom that concerns."""
    cost = signed(offer.cost)
    if not offer.others:
        return say("soft cost {cost}", cost=cost)
    return say_n(
        "cost {cost}, {count} gives way, {people} people",
        "cost {cost}, {count} give way, {people} people",
        len(offer.others),
        cost=cost,
        people=offer.people,
    )
