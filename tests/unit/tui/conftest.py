"""The app over a small office, and what tests do with it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.small_office import TODAY, furnish
from trainer.clock import Clock
from trainer.desk import Desk
from tui.app import TrainerApp

Settle = Callable[[Pilot[Any]], Awaitable[None]]
NINE = dt.datetime(2023, 3, 1, 1, tzinfo=dt.UTC)
_BEGAN = time.monotonic()


def since_nine() -> dt.datetime:
    """Return an instant soon after nine in the morning, the later the longer the tests run.

    What the app shows depends on the time of day: what is begun, what is over.
    """
    return NINE + dt.timedelta(seconds=time.monotonic() - _BEGAN)


@pytest.fixture
def small_office(sqlite_url: str) -> Desk:
    """A desk at a small office on SQLite; its clock stands on 1 March 2023, nine o'clock."""
    desk = Desk(sqlite_url, "clerk", Clock(fixed=TODAY, source=since_nine))
    furnish(desk)
    return desk


@pytest.fixture
def app(small_office: Desk) -> TrainerApp:
    """The app over the small office."""
    return TrainerApp(lambda: small_office)


@pytest.fixture
def settle() -> Settle:
    """Wait until every worker has come back and its message has been shown."""

    async def wait(pilot: Pilot[Any]) -> None:
        for _turn in range(2):
            await pilot.pause()
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()

    return wait


@pytest.fixture
def shown() -> Callable[[TrainerApp], str]:
    """Return the text that is on the screen, line by line."""

    def text(app: TrainerApp) -> str:
        width, height = app.size
        lines = app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines[:height] if width)

    return text


@pytest.fixture
def earlier(small_office: Desk) -> Callable[[dt.date], TrainerApp]:
    """Make an app whose clock stands on another date."""

    def make(date: dt.date) -> TrainerApp:
        desk = Desk(small_office.url, "clerk", Clock(fixed=date, source=since_nine))
        return TrainerApp(lambda: desk)

    return make
