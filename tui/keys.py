"""Keys: how a binding is written, and what a key is called on the screen."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

from trainer.phrases import mark, say

#: Keys as people call them; the rest is shown as Textual does.
_NAMES: Final = {
    "space": mark("Space"),
    "enter": mark("Enter"),
    "escape": mark("Esc"),
    "up": mark("Up arrow"),
    "down": mark("Down arrow"),
    "left": mark("Left arrow"),
    "right": mark("Right arrow"),
    "pageup": mark("PgUp"),
    "pagedown": mark("PgDn"),
    "home": mark("Home"),
    "end": mark("End"),
    "tab": mark("Tab"),
    "shift+tab": mark("Shift+Tab"),
}
_SIGNS: Final = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "question_mark": "?",
}
#: The same key while a Chinese input method is on: never shown, always understood.
_CHINESE: Final = {
    "left_square_bracket": "left_black_lenticular_bracket",
    "right_square_bracket": "right_black_lenticular_bracket",
    "slash": "ideographic_comma",
    "question_mark": "fullwidth_question_mark",
}


def bind(
    name: str, keys: str, action: str, label: str, tooltip: str, *, show: bool = False,
    display: str | None = None, priority: bool = False,
) -> Binding:  # fmt: skip
    """Return a binding with an id; letters work in both cases and with full-width punctuation.

    ``label``, ``tooltip`` and ``display`` (what the footer calls the key, where it stands for
    several) are marked templates, said when they are shown.
    """
    every: list[str] = []
    for key in keys.split(","):
        every.append(key)
        if len(key) == 1 and key.isalpha():
            every.append(key.upper())
        if len(key) == 1 and key.isalnum():
            every.append(chr(ord(key) + 0xFEE0))
        if key in _CHINESE:
            every.append(_CHINESE[key])
    return Binding(
        ",".join(every),
        action,
        label,
        show=show,
        key_display=display,
        id=name,
        tooltip=tooltip,
        priority=priority,
    )


def key_name(key: str) -> str:
    """Return what a key is called on the screen, in the language of the moment."""
    if key in _NAMES:
        return say(_NAMES[key])
    if key in _SIGNS:
        return _SIGNS[key]
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+').upper()}"
    if len(key) > 1 and key.startswith("f") and key[1:].isdigit():
        return key.upper()
    return key


def shown_keys(keys: list[str]) -> list[str]:
    """Return the keys worth showing: no second case, no full-width double."""
    return [
        key
        for key in keys
        if key.isascii() and not (len(key) == 1 and key.isupper()) and key not in _CHINESE.values()
    ]
