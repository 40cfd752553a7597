"""Screens whose keys speak the language of the moment, wherever Textual shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Generic, TypeVar

from textual.binding import ActiveBinding
from textual.screen import ModalScreen

from trainer.phrases import say

Answer = TypeVar("Answer")


def spoken(bindings: dict[str, ActiveBinding]) -> dict[str, ActiveBinding]:
    """Return bindings with their words in the language of the moment."""
    found = {}
    for key, active in bindings.items():
        # gettext answers an empty template with the catalogue's own header
        label = active.binding.description and say(active.binding.description)
        tooltip = active.binding.tooltip and say(active.binding.tooltip)
        binding = replace(active.binding, description=label, tooltip=tooltip)
        found[key] = active._replace(binding=binding, tooltip=tooltip)
    return found


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A box over a room that gives an answer."""

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, in the language of the moment."""
        return spoken(super().active_bindings)
