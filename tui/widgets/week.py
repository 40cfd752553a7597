"""A week as a grid: days across, periods down, each session a block that spans its periods."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from trainer.phrases import mark, say, say_n
from tui.keys import bind
from tui.widgets.cells import pad, wrap
from tui.words import day_in_week, holiday_word, short_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.timetable.views import Day, SessionView, WeekView

#: Cells for the periods' times on the left.
LABEL: Final = 6
#: A lane narrower than this says nothing; lanes are left out instead.
NARROWEST: Final = 5
#: A period of more lines than this only looks empty.
TALLEST: Final = 5
_SATURDAY: Final = 5
#: What the bar of a locked session shows.
LOCKED: Final = "#"
#: What colour the bar of a form has, by the theme's names.
FORM_COLOURS: Final = {
    "lecture": "primary",
    "discussion": "secondary",
    "field": "success",
    "exam": "error",
    "ceremony": "accent",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One meeting on the grid: its sessions (several when held together) and its place.

    ``lane`` of ``lanes`` is its share of the day's column where meetings overlap.
    """

    sessions: tuple[SessionView, ...]
    day: int
    first: int
    last: int
    lane: int
    lanes: int


def blocks_of(view: WeekView) -> list[Block]:
    """Return a week's meetings in order of day and time, side by side where they overlap."""
    monday = view.days[0].date
    found: list[Block] = []
    for day in range(7):
        date = monday + dt.timedelta(days=day)
        meetings: dict[tuple[object, ...], list[SessionView]] = {}
        for one in view.sessions:
            if one.date == date:
                key = (one.joint, one.first, one.last) if one.joint else (one.uid,)
                meetings.setdefault(key, []).append(one)
        found += _side_by_side(day, sorted(meetings.values(), key=lambda group: group[0].first))
    return found


def _side_by_side(day: int, meetings: Sequence[list[SessionView]]) -> list[Block]:
    # clusters of meetings that overlap share the column's width
    blocks: list[Block] = []
    cluster: list[tuple[list[SessionView], int]] = []
    ends: list[int] = []
    for group in meetings:
        first, last = group[0].first, max(one.last for one in group)
        if cluster and first > max(ends):
            blocks += _close(day, cluster, len(ends))
            cluster, ends = [], []
        lane = next((place for place, end in enumerate(ends) if end < first), len(ends))
        if lane == len(ends):
            ends.append(last)
        else:
            ends[lane] = last
        cluster.append((group, lane))
    return blocks + _close(day, cluster, len(ends))


def _close(day: int, cluster: list[tuple[list[SessionView], int]], lanes: int) -> list[Block]:
    return [
        Block(tuple(group), day, group[0].first, max(one.last for one in group), lane, lanes)
        for group, lane in cluster
    ]


def days_shown(view: WeekView) -> list[int]:
    """Return the days with a column: Monday to Friday, and a weekend day that has something."""
    held = {one.date for one in view.sessions}
    return [
        number
        for number, day in enumerate(view.days)
        if number < _SATURDAY or day.working or day.date in held
    ]


def periods_shown(view: WeekView) -> list[int]:
    """Return the periods with a line: the day's, and the evening's where something is held."""
    used = {place for one in view.sessions for place in range(one.first, one.last + 1)}
    evening = any(view.periods[place].part == "EVE" for place in used)
    return [place for place, period in enumerate(view.periods) if evening or period.part != "EVE"]


class WeekGrid(Widget, can_focus=True):
    """The grid with a cursor that goes from session to session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("week.up", "up", "go(0,-1)", mark("Up"), mark("Go to the session before that day")),
        bind("week.down", "down", "go(0,1)", mark("Down"), mark("Go to the next session that day")),
        bind("week.left", "left", "go(-1,0)", mark("Left"), mark("Go to the day before")),
        bind("week.right", "right", "go(1,0)", mark("Right"), mark("Go to the day after")),
    ]

    class Moved(Message):
        """The cursor is on another session."""

        def __init__(self, block: Block | None) -> None:
            super().__init__()
            self.block = block

    class Opened(Message):
        """Somebody clicked on the session under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.view: WeekView | None = None
        self.today: dt.date | None = None
        self.blocks: list[Block] = []
        self.cursor = 0
        self._days: list[int] = []
        self._lines: list[tuple[int, int] | None] = []

    @property
    def block(self) -> Block | None:
        """The block under the cursor."""
        return self.blocks[self.cursor] if self.cursor < len(self.blocks) else None

    def show(self, view: WeekView, today: dt.date, sought: str = "") -> None:
        """Show a week, the cursor where it is sought or was, else on today's or the first."""
        before = sought or (self.block.sessions[0].uid if self.block else None)
        self.view, self.today = view, today
        self.blocks = blocks_of(view)
        self._days = days_shown(view)
        self.cursor = 0
        for place, block in enumerate(self.blocks):
            if any(one.uid == before for one in block.sessions):
                self.cursor = place
                break
            if block.sessions[0].date == today and self.blocks[self.cursor].day != block.day:
                self.cursor = place
        self._lay_lines()
        self.refresh()
        self.post_message(self.Moved(self.block))

    def on_resize(self, _event: events.Resize) -> None:
        """Share out the new height among the periods."""
        self._lay_lines()
        self.refresh()

    def action_go(self, days: int, steps: int) -> None:
        """Go to a neighbouring session of the day, or to the nearest one of another day."""
        here = self.block
        if here is None:
            return
        if steps:
            place = self.cursor + steps
            if 0 <= place < len(self.blocks) and self.blocks[place].day == here.day:
                self._put(place)
            return
        others = [block for block in self.blocks if (block.day - here.day) * days > 0]
        if others:
            day = min(others, key=lambda block: abs(block.day - here.day)).day
            near = min(
                (block for block in others if block.day == day),
                key=lambda block: abs(block.first - here.first),
            )
            self._put(self.blocks.index(near))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the session clicked on; open it where it is there already."""
        for place, block in enumerate(self.blocks):
            left, width = self._place_of(block)
            lines = self._lines_of(block)
            if left <= event.x < left + width and event.y - 2 in lines:
                if place == self.cursor:
                    self.post_message(self.Opened())
                self._put(place)

    def is_chosen(self, block: Block) -> bool:
        """Tell whether a block stands out."""
        return block is self.block and self.has_focus

    def chosen_ground(self, _block: Block) -> str:
        """Return the theme's name of the ground on which a block stands out."""
        return "block-cursor-background"

    def title_of(self, block: Block) -> str:
        """Return what a block is called."""
        return block.sessions[0].course_title

    def render_line(self, y: int) -> Strip:
        """Draw one line of the grid."""
        width = self.size.width
        base = self.rich_style
        if self.view is None:
            return Strip.blank(width, base)
        if y < 2:  # noqa: PLR2004 - two lines of heading
            return self._heading(y, base).adjust_cell_length(width, base)
        line = y - 2
        if line >= len(self._lines):
            return Strip.blank(width, base)
        return self._row(line, base).adjust_cell_length(width, base)

    def _put(self, place: int) -> None:
        self.cursor = place
        self.refresh()
        self.post_message(self.Moved(self.block))

    def _lay_lines(self) -> None:
        # periods in use get the lines that there are; the halves of the day stand apart if they may
        self._lines = []
        if self.view is None:
            return
        shown = periods_shown(self.view)
        parts = [self.view.periods[place].part for place in shown]
        used = {place for block in self.blocks for place in range(block.first, block.last + 1)}
        breaks = sum(one != other for one, other in pairwise(parts))
        room = self.size.height - 2 - len(shown)
        apart = room >= breaks
        more = _shared(room - (breaks if apart else 0), [place in used for place in shown])
        for number, place in enumerate(shown):
            if apart and number and parts[number] != parts[number - 1]:
                self._lines.append(None)
            self._lines += [(place, part) for part in range(1 + more[number])]

    def _heading(self, y: int, base: Style) -> Strip:
        view = self.view
        assert view is not None
        segments = [Segment(" " * LABEL, base)]
        for place, number in enumerate(self._days):
            day = view.days[number]
            width = self._column(place)[1]
            style = base
            if y == 0:
                text = short_date(day.date)
                if cell_len(text) > width:
                    text = day_in_week(day.date)
                style += Style(bold=True)
                if day.date == self.today:
                    style += Style(color=self._colour("primary"), reverse=True)
                elif not day.working:
                    style += Style(dim=True)
            else:
                text = day_word(day)
                style += Style(color=self._colour("warning" if day.makeup else "secondary"))
            segments += [Segment(pad(text, width), style), Segment(" ", base)]
        return Strip(segments)

    def _row(self, line: int, base: Style) -> Strip:
        view = self.view
        assert view is not None
        here = self._lines[line]
        label = f"{view.periods[here[0]].start:%H:%M}" if here and here[1] == 0 else ""
        segments = [Segment(label.ljust(LABEL), base + Style(dim=True))]
        for column, number in enumerate(self._days):
            _left, width = self._column(column)
            blocks = [
                block
                for block in self.blocks
                if block.day == number and line in self._lines_of(block)
            ]
            off = not here or not view.days[number].working
            segments += self._cells(blocks, line, width, base, off=off)
            segments.append(Segment(" ", base))
        return Strip(segments)

    def _cells(
        self, here: list[Block], line: int, width: int, base: Style, *, off: bool
    ) -> list[Segment]:
        empty = base if off else base + Style(bgcolor=self._colour("surface"))
        segments: list[Segment] = []
        used = 0
        for block in here:
            left, share = _share(block, width)
            if share == 0:
                continue
            if left > used:
                segments.append(Segment(" " * (left - used), empty))
            segments += self._block_line(block, line, share, base)
            used = left + share
        segments.append(Segment(" " * (width - used), empty))
        return segments

    def _block_line(self, block: Block, line: int, width: int, base: Style) -> list[Segment]:
        one = block.sessions[0]
        lines = self._lines_of(block)
        chosen = self.is_chosen(block)
        # neighbours in a column differ a little, so that one sees where a session ends
        quiet_ground = "panel-lighten-1" if self.blocks.index(block) % 2 else "panel"
        ground = self.chosen_ground(block) if chosen else quiet_ground
        style = base + Style(bgcolor=self._colour(ground), dim=False)
        if one.status == "cancelled":
            style += Style(strike=True, dim=True)
        bar = base + Style(bgcolor=self._colour(FORM_COLOURS.get(one.form or "", "secondary")))
        place = lines.index(line)
        texts = self._texts(block, width - 2, len(lines))
        text, quiet = texts[place] if place < len(texts) else ("", False)
        if quiet:
            style += Style(dim=True)
        elif chosen:
            style += Style(bold=True)
        bar += Style(color=self._colour("background"), bold=True)
        sign = LOCKED if place == 0 and any(one.locked for one in block.sessions) else " "
        return [Segment(sign, bar), Segment(f" {pad(text, width - 2)}", style)]

    def _texts(self, block: Block, width: int, lines: int) -> list[tuple[str, bool]]:
        # the title takes what the other facts leave; a block of one line has the title alone
        one, kind = block.sessions[0], self.view.kind if self.view else "class"
        classes = one.class_title
        if len(block.sessions) > 1:
            classes = say_n("{count} class", "{count} classes", len(block.sessions))
        facts = {
            "class": (one.venue_name, one.teacher_name),
            "teacher": (classes, one.venue_name),
            "venue": (classes, one.teacher_name),
        }[kind]
        below = [fact for fact in facts if fact][: max(lines - 1, 0)]
        title = wrap(self.title_of(block), width, max(lines - len(below), 1))
        room = lines - len(title) - len(below)
        below_lines: list[str] = []
        for number, fact in enumerate(below):
            more = 1 + (room if number == 0 else 0)
            wrapped = wrap(fact, width, more)
            room -= len(wrapped) - 1
            below_lines += wrapped
        return [(text, False) for text in title] + [(text, True) for text in below_lines]

    def _lines_of(self, block: Block) -> range:
        here = [
            number
            for number, line in enumerate(self._lines)
            if line is not None and block.first <= line[0] <= block.last
        ]
        return range(here[0], here[-1] + 1) if here else range(0)

    def _column(self, place: int) -> tuple[int, int]:
        # left edge and width of a day's column, without the gap to the next
        count = max(len(self._days), 1)
        room = self.size.width - LABEL
        left = LABEL + room * place // count
        return left, LABEL + room * (place + 1) // count - left - 1

    def _place_of(self, block: Block) -> tuple[int, int]:
        if block.day not in self._days:
            return 0, 0
        left, width = self._column(self._days.index(block.day))
        inside, share = _share(block, width)
        return left + inside, share

    def _colour(self, name: str) -> str:
        return str(self.app.theme_variables[name])


def _shared(room: int, used: list[bool]) -> list[int]:
    # lines beyond the first of each period: those in use first, the same for all of them
    wanting = [place for place, wants in enumerate(used) if wants] or list(range(len(used)))
    each = min(max(room, 0) // max(len(wanting), 1), TALLEST - 1)
    return [each if place in wanting else 0 for place in range(len(used))]


def _share(block: Block, width: int) -> tuple[int, int]:
    lanes = max(min(block.lanes, width // NARROWEST), 1)
    if block.lane >= lanes:
        return 0, 0
    left = width * block.lane // lanes
    return left, width * (block.lane + 1) // lanes - left


def day_word(day: Day) -> str:
    """Return what is special about a day, in few cells: make-up workday, holiday, day off."""
    if day.makeup:
        return say("make-up day")
    if not day.working:
        return holiday_word(day.holiday) if day.holiday else say("day off")
    return ""
