"""Text measured in terminal cells: a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.text import Text


def fit(text: str, width: int) -> str:
    """Cut a text to ``width`` cells; two dots say that something was cut."""
    plain = " ".join(text.split())
    if cell_len(plain) <= width:
        return plain
    if width < 4:  # noqa: PLR2004 - no room for a character and the dots
        return set_cell_size(plain, max(width, 0)).rstrip()
    return set_cell_size(plain, width - 2).rstrip() + ".."


def pad(text: str, width: int) -> str:
    """Cut or fill a text to exactly ``width`` cells."""
    return set_cell_size(fit(text, width), width)


def two_lines(upper: str, lower: str, width: int, *, lower_style: str = "dim") -> Text:
    """Return two lines of user data, cut to ``width``, the lower one quieter."""
    return Text.assemble(fit(upper, width), "\n", (fit(lower, width), lower_style), no_wrap=True)


def wrap(text: str, width: int, lines: int) -> list[str]:
    """Break a text into at most ``lines`` lines of ``width`` cells, the last one cut."""
    found: list[str] = []
    rest = " ".join(text.split())
    while rest and len(found) < lines:
        if len(found) == lines - 1 or cell_len(rest) <= width:
            found.append(fit(rest, width))
            break
        taken = _taken(rest, width)
        found.append(rest[:taken].rstrip())
        rest = rest[taken:].lstrip()
    return found


def flow(parts: Iterable[str], width: int) -> str:
    """Return parts side by side in lines of ``width`` cells; none is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and cell_len(lines[-1]) + 3 + cell_len(part) <= width:
            lines[-1] += f"   {part}"
        else:
            lines.append(part)
    return "\n".join(lines)


def _taken(text: str, width: int) -> int:
    # as many characters as fit; a word is not broken where a blank offers itself, and no line
    # ends in an opening mark or begins with a closing one
    used = 0
    for place, character in enumerate(text):
        used += cell_len(character)
        if used <= width:
            continue
        blank = text.rfind(" ", 0, place + 1)
        if character.isascii() and blank > 0:
            return blank
        if place > 1 and (character in _CLOSING or text[place - 1] in _OPENING):
            return place - 1
        return max(place, 1)
    return len(text)


_OPENING = "（《〈「『“‘【("
_CLOSING = "）》〉」』”’】)，。、；：？！"
