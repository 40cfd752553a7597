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

    def __init__(self, *, tallest: int, share: float | None = None, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Make an empty line; ``share`` is how much of the screen's height it may take."""
        super().__init__("", id=id, markup=False)
        self._tallest = tallest
        self._share = share
        self._words = ""
        self._style = ""

    def put(self, words: str, style: str) -> None:
        """Show these words in this style; nothing for no words."""
        self._words, self._style = " ".join(words.split()), style
        self.update(Text(_spread(self._words), style, justify="center", no_wrap=True))
        height = self._height()
        if self._words and height:
            self._draw(self._words, height, self.app.size.width - 2)

    def _height(self) -> int:
        # a wide character is as broad as it is high, a narrow one about half of that
        width = self.app.size.width - 4
        most = 2 * width // max(cell_len(self._words), 1)
        lines = self.app.size.height
        room = max(lines - 12, 0) if self._share is None else int(lines * self._share)
        height = min(self._tallest, most, room * 2)
        return height if height >= _SMALLEST else 0

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _draw(self, words: str, height: int, width: int) -> None:
        # heavy, and an extra: what is not to be had is said in plain letters
        from trainer.errors import TrainerError
        from trainer.printing.lettering import raster_of

        if words != self._words:
            # in a throng the next name has come before this one could be drawn
            return
        try:
            raster = raster_of(words, height)
            wide = len(raster[0]) if raster else 0
            if wide > width:
                # letters and digits may be broader than half their height
                raster = raster_of(words, max(height * width // wide, 1))
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
