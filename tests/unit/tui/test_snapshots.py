"""How the app looks: few states, in both languages and both sizes, over the small office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.factories.scenarios import set_aside
from tests.factories.small_office import uid
from trainer.attendance.record import record_mark
from trainer.desk import Desk
from trainer.phrases import set_language
from tui.app import TrainerApp

LOW, HIGH = (80, 24), (120, 40)
STATES = {
    "today-zh-80x24": ("zh", LOW, ()),
    "today-en-120x40": ("en", HIGH, ()),
    "week-en-80x24": ("en", LOW, ("f3",)),
    "week-zh-120x40": ("zh", HIGH, ("f3",)),
    "carry-zh-80x24": ("zh", LOW, ("f3", "down", "m", "up", "up", "up")),
    "carry-en-120x40": ("en", HIGH, ("f3", "down", "m", "right")),
    "lock-zh-80x24": ("zh", LOW, ("f3", "down", "l")),
    "lock-en-120x40": ("en", HIGH, ("f3", "down", "l")),
    "compare-zh-80x24": ("zh", LOW, ("f3", "o", "space")),
    "compare-en-120x40": ("en", HIGH, ("f3", "o", "space", "3")),
    "roll-zh-80x24": ("zh", LOW, ("enter", "p", "l")),
    "roll-en-120x40": ("en", HIGH, ("enter", "p", "l")),
}


@pytest.mark.parametrize("name", STATES)
def test_the_app_looks_as_it_did(
    name: str, small_office: Desk, settle: Any, snap_compare: Callable[..., bool]
) -> None:
    """A change of looks is meant: look at the report, then run pytest with --snapshot-update."""
    language, size, keys = STATES[name]
    set_language(language)
    with small_office.writing() as work:
        record_mark(work, session=uid("S1"), person="P04", status="absent")
        work.commit()
    moves: dict[str, dict[str, Any]] = {
        uid("S4"): {"date": dt.date(2023, 3, 6), "venue": "V2"},
        uid("S5"): {"period": "PM1", "teacher": "T1"},
    }
    settings = {"weights.compact": 30.0, "levels.evening": "block"}
    set_aside(small_office, "紧凑", moves, **settings)

    async def press(pilot: Pilot[Any], keys: Sequence[str] = keys) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    app = TrainerApp(lambda: small_office)
    assert snap_compare(app, terminal_size=size, run_before=press)
