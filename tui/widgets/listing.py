"""A list whose lines are chosen with the keyboard: a table with one cursor over whole rows."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.widgets import DataTable

from trainer.phrases import mark
from tui.keys import bind


class Listing(DataTable[Any], inherit_bindings=False):
    """A table of rows; Enter, left and right stay free for the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("list.up", "up", "cursor_up", mark("Up"), mark("Go to the line above")),
        bind("list.down", "down", "cursor_down", mark("Down"), mark("Go to the line below")),
        bind("list.page_up", "pageup", "page_up", mark("Page up"), mark("Go up one page")),
        bind("list.page_down", "pagedown", "page_down", mark("Page down"), mark("Go down a page")),
        bind("list.first", "home", "scroll_top", mark("First"), mark("Go to the first line")),
        bind("list.last", "end", "scroll_bottom", mark("Last"), mark("Go to the last line")),
    ]

    def __init__(self, *, id: str | None = None, striped: bool = False) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id, cursor_type="row", zebra_stripes=striped)

    @property
    def chosen(self) -> str | None:
        """The key of the line under the cursor."""
        if not self.is_valid_row_index(self.cursor_row):
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value

    def columns_of(self, *columns: tuple[str, str, int]) -> None:
        """Empty the list and give it columns: key, title, width in cells."""
        self.clear(columns=True)
        for key, title, width in columns:
            # a title may be somebody's own name for something, never markup
            self.add_column(Text(title), key=key, width=width)
