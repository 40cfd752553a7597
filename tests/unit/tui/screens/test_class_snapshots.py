"""How the sides of a class and the sign-in look: few states, in both languages and both sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp

LOW, HIGH = (80, 24), (120, 40)
STATES = {
    "groups-zh-80x24": ("zh", LOW, ("g", "p", "=2", "enter")),
    "posts-en-120x40": ("en", HIGH, ("b", "f", "enter")),
    "proposal-zh-80x24": ("zh", LOW, ("b", "f", "enter", "p")),
    "duty-en-80x24": ("en", LOW, ("d", "p", "=1", "enter", "w", "=All well", "enter")),
    "beds-zh-120x40": ("zh", HIGH, ("r", "p", "enter")),
    "exits-zh-80x24": ("zh", LOW, ("o", "n", "enter", "=1700-1730 市医院", "enter", "y")),
}


@pytest.mark.parametrize("name", STATES)
def test_the_class_looks_as_it_did(
    name: str, at_home: TrainerApp, go: Any, snap_compare: Callable[..., bool]
) -> None:
    """A change of looks is meant: look at the report, then run pytest with --snapshot-update."""
    language, size, keys = STATES[name]
    set_language(language)

    async def press(pilot: Pilot[Any], keys: Sequence[str] = keys) -> None:
        await go(pilot, *keys)

    assert snap_compare(at_home, terminal_size=size, run_before=press)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sign_in_looks_as_it_did(
    language: str, small_office: Desk, settle: Any, snap_compare: Callable[..., bool]
) -> None:
    """Waiting for somebody to leave: the way is told in words and colour."""
    set_language(language)

    async def press(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("i", "f6", "f6")
        await settle(pilot)
        pilot.app.screen.query_one(Input).cursor_blink = False
        await settle(pilot)

    app = TrainerApp(lambda: small_office)
    assert snap_compare(app, terminal_size=LOW, run_before=press)
