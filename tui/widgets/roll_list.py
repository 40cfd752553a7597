"""The people of a roll as lines, of which a key redraws one: each is drawn once and kept.

A table widget draws all its visible cells again whenever one of them changes, which takes longer
than everything else that a key press does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from trainer.phrases import mark
from tui.keys import bind
from tui.widgets.cells import fit

#: The title of a column and its width in cells.
Column = tuple[str, int]


class RollList(ScrollView, can_focus=True):
    """Lines with a cursor over one of them, below a line of titles that stays.

    ``cells_of`` gives a line's cells by its key, and is asked again only when the line was changed.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"roll-list--titles", "roll-list--cursor"}
    DEFAULT_CSS = """
    RollList { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("list.up", "up", "step(-1)", mark("Up"), mark("Go to the line above")),
        bind("list.down", "down", "step(1)", mark("Down"), mark("Go to the line below")),
        bind("list.page_up", "pageup", "page(-1)", mark("Page up"), mark("Go up one page")),
        bind("list.page_down", "pagedown", "page(1)", mark("Page down"), mark("Go down a page")),
        bind("list.first", "home", "to_end(False)", mark("First"), mark("Go to the first line")),
        bind("list.last", "end", "to_end(True)", mark("Last"), mark("Go to the last line")),
    ]

    def __init__(self, cells_of: Callable[[str], Sequence[Text]], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._cells_of = cells_of
        self._columns: tuple[Column, ...] = ()
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self._cursor = 0
        self._drawn: dict[tuple[str, bool], Strip] = {}

    @property
    def chosen(self) -> str | None:
        """The key of the line under the cursor."""
        return self._keys[self._cursor] if self._cursor < len(self._keys) else None

    @property
    def keys(self) -> list[str]:
        """The keys of the lines, in their order."""
        return self._keys

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._keys)

    def show(self, columns: Sequence[Column], keys: Sequence[str]) -> None:
        """Show these lines in these columns; the cursor stays where it was, if that is there."""
        before = self.chosen
        self._columns = tuple(columns)
        self._keys = list(keys)
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._drawn.clear()
        self.virtual_size = Size(0, len(self._keys) + 1)
        self._cursor = self._places.get(before or "", 0)
        self._keep_in_view()
        self.refresh()

    def redraw(self, keys: Sequence[str]) -> None:
        """Draw these lines again, as far as they are here."""
        for key in keys:
            place = self._places.get(key)
            if place is not None:
                self._drawn.pop((key, False), None)
                self._drawn.pop((key, True), None)
                self._refresh_line(place)

    def go_to(self, key: str) -> None:
        """Put the cursor on a line; nothing happens where it is not here."""
        if key in self._places:
            self._move(self._places[key])

    def action_step(self, lines: int) -> None:
        """Move the cursor by some lines."""
        self._move(self._cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many lines as are shown."""
        self._move(self._cursor + pages * max(self.size.height - 1, 1))

    def action_to_end(self, last: bool) -> None:  # noqa: FBT001 - written in a binding
        """Go to the first or the last line."""
        self._move(len(self._keys) - 1 if last else 0)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where somebody clicked."""
        if event.y > 0:
            self._move(min(event.y - 1 + self.scroll_offset.y, len(self._keys) - 1))

    def on_resize(self, _event: events.Resize) -> None:
        """Keep the cursor on the screen."""
        self._drawn.clear()
        self._keep_in_view()

    def notify_style_update(self) -> None:
        """Draw everything again in the new colours."""
        super().notify_style_update()
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Draw the line at ``y`` of what is on the screen; the titles stay at the top."""
        if y == 0:
            return self._titles()
        place = y - 1 + self.scroll_offset.y
        if place >= len(self._keys):
            return Strip.blank(self.size.width, self.rich_style)
        key, here = self._keys[place], place == self._cursor
        strip = self._drawn.get((key, here))
        if strip is None:
            over = self.get_component_rich_style("roll-list--cursor") if here else None
            strip = self._drawn[key, here] = self._strip(self._cells_of(key), over)
        return strip

    def _titles(self) -> Strip:
        style = self.get_component_rich_style("roll-list--titles")
        return self._strip([Text(title) for title, _width in self._columns], style)

    def _strip(self, cells: Sequence[Text], over: Style | None) -> Strip:
        segments: list[Segment] = []
        for text, (_title, width) in zip(cells, self._columns, strict=True):
            segments.append(Segment(" "))
            segments += self._cell(text, width)
            segments.append(Segment(" "))
        base = self.rich_style
        painted = Segment.apply_style(segments, base, over)
        return Strip(painted).adjust_cell_length(self.size.width, base + over if over else base)

    def _cell(self, text: Text, width: int) -> list[Segment]:
        line = text.copy()
        if line.cell_len > width:
            line = Text(fit(line.plain, width), line.style)
        gap = width - line.cell_len
        drawn = [part for part in line.render(self.app.console, end="") if part.text]
        space = [Segment(" " * gap)] if gap > 0 else []
        return space + drawn if text.justify == "right" else drawn + space

    def _move(self, place: int) -> None:
        place = min(max(place, 0), max(len(self._keys) - 1, 0))
        if place != self._cursor:
            self._refresh_line(self._cursor)
            self._cursor = place
            self._refresh_line(place)
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        shown = max(self.size.height - 1, 1)
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + shown:
            self.scroll_to(y=self._cursor - shown + 1, animate=False)

    def _refresh_line(self, place: int) -> None:
        self.refresh(Region(0, place + 1 - self.scroll_offset.y, self.size.width, 1))
