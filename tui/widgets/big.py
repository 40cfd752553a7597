"""Words large enough to be read from across a room: each dot is half a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text
from textual import work
from textual.message import Message
from textual.widgets import Static

if TYPE_CHECKING:
    from trainer.printing.lettering import Raster

_BLOCKS: Final = " ▀▄█"
#: Fewer dots than this and a Chinese character is a blot.
_SMALLEST: Final = 11


class BigWords(Static):
    """A line of words, drawn as large as its place allows; plain until the drawing has come."""

    class Drawn(Message):
        """The words have been drawn, or cannot be (no dots)."""

        def __init__(self, words: str, raster: Raster) -> None:
            super().__init__()
            self.words = words
            self.raster = raster

    def __init__(self, *, tallest: int, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__("", id=id, markup=False)
        self._tallest = tallest
        self._words = ""
        self._style = ""

    def put(self, words: str, style: str) -> None:
        """Show these words in this style; nothing for no words."""
        self._words, self._style = " ".join(words.split()), style
        self.update(Text(_spread(self._words), style, justify="center", no_wrap=True))
        height = self._height()
        if self._words and height:
            self._draw(self._words, height)

    def _height(self) -> int:
        # a wide character is as broad as it is high, a narrow one about half of that
        width = self.app.size.width - 4
        most = 2 * width // max(cell_len(self._words), 1)
        height = min(self._tallest, most, max(self.app.size.height - 12, 0) * 2)
        return height if height >= _SMALLEST else 0

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _draw(self, words: str, height: int) -> None:
        # heavy, and an extra: what is not to be had is said in plain letters
        from trainer.errors import TrainerError
        from trainer.printing.lettering import raster_of

        try:
            raster = raster_of(words, height)
        except TrainerError:
            return
        self.post_message(self.Drawn(words, raster))

    def on_big_words_drawn(self, event: Drawn) -> None:
        """Put the drawing in the place of the plain words, if they are still meant."""
        event.stop()
        if event.words == self._words and event.raster:
            drawn = Text("\n".join(_lines(event.raster)), self._style, justify="center")
            drawn.no_wrap = True
            self.update(drawn)


def _lines(raster: Raster) -> list[str]:
    blank = (False,) * len(raster[0])
    rows = [*raster, blank] if len(raster) % 2 else list(raster)
    return [
        "".join(_BLOCKS[up + 2 * low] for up, low in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def _spread(words: str) -> str:
    return words if words.isascii() else " ".join(words)
