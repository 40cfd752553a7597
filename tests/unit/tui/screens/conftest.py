"""A residential class in the app, for tests of what a head teacher does with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.factories.classlife import house
from trainer.attendance.device import VARIABLE
from trainer.clock import Clock
from trainer.desk import Desk
from tui.app import TrainerApp

#: Six in the evening of Tuesday, the second day of the class, in the office's zone.
EVENING = dt.datetime(2023, 3, 7, 10, 0, tzinfo=dt.UTC)
Settle = Callable[[Pilot[Any]], Awaitable[None]]
#: Opens one side of the class by its key and returns what was typed and pressed there.
Keys = Callable[..., Awaitable[None]]


@pytest.fixture
def home(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk at the class of eight, with two rooms of four beds, on its second evening."""
    monkeypatch.setenv(VARIABLE, "laptop")
    desk = Desk(sqlite_url, "teacher", Clock(source=lambda: EVENING))
    house(desk)
    return desk


@pytest.fixture
def at_home(home: Desk) -> TrainerApp:
    """The app over that class."""
    return TrainerApp(lambda: home)


@pytest.fixture
def keys(settle: Settle) -> Keys:
    """Press keys one after the other and wait after each; ``=…`` types a text into a line."""

    async def press(pilot: Pilot[Any], *pressed: str) -> None:
        for key in pressed:
            if key.startswith("="):
                box = pilot.app.screen.focused
                assert isinstance(box, Input)
                box.insert_text_at_cursor(key[1:])
            else:
                await pilot.press(key)
            await settle(pilot)

    return press


@pytest.fixture
def go(settle: Settle, keys: Keys) -> Keys:
    """Open the class, go to one of its sides, and press keys there."""

    async def start(pilot: Pilot[Any], side: str, *pressed: str) -> None:
        await settle(pilot)
        app = pilot.app
        assert isinstance(app, TrainerApp)
        app.open_class("C1")
        await settle(pilot)
        await keys(pilot, side, *pressed)

    return start
